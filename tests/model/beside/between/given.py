"""Points that something else than an activity gave, and how they go back: by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tests.model import wall
from tests.model.kept import Person, Terms, owe
from tests.model.points import first, lapse

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Gift:
    """Points somebody got: the origin of their lot."""

    owner: str
    terms: Terms
    wallet: str
    units: int
    lapsed: dict[tuple[str, str], int] = field(default_factory=dict)
    """What of them lapsed, by who had them and wallet."""
    under: set[str] = field(default_factory=set)
    """Whom their owner was merged into, now or before."""

    def gone(self, person: Person) -> int:
        """What of them lapsed with their owner, or with whom the owner stood under."""
        mine = {self.owner, person.name} | self.under
        return sum(units for (who, _), units in self.lapsed.items() if who in mine)


def give(world: World, owner: str, terms: Terms, what: tuple[str, int]) -> Gift | None:
    """Somebody, as whom they stand now, gets so much; nothing for nothing."""
    wallet, units = what
    if not units:
        return None
    person = world.who(owner)
    gift = Gift(owner, terms, wallet, units, under=set(world.above(owner)[1:]))
    world.between.gifts.append(gift)
    lapse(person, world.now)
    world.credit_points(person, terms, what, world.now, gift)
    return gift


def take_back(world: World, gift: Gift | None) -> None:
    """What lapsed of it is not taken twice; the rest goes as points are spent, then is owed."""
    if gift is None:
        return
    person = world.who(gift.owner)
    lapse(person, world.now)
    wanted = max(gift.units - gift.gone(person), 0)
    left = wanted - spend(person, gift.terms, (gift.wallet, wanted))
    if left and gift.terms.program.wallets[gift.wallet].negative == "debt":
        owe(person, gift.wallet, left)


def spend(person: Person, terms: Terms, what: tuple[str, int]) -> int:
    """Take as much as is there, in the order in which it is spent; how much that was."""
    taken = 0
    for lot, part in first(person, terms, what):
        lot.left -= part
        person.takes += 1
        taken += part
    return taken


def began(terms: Terms, per: str, now: datetime) -> datetime:
    """When the day, week, month or year began in which it is now."""
    day = terms.day(now)
    if per == "ever":
        return wall.begins(terms.zone, date(2000, 1, 1))
    while wall.label(per, day - wall.DAY) == wall.label(per, day):
        day -= wall.DAY
    return wall.begins(terms.zone, day)

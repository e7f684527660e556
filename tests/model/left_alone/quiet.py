"""Points that are left alone, worked out from nothing: who was here when, told of what, and when
it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.model import wall
from tests.model.events import Answer, Shows, Spares
from tests.model.kept import Lot, Person, Terms
from tests.model.waits import NEVER, turn

if TYPE_CHECKING:
    from tests.model.reference import World


class Rule(NamedTuple):
    """What the version in force asks of a wallet, and since when that has been so."""

    zone: str
    after: str
    days: int
    since: datetime


def rule(person: Person, wallet: str, now: datetime) -> Rule | None:
    """Of all versions up to now the last ones in a row that say the same length."""
    begun = [one for one in sorted(person.versions, key=_since) if one.since <= now]
    begun = begun or [min(person.versions, key=_since)]
    said = begun[-1].program.wallets.get(wallet)
    if said is None or said.inactivity is None or said.notice is None:
        return None
    since = begun[-1].since
    for terms in reversed(begun):
        there = terms.program.wallets.get(wallet)
        if there is None or there.inactivity is None:
            break
        if there.inactivity.after != said.inactivity.after:
            break
        since = terms.since
    return Rule(begun[-1].zone, said.inactivity.after, said.notice.days, since)


def _since(terms: Terms) -> datetime:
    return terms.since


def acts(
    person: Person, terms: Terms, what: Iterable[str], wallets: set[str], at: datetime
) -> None:
    """Whoever does something counts where the terms of then say so."""
    for name, wallet in terms.program.wallets.items():
        said = wallet.inactivity
        if said is None:
            continue
        done = {one for one in what if one in ("purchase", "activity") or name in wallets}
        if done & set(said.reset_by):
            person.acts.append((name, at))


def here(person: Person, wallet: str) -> list[datetime]:
    """All instants that count of a person and of whoever is one with them."""
    mine = [at for name, at in person.acts if name == wallet]
    return [*mine, *(at for one in person.under for at in here(one, wallet))]


def end(person: Person, lot: Lot, now: datetime) -> datetime:
    """When the time of a lot is over if nobody comes."""
    said = rule(person, lot.wallet, now)
    if said is None:
        return NEVER
    usable = lot.turns if lot.waits else lot.usable or lot.earned_at
    begun = max([usable, said.since, *here(person, lot.wallet)])
    over = wall.gone_at(said.zone, begun, said.after, "day")
    return max(over, lot.spared or over)


def gone(person: Person, lot: Lot, now: datetime) -> datetime:
    """When a lot lapses: not before so many whole days after its notice was shown. What comes
    back to somebody who was merged is looked at as whom they are now."""
    said, over = rule(person, lot.wallet, now), end(person, lot, now)
    if said is None or person.state == "merged":
        return NEVER
    shown = [at for told, at in lot.told if at is not None and told >= over]
    return max(over, _whole_days(said, min(shown, default=now)))


def _whole_days(said: Rule, at: datetime) -> datetime:
    return wall.begins(said.zone, wall.there(said.zone, at).date() + (said.days + 1) * wall.DAY)


def leave(person: Person, now: datetime) -> None:
    """What was left alone by then is gone, its sale remembers how much."""
    for lot in person.lots:
        if lot.free and gone(person, lot, now) <= now:
            lose(person, lot)


def lose(person: Person, lot: Lot) -> None:
    kept = getattr(lot.sale, "lapsed", None)
    if kept is not None:
        key = (person.name, lot.wallet)
        kept[key] = kept.get(key, 0) + lot.free
    lot.lapsed += lot.free
    lot.left = lot.pinned
    if lot not in person.gone:
        person.gone.append(lot)


def tell(person: Person, now: datetime) -> None:
    """A notice of each end that is near and was not told of yet lies in the inbox."""
    for lot in person.lots:
        said = rule(person, lot.wallet, now)
        if said is None or lot.waits or not lot.left:
            continue
        over = end(person, lot, now)
        day: date = wall.there(said.zone, over).date() - 2 * said.days * wall.DAY
        near = wall.begins(said.zone, day) <= now
        if near and not any(told >= over for told, _ in lot.told):
            lot.told.append((max(over, _whole_days(said, now)), None))


def shows(world: World, event: Shows) -> Answer:
    """Everything that lies in the inbox is shown."""
    for lot in world.who(event.who).lots:
        lot.told = [(told, world.now if at is None else at) for told, at in lot.told]
    return Answer("shown")


def spares(world: World, event: Spares) -> Answer:
    person = world.who(event.who)
    lots = sorted(
        (x for x in person.lots if x.wallet == event.wallet and x.left), key=lambda lot: lot.order
    )
    lot = lots[event.place % len(lots)]
    turn(person, world.now)
    leave(person, world.now)
    if not lot.left:
        return Answer("lot_empty")
    if lot.waits:
        return Answer("points_pending")
    ends = gone(person, lot, world.now)
    if ends <= world.now:
        return Answer("lot_lapsed")
    if not ends < event.until:
        return Answer("invalid")
    lot.spared = max(event.until, lot.spared or event.until)
    return Answer("extended", balances=person.balances())


QUIET: dict[type, Callable[[Any, Any], Answer]] = {Shows: shows, Spares: spares}

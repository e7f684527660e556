"""Points that change hands, worked out from nothing: gifts, merges, and who is blocked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.by_hand import benefits as appointments
from tests.model.beside.games.prizes import noticed
from tests.model.beside.looked_after.coming_over import plans
from tests.model.events import (
    Answer,
    Blocks,
    Gives,
    Merges,
    Unmerges,
)  # fmt: skip
from tests.model.kept import Deed, Lot, Person, Terms, owe
from tests.model.points import first, lapse

if TYPE_CHECKING:
    from tests.model.reference import World

Stand = tuple[str | None, datetime | None, datetime | None]


@dataclass
class Merged:
    """Who was merged into whom, with everything that is needed to part them again."""

    into: str
    state: str
    deeds: list[Deed]
    lots: list[Lot]
    earned: dict[str, int]
    debt: dict[str, int]
    owed: dict[str, int]
    takes: int
    stands: tuple[Stand, Stand, Stand]
    """Of the one that went; of the other before and after."""
    given: dict[tuple[str, str], int] = field(default_factory=dict)
    stones: dict[Any, int] = field(default_factory=dict)
    excused: dict[Any, int] = field(default_factory=dict)
    at: datetime | None = None
    owed_since: dict[str, datetime] = field(default_factory=dict)
    owed_before: dict[str, datetime] = field(default_factory=dict)
    """Since when the one that went owed, and the other one before."""
    level: dict[str, int] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    """How much more or less is owed since, and where less was."""


def hand_over(
    world: World, giver: Person, taker: Person, parts: list[tuple[Lot, int]], pays: bool
) -> list[Lot]:
    """What leaves the one's lots opens lots of the other, which end when those do."""
    opened = []
    for lot, units in parts:
        lot.left -= units
        paid = min(taker.debt.get(lot.wallet, 0), units) if pays else 0
        if paid:
            owe(taker, lot.wallet, -paid)
        if units > paid:
            world.born += 1
            left = units - paid
            fresh = Lot(lot.wallet, left, left, lot.earned_at, lot.ends, world.born, lot.sale)
            taker.lots.append(fresh)
            opened.append(fresh)
    return opened


def gives(world: World, event: Gives) -> Answer:
    giver, taker = world.who(event.who), world.who(event.to)
    if giver is taker or event.units < 1:
        return Answer("invalid")
    terms = world.terms(world.now)
    for person in (giver, taker):
        world.let_go(person)
        lapse(person, world.now)
    no = next(_no_gift(world, giver, taker, event), "")
    if no:
        return Answer(no)
    parts = first(giver, terms, (event.wallet, event.units))
    hand_over(world, giver, taker, parts, True)
    giver.takes += 1
    limit = _limit(terms, event.wallet)
    if limit is not None:
        key = _gift_counter(terms, event.wallet, world.now)
        giver.given[key] = giver.given.get(key, 0) + event.units
    return Answer("given", balances=giver.balances())


def _limit(terms: Terms, wallet: str) -> Any:
    said = terms.program.wallets[wallet].transfers
    return said.limit if said is not None else None


def _gift_counter(terms: Terms, wallet: str, now: datetime) -> tuple[str, str]:
    per = _limit(terms, wallet).per
    return f"transfer:{wallet}:{per}", wall.label(per, terms.day(now))


def _no_gift(world: World, giver: Person, taker: Person, event: Gives) -> Iterator[str]:
    terms = world.terms(world.now)
    said = terms.program.wallets[event.wallet].transfers
    if said is None:
        yield "transfers_not_allowed"
        return
    states = {giver.state, taker.state}
    if "blocked" in states and not terms.program.blocked.may_transfer:
        yield "member_blocked"
    if "unregistered" in states:
        yield "not_registered"
    if said.at_least is not None and event.units < terms.units(event.wallet, said.at_least):
        yield "too_few_points"
    if said.at_most is not None and event.units > terms.units(event.wallet, said.at_most):
        yield "too_many_points"
    if said.limit is not None:
        given = giver.given.get(_gift_counter(terms, event.wallet, world.now), 0)
        if given + event.units > terms.units(event.wallet, said.limit.points):
            yield "limit_reached"
    if giver.debt.get(event.wallet):
        yield "debt_first"
    if giver.available(event.wallet) < event.units:
        yield "not_enough_points"


# --- two who are one ------------------------------------------------------------------------


def _reserved(world: World, person: Person) -> bool:
    """Whether something is still reserved, whose time is not over."""
    return any(
        taken.who == person.name and taken.state == "held" and taken.pins
        for taken in world.taken.values()
        if taken.lapses > world.now
    )


def _no_merge(world: World, event: Merges) -> Iterator[str]:
    if event.into not in world.people:
        yield "unknown_member"
    gone, stays = world.who(event.who), world.who(event.into)
    if gone is stays:
        yield "same_member"
    if "blocked" in (gone.state, stays.state):
        yield "member_blocked"
    if gone.state == "active" and stays.state == "unregistered":
        yield "merge_into_person"
    if gone.name in world.homes:
        yield "in_household"
    if _reserved(world, gone):
        yield "holds_open"


def merges(world: World, event: Merges) -> Answer:
    no = next(_no_merge(world, event), "")
    if no:
        return Answer(no)
    gone, stays = world.who(event.who), world.who(event.into)
    for person in (gone, stays):
        world.let_go(person)
    terms = world.terms(world.now)
    for person in (gone, stays):
        lapse(person, world.now)
        ladder.review(person, terms, world.now)
    before = _stand(stays)
    owed = {wallet: units for wallet, units in gone.debt.items() if units}
    merged = Merged(
        into=stays.name,
        state=gone.state,
        deeds=gone.deeds,
        lots=_all_over(world, gone, stays),
        earned=dict(gone.earned),
        debt=owed,
        owed={},
        takes=stays.takes,
        stands=(_stand(gone), before, before),
        given=dict(gone.given),
        stones=dict(gone.stones),
        excused=dict(gone.excused),
        at=world.now,
        owed_since={wallet: gone.owes_since[wallet] for wallet in owed},
        owed_before={wallet: stays.owes_since[wallet] for wallet in owed
                     if stays.debt.get(wallet)},
    )  # fmt: skip
    _shift(gone, stays, merged)
    for wallet, since in merged.owed_since.items():
        stays.owes_since[wallet] = min(since, merged.owed_before.get(wallet, since))
    joined = gone.joined
    for deed in gone.deeds:
        deed.stood_under.add(stays.name)
        deed.counts_on = deed.counts_on or _window_start(deed, joined)
    for origin in _origins(world):
        if world.who(origin.owner) is gone:
            origin.under.add(stays.name)
    noticed(world, stays.name)
    stays.deeds, gone.deeds = [*gone.deeds, *stays.deeds], []
    _better_tier(terms, stays, merged.stands[0])
    gone.tier, gone.since, gone.until = None, world.now, None
    _climb(world, terms, stays)
    merged.stands = (*merged.stands[:2], _stand(stays))
    merged.owed = {wallet: stays.debt[wallet] for wallet in owed}
    stays.under.append(gone)
    stays.behind += [merged, *gone.behind]
    gone.state = "merged"
    gone.united = stays.united = True
    world.merged[gone.name] = merged
    return Answer("merged", balances=stays.balances())


def _origins(world: World) -> list[Any]:
    """Whatever gave points that lots remember, but for deeds."""
    return [*world.prizes, *world.reached.values(), *world.term_points, *world.between.gifts]


def _all_over(world: World, gone: Person, stays: Person) -> list[Lot]:
    gone.takes += any(lot.left for lot in gone.lots)
    return over(world, gone, stays, gone.lots)


def over(world: World, giver: Person, taker: Person, lots: list[Lot]) -> list[Lot]:
    """What is left of these lots changes hands; what waits goes on waiting there."""
    left = sorted((lot for lot in lots if lot.left), key=lambda lot: lot.order)
    parts = [(lot, lot.left) for lot in left if not lot.waits]
    opened = hand_over(world, giver, taker, parts, False)
    for lot in [lot for lot in left if lot.waits]:
        (there,) = hand_over(world, giver, taker, [(lot, lot.left)], False)
        there.waits, there.usable, there.cancels = True, lot.usable, lot.cancels
        opened.append(there)
    return opened


def _shift(giver: Person, taker: Person, merged: Merged) -> None:
    for wallet, units in merged.debt.items():
        owe(giver, wallet, -units, carried=True)
        owe(taker, wallet, units, carried=True)
    for wallet, units in merged.earned.items():
        giver.earned[wallet] = giver.earned.get(wallet, 0) - units
        taker.earned[wallet] = taker.earned.get(wallet, 0) + units
    for what in ("given", "stones", "excused"):
        gives, takes = getattr(giver, what), getattr(taker, what)
        for key, units in getattr(merged, what).items():
            gives[key] = gives.get(key, 0) - units
            takes[key] = takes.get(key, 0) + units


def _window_start(deed: Deed, joined: datetime) -> date | None:
    """Credit by anniversaries was counted on the first day of its member's own year."""
    tiers = deed.terms.tiers
    if tiers is None or tiers.window != "anniversary":
        return None
    return wall.anniversary(deed.terms.day(joined), deed.day)


def _stand(person: Person) -> Stand:
    return person.tier, person.since if person.tier else None, person.until


def _better_tier(terms: Terms, stays: Person, brings: Stand) -> None:
    tier, since, until = brings
    if tier is None:
        return
    ranks = terms.step_of(tier), terms.step_of(stays.tier)
    better = ranks[0] > ranks[1] or stays.tier is None
    if tier == stays.tier:
        better = stays.until is not None and (until is None or until > stays.until)
    if better:
        stays.tier, stays.since, stays.until = tier, since, until


def _climb(world: World, terms: Terms, stays: Person) -> None:
    if terms.tiers is None:
        return
    today = terms.day(world.now)
    step = plans.reached_on(stays, terms, today)
    if step > terms.step_of(stays.tier):
        stays.tier, stays.since = terms.tier(step), world.now
        stays.until = terms.valid_until(today, terms.day(stays.joined))


def unmerges(world: World, event: Unmerges) -> Answer:
    merged = world.merged.get(event.who)
    if merged is None:
        return Answer("unknown_member")
    gone, stays = world.people[event.who], world.people[merged.into]
    if stays.state == "merged":
        return Answer("merged_further")
    lapse(stays, world.now)
    paid = any(stays.debt.get(wallet, 0) < units for wallet, units in merged.owed.items())
    if stays.takes != merged.takes or paid:
        return Answer("spent_together")
    terms = world.terms(world.now)
    over(world, stays, gone, merged.lots)
    for lot in merged.lots:
        if lot.over:
            merged.earned[lot.wallet] = max(merged.earned.get(lot.wallet, 0) - lot.points, 0)
    _shift(stays, gone, merged)
    back = [merged, *gone.behind]
    stays.behind = [one for one in stays.behind if not any(one is each for each in back)]
    for wallet, since in merged.owed_since.items():
        gone.owes_since[wallet] = since
        if stays.debt[wallet] and stays.owes_since[wallet] <= merged.at:
            stays.owes_since[wallet] = merged.owed_before.get(wallet, merged.at)
    gone.deeds = merged.deeds
    stays.deeds = [deed for deed in stays.deeds if deed not in merged.deeds]
    over_since = stays.came_over and merged.at and stays.came_over > merged.at
    if _stand(stays) == merged.stands[2] or (over_since and stays.since == stays.came_over):
        stays.tier, stays.since, stays.until = merged.stands[1]
        stays.came_over = merged.at
    gone.tier, gone.since, gone.until = merged.stands[0]
    gone.came_over = merged.at
    stays.under.remove(gone)
    gone.state = merged.state
    del world.merged[event.who]
    noticed(world, gone.name, stays.name)
    for person in (gone, stays):
        ladder.review(person, terms, world.now)
    return Answer(gone.state, balances=stays.balances())


def blocks(world: World, event: Blocks) -> Answer:
    person = world.who(event.who)
    world.hand.trust.blocked.add(person.name)
    if event.blocked and person.state != "blocked":
        person.before, person.state = person.state, "blocked"
        if not world.terms(world.now).program.blocked.may_redeem:
            appointments.comes_no_more(world, person)
    elif not event.blocked and person.state == "blocked":
        person.state = person.before
    return Answer(person.state)


MOVES: dict[type, Callable[[Any, Any], Answer]] = {
    Gives: gives, Merges: merges, Unmerges: unmerges, Blocks: blocks,
}  # fmt: skip

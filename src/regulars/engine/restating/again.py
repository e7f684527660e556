"""Decide one activity of the past again, as the member stood then, and book the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.engine.deciding import booking, budgets, idle, pending
from regulars.engine.deciding.earn import Scene, Seen, kept_period, lots_of, scene_of
from regulars.engine.deciding.reverse import apart_of, at_most, counted_as_back, gone_already
from regulars.engine.deciding.settle import Resettled, carry, settle
from regulars.engine.ladder import counting, further
from regulars.engine.restating.story import Key
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.returning.taking import take
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Posting
from regulars.records.trail.types import Steps, Trail


class Deed(NamedTuple):
    """A deed to be decided again, and the steps it is seen at now."""

    sale: Sale
    sees: Seen
    rates: Version | None = None
    """The version with the tables that rate it now; nothing where they stay."""
    rated: int = 0


class Late(NamedTuple):
    """Why something is decided again, mostly an activity that came late: its place in the story,
    its id (or, as an id, the version whose rates hold), who told it, and that in words."""

    key: Key
    activity_id: UUID
    actor: str
    says: str = ""

    @property
    def reason(self) -> str:
        return self.says or f"act_{self.activity_id.hex} came late"


class Grains(NamedTuple):
    """What each rule gave so far, and what it gives now at each stage of the deed's returns."""

    was: Sequence[int]
    stages: Sequence[Sequence[int]]


class Unfinished(Exception):
    """What was begun to be decided again cannot end: nothing of its batch may stay."""

    def __init__(self, because: Fault) -> None:
        super().__init__(because.says)
        self.because = because


def decide_again(
    changes: Changes,
    state: MemberState,
    version: Version,
    deed: Deed,
    late: Late,
) -> None:
    """Run the frozen rules of a deed at another tier, or on another step of a further ladder.

    Keeps: what limits and budgets leave today on top of what the deed has (who got it, keeps it).
    """
    sale, sees, steps = deed.sale, deed.sees, deed.sale.steps
    rates, rated = deed.rates or version, deed.rated if deed.rates else steps.rated
    room = _room(changes, state, version, steps)
    # As its returns found it, one after the other: none of them gave anything.
    left = [facts_left(version, sale, returned) for returned in ((), *sale.stages)]
    grains = Grains(
        version.compiled.evaluate(left[-1], steps.room),
        [rates.compiled.evaluate(replace(one, **sees._asdict()), room) for one in left],
    )
    anew = _settle(state, rates, steps, grains, room)
    _count_limits(changes, state, version, steps, anew.given)
    for key, value in anew.kept.items():
        changes.keep(state, key, value)
    differs = [now - was for was, now in zip(steps.given, anew.given, strict=True)]
    booked, lapsed = _book(changes, state, version, sale, (anew.units, differs), late)
    had = ((steps.credit, steps.other_credit), steps.credit_period, steps.day)
    more, period = counting.status_again(changes, state, version, had, anew.units)
    sale.steps = replace(
        steps,
        tier=sees.tier,
        given=tuple(anew.given),
        room=tuple(room),
        credit=steps.credit + more[0],
        other_credit=steps.other_credit + more[1],
        credit_period=period,
        further=further.count_again(changes, state, version, (steps, sees.further), anew.units),
        carried={wallet: units for wallet, units in anew.carried.items() if units},
        stands=anew.stands,
        lapsed=lapsed,
        times=steps.times + 1,
        because=late.activity_id,
        rated=rated,
    )
    budgets.draw_again(changes, state, version, steps, sale.steps)
    changes.touch(state)
    id_ = changes.new_id()
    changes.restated.append(Trail(id_, state.member_id, sale.activity.activity_id, sale.steps))
    if booked and changes.history is None:
        changes.events.append(_event(state, version, sale, anew.units, late))


def _room(changes: Changes, state: MemberState, version: Version, steps: Steps) -> list[int]:
    """What limits and budgets allow a deed today: what it has, and what nobody has taken."""
    compiled, room = version.compiled, list(steps.room or version.compiled.full_room)
    for place, limit in enumerate(compiled.limits):
        if limit.per == "activity":
            continue
        has = (
            steps.given[limit.rule]
            if limit.counts == "points"
            else int(steps.given[limit.rule] > 0)
        )
        used = budgets.used_of(changes, state, version, place, budgets.moment_of(steps))
        room[place] = min(room[place], has + max(limit.full - used, 0))
    for place, budget in enumerate(compiled.budgets):
        has = budgets.drawn_by(version, budget.wallet, steps)
        used = budgets.drawn_of(changes, state, version, place, steps.day)
        at = len(compiled.limits) + place
        room[at] = min(room[at], has + max(budget.full - used, 0))
    return room


def _settle(
    state: MemberState,
    version: Version,
    steps: Steps,
    grains: Grains,
    room: Sequence[int],
) -> Resettled:
    """Round once per wallet; where remainders are kept, only the difference is rounded."""
    was, stages = grains
    anew = Resettled.of(steps)
    for place, wallet in enumerate(version.compiled.wallets):
        gives, exact, parts = _through(version, place, stages, room)
        gave = budgets.gave_by(wallet, steps)
        if wallet.keeps != "no":
            stood = steps.stands.get(wallet.id, sum(was[rule] for rule in wallet.rules))
            if exact == stood:
                continue
            anew.stands[wallet.id] = exact
            key = (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
            left = state.counters.get(key, 0) + exact - stood
            whole, rest = carry(wallet, left)
            gives = budgets.within(version, place, gave + whole, room)
            if gives < gave + whole:  # what is cut off is not kept, as where it was earned
                anew.stands[wallet.id] = gives * wallet.grid
            else:
                anew.kept[key] = rest
        for rule, part in zip(wallet.rules, parts, strict=True):
            anew.given[rule] = part
        anew.carried[wallet.id] = gives - sum(parts)
        if gives != gave:
            anew.units[version.wallet_codes[place]] = gives - gave
    return anew


def _through(
    version: Version, place: int, stages: Sequence[Sequence[int]], room: Sequence[int]
) -> tuple[int, int, list[int]]:
    """What a wallet gets for the whole basket, less what each return takes of it.

    Keeps: a return never raises points, so a stage that would give more changes nothing.
    """
    wallet = version.compiled.wallets[place]
    gives, exact, parts = 0, 0, [0] * len(wallet.rules)
    for number, grains in enumerate(stages):
        own = [grains[rule] for rule in wallet.rules]
        settled = settle(replace(wallet, keeps="no"), own)
        allowed = budgets.within(version, place, settled.units, room)
        cut = settled.parts if allowed == settled.units else budgets.cut(settled.parts, allowed)
        if number == 0:
            gives, exact, parts = allowed, sum(own), list(cut)
            continue
        gives_less = sum(own) < exact if wallet.keeps != "no" else allowed < gives
        if gives_less:
            gives, exact = allowed, sum(own)
            parts = [min(part, now) for part, now in zip(parts, settled.parts, strict=True)]
    return gives, exact, parts


def _count_limits(
    changes: Changes, state: MemberState, version: Version, steps: Steps, given: Sequence[int]
) -> None:
    for place, limit in enumerate(version.compiled.limits):
        before, after = steps.given[limit.rule], given[limit.rule]
        by = after - before if limit.counts == "points" else int(after > 0) - int(before > 0)
        if by and limit.per != "activity":
            where = (place, budgets.moment_of(steps))
            budgets.count_limit(changes, state, version, where, by)


def _book(
    changes: Changes,
    state: MemberState,
    version: Version,
    sale: Sale,
    differs: tuple[Mapping[int, int], Sequence[int]],
    late: Late,
) -> tuple[bool, dict[str, int]]:
    """Book what is more as new points of that day, and take back what is less as a return does, of
    the lots with the ends it had; whether anything moved, and what counts as back because it had
    lapsed."""
    deed, (units, by_rule) = sale.activity, differs
    more_of, lost = [max(n, 0) for n in by_rule], [max(-n, 0) for n in by_rule]
    apart, now = apart_of(version, sale, lost), changes.now or deed.occurred_at
    cause = booking.Cause(
        "restate", changes.new_id(), deed.activity_id, deed.occurred_at, late.actor, late.reason
    )
    gone = gone_already(
        state, version, sale, {code: -points for code, points in units.items() if points < 0}
    )
    gone = {code: at_most(apart.get(code), points, now) for code, points in gone.items()}
    postings: list[Posting] = []
    scene: Scene = scene_of(version, deed)
    try:
        booking.check_range(state, {code: points for code, points in units.items() if points > 0})
    except Fault as fault:  # of the late activity much is booked by now
        raise Unfinished(fault) from fault
    for code, points in units.items():
        if points > 0:
            for lot in lots_of(changes, state, scene, cause, (code, points, more_of)):
                postings += pending.credit(changes, state, cause, lot, (version, deed.kind))
            state.balance(code).earned += points
            # Who now earns was here then; who earns no more was here as well (semantics A7).
            idle.act(changes, state, version, ("", frozenset((code,))), deed.occurred_at)
        elif -points > gone.get(code, 0):
            owed = -points - gone.get(code, 0)
            ends = apart[code].by_end if code in apart else {}
            postings += take(changes, state, version, cause, (deed.activity_id, code, owed), ends)
    if postings:
        booking.book(changes, state, cause, booking.summed(postings))
    return bool(postings), counted_as_back(version, sale, gone)


def _event(
    state: MemberState, version: Version, sale: Sale, units: Mapping[int, int], late: Late
) -> Event:
    names = version.wallet_ids
    payload: dict[str, object] = {
        "activity_id": sale.activity.activity_id,
        "difference": {names[code]: points for code, points in units.items()},
    }
    payload |= {"rates_of": late.activity_id.int} if late.says else {"because": late.activity_id}
    return Event(state.member_id, state.version, "points.restated", payload)

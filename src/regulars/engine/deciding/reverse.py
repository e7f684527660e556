"""Returns: the sale's own frozen rules are run on what is left, and the difference goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.deciding import booking, budgets, pending
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.pending import rules_end, wallets_end
from regulars.engine.facts import Facts
from regulars.engine.ladder import counting, further
from regulars.engine.returning.difference import difference_of
from regulars.engine.returning.owed import Because
from regulars.engine.returning.refund import coming_of, free_again, refund
from regulars.engine.returning.reserved import free_again_at, reserved_in
from regulars.engine.returning.sale import Sale, facts_left, pieces_back
from regulars.engine.returning.taking import NOTHING, take
from regulars.engine.rewarding import milestones
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import Posting
from regulars.records.trail.types import Trail


class Returned(NamedTuple):
    """What a return took back, for its answer and its trail."""

    units: Mapping[int, int]
    """Per wallet code, positive: what the sale no longer gives."""
    trail: Trail
    refunded: Mapping[int, int] = {}
    """Per wallet code, positive: what was spent on the sale and is the member's again."""
    milestones: Mapping[str, int] = {}
    """By id, positive: what milestones took back, because they are not reached without it."""


def give_back(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    sale: Sale,
    activity: Activity,
    now: datetime,
) -> Returned | Refused:
    """Take back what a sale gave for the pieces that came back.

    Order: what lapsed by now leaves the books first. What lapsed of that sale is not taken twice;
    then what is pending of it goes, then the lot of that sale, then other lots by latest expiry,
    then what the wallet says about negative balances (semantics D3).
    Keeps: any parts that empty the basket, in any order, take back exactly what it gave.
    Faults: TooMuchReturned when a line has fewer pieces left.
    """
    version = terms.rated_by(sale.steps.version, sale.steps.rated)
    returned = pieces_back(sale, activity)
    expire(changes, state, now)
    before, after = (facts_left(version, sale, of) for of in (sale.steps.returned, returned))
    difference = difference_of(state, version, sale, before, after)
    given = tuple(difference.given)
    lost = tuple(b - a for b, a in zip(sale.steps.given, given, strict=True))
    apart = apart_of(version, sale, lost)
    gone = gone_already(state, version, sale, difference.units)
    gone = {code: at_most(apart.get(code), points, now) for code, points in gone.items()}
    owed = {code: points - gone.get(code, 0) for code, points in difference.units.items()}
    coming = coming_of(state, sale, returned, terms.at(now))
    again = free_again(state, coming, now)
    if (no := _refusal(state, version, (owed, again), sale.activity.activity_id)) is not None:
        return no
    # Before anything is taken back: what is the member's again pays for that too.
    because = Because(activity.activity_id, activity.occurred_at, activity.actor)
    refunded = refund(changes, state, coming, because, now)
    _book(changes, state, version, sale, (activity, owed, apart))
    _uncount(
        changes, state, version, budgets.moment_of(sale.steps), (sale.steps.given, given, lost)
    )
    for key, value in difference.kept.items():
        changes.keep(state, key, value)
    what, left_now = (sale, activity), (now, after, difference.units)
    steps = replace(
        sale.steps,
        given=given,
        **_credit_back(changes, state, (version, terms), what, left_now),
        returned=returned,
        carried={wallet: units for wallet, units in difference.carried.items() if units},
        stands=difference.stands,
        lapsed=counted_as_back(version, sale, gone),
    )
    budgets.draw_again(changes, state, version, sale.steps, steps)
    changes.touch(state)
    left = (activity, steps, after, milestones.Known(sale.lapsed_of_milestones, sale.under))
    steps, undone = milestones.take_back(changes, state, terms, left)
    sale.steps = steps
    told = {"taken_back": difference.units} | ({"refunded": refunded} if refunded else {})
    changes.events.append(_event(state, terms, sale, activity, told))
    # The trail lies with its sale, also when that was made by somebody who was merged since.
    trail = Trail(activity.activity_id, activity.member_id, sale.activity.activity_id, steps)
    return Returned(difference.units, trail, refunded, undone)


class Apart(NamedTuple):
    """Of what a return takes, how much has which end, where rules give ends of their own."""

    by_end: dict[datetime, int]
    rest: datetime
    """The end of all else."""


def apart_of(version: Version, sale: Sale, lost: Sequence[int]) -> dict[int, Apart]:
    """What rules with ends of their own take back, per wallet code; `lost` is units per rule."""
    found: dict[int, Apart] = {}
    for code, places in version.own_ends.items():
        ends: dict[datetime, int] = {}
        for place in places:
            if lost[place] > 0:
                end = rules_end(version, sale.activity, place)
                ends[end] = ends.get(end, 0) + lost[place]
        if ends:
            found[code] = Apart(ends, wallets_end(version, sale.activity, code))
    return found


def at_most(apart: Apart | None, gone: int, now: datetime) -> int:
    """Of what lapsed of a sale, what is set against this return: no more than the part of it whose
    own end is over, while the rest still lives."""
    if apart is None or apart.rest <= now:
        return gone
    return min(gone, sum(points for end, points in apart.by_end.items() if end <= now))


def gone_already(
    state: MemberState, version: Version, sale: Sale, units: Mapping[int, int]
) -> dict[int, int]:
    """How much of what must go back had lapsed, lives not again, and was not yet set against
    another return."""
    gone = {}
    for code, points in units.items():
        lapsed = sale.lapsed.get(code, 0) + state.lapsed.get((sale.activity.activity_id, code), 0)
        lapsed -= sale.steps.lapsed.get(version.wallet_ids[code], 0)
        if lapsed > 0:
            gone[code] = min(points, lapsed)
    return gone


def counted_as_back(version: Version, sale: Sale, gone: Mapping[int, int]) -> dict[str, int]:
    """What of a sale had lapsed and is set against something taken back, in all so far."""
    counted = dict(sale.steps.lapsed)
    for code, points in gone.items():
        name = version.wallet_ids[code]
        counted[name] = counted.get(name, 0) + points
    return counted


def _refusal(
    state: MemberState,
    version: Version,
    both: tuple[Mapping[int, int], Mapping[int, int]],
    sale_id: UUID,
) -> Refused | None:
    """A wallet that refuses to go negative refuses the return as a whole; what the return itself
    gives back counts."""
    units, again = both
    for code, points in units.items():
        wallet = version.compiled.wallets[version.wallet_codes.index(code)]
        free = again.get(code, 0)
        free += sum(lot.free for lot in state.lots.values() if lot.wallet == code)
        free += sum(lot.remaining for lot in pending.waiting_of(state, code, sale_id))
        if version.program.wallets[wallet.id].negative == "refuse" and free < points:
            if points - free <= reserved_in(state, code):
                return Refused(
                    "points_reserved",
                    still_reserved(points - free),
                    {
                        "wallet": wallet.id,
                        "reserved": points - free,
                        "until": free_again_at(state, code, points - free).isoformat(),
                    },
                )
            return Refused(
                "points_already_spent",
                spent_already(points - free),
                {"wallet": wallet.id, "short": points - free},
            )
    return None


def still_reserved(points: int) -> str:
    """Why a return is refused while nothing is spent, in words."""
    return f"{points} of the points are reserved for a reward; void that first, then return it"


def spent_already(short: int) -> str:
    """Why a return is refused, in words."""
    return f"{short} of the points were spent already; this program takes no such return"


def _book(
    changes: Changes,
    state: MemberState,
    version: Version,
    sale: Sale,
    back: tuple[Activity, Mapping[int, int], Mapping[int, Apart]],
) -> None:
    activity, units, apart = back
    cause = booking.Cause(
        "return", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
    )
    sale_id = sale.activity.activity_id
    postings: list[Posting] = []
    for code, points in units.items():
        ends = apart[code].by_end if code in apart else NOTHING
        postings += take(changes, state, version, cause, (sale_id, code, points), ends)
    if postings:
        booking.book(changes, state, cause, postings)


def _uncount(
    changes: Changes,
    state: MemberState,
    version: Version,
    moment: budgets.Moment,
    given: tuple[Sequence[int], Sequence[int], Sequence[int]],
) -> None:
    """Free the limits in the period where they were used: points always, times when all is back."""
    before, after, lost = given
    compiled = version.compiled
    points = [n if n > 0 else 0 for n in lost]
    gone = [1 if b and not a else 0 for b, a in zip(before, after, strict=True)]
    for place, limit in enumerate(compiled.limits):
        by = points[limit.rule] if limit.counts == "points" else gone[limit.rule]
        if by and limit.per != "activity":
            budgets.count_limit(changes, state, version, (place, moment), -by)


def _credit_back(
    changes: Changes,
    state: MemberState,
    terms: tuple[Version, Terms],
    what: tuple[Sale, Activity],
    now: tuple[datetime, Facts, Mapping[int, int]],
) -> dict[str, Any]:
    """What is left of a sale's tier credit on each ladder, as fields of its steps."""
    sale, activity = what
    was, (_, after, units) = sale.steps, now
    had = ((was.credit, was.other_credit), was.credit_period, was.day)
    (credit, other), period = counting.give_back(changes, state, terms[0], had, (after, units))
    came_at = max(activity.occurred_at, sale.activity.occurred_at)
    kept, came_back = further.give_back(changes, state, terms, was, now, came_at)
    left: dict[str, Any] = {"credit": credit, "other_credit": other, "credit_period": period}
    return left | {"further": kept, "came_back": came_back}


def _event(
    state: MemberState,
    terms: Terms,
    sale: Sale,
    activity: Activity,
    told: Mapping[str, Mapping[int, int]],
) -> Event:
    payload: dict[str, object] = {
        "activity_id": activity.activity_id,
        "sale_id": sale.activity.activity_id,
    }
    for what, units in told.items():
        # Of all versions: the reward may have been of another one.
        payload[what] = {terms.wallet_names[code]: points for code, points in units.items()}
    return Event(state.member_id, state.version, "points.returned", payload)

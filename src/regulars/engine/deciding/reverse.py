"""Returns: the sale's own frozen rules are run on what is left, and the difference goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.engine.compiling.grid import STEPS
from regulars.engine.deciding import booking, budgets, pending, tiering
from regulars.engine.deciding.earn import Scene, count_limit, kept_period, scene_of, spend_of
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.refund import Coming, Spent, due, free_again, refund, share
from regulars.engine.deciding.settle import settle
from regulars.engine.facts import Facts
from regulars.engine.qualify import after_returns
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import Account, Lot, Posting
from regulars.records.trail.types import Steps, Trail


class TooMuchReturned(Fault):
    """More came back than was bought."""

    code = "too_much_returned"
    category = "conflict"


class Sale(Struct):
    """A sale as its returns need it: what was sold, and how its decision stands by now."""

    activity: Activity
    steps: Steps
    """Of the sale, or of its latest return: what is still given, and what came back so far."""
    lapsed: Mapping[int, int] = {}
    """Per wallet code: how many of its points had lapsed before this batch."""
    spent: Sequence[Spent] = ()
    """The redemptions that paid for it."""


class Returned(NamedTuple):
    """What a return took back, for its answer and its trail."""

    units: Mapping[int, int]
    """Per wallet code, positive: what the sale no longer gives."""
    trail: Trail
    refunded: Mapping[int, int] = {}
    """Per wallet code, positive: what was spent on the sale and is the member's again."""


class Difference(NamedTuple):
    """What a sale gives less, after more of it came back."""

    given: tuple[int, ...]
    units: dict[int, int]
    kept: dict[tuple[int, int], int]
    """Remainders kept for the member after it, per counter and period."""
    carried: dict[str, int]
    stands: dict[str, int]
    """Per wallet that keeps remainders: grains the sale gives after it."""


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
    version = terms.numbered(sale.steps.version)
    returned = pieces_back(sale, activity)
    expire(changes, state, now)
    before = facts_left(version, sale, sale.steps.returned)
    after = facts_left(version, sale, returned)
    difference = _difference(state, version, sale, before, after)
    gone = _gone_already(state, version, sale, difference.units)
    owed = {code: points - gone.get(code, 0) for code, points in difference.units.items()}
    shares = due(state, sale.spent, partial(share_back, sale, returned))
    again = free_again(state, shares, now)
    no = _refusal(state, version, (owed, again), sale.activity.activity_id)
    if no is not None:
        return no
    # Before anything is taken back: what is the member's again pays for that too.
    coming = Coming(sale.spent, shares, returned == pieces_sold(sale.activity))
    refunded = refund(changes, state, coming, activity, now)
    _book(changes, state, version, sale, (activity, owed))
    lost = tuple(b - a for b, a in zip(sale.steps.given, difference.given, strict=True))
    _uncount(changes, state, version, sale.steps.day, (sale.steps.given, difference.given, lost))
    budgets.draw(changes, version, sale.steps.day, difference.units, sign=-1)
    for key, value in difference.kept.items():
        changes.keep(state, key, value)
    steps = replace(
        sale.steps,
        given=difference.given,
        credit=_return_credit(changes, state, version, sale, (after, difference.units)),
        returned=returned,
        carried={wallet: units for wallet, units in difference.carried.items() if units},
        stands=difference.stands,
        lapsed=_counted_as_back(version, sale, gone),
    )
    sale.steps = steps
    changes.touch(state)
    names = terms.wallet_names  # of all versions: the reward may have been of another one
    told = {"taken_back": difference.units} | ({"refunded": refunded} if refunded else {})
    changes.events.append(_event(state, names, sale, activity, told))
    cause = (activity.activity_id, steps.day)
    tiering.revoke(changes, state, version, activity.occurred_at, cause)
    # The trail lies with its sale, also when that was made by somebody who was merged since.
    trail = Trail(activity.activity_id, activity.member_id, sale.activity.activity_id, steps)
    return Returned(difference.units, trail, refunded)


def pieces_back(sale: Sale, activity: Activity) -> tuple[int, ...]:
    """How many pieces of each line came back in all, this return included."""
    sold = pieces_sold(sale.activity)
    back = list(sale.steps.returned or (0,) * len(sold))
    if not activity.body.returned:
        if back == list(sold):
            raise TooMuchReturned("everything of this sale came back already", field="/sale")
        return sold
    for place, part in enumerate(activity.body.returned):
        pointer = f"/returned/{place}"
        if part.line >= len(sold):
            raise TooMuchReturned(
                f"the sale has {len(sold)} lines, counted from 0", field=f"{pointer}/line"
            )
        left = sold[part.line] - back[part.line]
        if part.quantity > left:
            raise TooMuchReturned(
                f"only {left} of line {part.line} can still come back",
                field=f"{pointer}/quantity",
                left=left,
            )
        back[part.line] += part.quantity
    return tuple(back)


def pieces_sold(sale: Activity) -> tuple[int, ...]:
    """Pieces of each line; a sale without lines is one line whose pieces are minor units."""
    if sale.body.lines:
        return tuple(line.quantity for line in sale.body.lines)
    return (max(sale.amount_minor, 1),)


def share_back(sale: Sale, returned: Sequence[int], points: int) -> int:
    """The part of points that belongs to what came back of a sale in all."""
    lines = sale.activity.body.lines
    worth = [line.amount_minor - line.discount_minor for line in lines]
    return share(
        points, pieces_sold(sale.activity), returned, worth or [sale.activity.amount_minor]
    )


def facts_left(version: Version, sale: Sale, returned: Sequence[int]) -> Facts:
    """What the rules saw of a sale then, less what came back of it since."""
    scene: Scene = scene_of(version, sale.activity)
    steps = sale.steps
    facts = replace(
        scene.facts,
        day=steps.day,
        weekday=steps.weekday,
        hour=steps.hour,
        tier=steps.tier,
        member=steps.member,
    )
    if not returned:
        return facts
    if sale.activity.body.lines:
        return after_returns(facts, returned)
    # Without lines pieces are minor units; for the rules it is one piece until nothing is left.
    whole = facts.lines[0]._replace(quantity=max(sale.activity.amount_minor, 1))
    left = after_returns(replace(facts, lines=(whole,)), returned)
    line = left.lines[0]
    return replace(left, lines=(line._replace(quantity=min(line.quantity, 1)),))


def _difference(
    state: MemberState, version: Version, sale: Sale, before: Facts, after: Facts
) -> Difference:
    """What each rule and wallet gives less now.

    Keeps: a return never raises points (semantics D2), so a rule that would give more on what
    is left stays at what it gave.
    """
    compiled, steps = version.compiled, sale.steps
    was, grains = compiled.evaluate(before, steps.room), compiled.evaluate(after, steps.room)
    given = list(steps.given)
    units: dict[int, int] = {}
    kept: dict[tuple[int, int], int] = {}
    carried, stands = dict(steps.carried), dict(steps.stands)
    for place, wallet in enumerate(compiled.wallets):
        own = [grains[rule] for rule in wallet.rules]
        gave = sum(steps.given[rule] for rule in wallet.rules) + steps.carried.get(wallet.id, 0)
        settled = settle(replace(wallet, keeps="no"), own)
        gives = budgets.within(version, place, settled.units, steps.room or compiled.full_room)
        if wallet.keeps != "no":
            # Not what the rules give on what was left before: that may be more than they gave.
            stood = stands.setdefault(wallet.id, sum(was[rule] for rule in wallet.rules))
            less = stood - sum(own)
            if less <= 0:
                continue
            stands[wallet.id] = sum(own)
            # Taken out of the remainder; below zero whole points are broken for it (semantics D3).
            key = (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
            left = state.counters.get(key, 0) - less
            size = wallet.grid * wallet.step
            broken = STEPS[wallet.mode](left, size) * wallet.step
            kept[key] = left - broken * wallet.grid
            gives = gave + broken
        elif gives >= gave:
            continue
        for rule, part in zip(wallet.rules, settled.parts, strict=True):
            given[rule] = min(part, steps.given[rule])
        # Parts may move between rules; none gets more than it had, the rest belongs to none.
        carried[wallet.id] = gives - sum(given[rule] for rule in wallet.rules)
        if gives < gave:
            units[version.wallet_codes[place]] = gave - gives
    return Difference(tuple(given), units, kept, carried, stands)


def _gone_already(
    state: MemberState, version: Version, sale: Sale, units: Mapping[int, int]
) -> dict[int, int]:
    """How much of what must go back had lapsed, and was not yet set against another return."""
    gone = {}
    for code, points in units.items():
        lapsed = sale.lapsed.get(code, 0) + state.lapsed.get((sale.activity.activity_id, code), 0)
        lapsed -= sale.steps.lapsed.get(version.wallet_ids[code], 0)
        if lapsed:
            gone[code] = min(points, lapsed)
    return gone


def _counted_as_back(version: Version, sale: Sale, gone: Mapping[int, int]) -> dict[str, int]:
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
            return Refused(
                "points_already_spent",
                f"{points - free} of the points were spent already; "
                "this program takes no such return",
                {"wallet": wallet.id, "short": points - free},
            )
    return None


def _book(
    changes: Changes,
    state: MemberState,
    version: Version,
    sale: Sale,
    back: tuple[Activity, Mapping[int, int]],
) -> None:
    activity, units = back
    cause = booking.Cause(
        "return", changes.new_id(), activity.activity_id, activity.occurred_at, activity.actor
    )
    postings: list[Posting] = []
    for code, points in units.items():
        waiting = pending.waiting_of(state, code, sale.activity.activity_id)
        unripe = pending.take_waiting(changes, state, cause, waiting, points)
        order = _last_first(state, code, sale.activity.activity_id)
        ripe = booking.take(changes, state, cause, order, points - unripe)
        taken = unripe + ripe
        balance = state.balance(code)
        balance.available -= ripe
        wallet = version.compiled.wallets[version.wallet_codes.index(code)]
        owed = points - taken if version.program.wallets[wallet.id].negative == "debt" else 0
        balance.debt += owed
        balance.earned -= min(taken + owed, balance.earned)
        changes.balances[(state.member_id, code)] = balance
        if taken + owed:
            postings.append(Posting(code, Account.ISSUED, taken + owed))
        if unripe:
            postings.append(Posting(code, Account.PENDING, -unripe))
        if ripe:
            postings.append(Posting(code, Account.AVAILABLE, -ripe))
        if owed:
            postings.append(Posting(code, Account.DEBT, -owed))
    if postings:
        booking.book(changes, state, cause, postings)


def _last_first(state: MemberState, wallet: int, sale_id: UUID) -> list[Lot]:
    """The sale's own lot, then the others by latest expiry."""
    mine = [lot for lot in state.lots.values() if lot.wallet == wallet and lot.free > 0]
    mine.sort(key=lambda lot: (lot.expires_at, lot.earned_at, lot.lot_id), reverse=True)
    return sorted(mine, key=lambda lot: lot.cause_id != sale_id)


def _uncount(
    changes: Changes,
    state: MemberState,
    version: Version,
    day: int,
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
            count_limit(changes, state, version, (place, day), -by)


def _return_credit(
    changes: Changes,
    state: MemberState,
    version: Version,
    sale: Sale,
    now: tuple[Facts, Mapping[int, int]],
) -> int:
    """Tier credit of what came back, unless the program lets members keep it; what still counts."""
    after, units = now
    tiers, steps = version.program.tiers, sale.steps
    if tiers is None or not steps.credit or tiers.returned_credit == "never":
        return steps.credit
    if tiers.measure == "spend":
        left = min(spend_of(version, after), steps.credit)
    elif tiers.measure == "visits":
        left = steps.credit if any(line.quantity for line in after.lines) else 0
    else:
        status = tiers.wallet or ""
        code = version.wallet_codes[version.compiled.wallet_places[status]]
        left = max(steps.credit - units.get(code, 0), 0)
    changes.count(state, version.credit_counter, steps.credit_period, left - steps.credit)
    return left


def _event(
    state: MemberState,
    names: Mapping[int, str],
    sale: Sale,
    activity: Activity,
    told: Mapping[str, Mapping[int, int]],
) -> Event:
    payload: dict[str, object] = {
        "activity_id": activity.activity_id,
        "sale_id": sale.activity.activity_id,
    }
    for what, units in told.items():
        payload[what] = {names[code]: points for code, points in units.items()}
    return Event(state.member_id, state.version, "points.returned", payload)

"""Two members become one: an alias plus entries, so that nothing of their past is rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding import booking, idle, pending, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.courtesy import Favour, extend
from regulars.engine.moving.transfer import Handing, hand_over
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Lot, Posting
from regulars.records.members.unions.types import Brought, TierHeld

Refusal = Literal[
    "same_member", "member_erased", "member_blocked", "merge_into_person", "in_household",
    "holds_open",
]  # fmt: skip
"""Every way a merge can be refused, in the order it is checked."""

CAME_OVER: Final = "came over with a merge"


class Union(NamedTuple):
    """Which merge (or its end) this is, when, who wants it and why."""

    kind: Literal["merge", "unmerge"]
    merge_id: UUID
    now: datetime
    actor: str
    reason: str


def refusal(gone: MemberState, stays: MemberState, in_household: bool) -> Refused | None:
    """Why these two cannot become one, or nothing."""
    if "erased" in (gone.state, stays.state):
        return Refused("member_erased", "one of the two was erased; nothing is theirs any more")
    if "blocked" in (gone.state, stays.state):
        return Refused("member_blocked", "one of the two is blocked; let them go first")
    if gone.state == "active" and stays.state == "unregistered":
        says = "merge the card into the person, not the person into the card"
        return Refused("merge_into_person", says)
    if in_household:
        return Refused("in_household", "the one that goes belongs to a household; leave it first")
    if any(balance.held for balance in gone.balances.values()):
        says = "a reward is reserved for the one that goes; capture or void it first"
        return Refused("holds_open", says)
    return None


def merge(
    changes: Changes,
    gone: MemberState,
    stays: MemberState,
    version: Version,
    union: Union,
    known: tuple[tuple[tuple[str, str], ...], tuple[UUID, ...], Mapping[int, datetime]],
) -> Brought:
    """Bring over everything the one has: lots with their life, debts, counters, the better tier.

    Shape: `known` is what the one that goes was found by, everybody who stands behind the two, and
    since when the one that goes owes, per wallet.
    Order: what is due is done to both first. What was owed and what was there come over side by
    side, so that it can go back exactly; what is pending waits on. Then what came over has its
    least life, where its wallet says so.
    Keeps: sums per wallet (semantics A12); limits unite, so what is given once is not given again.
    Assumes: `refusal` was asked and `booking.check_range` holds.
    """
    for state in (gone, stays):
        expire(changes, state, union.now)
        tiering.review(changes, state, version, union.now)
    before, brings = _held(stays), _held(gone)
    earned = {code: b.earned for code, b in gone.balances.items() if b.earned}
    debt = {code: b.debt for code, b in gone.balances.items() if b.debt}
    lots = carry(changes, (gone, stays), union, list(gone.lots.values()), debt)
    counters = tuple((*key, value) for key, value in sorted(gone.counters.items()) if value)
    shift(changes, (gone, stays), counters, earned)
    let_last(changes, stays, version, lots, union)
    for code, balance in gone.balances.items():
        if balance.active_at is not None:  # what either did keeps the points of both alive
            idle.last(changes, stays, code, balance.active_at)
    _unite_tiers(changes, (gone, stays), version, union)
    names, family, owes = known
    brought = Brought(
        state=gone.state,
        names=names,
        family=family,
        lots=tuple(lot.lot_id for lot in lots),
        earned=earned,
        debt=debt,
        owed={code: stays.balance(code).debt for code in debt},
        counters=counters,
        tier=brings,
        tier_before=before,
        tier_after=_held(stays),
        owed_since={code: owes[code] for code in debt if code in owes},
    )
    changes.climbed.update((gone.member_id, stays.member_id))
    gone.state = "merged"
    gone.united = stays.united = True
    gone.story = stays.story = None
    tell(changes, (gone, stays), union)
    return brought


def carry(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    union: Union,
    lots: list[Lot],
    debt: dict[int, int],
) -> list[Lot]:
    """Move these lots and this debt from the first to the second; the lots that were opened."""
    giver, taker = who
    opened: list[Lot] = []
    wallets = sorted({lot.wallet for lot in lots if lot.free})
    for wallet in wallets:
        handing = handing_of(changes, union)
        order = booking.soonest(lot for lot in lots if lot.wallet == wallet)
        whole = sum(lot.free for lot in order)
        opened += hand_over(changes, who, handing, order, whole)
    for lot in booking.soonest(lot for lot in lots if lot.state == "pending" and lot.remaining):
        opened.append(_wait_there(changes, who, handing_of(changes, union), lot))
    for wallet, amount in sorted(debt.items()):
        handing = handing_of(changes, union)
        less = booking.move_debt(changes, giver, wallet, -amount, Account.TRANSFERRED)
        booking.book(changes, giver, handing.given, less)
        more = booking.move_debt(changes, taker, wallet, amount, Account.TRANSFERRED)
        booking.book(changes, taker, handing.got, more)
    return opened


def let_last(
    changes: Changes, state: MemberState, version: Version, lots: Sequence[Lot], union: Union
) -> None:
    """Let points that came over live so many whole days as their wallet says; each a courtesy.

    Keeps: what waits has its life before it, and what lapsed before the merge stays gone.
    """
    today = local(version.zone, union.now).day
    for lot in lots:
        days = version.come_over.get(lot.wallet)
        if days is None or lot.state == "pending" or not lot.remaining:
            continue
        until = day_starts_at(version.zone, today + days + 1)
        if idle.leaves_at(state, lot, union.now) < until:
            favour = Favour(lot.lot_id, until, union.now, union.actor or "merge", CAME_OVER, 0)
            done = extend(changes, state, favour)
            assert not isinstance(done, Refused), (lot, done)


def _wait_there(
    changes: Changes, who: tuple[MemberState, MemberState], handing: Handing, lot: Lot
) -> Lot:
    """Let a pending lot wait with the second one, for the same instant or word; the lot there.

    Each in entries of its own, so that its end is found in the books by its lot.
    """
    giver, taker = who
    points = lot.remaining
    passed = booking.passed_on(
        lot, points, (changes.new_id(), taker.member_id, handing.got.entry_id)
    )
    pending.take_waiting(changes, giver, handing.given, [lot], points)
    changes.balances[(giver.member_id, lot.wallet)] = giver.balance(lot.wallet)
    gave = [
        Posting(lot.wallet, Account.PENDING, -points),
        Posting(lot.wallet, Account.TRANSFERRED, points),
    ]
    booking.book(changes, giver, handing.given, gave)
    got = booking.receive(changes, taker, passed, Account.TRANSFERRED)
    booking.book(changes, taker, handing.got, got)
    return passed


def shift(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    counters: tuple[tuple[int, int, int], ...],
    earned: dict[int, int],
) -> None:
    """Count with the second what the first counted, and what they had earned in their life."""
    giver, taker = who
    for counter, period, value in counters:
        key = (counter, period)
        changes.keep(giver, key, giver.counters.get(key, 0) - value)
        changes.keep(taker, key, taker.counters.get(key, 0) + value)
    for code, points in earned.items():
        for state, by in ((giver, -points), (taker, points)):
            balance = state.balance(code)
            balance.earned += by
            changes.balances[(state.member_id, code)] = balance


def tell(changes: Changes, who: tuple[MemberState, MemberState], union: Union) -> None:
    """Count the change in both members' order of writes, and tell of it."""
    gone, stays = who
    for state in who:
        changes.touch(state)
        payload = {"merge_id": union.merge_id, "from": gone.member_id, "into": stays.member_id}
        if union.kind == "merge":
            event = Event(state.member_id, state.version, "member.merged", payload)
        else:
            event = Event(state.member_id, state.version, "member.unmerged", payload)
        changes.events.append(event)


def handing_of(changes: Changes, union: Union) -> Handing:
    """The two entries by which something changes hands in this merge, or its end."""
    rest = (union.merge_id, union.now, union.actor, union.reason)
    return Handing(
        booking.Cause(union.kind, changes.new_id(), *rest),
        booking.Cause(union.kind, changes.new_id(), *rest),
        pays_debt=False,
    )


def _unite_tiers(
    changes: Changes, who: tuple[MemberState, MemberState], version: Version, union: Union
) -> None:
    """The better of two tiers; of the same tier the one that is held longer. Then both members'
    credit together may reach a higher step."""
    gone, stays = who
    brings = _held(gone)
    # What was given to either by hand holds who they are now.
    stays.grants = sorted([*stays.grants, *gone.grants], key=lambda one: one.given_at)
    gone.grants = []
    if gone.tier is not None:
        tiering.place(changes, gone, (None, union.now, None), ("merged", union.merge_id))
    if brings.tier is not None and _better(version, brings, _held(stays)):
        since = brings.since or union.now
        stand = (brings.tier, since, brings.until)
        tiering.place(changes, stays, stand, ("merged", union.merge_id))
    today = local(version.zone, union.now).day
    tiering.climb(changes, stays, version, (union.now, today), union.merge_id)


def _better(version: Version, one: TierHeld, other: TierHeld) -> bool:
    steps = tiering.step_of(version, one.tier), tiering.step_of(version, other.tier)
    if steps[0] != steps[1] or one.tier != other.tier:
        return steps[0] > steps[1] or other.tier is None
    return other.until is not None and (one.until is None or one.until > other.until)


def _held(state: MemberState) -> TierHeld:
    return TierHeld(state.tier, state.tier_since, state.tier_until)

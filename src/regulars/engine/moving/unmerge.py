"""A merge is undone: what came along goes back, as long as nothing was spent together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.deciding import booking, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.merge import Union, carry, handing_of, shift, tell
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Lot, Posting
from regulars.records.members.unions.types import Brought, Merge, TierHeld
from regulars.records.standing.grants.types import TierGrant

Refusal = Literal["not_merged", "member_erased", "merged_further", "spent_together"]
"""Every way the end of a merge can be refused, in the order it is checked."""


class Apart(NamedTuple):
    """What is known of two who part besides what came along: `active` says when the one who stays
    was last active themselves, for wallets in which `masked` that; `under` who stands under the one
    that goes; `again` which lots live again of what came along and lapsed since."""

    active: Mapping[int, datetime]
    under: Collection[UUID] = ()
    again: Sequence[UUID] = ()


def unmerge(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    version: Version,
    merge: Merge,
    union: Union,
    apart: Apart,
) -> None:
    """Give back lots, debts, counters and tiers; what came after the merge stays where it came.

    Shape: `stays` has the lots that came along even where nothing is left of them.
    Keeps: each lot goes back with what is left of it (what lapsed or was cancelled meanwhile would
    have been anyway, and counts no more as earned; what lives again of it goes back as well).
    What was given by hand to either is theirs.
    Assumes: `due` was done and `refusal` found nothing.
    """
    gone, stays = who
    brought = merge.brought
    came = [*brought.lots, *apart.again]
    lots = [stays.lots[lot_id] for lot_id in came if lot_id in stays.lots]
    carry(changes, (stays, gone), union, lots, brought.debt)
    less = _cancelled(brought.earned, lots)
    left = {code: points - less.get(code, 0) for code, points in brought.earned.items()}
    shift(changes, (stays, gone), brought.counters, left)
    for wallet, points in sorted(less.items()):
        _unissue(changes, who, union, (wallet, points))
    theirs = {gone.member_id, *apart.under}
    over = _over(stays, brought.tier_after, union.now)
    gone.grants = [one for one in stays.grants if one.member_id in theirs]
    stays.grants = [one for one in stays.grants if one.member_id not in theirs]
    if _stands(stays) == brought.tier_after or over is not None or _by_terms(stays, merge):
        _back(changes, stays, (brought.tier_before, merge.merged_at), union)
    _back(changes, gone, (brought.tier, merge.merged_at), union)
    if (ended := _over(gone, brought.tier, union.now)) is not None and ended.closed_at is not None:
        tiering.left(changes, gone, version, ended, (ended.closed_at, union.merge_id))
    tiering.review(changes, gone, version, union.now)
    tiering.review(changes, stays, version, union.now)
    if over is not None:
        tiering.left(changes, stays, version, over, (union.now, union.merge_id), lowers=False)
    for wallet in masked(gone, stays):
        balance = stays.balance(wallet)
        balance.active_at = apart.active.get(wallet)
        changes.balances[(stays.member_id, wallet)] = balance
    changes.climbed.update((gone.member_id, stays.member_id))
    gone.state = brought.state
    tell(changes, who, union)


def masked(gone: MemberState, stays: MemberState) -> list[int]:
    """Wallets in which the last activity of the one who stays may be that of the other."""
    return [
        wallet
        for wallet, balance in sorted(gone.balances.items())
        if balance.active_at is not None and balance.active_at == stays.balance(wallet).active_at
    ]


def without_forgiven(brought: Brought, forgiven: Mapping[int, bool]) -> Brought:
    """What came along without the debts of which all was forgiven since.

    Shape: `forgiven` says of each wallet in which something was forgiven whether that was all of
    it, with nothing paid before by what both had.
    """
    over = {code for code in brought.owed if forgiven.get(code)}
    debt = {code: points for code, points in brought.debt.items() if code not in over}
    owed = {code: points for code, points in brought.owed.items() if code not in over}
    return replace(brought, debt=debt, owed=owed)


def paid_in_part(brought: Brought, forgiven: Mapping[int, bool]) -> int:
    """In how many wallets some of what came along was paid before the rest was forgiven: that was
    spent together, whatever is owed anew by now."""
    return sum(not forgiven.get(code, True) for code in brought.owed)


def due(changes: Changes, stays: MemberState, now: datetime) -> int:
    """Do what the clock says before anything is asked; how often that paid what they owed.

    What was pending and came along may pay a debt of the other one: then they are mixed.
    """
    expire(changes, stays, now)
    kinds = {entry.entry_id: entry.kind for entry in changes.entries}
    return sum(kinds[move.entry_id] == "activate" for move in changes.moves)


def _cancelled(earned: Mapping[int, int], lots: Sequence[Lot]) -> dict[int, int]:
    """What of all that had been earned was cancelled while they were one, per wallet."""
    less: dict[int, int] = {}
    for lot in lots:
        if lot.state == "cancelled":
            whole = less.get(lot.wallet, 0) + lot.amount
            less[lot.wallet] = min(whole, earned.get(lot.wallet, 0))
    return {wallet: points for wallet, points in less.items() if points}


def _unissue(
    changes: Changes, who: tuple[MemberState, MemberState], union: Union, what: tuple[int, int]
) -> None:
    """Book with whom it was issued what was cancelled with the one it had come along to."""
    gone, stays = who
    wallet, points = what
    handing = handing_of(changes, union)
    back = [Posting(wallet, Account.ISSUED, -points), Posting(wallet, Account.TRANSFERRED, points)]
    less = [Posting(wallet, Account.TRANSFERRED, -points), Posting(wallet, Account.ISSUED, points)]
    booking.book(changes, stays, handing.given, back)
    booking.book(changes, gone, handing.got, less)


def refusal(stays: MemberState, merge: Merge, takes: int) -> Refused | None:
    """Why a merge cannot be undone any more, or nothing; `takes` as counted now."""
    if stays.state == "erased":
        return Refused("member_erased", "they were erased, and with them whom they were before")
    if stays.state == "merged":
        says = "the one they were merged into was merged further; undo that first"
        return Refused("merged_further", says)
    if takes != merge.takes:
        says = "points were spent, given, returned or merged on since; correct it by hand instead"
        return Refused("spent_together", says)
    for code, owed in merge.brought.owed.items():
        if stays.balance(code).debt < owed:
            says = "points earned together have paid what was owed since"
            return Refused("spent_together", says)
    return None


def _over(state: MemberState, held: TierHeld, now: datetime) -> TierGrant | None:
    """What was given by hand and held this tier, if it is over by now: by its time or ended."""
    for one in state.grants:
        ended = one.closed_at is not None or (one.until_at is not None and one.until_at <= now)
        if (
            one.begun_at is not None
            and ended
            and (one.tier, one.until_at) == (held.tier, held.until)
        ):
            return one
    return None


def _by_terms(stays: MemberState, merge: Merge) -> bool:
    """Whether a change of the terms since the merge put them where they stand: on what both had
    together then, so they go through it anew with what they have alone."""
    moved = stays.moved_at
    return moved is not None and moved > merge.merged_at and moved == stays.tier_since


def _back(
    changes: Changes, state: MemberState, had: tuple[TierHeld, datetime], union: Union
) -> None:
    """Put a member back on the tier they had, and when; their review comes after it, and brings
    them through the changes of the terms since."""
    held, state.moved_at = had
    if _stands(state) == held:
        return
    since = held.since if held.tier is not None and held.since is not None else union.now
    stand = (held.tier, since, held.until)
    tiering.place(changes, state, stand, ("unmerged", union.merge_id))


def _stands(state: MemberState) -> TierHeld:
    return TierHeld(state.tier, state.tier_since, state.tier_until)

"""A household spends together: from whoever's points lapse soonest, each lot with its owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.deciding import booking, redeem, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.transfer import Handing, hand_over
from regulars.engine.rewarding.counter.proving import unproven
from regulars.engine.rewarding.freeing import freed, with_free
from regulars.engine.rewarding.having import Wish, wallet_code, way_for
from regulars.engine.rewarding.promise import Way, every_way, promise
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Lot
from regulars.records.rewards.types import FreeOf, Redemption

Refusal = Literal["no_households", "head_only"]
"""What can be refused before the reward itself is looked at."""


class Pool(NamedTuple):
    """Who takes a reward, whose points there are besides, and as which household."""

    taker: MemberState
    others: Sequence[MemberState]
    household_id: UUID
    head: UUID | None = None


def spend_together(
    changes: Changes, pool: Pool, version: Version, wish: Wish
) -> Redemption | Refused:
    """Reserve a reward for one member with the points of all, those that lapse soonest first.

    Order: everybody's lots in the order the wallet spends them, at a tie the taker's own first.
    What comes from others is handed over by entries of its own, lot by lot; then the taker's
    redemption is like any other.
    Keeps: the household's sum but for the price; each lot's origin, age and end. What sets the
    price is what pays it, so points that keep their worth (semantics F3) never buy twice.
    Refuses: as a redemption of all these points would be; then nothing is handed over.
    """
    everybody = (pool.taker, *pool.others)
    for state in everybody:
        expire(changes, state, wish.now)
    giving = [state for state in pool.others if gives(version, state)]
    pool = pool._replace(others=giving)
    wish = wish._replace(drawn=partial(_drawn, version, pool))
    way = _way(changes, pool.taker, version, wish, giving)
    if isinstance(way, Refused):
        return way
    free = freed(version, version.rewards[wish.reward], wish.goods)
    if isinstance(free, Refused):
        return free
    no = _unproven(version, wish, way, free)
    if no is not None:
        return no
    for name, units in way.price.items():
        for owner, amount in shares_of(version, name, pool, units):
            if owner is not pool.taker:
                who = (owner, pool.taker)
                order = _in_order(version, name, owner)
                _hand(changes, who, pool.household_id, (order, amount), wish)
    return redeem.hold_by(changes, pool.taker, version, wish, way)


def _unproven(version: Version, wish: Wish, way: Way, free: Sequence[FreeOf]) -> Refused | None:
    """Why it is not handed over to who takes it, asked before anybody's points are moved."""
    promised = promise(version, version.rewards[wish.reward], wish.now, way)
    worth = with_free(promised, free, costs_said=True).worth_minor
    return unproven(version, worth, wish.unproven)


def gives(version: Version, state: MemberState) -> bool:
    """Whether a member's points count for the others: not while they are blocked or owe some."""
    if state.state == "erased":
        return False
    if state.state == "blocked" and not version.program.blocked.may_redeem:
        return False
    return not any(balance.debt for balance in state.balances.values())


def _way(
    changes: Changes,
    taker: MemberState,
    version: Version,
    wish: Wish,
    giving: Sequence[MemberState],
) -> Way | Refused:
    """How the reward is paid, were all these points the taker's own, or why not."""
    reward = version.rewards.get(wish.reward)
    price = (
        []
        if reward is None
        else sorted({n for way in every_way(version, reward) for n in way.price})
    )
    tiering.review(changes, taker, version, wish.now)
    lent = {
        wallet_code(version, name): sum(
            state.balance(wallet_code(version, name)).available for state in giving
        )
        for name in price
    }
    for code, points in lent.items():
        taker.balance(code).available += points
    try:
        return way_for(version, taker, wish, changes.stock)
    finally:
        for code, points in lent.items():
            taker.balance(code).available -= points


def shares_of(
    version: Version, wallet: str, pool: Pool, units: int
) -> list[tuple[MemberState, int]]:
    """How much of a price comes from whom, as the household draws."""
    taker, code = pool.taker, wallet_code(version, wallet)
    everybody = (taker, *pool.others)
    owners = {state.member_id: state for state in everybody}
    household = version.program.household
    draws = "soonest" if household is None else household.draws
    if draws == "proportional":
        there = {state.member_id: free_of(state, code) for state in everybody}
        shares = {who: part for who, part in in_proportion(there, units).items() if part}
        return [(owners[who], amount) for who, amount in sorted(shares.items())]
    shares = {}
    left = units
    lots = pooled(version, wallet, (taker.member_id, code), _lots(everybody))
    if draws == "oldest":
        lots.sort(key=lambda lot: lot.earned_at)
    elif draws == "head_first":
        lots.sort(key=lambda lot: lot.member_id != pool.head)
    for lot in lots:
        part = min(left, lot.free)
        if part:
            shares[lot.member_id] = shares.get(lot.member_id, 0) + part
            left -= part
    assert left == 0, (wallet, units, left)
    return [(owners[member_id], amount) for member_id, amount in sorted(shares.items())]


def _drawn(version: Version, pool: Pool, wallet: str, units: int) -> list[tuple[Lot, int]]:
    """Which lots pay so much: the first of what the taker has and of what is then handed over."""
    taker, code = pool.taker, wallet_code(version, wallet)
    units = min(units, sum(free_of(state, code) for state in (taker, *pool.others)))
    there = {lot.lot_id: (lot, lot.free) for lot in _in_order(version, wallet, taker)}
    for owner, amount in shares_of(version, wallet, pool, units):
        if owner is not taker:
            there |= {
                lot.lot_id: (lot, part) for lot, part in first_of(version, wallet, owner, amount)
            }
    spends = version.program.wallets[wallet].spends
    order = booking.in_order((lot for lot, _ in there.values()), code, spends)
    return _cut((there[lot.lot_id] for lot in order), units)


def first_of(
    version: Version, wallet: str, owner: MemberState, units: int
) -> list[tuple[Lot, int]]:
    """Which of a member's lots pay so much, in the order the wallet spends them."""
    return _cut(((lot, lot.free) for lot in _in_order(version, wallet, owner)), units)


def _cut(lots: Iterable[tuple[Lot, int]], units: int) -> list[tuple[Lot, int]]:
    """The first so many units."""
    found, left = [], units
    for lot, free in lots:
        part = min(free, left)
        left -= part
        found += [(lot, part)] if part else []
    return found


def _in_order(version: Version, wallet: str, owner: MemberState) -> list[Lot]:
    spends = version.program.wallets[wallet].spends
    return booking.in_order(owner.lots.values(), wallet_code(version, wallet), spends)


def in_proportion(there: Mapping[UUID, int], units: int) -> dict[UUID, int]:
    """Split a price over members in proportion to what they have: by largest remainder, at a tie
    the smallest id first; the parts add up and nobody gives more than there is.

    Example: 100 of 50, 50 and 101 are 25, 25 and 50; of 10 and 1 a price of 10 is 9 and 1.
    """
    whole = sum(there.values())
    assert 0 <= units <= whole, (units, whole)
    if not units:
        return dict.fromkeys(there, 0)
    parts = {who: units * have // whole for who, have in there.items()}
    spare = units - sum(parts.values())
    by_rest = sorted(there, key=lambda who: (-(units * there[who] % whole), who))
    for who in by_rest[:spare]:
        parts[who] += 1
    return parts


def free_of(state: MemberState, code: int) -> int:
    """How much of a wallet a member has that is not reserved."""
    return sum(
        lot.free for lot in state.lots.values() if lot.wallet == code and lot.state == "open"
    )


def pooled(version: Version, wallet: str, of: tuple[UUID, int], lots: Sequence[Lot]) -> list[Lot]:
    """All lots of a wallet in the order they are spent together; `of` is the taker and the code.

    A lot handed over is younger in the taker's books than one they had, so at a tie theirs goes
    first: the redemption then takes just what was counted here.
    """
    taker, code = of
    mine = [lot for lot in lots if lot.wallet == code and lot.free]
    mine.sort(key=lambda lot: (lot.expires_at, lot.earned_at, lot.member_id != taker, lot.lot_id))
    spends = version.program.wallets[wallet].spends
    if spends == "soonest_expiring":
        return mine
    return sorted(mine, key=lambda lot: lot.earned_at, reverse=spends == "newest")


def _lots(everybody: Sequence[MemberState]) -> list[Lot]:
    return [lot for state in everybody for lot in state.lots.values()]


def _hand(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    household_id: UUID,
    what: tuple[list[Lot], int],
    wish: Wish,
) -> None:
    order, amount = what
    code = order[0].wallet
    owner, taker = who
    rest: tuple[UUID, datetime, str, str] = (household_id, wish.now, wish.actor, wish.reward)
    handing = Handing(
        booking.Cause("pool", changes.new_id(), *rest),
        booking.Cause("pool", changes.new_id(), *rest),
    )
    hand_over(changes, who, handing, order, amount)
    for state, units, entry in ((owner, -amount, handing.given), (taker, amount, handing.got)):
        changes.touch(state)
        payload = {
            "wallet": code,
            "units": units,
            "entry_id": entry.entry_id,
            "household_id": household_id,
        }
        changes.events.append(Event(state.member_id, state.version, "points.pooled", payload))

"""Taking a reward: reserve its price, then hand it over or give the points back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.decimals import units
from regulars.base.faults import Refused
from regulars.base.money import decimals
from regulars.engine.calendar import add_span, local, period_of
from regulars.engine.deciding import booking, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Hold, Lot, Posting
from regulars.records.program.types import Reward
from regulars.records.rewards.types import Promised, Redemption

Refusal = Literal[
    "member_erased", "member_blocked", "unknown_reward", "not_here", "not_now", "tier_too_low",
    "limit_reached",
    "out_of_stock", "not_enough_points", "debt_first", "hold_lapsed", "already_captured",
    "already_voided",
]  # fmt: skip
"""Every way a redemption can be refused, in the order it is checked."""


class Wish(NamedTuple):
    """Who asks for what, where and when."""

    reward: str
    redemption_id: UUID
    now: datetime
    store: str
    channel: str
    actor: str


def promise(version: Version, reward: Reward, now: datetime) -> Promised:
    """The reward as it is promised at this moment."""
    program = version.program
    scale = decimals(program.currency)
    worth = units(reward.worth, scale)
    limited = reward.limit is not None
    return Promised(
        name=reward.name,
        price={
            name: units(price, program.wallets[name].scale) for name, price in reward.price.items()
        },
        worth_minor=worth,
        cost_minor=worth if reward.cost is None else units(reward.cost, scale),
        limit_counter=version.reward_counters[reward.id] if limited else 0,
        limit_period=period_of(reward.limit.per, local(version.zone, now).day)
        if reward.limit is not None
        else 0,
        stocked=reward.stock is not None,
    )


def refusal(
    version: Version, state: MemberState, wish: Wish, shelf: Mapping[str, int]
) -> Refused | None:
    """The first reason why this member cannot have this reward now, or nothing.

    Order: member, reward, store, window, tier, limit, stock, then points.
    """
    if state.state == "erased":
        return Refused("member_erased", "this person's data were erased on request")
    if state.state == "blocked" and not version.program.blocked.may_redeem:
        return Refused("member_blocked", "this member is blocked; ask the owner of the program")
    reward = version.rewards.get(wish.reward)
    if reward is None:
        return Refused("unknown_reward", f"there is no reward {wish.reward} in this program")
    promised = promise(version, reward, wish.now)
    return (
        _place_and_time(version, reward, wish)
        or _standing(version, reward, state)
        or _limit(reward, promised, state)
        or _stock(reward, shelf)
        or _points(version, promised, state)
    )


def _place_and_time(version: Version, reward: Reward, wish: Wish) -> Refused | None:
    if reward.stores and wish.store not in reward.stores:
        return Refused("not_here", "this reward is for other stores", {"stores": reward.stores})
    today = date.fromordinal(local(version.zone, wish.now).day).isoformat()
    if (reward.from_on and today < reward.from_on) or (
        reward.until_on and today >= reward.until_on
    ):
        return Refused(
            "not_now",
            "this reward is not to be had today",
            {"from_on": reward.from_on, "until_on": reward.until_on},
        )
    return None


def _standing(version: Version, reward: Reward, state: MemberState) -> Refused | None:
    if reward.tier and tiering.step_of(version, state.tier) < tiering.step_of(version, reward.tier):
        return Refused("tier_too_low", f"this reward is for {reward.tier} and above")
    return None


def _limit(reward: Reward, promised: Promised, state: MemberState) -> Refused | None:
    if reward.limit is None:
        return None
    used = state.counters.get((promised.limit_counter, promised.limit_period), 0)
    if used >= reward.limit.times:
        return Refused(
            "limit_reached",
            f"at most {reward.limit.times} per {reward.limit.per}",
            {"times": reward.limit.times, "per": reward.limit.per},
        )
    return None


def _stock(reward: Reward, shelf: Mapping[str, int]) -> Refused | None:
    if reward.stock is not None and shelf.get(reward.id, 0) < 1:
        return Refused("out_of_stock", "the last one is gone")
    return None


def _points(version: Version, promised: Promised, state: MemberState) -> Refused | None:
    for name, price in promised.price.items():
        balance = state.balance(wallet_code(version, name))
        if balance.debt:
            return Refused(
                "debt_first", "points owed come first", {"wallet": name, "debt": balance.debt}
            )
        if balance.available < price:
            return Refused(
                "not_enough_points",
                f"{price - balance.available} more are needed",
                {"wallet": name, "price": price, "available": balance.available},
            )
    return None


def wallet_code(version: Version, name: str) -> int:
    """The small number of a wallet."""
    return version.wallet_codes[version.compiled.wallet_places[name]]


def hold(
    changes: Changes, state: MemberState, version: Version, wish: Wish
) -> Redemption | Refused:
    """Reserve a reward for a member: soonest points first, for as long as the reward says.

    Order: what lapsed by now leaves the books first, so only living points are reserved; a tier
    whose time is over is reviewed first, so it opens no door any more.
    """
    expire(changes, state, wish.now)
    tiering.review(changes, state, version, wish.now)
    no = refusal(version, state, wish, changes.stock)
    if no is not None:
        return no
    reward = version.rewards[wish.reward]
    promised = promise(version, reward, wish.now)
    redemption = Redemption(
        redemption_id=wish.redemption_id,
        member_id=state.member_id,
        reward=reward.id,
        version=version.number,
        promised=promised,
        state="held",
        store=wish.store,
        channel=wish.channel,
        actor=wish.actor,
        opened_at=wish.now,
        lapses_at=add_span(version.zone, wish.now, reward.hold_for),
    )
    cause = booking.Cause("hold", changes.new_id(), redemption.redemption_id, wish.now, wish.actor)
    postings: list[Posting] = []
    for name, price in promised.price.items():
        if price:
            spends = version.program.wallets[name].spends
            order = booking.in_order(state.lots.values(), wallet_code(version, name), spends)
            opened = _reserve(
                changes, state, (wallet_code(version, name), price), order, redemption
            )
            postings += _move(changes, state, opened.wallet, price)
    if postings:
        booking.book(changes, state, cause, postings)
    if promised.limit_counter:
        changes.count(state, promised.limit_counter, promised.limit_period, 1)
    if promised.stocked:
        changes.shelve(reward.id, -1)
    changes.touch(state)
    changes.events.append(_event(state, redemption, "reward.held"))
    return redemption


def _reserve(
    changes: Changes,
    state: MemberState,
    wanted: tuple[int, int],
    order: Sequence[Lot],
    redemption: Redemption,
) -> Hold:
    """Pin the first points of a wallet to a new hold; `wanted` is wallet and price."""
    wallet, price = wanted
    left, pinned = price, []
    for lot in order:
        part = min(left, lot.free)
        if part:
            lot.pinned += part
            left -= part
            pinned.append((lot.lot_id, part))
            changes.change_lot(lot)
        if not left:
            break
    assert left == 0, (state.member_id, wallet, price, left)
    opened = Hold(
        hold_id=changes.new_id(),
        member_id=state.member_id,
        redemption_id=redemption.redemption_id,
        wallet=wallet,
        amount=price,
        state="open",
        opened_at=redemption.opened_at,
        lapses_at=redemption.lapses_at,
        lots=tuple(pinned),
    )
    changes.holds_opened[opened.hold_id] = state.holds[opened.hold_id] = opened
    return opened


def _move(changes: Changes, state: MemberState, wallet: int, amount: int) -> list[Posting]:
    """Available points become held ones."""
    balance = state.balance(wallet)
    balance.available -= amount
    balance.held += amount
    changes.balances[(state.member_id, wallet)] = balance
    return [Posting(wallet, Account.AVAILABLE, -amount), Posting(wallet, Account.HELD, amount)]


def _event(state: MemberState, redemption: Redemption, type_: str) -> Event:
    payload = {
        "redemption_id": redemption.redemption_id,
        "reward": redemption.reward,
        "price": redemption.promised.price,
        "store": redemption.store,
    }
    return Event(state.member_id, state.version, type_, payload)

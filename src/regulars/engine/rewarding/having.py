"""Who may have a reward, here and now, and in which way they pay for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span, ahead_of, day_starts_at, local
from regulars.engine.ladder.further import stands_at_least
from regulars.engine.rewarding.counter.keeping import Drawn, way_kept, way_shared
from regulars.engine.rewarding.counter.proving import CARD_NEEDED
from regulars.engine.rewarding.freeing import Goods
from regulars.engine.rewarding.including.options import chosen_otherwise
from regulars.engine.rewarding.promise import Way, begins_at, promise, tier_ways, ways
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.engine.words.bounds import at_most
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.program.parts.rewards import (
    Reward,
    Seat,
    at_gatherings,
    draws_on_pool,
    shelf_of,
    shelved,
)

Refusal = Literal[
    "member_erased", "member_blocked", "unknown_reward", "only_issued", "with_a_seat", "not_here",
    "not_now", "not_for_you", "tier_too_low", "chosen_otherwise", "limit_reached", "too_soon",
    "out_of_stock", "no_codes_left", "not_enough_points", "debt_first", "minor_limit",
    "buyer_limit", "price_changed",
    "nothing_fits", "name_it", "card_needed", "card_code_wrong", "card_code_used",
    "manager_needed", "hold_lapsed", "already_captured", "already_voided",
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
    goods: Goods = Goods()
    """What lies on the counter, where a reward makes pieces of it free."""
    until: datetime | None = None
    """Reserved until then, in place of as long as the reward says."""
    unproven: Refused | None = CARD_NEEDED
    """Why it is not proven that the member is there; nothing where it is, or nobody has to be."""
    currency: str = ""
    """In which the member pays; the program's, unless said."""
    drawn: Drawn | None = None
    """Where others pay with them: whose points pay how much of a price."""
    quoted: int | None = None
    """Of points that pay for a basket: so many were said beforehand."""
    shown: Mapping[str, int] | None = None
    """Of a reward: the price that was shown beforehand, in units per wallet."""
    most_alone: int | None = None
    """Where a cashier asks and no manager agreed: so many whole points at most."""
    gathering: str = ""
    """Of a seat: at which gathering."""
    others: Sequence[str] = ()
    """Of a seat: rewards by which offers give it at another price, to who has them."""


def way_for(
    version: Version, state: MemberState, wish: Wish, shelf: Mapping[str, int]
) -> Way | Refused:
    """How this member pays for this reward now, or the first reason why they cannot have it.

    Order: member, reward, store, channel, window, attributes, tier, choice, limit, cooldown,
    stock, then points: of several prices the first that can be paid, and the first one's reason
    if none can.
    """
    reward = version.rewards.get(wish.reward)
    no = next(_before_price(version, state, reward, (wish, shelf)), None)
    if no is not None or reward is None:
        assert no is not None, wish
        return no
    way = way_to_pay(version, state, reward, wish)
    return way if isinstance(way, Refused) else _as_shown(way, wish.shown)


def _as_shown(way: Way, shown: Mapping[str, int] | None) -> Way | Refused:
    """The price that was shown is taken, and no other: neither more nor from another wallet.

    Example: 100 points were shown; where it takes 150 by now, nobody agreed to that.
    """
    price = {name: units for name, units in way.price.items() if units}
    if shown is None or price == {name: units for name, units in shown.items() if units}:
        return way
    facts = {"price": price}
    return Refused("price_changed", "by now it takes another price than was shown", facts)


def my_ways(
    version: Version, state: MemberState, reward: Reward, now: datetime, currency: str = ""
) -> list[Way]:
    """Every way in which this member may pay for a reward: the price of their tier, where there is
    one, in place of the usual one.

    Order: of several prices of their tiers the last one written down; then the others as written.
    """
    first, *others = ways(version, reward, currency)
    for way in tier_ways(version, reward, currency):
        first = way if stands_at_least(version, state, way.tier, now) else first
    return [first, *others]


def way_to_pay(version: Version, state: MemberState, reward: Reward, wish: Wish) -> Way | Refused:
    """The first price of a reward that this member can pay, or why not the first of all.

    Keeps: points that keep an earlier worth pay by it, whoever of a household owns them.
    """
    refused = []
    for said in my_ways(version, state, reward, wish.now, wish.currency):
        if wish.drawn is None:
            way = way_kept(version, state, reward, said, wish.now)
        else:
            way = way_shared(version, wish.drawn, reward, said, wish.now)
        no = points_missing(version, state, way.price)
        if no is None:
            return way
        refused.append(no)
    return refused[0]


def points_missing(
    version: Version,
    state: MemberState,
    price: Mapping[str, int],
    payer: MemberState | None = None,
) -> Refused | None:
    """What a member lacks for a price in points; how much may be spent is said of the `payer`:
    the member, unless a household pays."""
    spender = payer or state
    for name, units in price.items():
        balance = state.balance(wallet_code(version, name))
        if balance.debt:
            facts = {"wallet": name, "debt": balance.debt}
            return Refused("debt_first", "points owed come first", facts)
        if balance.available < units:
            facts = {"wallet": name, "price": units, "available": balance.available}
            return Refused(
                "not_enough_points", f"{units - balance.available} more are needed", facts
            )
        allowed = may_spend(spender, name)
        if allowed is not None and units > allowed:
            if spender.buys:
                says = "this buyer may spend no more in this period"
                return Refused("buyer_limit", says, {name: allowed})
            says = "under age one may spend no more in this period"
            return Refused("minor_limit", says, {name: allowed})
    return None


def may_spend(state: MemberState, wallet: str) -> int | None:
    """How much of a wallet a member may still spend in this period; nothing where all of it."""
    return None if state.allowance is None else state.allowance.get(wallet, 0)


def wallet_code(version: Version, name: str) -> int:
    """The small number of a wallet."""
    return version.wallet_codes[version.compiled.wallet_places[name]]


def person_refused(version: Version, state: MemberState) -> Iterator[Refused]:
    """Whom the program lets have nothing, whatever it is."""
    if state.state == "erased":
        yield erased_refused()
    if state.state == "blocked" and not version.program.blocked.may_redeem:
        yield blocked_refused()


def _before_price(
    version: Version,
    state: MemberState,
    reward: Reward | None,
    asked: tuple[Wish, Mapping[str, int]],
) -> Iterator[Refused]:
    wish, shelf = asked
    yield from person_refused(version, state)
    if reward is None:
        says = f"there is no reward {wish.reward} in this program"
        yield Refused("unknown_reward", says)
        return
    if reward.by == "shop":
        yield Refused("only_issued", "the shop issues this; nobody takes it for points")
    if at_gatherings(reward) != bool(wish.gathering):
        # An offer of a seat is told to nobody who has not got it.
        yield from not_for_member(version, reward, state, wish.now)
        yield Refused("with_a_seat", "this goes with a seat at an event; take the seat there")
    yield from _place(reward, wish)
    yield from _time(version, reward, state, wish.now)
    yield from not_for_member(version, reward, state, wish.now)
    otherwise = chosen_otherwise(version, state, reward, wish.now)
    if otherwise is not None:
        yield otherwise
    yield from _limit(version, reward, state, wish.now)
    yield from _cooldown(version, reward, state, wish.now)
    yield from not_on_shelf(reward, shelf)


def not_in_store(reward: Reward, store: str) -> Refused | None:
    """Why a reward is not to be had in this store, if it is not; "" is no store in particular."""
    if not reward.stores or store in reward.stores:
        return None
    return Refused("not_here", "this reward is for other stores", {"stores": reward.stores})


def _place(reward: Reward, wish: Wish) -> Iterator[Refused]:
    elsewhere = not_in_store(reward, wish.store)
    if elsewhere is not None:
        yield elsewhere
    if reward.channels and wish.channel not in reward.channels:
        facts = {"channels": reward.channels}
        yield Refused("not_here", "this reward is for other channels", facts)


def _time(version: Version, reward: Reward, state: MemberState, now: datetime) -> Iterator[Refused]:
    today = date.fromordinal(local(version.zone, now).day).isoformat()
    opens_at = _opens_at(version, reward, state, now)
    if opens_at is not None and now < opens_at:
        facts = {"from_on": reward.from_on, "opens_at": opens_at.isoformat()}
        yield Refused("not_now", "this has not begun for this member", facts)
    if reward.until_on and today >= reward.until_on:
        facts = {"from_on": reward.from_on, "until_on": reward.until_on}
        yield Refused("not_now", "this reward is not to be had today", facts)
    if isinstance(reward.gives, Seat):
        begins = begins_at(version, reward.gives)
        if begins is None:
            return
        if now >= begins:
            yield Refused("not_now", "it has begun", {"begins_at": begins.isoformat()})


def _opens_at(
    version: Version, reward: Reward, state: MemberState, now: datetime
) -> datetime | None:
    """When it begins for this member: the longest head start of the steps they stand on."""
    if reward.from_on is None:
        return None
    day = date.fromisoformat(reward.from_on).toordinal()
    ahead = [
        ahead_of(version.zone, day, words)
        for tier, words in reward.head_start.items()
        if stands_at_least(version, state, tier, now)
    ]
    return min([day_starts_at(version.zone, day), *ahead])


def not_for_member(
    version: Version, reward: Reward, state: MemberState, now: datetime
) -> Iterator[Refused]:
    """Why a reward is for other members."""
    for attribute, values in reward.for_.items():
        # True equals 1 in Python, so the kind is compared too.
        has = state.attributes.get(attribute)
        if not any(type(has) is type(value) and has == value for value in values):
            facts = {"attribute": attribute}
            yield Refused("not_for_you", f"this is for members with {attribute}", facts)
    if reward.tier and not stands_at_least(version, state, reward.tier, now):
        yield Refused("tier_too_low", f"this reward is for {reward.tier} and above")


def _limit(
    version: Version, reward: Reward, state: MemberState, now: datetime
) -> Iterator[Refused]:
    if reward.limit is None:
        return
    promised = promise(version, reward, now)
    used = state.counters.get((promised.limit_counter, promised.limit_period), 0)
    if used >= reward.limit.times:
        facts = {"times": reward.limit.times, "per": reward.limit.per}
        yield Refused("limit_reached", at_most(reward.limit.times, reward.limit.per), facts)


def _cooldown(
    version: Version, reward: Reward, state: MemberState, now: datetime
) -> Iterator[Refused]:
    last = state.taken.get(reward.id)
    if reward.cooldown is None or last is None:
        return
    again_at = add_span(version.zone, last, reward.cooldown)
    if now < again_at:
        facts = {"again_at": again_at.isoformat()}
        yield Refused("too_soon", f"not within {reward.cooldown} of the last one", facts)


def not_on_shelf(reward: Reward, shelf: Mapping[str, int]) -> Iterator[Refused]:
    """Why there is no piece of a reward left."""
    if shelved(reward) is None or shelf.get(shelf_of(reward), 0) >= 1:
        return
    if draws_on_pool(reward):
        yield Refused("no_codes_left", "every code of this reward was handed over")
    yield Refused("out_of_stock", "the last one is gone")


def cooling(version: Version, wanted: Sequence[str]) -> list[str]:
    """Of these rewards those that are not taken twice in a short while."""
    known = version.rewards
    return sorted({name for name in wanted if name in known and known[name].cooldown is not None})

"""Rewards: points leave the balance when one is made, and come back when it is deleted.

A reward is a redemption of ours: made it is held, deleted it is voided, redeemed it is captured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, UnknownMember
from regulars.base.ids import short
from regulars.base.tx import Tx
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.tills.commands import HandedOver, HandOver
from regulars.flows.tills.hand_over import hand_over
from regulars.insight.connected.taken import Place, taken
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.rewards import read
from regulars.records.rewards.types import Redemption
from regulars.records.tills.bills import read as bills
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import Instant, place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.operations.accounts import account_at
from regulars.surfaces.connect.square.telling import told
from regulars.surfaces.connect.square.telling.paging import cursor, cut, listed
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import CHANNEL, View, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import (
    EventAnswer,
    Nothing,
    RewardAnswer,
    RewardsAnswer,
    RewardShown,
)

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)
KEPT: Final = timedelta(days=366)
"""The interface knows no reservation that ends by itself; ours ends after so long, so that what
lapsed while it was held is not held for ever."""
_USUAL: Final = 30
_STATES: Final = {
    "ISSUED": ("held",),
    "REDEEMED": ("captured",),
    "DELETED": ("voided", "lapsed", "returned"),
}
_STATUS: Final = {state: status for status, states in _STATES.items() for state in states}


async def create(call: Call) -> Reply:
    """A member wants a reward: its points are reserved."""
    wanted: sent.RewardSent = call.sent.reward
    seen = await view_of(call)
    step = next((one for one in seen.steps() if one.id == wanted.reward_tier_id), None)
    if step is None:
        says = "the program has no such reward"
        raise Wrong(says, code="UNSUPPORTED_LOYALTY_REWARD_TIER", field="/reward/reward_tier_id")
    who = meant("mem", wanted.loyalty_account_id)
    if who is None:
        raise _no_account()
    reward, bill = step.reward, _order(wanted.order_id)
    # Without an order it is not known yet in which store: redeeming looks at that.
    store = _first(reward.stores) if bill is None else await _store_of(call, bill)
    command = Redeem(
        member=MemberRef(id=who),
        store=store,
        channel=CHANNEL,
        reward=reward.id,
        asked=call.asked,
        for_days=KEPT.days,
        bill=bill,
    )
    try:
        done: Redeemed = await call.do(redeem_rewards, command)
    except UnknownMember:
        raise _no_account() from None
    except NotFound:
        raise _no_order() from None
    async with call.transaction as tx:
        found = await _made(tx, done)
    made = replace(found, state="held", closed_at=None)  # as it was, for who asks again later too
    return Reply(RewardAnswer(reward_shown(made, wanted.order_id)))


def _order(order_id: str | None) -> UUID | None:
    if order_id is None:
        return None
    id_ = meant("ord", order_id)
    if id_ is None:
        raise _no_order()
    return id_


def _first(stores: Sequence[str]) -> str:
    return stores[0] if stores else ""


async def _store_of(call: Call, bill_id: UUID) -> str:
    async with call.transaction as tx:
        found = await bills.bills(tx, [bill_id])
    for bill in found.values():
        return bill.store
    raise _no_order()


async def _made(tx: Tx, done: Redeemed) -> Redemption:
    """The reward that was made; what was made before may stand under another member by now."""
    if done.replayed:
        return await reward_at(tx, shown("red", done.redemption_id))
    return (await read.some(tx, [done.member_id], [done.redemption_id]))[done.redemption_id]


def _no_order() -> Fault:
    return Wrong("there is no such order here", code="NOT_FOUND", field="/reward/order_id")


def _no_account() -> Fault:
    says = "there is no such loyalty account here"
    return Wrong(says, code="NOT_FOUND", field="/reward/loyalty_account_id")


async def redeem(call: Call) -> Reply:
    """The reward was handed over."""
    body: sent.RedeemReward = call.sent
    seen = await view_of(call)
    id_ = meant("red", call.ids["reward_id"])
    if id_ is None:
        raise _no_reward()
    wanted = HandOver(id_, body.location_id, seen.code, call.asked)
    done: HandedOver = await locations.at_location(call.do(hand_over, wanted))
    return Reply(EventAnswer(told.handed_over(call, seen, done)))


async def delete(call: Call) -> Reply:
    """The reward is not wanted any more: its points come back."""
    async with call.transaction as tx:
        found = await reward_at(tx, call.ids["reward_id"])
    await call.do(redeem_rewards, Settle(found.redemption_id, "voided", asked=call.asked))
    return Reply(Nothing())


async def one(call: Call) -> Reply:
    """One reward."""
    async with call.transaction as tx:
        found = await reward_at(tx, call.ids["reward_id"])
        (shown_,) = await _shown(tx, [found])
    return Reply(RewardAnswer(shown_))


async def _shown(tx: Tx, found: Sequence[Redemption]) -> list[RewardShown]:
    """Rewards with the orders that they are for, each with whom its account stands under now."""
    refs = [MemberRef(id=one.member_id) for one in found]
    whom = await members.whom(tx, None, refs)
    orders = await bills.bills_of(tx, [one.redemption_id for one in found])
    return [
        reward_shown(
            replace(one, member_id=who) if isinstance(who, UUID) else one,
            shown("ord", id_) if (id_ := orders.get(one.redemption_id)) else None,
        )
        for one, who in zip(found, whom, strict=True)
    ]


async def reward_at(tx: Tx, reward_id: str) -> Redemption:
    """The reward with this id. Faults: NotFound."""
    id_ = meant("red", reward_id)
    ids = [] if id_ is None else [id_]
    owners = await read.whose(tx, ids)
    found = await read.some(tx, list(owners.values()), ids)
    for one_ in found.values():
        if one_.reward:
            return one_
    raise _no_reward()


def _no_reward() -> Fault:
    return NotFound("there is no such reward here")


async def search(call: Call) -> Reply:
    """Rewards of an account, or all of them; whichever changed last first."""
    asked: sent.SearchRewards = call.sent
    limit, query = asked.limit or _USUAL, asked.query
    place = place_of(asked.cursor, tuple[Instant, UUID])
    seen = await view_of(call)
    states = None if query is None or query.status is None else _STATES[query.status]
    async with call.transaction as tx:
        who = None if query is None else await _whose(tx, seen, query)
        before = None if place is None else Place(*place)
        rows = await taken(tx, who, states, before=before, limit=limit + 1)
        page, more = cut(rows, limit)
        shown_ = await _shown(tx, page)
    last = page[-1] if more else None
    ends = None if last is None else (last.closed_at or last.opened_at, last.redemption_id)
    return Reply(RewardsAnswer(listed(shown_), cursor(ends)))


async def _whose(tx: Tx, seen: View, query: sent.RewardsQuery) -> UUID:
    try:
        return (await account_at(tx, seen, query.loyalty_account_id)).member_id
    except NotFound as fault:
        field = "/query/loyalty_account_id"
        raise Wrong(fault.says, code="NOT_FOUND", field=field) from None


def reward_shown(redemption: Redemption, order_id: str | None = None) -> RewardShown:
    """A reward as clients see it."""
    closed = redemption.closed_at
    status = _STATUS[redemption.state]
    return RewardShown(
        id=shown("red", redemption.redemption_id),
        status=status,
        loyalty_account_id=shown("mem", redemption.member_id),
        reward_tier_id=short(redemption.reward),
        points=sum(redemption.promised.price.values()),
        created_at=instant(redemption.opened_at),
        updated_at=instant(closed or redemption.opened_at),
        order_id=UNSET if order_id is None else order_id,
        redeemed_at=instant(closed) if closed and status == "REDEEMED" else UNSET,
    )


_REWARDS = f"{PREFIX}/v2/loyalty/rewards"
_REWARD = f"{_REWARDS}/{{reward_id}}"

OPERATIONS = (
    Operation(
        method="POST",
        path=_REWARDS,
        name="square_create_reward",
        tag="Loyalty",
        says="A member wants a reward",
        scopes=WRITES,
        sent=sent.CreateReward,
        answers={200: RewardAnswer},
        do=create,
    ),
    Operation(
        method="POST",
        path=f"{_REWARDS}/search",
        name="square_search_rewards",
        tag="Loyalty",
        says="Find rewards",
        scopes=READS,
        sent=sent.SearchRewards,
        answers={200: RewardsAnswer},
        do=search,
    ),
    Operation(
        method="GET",
        path=_REWARD,
        name="square_get_reward",
        tag="Loyalty",
        says="One reward",
        scopes=READS,
        answers={200: RewardAnswer},
        do=one,
    ),
    Operation(
        method="DELETE",
        path=_REWARD,
        name="square_delete_reward",
        tag="Loyalty",
        says="A reward is not wanted any more",
        scopes=WRITES,
        answers={200: Nothing},
        do=delete,
    ),
    Operation(
        method="POST",
        path=f"{_REWARD}/redeem",
        name="square_redeem_reward",
        tag="Loyalty",
        says="A reward was handed over",
        scopes=WRITES,
        sent=sent.RedeemReward,
        answers={200: EventAnswer},
        do=redeem,
    ),
)

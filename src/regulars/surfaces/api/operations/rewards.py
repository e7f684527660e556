"""Rewards: what there is to have, reserved, handed over or given back."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import NotFound
from regulars.flows.commands import Redeem, Settle
from regulars.flows.redeem_rewards import hold_rewards, settle_redemptions
from regulars.records.access.types import Scope
from regulars.records.rewards import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import member_of
from regulars.surfaces.api.wire.rewards import (
    CaptureSent,
    RedemptionDone,
    RedemptionSent,
    RedemptionShown,
    RewardsShown,
    VoidSent,
    redemption_done,
    redemption_shown,
    reward_shown,
)


async def rewards(call: Call) -> Reply:
    """All rewards of the program in force."""
    now = call.given.now()
    version = (await call.terms()).at(now)
    async with call.transaction as tx:
        stock = await read.stock(tx)
    items = [reward_shown(version, one, stock, now) for one in version.program.rewards]
    return Reply(RewardsShown(items))


async def redeem(call: Call) -> Reply:
    """A member wants a reward."""
    sent: RedemptionSent = call.sent
    command = Redeem(
        member=member_of(sent.member),
        reward=sent.reward,
        store=sent.store,
        channel=sent.channel,
        capture=sent.capture,
        asked=call.asked,
    )
    answer = await call.do(hold_rewards, command)
    body = redemption_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/redemptions/{body.id}")


async def one(call: Call) -> Reply:
    """One redemption."""
    id_ = addressed("red", call.ids["redemption_id"])
    terms = await call.terms()
    async with call.transaction as tx:
        owners = await read.whose(tx, [id_])
        found = await read.some(tx, list(owners.values()), [id_])
    if id_ not in found:
        raise NotFound("there is no such redemption here; check the id for a slip")
    kept = found[id_]
    return Reply(redemption_shown(kept, terms.numbered(kept.version).program.currency))


async def capture(call: Call) -> Reply:
    """The reward was handed over."""
    sent: CaptureSent | None = call.sent
    return await _settle(call, "captured", None if sent is None else sent.part)


async def void(call: Call) -> Reply:
    """The reward was not handed over; the points go back."""
    return await _settle(call, "voided", None)


async def _settle(call: Call, outcome: str, part: dict[str, int] | None) -> Reply:
    id_ = addressed("red", call.ids["redemption_id"])
    command = Settle(redemption_id=id_, outcome=outcome, part=part, asked=call.asked)
    answer = await call.do(settle_redemptions, command)
    return Reply(redemption_done(answer), 200, answer.replayed)


_REDEEM = (Scope.REDEMPTIONS_WRITE,)
WHY_NOT: Final = (
    "unknown_member", "unknown_reward", "member_erased", "member_blocked", "not_here", "not_now",
    "tier_too_low", "limit_reached", "out_of_stock", "not_enough_points", "debt_first",
    "key_reused",
)  # fmt: skip
"""Why a reward is not handed over, by whichever address it is asked for."""

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/rewards",
        name="list_rewards",
        tag="Rewards",
        says="What members can have",
        scopes=(Scope.PROGRAMS_READ, Scope.REDEMPTIONS_WRITE),
        answers={200: RewardsShown},
        answer_example={"items": [examples.REWARD]},
        do=rewards,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions",
        name="redeem_reward",
        tag="Rewards",
        says="Reserve a reward for a member, or hand it over at once",
        notes="The price is reserved until it is captured or voided, or the reservation lapses "
        "(`lapses_at`). With `capture` it is taken at once.",
        scopes=_REDEEM,
        sent=RedemptionSent,
        answers={201: RedemptionDone},
        example=examples.REDEMPTION,
        answer_example=examples.REDEEMED,
        codes=WHY_NOT,
        do=redeem,
    ),
    Operation(
        method="GET",
        path="/v1/redemptions/{redemption_id}",
        name="get_redemption",
        tag="Rewards",
        says="One redemption",
        scopes=(Scope.BOOKS_READ, Scope.REDEMPTIONS_WRITE),
        answers={200: RedemptionShown},
        answer_example=examples.REDEMPTION_KEPT,
        do=one,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions/{redemption_id}/capture",
        name="capture_redemption",
        tag="Rewards",
        says="It was handed over: take the points",
        notes="Capturing again changes nothing. The body may be left out.",
        scopes=_REDEEM,
        sent=CaptureSent,
        body_optional=True,
        answers={200: RedemptionDone},
        example={},
        answer_example=examples.REDEEMED | {"state": "captured"},
        codes=("hold_lapsed", "already_voided", "key_reused"),
        do=capture,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions/{redemption_id}/void",
        name="void_redemption",
        tag="Rewards",
        says="It was not handed over: give the points back",
        notes="Voiding again changes nothing. The body may be left out.",
        scopes=_REDEEM,
        sent=VoidSent,
        body_optional=True,
        answers={200: RedemptionDone},
        example={},
        answer_example=examples.REDEEMED | {"state": "voided"},
        codes=("already_captured", "key_reused"),
        do=void,
    ),
)

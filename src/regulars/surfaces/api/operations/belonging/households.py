"""Households: who belongs to them, what they have together, and what they take from it."""

from __future__ import annotations

from msgspec import UNSET

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.commands import EnterHousehold, FoundHousehold, LeaveHousehold
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.show_standing import show_standing
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.members.unions import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.operations.examples import moving as examples_moving
from regulars.surfaces.api.operations.rewarding.rewards import WHY_NOT
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.showing import showing
from regulars.surfaces.api.wire.parts import member_of
from regulars.surfaces.api.wire.rewarding.freeing import lines_of, named_of
from regulars.surfaces.api.wire.rewarding.rewards import (
    RedemptionDone,
    basket_of,
    paid_in,
    redemption_done,
)
from regulars.surfaces.api.wire.unions import (
    HouseholdSent,
    HouseholdShown,
    PlaceDone,
    PlaceSent,
    SharedRewardSent,
    household_shown,
    place_done,
)


async def found(call: Call) -> Reply:
    """A household begins."""
    sent: HouseholdSent = call.sent
    actor = sent.actor or call.asked.principal
    command = FoundHousehold(member_of(sent.head, "/head"), sent.name, actor, call.asked)
    answer = await call.do(found_households, command)
    body = place_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/households/{body.id}")


async def one(call: Call) -> Reply:
    """A household with what each and all of them have."""
    id_ = addressed("hou", call.ids["household_id"])

    async def look(tx: Tx, terms: Terms) -> HouseholdShown:
        household = (await read.households(tx, [id_])).get(id_)
        if household is None:
            raise NotFound("there is no such household here; check the id for a slip")
        has = {
            place.member_id: (await show_standing(tx, terms, place.member_id)).balances
            for place in household.places
        }
        return household_shown(household, has)

    return Reply(await call.read(look))


async def enter(call: Call) -> Reply:
    """A member joins a household, or takes another role in it."""
    sent: PlaceSent = call.sent
    command = EnterHousehold(
        household_id=addressed("hou", call.ids["household_id"]),
        member=member_of(sent.member),
        role=sent.role,
        limits=sent.limits,
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(enter_households, command)
    return Reply(place_done(answer), 200, answer.replayed)


async def leave(call: Call) -> Reply:
    """A member leaves a household."""
    command = LeaveHousehold(
        household_id=addressed("hou", call.ids["household_id"]),
        member=MemberRef(id=addressed("mem", call.ids["member_id"])),
        actor=call.asked.principal,
        asked=call.asked,
    )
    answer = await call.do(leave_households, command)
    return Reply(place_done(answer), 200, answer.replayed)


async def redeem(call: Call) -> Reply:
    """A member takes a reward from what all have together."""
    sent: SharedRewardSent = call.sent
    terms = await call.terms()
    home = terms.at(call.now).program.currency
    pay = sent.pay
    if pay is not UNSET and sent.price is not UNSET:
        raise Invalid("only a reward has a price that was shown", field="/price")
    told = home if pay is UNSET else paid_in(pay, terms)
    command = RedeemTogether(
        household_id=addressed("hou", call.ids["household_id"]),
        member=member_of(sent.member),
        reward="" if sent.reward is UNSET else sent.reward,
        pay=None if pay is UNSET else basket_of(pay, told),
        currency="" if told == home else told,
        quoted=None if sent.points is UNSET else sent.points,
        store=sent.store,
        channel=sent.channel,
        lines=lines_of(sent.lines, home),
        named=named_of(sent.free),
        asked=showing(call, sent.card_code),
        signed_in=sent.signed_in,
        shown=None if sent.price is UNSET else sent.price,
    )
    answer = await call.do(redeem_together, command)
    body = redemption_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/redemptions/{body.id}")


_TAG = "Households"
_BARRED = (
    "unknown_member",
    "no_households",
    "member_erased",
    "member_blocked",
    "not_registered",
    "in_household",
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/households",
        name="found_household",
        tag=_TAG,
        says="Begin a household with its head",
        notes="Where the program has households (`household:`). Points stay with their members.",
        scopes=(Scope.HOUSEHOLDS_WRITE,),
        sent=HouseholdSent,
        answers={201: PlaceDone},
        example=examples_moving.HOUSEHOLD,
        answer_example=examples_moving.FOUNDED,
        codes=(*_BARRED, "own_membership"),
        do=found,
    ),
    Operation(
        method="GET",
        path="/v1/households/{household_id}",
        name="get_household",
        tag=_TAG,
        says="A household with what each and all of them have",
        scopes=(Scope.HOUSEHOLDS_READ, Scope.HOUSEHOLDS_WRITE),
        answers={200: HouseholdShown},
        answer_example=examples_moving.HOUSEHOLD_KEPT,
        codes=("not_found",),
        do=one,
    ),
    Operation(
        method="POST",
        path="/v1/households/{household_id}/members",
        name="enter_household",
        tag=_TAG,
        says="A member joins a household, or takes another role in it",
        notes="Who becomes the head takes the place of the head before, who stays as a member.",
        scopes=(Scope.HOUSEHOLDS_WRITE,),
        sent=PlaceSent,
        answers={200: PlaceDone},
        example=examples_moving.PLACE,
        answer_example=examples_moving.JOINED,
        codes=(*_BARRED, "not_found", "household_full", "head_stays", "own_membership"),
        do=enter,
    ),
    Operation(
        method="DELETE",
        path="/v1/households/{household_id}/members/{member_id}",
        name="leave_household",
        tag=_TAG,
        says="A member leaves a household, with everything that is theirs",
        scopes=(Scope.HOUSEHOLDS_WRITE,),
        answers={200: PlaceDone},
        answer_example=examples_moving.LEFT,
        codes=("unknown_member", "not_found", "head_stays"),
        do=leave,
    ),
    Operation(
        method="POST",
        path="/v1/households/{household_id}/redemptions",
        name="redeem_together",
        tag=_TAG,
        says="Take a reward, or pay for a basket, with what the household has together",
        notes="At once: nothing stays reserved. The points that lapse soonest go first, whoever "
        "has them; each lot is recorded with its owner. With `pay`, each member's points are taken "
        "by a redemption of their own (`payments`): the sale names each of them in a payment, and "
        "what comes back of the sale goes back to the lots of each.",
        scopes=(Scope.REDEMPTIONS_WRITE,),
        sent=SharedRewardSent,
        answers={201: RedemptionDone},
        example=examples_moving.SHARED,
        answer_example=examples.REDEEMED,
        codes=(
            *WHY_NOT,
            "price_changed",
            "not_found",
            "no_households",
            "head_only",
            "own_membership",
            "payment_changed",
            "points_do_not_pay",
            "not_stored_value",
            "share_exceeded",
            "discount_is_better",
            "below_minimum",
        ),
        do=redeem,
    ),
)

"""Choices: what a member may choose one of, and what they chose."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.choosing.show_choices import show_choices
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import choosing as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import member_of
from regulars.surfaces.api.wire.rewarding.choices import (
    ChoiceDone,
    ChoiceSent,
    ChoicesShown,
    choice_done,
    choices_shown,
)


async def choose(call: Call) -> Reply:
    """A member chooses one of several."""
    sent: ChoiceSent = call.sent
    command = ChooseOne(
        member_of(sent.member), sent.choice, sent.option, sent.actor, asked=call.asked
    )
    answer = await call.do(choose_one, command)
    return Reply(choice_done(answer), 201, answer.replayed)


async def of_member(call: Call) -> Reply:
    """What a member may choose from."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> ChoicesShown:
        return choices_shown(await show_choices(tx, terms, id_))

    return Reply(await call.read(look))


_TAG = "Rewards"

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/choices",
        name="list_choices",
        tag=_TAG,
        says="What this member may choose one of, and what they chose",
        notes="Rewards and benefits with the same `choose_one`. What was taken is chosen while it "
        "stands; what was said with `POST /v1/choices`, for the whole period.",
        scopes=(Scope.BOOKS_READ, Scope.BENEFITS_WRITE, Scope.REDEMPTIONS_WRITE),
        answers={200: ChoicesShown},
        answer_example=examples.CHOICES,
        codes=("unknown_member",),
        do=of_member,
    ),
    Operation(
        method="POST",
        path="/v1/choices",
        name="choose_one",
        tag=_TAG,
        says="A member chooses one of several rewards or benefits for this period",
        notes="Choosing the same again changes nothing; choosing another is refused until the "
        "next period. Nothing is taken by it.",
        scopes=(Scope.BENEFITS_WRITE, Scope.REDEMPTIONS_WRITE),
        sent=ChoiceSent,
        answers={201: ChoiceDone},
        example=examples.CHOICE,
        answer_example=examples.CHOSEN,
        codes=(
            "unknown_member", "unknown_choice", "chosen_otherwise", "not_for_you",
            "tier_too_low", "no_plan", "plan_frozen", "not_granted", "member_erased",
            "member_blocked", "key_reused",
        ),
        do=choose,
    ),
)  # fmt: skip

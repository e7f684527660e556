"""Choices: what a member may choose one of, and what they chose."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.engine.rewarding.automatic import ACTOR
from regulars.engine.terms import Terms
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.choosing.show_choices import show_choices
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.translations import in_language
from regulars.records.rewards.automatic import read
from regulars.records.rewards.codes import read as codes
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import choosing as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import LanguageQuery, member_of
from regulars.surfaces.api.wire.rewarding.choices import (
    AutomaticCodesShown,
    ChoiceDone,
    ChoiceSent,
    ChoicesShown,
    automatic_shown,
    choice_done,
    choices_shown,
)
from regulars.surfaces.api.wire.standing.named import choices_named


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

    query: LanguageQuery = call.query

    async def look(tx: Tx, terms: Terms) -> ChoicesShown:
        told = choices_shown(await show_choices(tx, terms, id_))
        program = terms.at(tx.now).program
        return choices_named(told, in_language(program, query.language or program.locale))

    return Reply(await call.read(look))


async def automatic_codes(call: Call) -> Reply:
    """The codes that were taken for a member by themselves and are not used."""
    id_ = addressed("mem", call.ids["member_id"])
    currency = (await call.terms()).at(call.now).program.currency
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        ids = (await read.unused(tx, [id_], ACTOR)).values()
        found = await codes.some(tx, [one for mine in ids for one in mine])
    return Reply(AutomaticCodesShown([automatic_shown(one, currency) for one in found]))


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
        query=LanguageQuery,
        answers={200: ChoicesShown},
        answer_example=examples.CHOICES,
        codes=("unknown_member",),
        do=of_member,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/automatic-codes",
        name="list_automatic_codes",
        tag=_TAG,
        says="The unused codes of rewards that were taken by themselves, to be handed over",
        notes="Some seconds after the balance reached the price of a reward with `automatic`. "
        "Newest first; a code that was used, given back or has ended is not there.",
        scopes=(Scope.REDEMPTIONS_WRITE, Scope.CODES_WRITE),
        answers={200: AutomaticCodesShown},
        answer_example=examples.AUTOMATIC,
        codes=("unknown_member",),
        do=automatic_codes,
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
            "member_blocked", "own_membership"),
        do=choose,
    ),
)  # fmt: skip

"""Memberships people pay for: begun, and everything a payment provider tells about them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from msgspec.structs import asdict

from regulars.base.faults import Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.plans.commands import (
    MembershipStands,
    StartMembership,
    Told,
    TurnMembership,
)
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.membership.plans.show_memberships import (
    find_membership,
    quote_change,
    show_membership,
    show_memberships,
)
from regulars.records.access.types import Scope
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import plans as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import instant_of, member_of
from regulars.surfaces.api.wire.rewarding.plans import (
    BegunQuery,
    CancelledSent,
    ChangedSent,
    ChangeQuery,
    MembershipDone,
    MembershipSent,
    MembershipShown,
    MembershipsShown,
    PaidSent,
    PlanQuoteShown,
    RefundedSent,
    ToldSent,
    change_shown,
    done_shown,
    membership_shown,
)


async def start(call: Call) -> Reply:
    """A member begins a plan."""
    sent: MembershipSent = call.sent
    if not sent.trial:
        _countable(call, sent.external_id)
    command = StartMembership(
        member=member_of(sent.member),
        plan=sent.plan,
        trial=sent.trial,
        amount_minor=None if sent.amount is None else sent.amount.minor,
        currency="" if sent.amount is None else sent.amount.currency,
        card=sent.payment_card,
        source=sent.source,
        external_id=sent.external_id,
        actor=sent.actor or call.asked.principal,
        reason=sent.reason,
        occurred_at=instant_of(sent.occurred_at, "/occurred_at"),
        asked=call.asked,
    )
    answer = await call.do(start_memberships, command)
    return Reply(await _done(call, answer), 201, answer.replayed)


async def paid(call: Call) -> Reply:
    """A term was paid."""
    return await _turn(call, "paid")


async def failed(call: Call) -> Reply:
    """A payment failed."""
    return await _turn(call, "failed")


async def refunded(call: Call) -> Reply:
    """Money was given back."""
    return await _turn(call, "refunded")


async def cancelled(call: Call) -> Reply:
    """No further term."""
    return await _turn(call, "cancelled")


async def paused(call: Call) -> Reply:
    """Its time stands still."""
    return await _turn(call, "paused")


async def resumed(call: Call) -> Reply:
    """It goes on."""
    return await _turn(call, "resumed")


async def changed(call: Call) -> Reply:
    """Another plan."""
    return await _turn(call, "changed")


async def show(call: Call) -> Reply:
    """One membership with its history."""
    id_ = await _meant(call)

    async def look(tx: Tx, terms: Terms) -> MembershipShown:
        owner, found, turns = await show_membership(tx, terms, id_)
        return membership_shown(owner, found, turns, terms.at(tx.now).program.currency)

    return Reply(await call.read(look))


async def of_member(call: Call) -> Reply:
    """Every membership of a member, without its history."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> MembershipsShown:
        currency = terms.at(tx.now).program.currency
        found = await show_memberships(tx, terms, id_)
        return MembershipsShown([membership_shown(id_, one, (), currency) for one in found])

    return Reply(await call.read(look))


async def quote(call: Call) -> Reply:
    """What another plan would come to."""
    id_ = await _meant(call)
    query: ChangeQuery = call.query

    async def look(tx: Tx, terms: Terms) -> PlanQuoteShown:
        step = await quote_change(tx, terms, id_, (query.plan, query.at))
        if isinstance(step, Refused):
            raise No(step)
        return change_shown(step, terms.at(tx.now).program.currency)

    return Reply(await call.read(look))


async def find(call: Call) -> Reply:
    """Which membership was begun under a number of the payment provider."""
    query: BegunQuery = call.query

    async def look(tx: Tx, terms: Terms) -> MembershipsShown:
        id_ = await find_membership(tx, query.source, query.external_id)
        owner, found, _ = await show_membership(tx, terms, id_)
        currency = terms.at(tx.now).program.currency
        return MembershipsShown([membership_shown(owner, found, (), currency)])

    return Reply(await call.read(look))


async def _meant(call: Call) -> UUID:
    """The membership of an address: our id, or `source:external_id` it was begun under."""
    source, colon, external_id = call.ids["membership_id"].partition(":")
    if not colon:
        return addressed("mbs", source)
    return await call.read(lambda tx, _: find_membership(tx, source, external_id))


def _countable(call: Call, external_id: str) -> None:
    """A word about money that was lost on its way is sent again, and must not count twice."""
    if not call.key and not external_id:
        says = "say its number where it comes from, or send an Idempotency-Key"
        raise Invalid(f"{says}: sent again, it would count twice", field="/external_id")


async def _turn(call: Call, what: Told) -> Reply:
    sent = call.sent or ToldSent()
    if what in _MONEY:
        _countable(call, sent.external_id)
    told: dict[str, Any] = {name: value for name, value in asdict(sent).items() if value}
    amount = told.pop("amount", None)
    told["occurred_at"] = instant_of(sent.occurred_at, "/occurred_at")
    told["actor"] = sent.actor or call.asked.principal
    command = TurnMembership(
        membership_id=await _meant(call),
        what=what,
        amount_minor=None if amount is None else amount.minor,
        currency="" if amount is None else amount.currency,
        asked=call.asked,
        **told,
    )
    answer = await call.do(turn_memberships, command)
    return Reply(await _done(call, answer), 200, answer.replayed)


async def _done(call: Call, answer: MembershipStands) -> MembershipDone:
    currency = (await call.terms()).at(call.now).program.currency
    return done_shown(answer, currency)


_MONEY: Final = ("paid", "refunded", "changed")
_TAG = "Paid membership"
_SCOPES = (Scope.MEMBERSHIPS_WRITE,)
_READS = (Scope.MEMBERS_READ, Scope.MEMBERSHIPS_WRITE)
_CODES = ("not_found", "member_erased", "membership_over", "invalid")


def _told(name: str, says: str, notes: str, do: Any, **more: Any) -> Operation:
    """One word about a membership: all of them are told in the same way."""
    codes = more.pop("codes", ())
    given: dict[str, Any] = {"sent": ToldSent, "example": examples.TOLD, "body_optional": True}
    return Operation(
        method="POST",
        path="/v1/memberships/{membership_id}/" + name,
        name=f"membership_{name}",
        tag=_TAG,
        says=says,
        notes=notes,
        scopes=_SCOPES,
        answers={200: MembershipDone},
        answer_example=examples.STANDS,
        codes=(*_CODES, *codes),
        do=do,
        **(given | more),
    )


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/memberships",
        name="start_membership",
        tag=_TAG,
        says="A member begins a plan, with its trial or with the first term paid",
        notes="Whoever takes the money tells it here, and each payment after it; `source` and "
        "`external_id` make every word count once, however often it is sent.",
        scopes=_SCOPES,
        sent=MembershipSent,
        answers={201: MembershipDone},
        example=examples.START,
        answer_example=examples.STANDS,
        codes=(
            "unknown_member",
            "member_erased",
            "member_blocked",
            "unknown_plan",
            "plan_ended",
            "has_plan",
            "trial_taken",
            "no_trial",
            "other_amount",
            "invalid",
            "own_membership",
        ),
        do=start,
    ),
    Operation(
        method="GET",
        path="/v1/memberships",
        name="find_membership",
        tag=_TAG,
        says="Which membership was begun under this number of a payment provider",
        notes="Wherever an address takes a membership's id, `source:external_id` does as well.",
        scopes=_READS,
        query=BegunQuery,
        answers={200: MembershipsShown},
        answer_example={"items": [examples.SHOWN | {"turns": []}]},
        codes=("not_found",),
        do=find,
    ),
    Operation(
        method="GET",
        path="/v1/memberships/{membership_id}",
        name="get_membership",
        tag=_TAG,
        says="Where a membership stands, what it saved so far, and all that happened to it",
        scopes=_READS,
        answers={200: MembershipShown},
        answer_example=examples.SHOWN,
        codes=("not_found",),
        do=show,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/memberships",
        name="list_memberships",
        tag=_TAG,
        says="Every membership of a member, oldest first",
        scopes=_READS,
        answers={200: MembershipsShown},
        answer_example={"items": [examples.SHOWN | {"turns": []}]},
        codes=("unknown_member",),
        do=of_member,
    ),
    _told(
        "paid",
        "A term was paid: it begins where the one before ended",
        "In a trial the first term begins when the trial ends.",
        paid,
        sent=PaidSent,
        example=examples.PAID,
        codes=("not_running", "paid_ahead", "plan_ended", "other_amount"),
    ),
    _told(
        "failed",
        "A payment failed",
        "It is noted and told; whether benefits go on until the grace ends, the plan says.",
        failed,
    ),
    _told(
        "refunded",
        "Money of the running term was given back",
        "Points that came with the term go in proportion; with the last of the money it ends. With "
        "`payment` it is of that payment's term, and of one that is over nothing else changes.",
        refunded,
        sent=RefundedSent,
        example=examples.REFUNDED,
        codes=("more_than_paid",),
    ),
    _told(
        "cancelled",
        "No further term: it ends with the one that runs, or now",
        "One that is past due ends now; one that is paused runs through the time it had left.",
        cancelled,
        sent=CancelledSent,
        codes=("not_running",),
    ),
    _told(
        "paused",
        "Its time stands still",
        "For so long as the plan allows at most; then it goes on by itself.",
        paused,
        codes=("not_running", "no_pauses"),
    ),
    _told(
        "resumed",
        "It goes on after a pause, or is not to end after all",
        "After a pause with all the time it had left.",
        resumed,
        codes=("not_running",),
    ),
    _told(
        "changed",
        "Another plan, from now on or from the next term on",
        "From now on: the answer's `amount` is to pay, or below nothing to give back. Only from "
        "the next term on while that is paid already, and in a trial to a plan without one.",
        changed,
        sent=ChangedSent,
        body_optional=False,
        example=examples.CHANGE,
        codes=("not_running", "unknown_plan", "plan_ended", "same_plan", "paid_ahead", "no_trial"),
    ),
    Operation(
        method="GET",
        path="/v1/memberships/{membership_id}/change",
        name="quote_change",
        tag=_TAG,
        says="What another plan would come to, to the cent",
        scopes=_READS,
        query=ChangeQuery,
        answers={200: PlanQuoteShown},
        answer_example=examples.QUOTE,
        codes=(
            "not_found",
            "not_running",
            "unknown_plan",
            "plan_ended",
            "same_plan",
            "membership_over",
            "paid_ahead",
            "no_trial",
        ),
        do=quote,
    ),
)

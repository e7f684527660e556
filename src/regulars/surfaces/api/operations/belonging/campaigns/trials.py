"""A test of a campaign over the API: to one of the staff, as a member would read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.flows.telling.campaigns.try_campaigns import AskTrial, ask_trials
from regulars.records.access.staff.types import By, principal_of, staff_of
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns.trials.types import Trial
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.campaigns import examples
from regulars.surfaces.api.strict.ids import required, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import Id


class TrialAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """To whom of the staff it goes, and as which member would read it."""

    staff_id: Annotated[str, Meta(min_length=1, max_length=60)]
    """A letter goes to the address they sign in by; a text message to the telephone of their own
    membership, a message in the card into that card and a notice on its devices, where a code was
    read there."""
    member_id: Id


class TrialShown(Struct, frozen=True):
    """A test that was asked for."""

    id: str
    staff_id: str
    member_id: str
    state: Literal["waiting", "going", "sent", "unsure", "failed"]
    asked_at: datetime


async def ask(call: Call) -> Reply:
    """Somebody is sent a campaign."""
    return await _asked(call, call.ids["campaign"])


async def ask_step(call: Call) -> Reply:
    """Somebody is sent a step of a journey."""
    return await _asked(call, call.ids["journey"], call.ids["step"])


async def _asked(call: Call, code: str, step: str = "") -> Reply:
    sent: TrialAsked = call.sent
    staff = staff_of(sent.staff_id)
    if staff is None:
        raise Invalid("this is not the id of somebody who works here", field="/staff_id")
    member = required("mem", sent.member_id, "/member_id")
    by = By(staff, call.by.words, call.by.address)
    command = AskTrial(code, MemberRef(id=member), by, step)
    one: Trial = await call.do(ask_trials, command)
    return Reply(
        TrialShown(
            shown("trl", one.trial_id), principal_of(one.staff_id), shown("mem", member), one.state,
            one.asked_at,
        ),
        202,
    )  # fmt: skip


_STAFF: Final = "staff_0198f3a2b4c87d10a1b2c3d4e5f60721"
_TRIAL: Final[dict[str, Any]] = {
    "id": "trl_01920000000070008000000000000001",
    "staff_id": _STAFF,
    "member_id": examples.MEMBER,
    "state": "waiting",
    "asked_at": "2026-03-02T09:00:00Z",
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/campaigns/{campaign}/trials",
        name="try_campaign",
        once=Once.ANEW,
        tag="Campaigns",
        says="Send a campaign to one of the staff, as one member would read it",
        notes="Marked as a test, and counted nowhere. A letter goes to the address they sign in "
        "by, a text message to the telephone of their own membership, a message in the card into "
        "that, a notice on its devices. "
        "By somebody who may write messages, thirty in an hour.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=TrialAsked,
        answers={202: TrialShown},
        example={"staff_id": _STAFF, "member_id": examples.MEMBER},
        answer_example=_TRIAL,
        codes=("not_found", "unknown_member", "forbidden"),
        do=ask,
    ),
    Operation(
        method="POST",
        path="/v1/journeys/{journey}/steps/{step}/trials",
        name="try_journey_step",
        once=Once.ANEW,
        tag="Journeys",
        says="Send a message of a journey to one of the staff, as one member would read it",
        notes="Of the latest plan, also before it is published; marked as a test, counted nowhere, "
        "and sent where a test of a campaign goes. By somebody who may write messages, thirty in "
        "an hour with those of campaigns.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=TrialAsked,
        answers={202: TrialShown},
        example={"staff_id": _STAFF, "member_id": examples.MEMBER},
        answer_example=_TRIAL,
        codes=("not_found", "unknown_member", "forbidden"),
        do=ask_step,
    ),
)

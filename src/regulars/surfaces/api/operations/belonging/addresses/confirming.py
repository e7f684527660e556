"""A member is asked, at the address itself, whether they may be written to there."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import NAMESPACE_OID, uuid5

from msgspec import Struct

from regulars.base.ids import id_of
from regulars.flows.telling.said.want_channels import ConsentAsked
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.records.outbox.delivery.types import Mailed
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.belonging.addresses.proving import QUICKEST
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.signing_in import SigningIn


class QuestionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Which channel is asked about; nothing is a text message where that can be, else a letter."""

    channel: Mailed | None = None


class QuestionAsked(Struct, frozen=True):
    """What stands now: they agreed before, or a question is on its way and nothing is agreed to."""

    channel: str
    state: Literal["asked", "given"]
    asked_at: datetime | None = None
    until: datetime | None = None
    """Until when they can say yes."""
    hint: str | None = None
    """Where it went, as far as it is your business: `··42`."""


async def ask_them(call: Call) -> Reply:
    """A member is asked."""
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    return await asked(call, call.sent, member, call.caller.principal, "")


async def asked(call: Call, sent: QuestionSent, member: MemberRef, by: str, machine: str) -> Reply:
    """The same, for whoever asks; asked again by its key, or soon after, nothing more is sent."""
    code_id = id_of(uuid5(NAMESPACE_OID, f"{call.caller.program_id} {by} {call.asked.key}").bytes)
    channels = (sent.channel,) if sent.channel else QUICKEST
    door = SigningIn(call.given)
    done = granted(
        await door.want(call.caller.program_id, member, channels, machine=machine, code_id=code_id)
    )
    if not isinstance(done, ConsentAsked):
        return Reply(QuestionAsked(done.channel, "given"), 201)
    shown = QuestionAsked(done.channel, "asked", done.asked_at, done.until, done.hint)
    return Reply(shown, 201, done.replayed)


EXAMPLE: Final = {"channel": "sms"}
ANSWER_EXAMPLE: Final = {
    "channel": "sms",
    "state": "asked",
    "asked_at": "2026-03-02T08:15:00Z",
    "until": "2026-03-04T08:15:00Z",
    "hint": "··42",
}
NOTES: Final = (
    "Consent is given by the member: they are sent a letter or a text message with a link and "
    "digits, good for two days, and nothing is agreed to before they answer; the digits can be "
    "typed on their card. Who agreed before is not asked again (`state: given`). Who took it back "
    "is asked by nobody: they can agree anew on their card. Within ten minutes, and under the same "
    "Idempotency-Key, nothing more is sent; at most three codes in a quarter of an hour and ten a "
    "day go to one address."
)
WHY_NOT: Final = ("unknown_member", "nowhere_to_send", "no_consent", "too_many_codes")
OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/members/{member_id}/consent-confirmations",
        name="ask_for_consent",
        tag="Members",
        says="Ask a member, at the address itself, whether they may be written to",
        notes=NOTES,
        scopes=(Scope.MEMBERS_WRITE,),
        sent=QuestionSent,
        answers={201: QuestionAsked},
        example=EXAMPLE,
        answer_example=ANSWER_EXAMPLE,
        codes=WHY_NOT,
        do=ask_them,
    ),
)

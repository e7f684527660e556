"""What a member agreed to hear, and that they want no more of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from regulars.base.faults import Fault
from regulars.flows.telling.said.unsubscribing import Unsubscribe, unsubscribe
from regulars.records.access.staff.types import By
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.consents import read
from regulars.records.members.consents.checks import LONGEST_SOURCE
from regulars.records.members.consents.types import Consent, ConsentState
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once

Channel = Annotated[str, Meta(min_length=1, max_length=80)]


class ConsentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member wants nothing more by this channel."""

    channel: Channel
    state: Literal["withdrawn"]
    source: Annotated[str, Meta(max_length=LONGEST_SOURCE)] = ""
    """Where and why they said so, as it stands beside their word; nothing is your key."""


class ConsentShown(Struct, frozen=True):
    """What a member said about a channel."""

    channel: str
    state: ConsentState
    source: str
    """Where they said so."""
    changed_at: datetime


class ConsentsShown(Struct, frozen=True):
    """What stands by channel, and every word they said, newest first."""

    standing: list[ConsentShown]
    said: list[ConsentShown]


async def withdraw(call: Call) -> Reply:
    """A member is written to no more by a channel."""
    sent: ConsentSent = call.sent
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    kept = await taken_back(call, member, (sent.channel,), (sent.source, call.by))
    return Reply(kept[0])


async def taken_back(
    call: Call, member: MemberRef, channels: tuple[str, ...], said: tuple[str, By]
) -> list[ConsentShown]:
    """The same, for whoever hears it: `said` is where and why, and by whom."""
    source = said[0] or f"the API: {call.caller.principal}"[:LONGEST_SOURCE]
    kept = await call.do(unsubscribe, Unsubscribe(member, channels, source, said[1]))
    return [consent_shown(one) for one in kept]


async def listed(call: Call) -> Reply:
    """What a member agreed to, and all they said."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        (who,) = await members.whom(tx, None, [MemberRef(id=id_)])
        if isinstance(who, Fault):
            raise who
        standing, said = await read.standing(tx, who), await read.log(tx, who)
    shown = [consent_shown(standing[channel]) for channel in sorted(standing)]
    return Reply(ConsentsShown(shown, [consent_shown(one) for one in said]))


def consent_shown(one: Consent) -> ConsentShown:
    """A word as the world sees it."""
    return ConsentShown(one.channel, one.state, one.source, one.changed_at)


EXAMPLE: Final = {"channel": "email", "state": "withdrawn", "source": "our web shop's own page"}
ANSWER_EXAMPLE: Final = {**EXAMPLE, "changed_at": "2026-03-02T08:15:00Z"}
OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/consents",
        name="member_consents",
        tag="Members",
        says="What a member agreed to hear, and every word they said about it",
        notes="About a channel that is not there they said nothing: they are written to by it only "
        "about what they need to know. The log is newest first.",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: ConsentsShown},
        answer_example={"standing": [ANSWER_EXAMPLE], "said": [ANSWER_EXAMPLE]},
        codes=("unknown_member",),
        do=listed,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/consents",
        name="withdraw_member_consent",
        once=Once.AGAIN,
        tag="Members",
        says="A member wants nothing more by this channel",
        notes="A no needs no proof: whoever hears it hands it on, and nothing more is sent from "
        "then on. Who said it, where and when is kept. Said again it changes nothing. Nobody "
        "agrees for somebody else: a yes is asked for with consent-confirmations.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=ConsentSent,
        answers={200: ConsentShown},
        example=EXAMPLE,
        answer_example=ANSWER_EXAMPLE,
        codes=("unknown_member",),
        do=withdraw,
    ),
)

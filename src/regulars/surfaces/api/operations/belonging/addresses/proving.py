"""A member who spends proves that they are there, by digits that were sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Final
from uuid import NAMESPACE_OID, uuid5

from msgspec import Meta, Struct

from regulars.base.ids import id_of
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskToSpend, SpendingAsked, ask_to_spend
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_codes import ProveByCode, prove_by_codes
from regulars.records.access.cards.spelling import Holder, code_at
from regulars.records.access.types import Scope
from regulars.records.outbox.delivery.types import Mailed
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import Slug, Whom, member_of
from regulars.surfaces.given import Flow

QUICKEST: Final[tuple[Mailed, ...]] = ("sms", "email")
"""Somebody stands at a counter and waits: a text message first."""


class SpendingCodeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """This member wants something that takes proof, and has no card at hand."""

    member: Whom
    reward: Slug | None = None
    """What the code is good for; nothing is paying with points."""


class SpendingCodeAsked(Struct, frozen=True):
    """Six digits are on their way to the member, not to you."""

    id: str
    until: datetime
    channel: str
    """`sms` or `email`."""
    hint: str
    """Where it went, as far as it is your business: `··42`."""


class DigitsSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What the member reads out."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


class SpendingProved(Struct, frozen=True):
    """The member is there: as good as if they had shown you their card now."""

    card_code: str
    """Sent along with what they take, within ten minutes, for one thing."""


async def send_code(call: Call) -> Reply:
    """A member is sent digits."""
    return await asked(call, call.caller.principal, "")


async def take_code(call: Call) -> Reply:
    """A member says the digits they were sent."""
    return await proved(call, call.caller.principal)


async def asked(call: Call, by: str, machine: str) -> Reply:
    """The same, for whoever asks; asked again under its key nothing more is sent."""
    sent: SpendingCodeSent = call.sent
    asks = f"{call.caller.program_id} {by} {call.asked.key}"
    channels = tuple(one for one in QUICKEST if one in call.given.channels)
    command = AskToSpend(
        id_of(uuid5(NAMESPACE_OID, asks).bytes), member_of(sent.member), sent.reward or "",
        channels, machine,
    )  # fmt: skip
    done: SpendingAsked = await call.do(_sending(call.given.keyed), command)
    asked_ = SpendingCodeAsked(shown("spc", done.code_id), done.until, done.channel, done.hint)
    return Reply(asked_, 201, done.replayed)


async def proved(call: Call, by: str) -> Reply:
    """Right digits become a code of the card that was shown to whoever sends them."""
    command = ProveByCode(addressed("spc", call.ids["code_id"]), call.sent.code, by)
    done: CardShown = await call.do(_proving(call.given.keyed), command)
    holder = Holder(call.caller.program_id, done.member_id)
    return Reply(SpendingProved(code_at(call.given.keyed, holder, done.step)))


@lru_cache(4)
def _sending(keyed: Keyed) -> Flow:
    async def send(tx: Tx, terms: Terms, batch: Sequence[AskToSpend]) -> Sequence[Any]:
        return await ask_to_spend(tx, terms, keyed, batch)

    return send


@lru_cache(4)
def _proving(keyed: Keyed) -> Flow:
    async def prove(tx: Tx, _: Terms, batch: Sequence[ProveByCode]) -> Sequence[Any]:
        return await prove_by_codes(tx, keyed, batch)

    return prove


_ID: Final = "spc_01890000000070008000000000000042"
ASKED_EXAMPLE: Final = {
    "id": _ID,
    "until": "2026-03-02T08:25:00Z",
    "channel": "sms",
    "hint": "··42",
}
SENT_EXAMPLE: Final = {"member": {"phone": "+49 151 23456742"}, "reward": "coffee-machine"}
PROVED_EXAMPLE: Final = {"card_code": "RG1:DGHQAAAAOAAIAAAAAAAAAAABIJQWYZ3BONUXK4TF"}
WHY_NOT_SENT: Final = (
    "unknown_member", "unknown_reward", "proof_not_asked", "nowhere_to_send", "too_many_codes",
)  # fmt: skip
WHY_NOT_PROVED: Final = ("code_wrong", "code_over", "card_code_used")
NOTES_SENT: Final = (
    "Above the program's `spending_proof` a number is not enough. Who has no card at hand is sent "
    "six digits, by text message where this house sends any, else by e-mail; they are good for ten "
    "minutes and five tries, and for the reward named. Asked again under the same Idempotency-Key "
    "nothing more is sent. Three codes in a quarter of an hour and ten a day go to one address."
)
NOTES_PROVED: Final = (
    "The answer's `card_code` is good for ten minutes, for whoever sent the digits, and for one "
    "thing: what the code was sent for. Sent again by the same, it is the same answer."
)
OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/spending-codes",
        name="send_spending_code",
        tag="Rewards",
        says="Send a member a code, to prove that they are the one who spends",
        notes=NOTES_SENT,
        scopes=(Scope.REDEMPTIONS_WRITE,),
        sent=SpendingCodeSent,
        answers={201: SpendingCodeAsked},
        example=SENT_EXAMPLE,
        answer_example=ASKED_EXAMPLE,
        codes=WHY_NOT_SENT,
        do=send_code,
    ),
    Operation(
        method="POST",
        path="/v1/spending-codes/{code_id}/proof",
        name="prove_spending_code",
        once=Once.ANEW,
        tag="Rewards",
        says="The member says the digits they were sent",
        notes=NOTES_PROVED,
        scopes=(Scope.REDEMPTIONS_WRITE,),
        sent=DigitsSent,
        answers={200: SpendingProved},
        example={"code": "481 507"},
        answer_example=PROVED_EXAMPLE,
        codes=("not_found", *WHY_NOT_PROVED),
        do=take_code,
    ),
)

"""A record as it was signed becomes what flows take; what cannot be read of it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Settle
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.tills.commands import Taken, ToldRecord
from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.access.staff.types import Staff, WorkedIn, staff_of
from regulars.records.activity.types import Body, ReturnedLine
from regulars.records.members.identify import normal_or_fault, normal_ref
from regulars.records.members.types import Asked, Identifier
from regulars.records.tills.clock import Told
from regulars.records.tills.signing import bytes_of
from regulars.records.tills.types import Till, TillRecord
from regulars.surfaces.api.operations.members import joining, joining_of
from regulars.surfaces.api.strict.bodies import decode, scan
from regulars.surfaces.api.strict.ids import required
from regulars.surfaces.api.wire.activities import ActivitySent, command_of
from regulars.surfaces.api.wire.members import MemberSent, names_of
from regulars.surfaces.api.wire.parts import instant_of, member_of, sale_of
from regulars.surfaces.till.sync.wire import (
    ActivityContent,
    CreditContent,
    RecordSent,
    RedeemContent,
    SignedText,
    VoidContent,
    till_id_of,
)
from regulars.surfaces.till.typed import by_code, meanings, own_names

CHANNEL: Final = "till"
_HEAD: Final = msgspec.json.Decoder(SignedText)
_CONTENTS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    "activity": msgspec.json.Decoder(ActivityContent),
    "join": msgspec.json.Decoder(MemberSent),
    "redeem": msgspec.json.Decoder(RedeemContent),
    "void": msgspec.json.Decoder(VoidContent),
    "credit": msgspec.json.Decoder(CreditContent),
}


class Work(NamedTuple):
    """A record that is to go to the books: what, when, under which key."""

    record_id: UUID
    sequence: int
    key: str
    occurred_at: datetime
    signed: str


class Asking(NamedTuple):
    """A flow and what it is asked."""

    flow: Any
    command: Any
    typed: str = ""
    """What somebody showed whom the device did not know: who that is, is still to be found."""


def told_of(sent: RecordSent, till: Till, terms: Terms) -> ToldRecord:
    """One record as a flow takes it, whatever is wrong with it.

    Example: a text that is no JSON has the number 0, and `ill` says why.
    """
    signature = bytes_of(sent.signature) or b""
    text = sent.signed
    try:
        head = _head(text)
        previous = bytes_of(head.previous)
        if head.till != till_id_of(till) or previous is None:
            return ToldRecord(text, signature, ill="it says that it is of another till")
    except Fault as fault:
        return ToldRecord(text, signature, ill=f"{fault.field} {fault.says}".strip())
    told = ToldRecord(
        signed=text,
        signature=signature,
        sequence=head.sequence,
        previous=previous,
        kind=head.kind,
        key=head.key,
        cashier=head.cashier.replace("\0", ""),
        time=Told(instant_of(head.device_at, ""), head.offset_ms, head.heard_at),
    )
    try:
        asking_of(Work(UUID(int=0), head.sequence, head.key, head.device_at, text), till, terms)
        content = decode(head.content, _CONTENTS[head.kind])
        return replace(told, whom=_whom(content, terms))
    except Fault as fault:
        return replace(told, ill=f"{fault.field} {fault.says}".strip())


def _head(text: str) -> SignedText:
    try:
        head: SignedText = decode(text.encode(), _HEAD)
    except RecursionError:
        raise Invalid("this is nested without end", field="/content") from None
    instant_of(head.device_at, "/device_at")
    instant_of(head.heard_at, "/heard_at")
    return head


def _whom(content: Any, terms: Terms) -> str:
    """By what a record names somebody, in the form in which names are kept, a line each."""
    country = terms.versions[-1].program.country
    names: list[Any] = []
    if isinstance(content, ActivitySent | CreditContent) and content.member is not None:
        names = [normal_ref(by_code(member_of(content.member)), country)]
    elif isinstance(content, ActivityContent) and content.typed is not UNSET:
        said = [one.identifier() for one in meanings(content.typed)]
        names = [normal_or_fault(one.kind, one.value, country) for one in said if one]
    elif isinstance(content, MemberSent):
        names = [normal_or_fault(one.kind, one.value, country) for one in content.identifiers]
    return "\n".join(one.value for one in names if isinstance(one, Identifier))


def names_given(told: ToldRecord) -> tuple[Identifier, ...]:
    """What somebody who joined is to be found by; nothing where nobody joined, or it is unread."""
    if told.kind != "join" or told.ill:
        return ()
    sent: MemberSent = decode(_head(told.signed).content, _CONTENTS[told.kind])
    return names_of(sent.identifiers)


def asking_of(work: Work, till: Till, terms: Terms) -> Asking:
    """What is asked for a record, under its key, of the till and of its store.

    Keeps: the same record asks for the same thing whenever it is asked. What has no receipt is its
    own: the till and the record's key, so that a return can name it.
    Faults: Invalid at the field, and whatever a body of the API is refused for; also for a record
    of another till, which a device may hold that was paired anew with the key it had.
    """
    scan(work.signed.encode())
    head = _head(work.signed)
    if head.till != till_id_of(till):
        raise Invalid("it says that it is of another till", field="/till")
    content: Any = decode(head.content, _CONTENTS[head.kind])
    asked = Asked(acting(head.cashier, till), work.key)
    if isinstance(content, MemberSent):
        wish = joining_of(content, asked)
        wish = replace(wish, identifiers=own_names(wish.identifiers))
        actor = wish.actor or head.cashier
        return Asking(joining, replace(wish, joined_at=work.occurred_at, actor=actor))
    if isinstance(content, RedeemContent):
        redemption = required("red", content.redemption, "/redemption")
        return Asking(redeem_rewards, Settle(redemption, "captured", asked=asked))
    if isinstance(content, VoidContent):
        pieces = tuple(ReturnedLine(one.line, one.quantity) for one in content.returned)
        sale, body = sale_of(content.sale), Body(returned=pieces)
        command = RecordActivity(kind="return", sale=sale, body=body, asked=asked)
        return Asking(record_activities, _at_till(command, work, till))
    if isinstance(content, CreditContent):
        sale, member = sale_of(content.sale), by_code(member_of(content.member))
        return Asking(credit_late, CreditLate(sale, member, asked, work.occurred_at))
    command, typed = command_of(content, terms, asked), content.typed or ""
    if typed and content.member is not None:
        raise Invalid("say the member, or what was typed", field="/typed")
    if bool(command.source) != bool(command.external_id):
        raise Invalid("a receipt has a source and an external_id", field="/external_id")
    if command.member is not None:
        command = replace(command, member=by_code(command.member))
    return Asking(record_activities, _at_till(command, work, till), typed)


def acting(cashier: str, till: Till) -> str:
    """As whom a till asks: its own, or its cashier's where one of the shop took it over.

    Example: `staff_… til_…`; a name that was typed is nobody's.
    """
    return till.principal if staff_of(cashier) is None else f"{cashier} {till.principal}"


def here(staff: Staff | None, till: Till, at: datetime, before: Sequence[WorkedIn] = ()) -> bool:
    """Whether somebody could stand at this till then: of its store now or at the time, by the
    stores they had `before`, and not left before it.

    Example: sold on Friday, moved to another store on Saturday, handed in on Monday: they could.
    """
    if staff is None or not (staff.closed_at is None or at < staff.closed_at):
        return False
    then = next((one for one in before if at < one.until), None)
    worked = then is not None and (then.stores is None or till.store in then.stores)
    return worked or staff.works_in(till.store)


def _at_till(command: RecordActivity, work: Work, till: Till) -> RecordActivity:
    receipt = (command.source, command.external_id)
    source, external_id = receipt if command.external_id else (till.principal, work.key)
    return replace(
        command,
        occurred_at=work.occurred_at,
        store=till.store,
        channel=command.channel or CHANNEL,
        source=source,
        external_id=external_id,
    )


def work_of(record: TillRecord) -> Work:
    """A record as kept, to be tried again."""
    return Work(record.record_id, record.sequence, record.key, record.occurred_at, record.signed)


def joined_any(ends: Sequence[Taken], kinds: Mapping[UUID, str]) -> bool:
    """Whether somebody joined by one of these, now or when they were told before.

    Keeps: who was killed between the join and what waited for it is told the join again; then what
    waited is tried after all.
    """
    return any(kinds.get(one.record_id) == "join" and one.state == "applied" for one in ends)

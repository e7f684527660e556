"""A square that opens a member's card in their own telephone where nothing can be sent yet, and
digits that are sent to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, get_args

from msgspec import Meta, Struct

from regulars.base.faults import Refused
from regulars.records.access.staff.types import By, staff_of
from regulars.records.access.types import Scope
from regulars.records.outbox.delivery.types import Mailed
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.belonging.addresses import confirming, proving, unsubscribing
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import Whom, member_of
from regulars.surfaces.card.showing.code import square
from regulars.surfaces.signing_in import SigningIn
from regulars.surfaces.till.sync import examples
from regulars.surfaces.till.sync.cashiers import Cashier, proven
from regulars.surfaces.till.sync.devices import working

DOOR: Final = "/card/in?link="


class LinkSent(Struct, frozen=True, forbid_unknown_fields=True):
    """This member stands before the till and wants their card in their telephone."""

    member: Whom
    origin: Annotated[str, Meta(max_length=200, pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$(?!\n)")]
    """Where the device reaches this shop; telephones are led to the same place."""
    cashier: Cashier = ""


class LinkShown(Struct, frozen=True):
    """Where the card opens, once, until then."""

    link: str
    """An address of this shop, without its beginning."""
    until: datetime
    square: str
    """The whole address as a QR code, in SVG; black on white."""


async def show_link(call: Call) -> Reply:
    """A member's card opens in their own telephone."""
    till, sent = await working(call), call.sent
    if call.given.channels:
        granted(Refused("sender_there", "members get their code by message here"))
    await proven(call, till, sent.cashier)
    by = By(staff_of(sent.cashier), till.principal)
    door, member = SigningIn(call.given), member_of(sent.member)
    handed = granted(await door.hand_link(call.caller.program_id, member, by))
    link = f"{DOOR}{handed.link}"
    return Reply(LinkShown(link, handed.until, square(sent.origin + link)), 201)


class TillSpendingCodeSent(proving.SpendingCodeSent, frozen=True, forbid_unknown_fields=True):
    """The same at a till, by this cashier."""

    cashier: Cashier = ""


async def send_code(call: Call) -> Reply:
    """The member is sent digits, where they have no card at hand."""
    till = await working(call)
    await proven(call, till, call.sent.cashier)
    return await proving.asked(call, till.principal, till.principal)


async def take_code(call: Call) -> Reply:
    """The member says the digits they were sent."""
    till = await working(call)
    return await proving.proved(call, till.principal)


class TillQuestionSent(
    confirming.QuestionSent, frozen=True, forbid_unknown_fields=True, kw_only=True
):
    """This member stands before the till, and would like to hear from the shop."""

    member: Whom
    cashier: Cashier = ""


async def ask_them(call: Call) -> Reply:
    """The member is asked in their own telephone; a cashier's tick proves nothing."""
    till = await working(call)
    await proven(call, till, call.sent.cashier)
    member = member_of(call.sent.member)
    return await confirming.asked(call, call.sent, member, till.principal, till.principal)


class TillNoSent(Struct, frozen=True, forbid_unknown_fields=True):
    """This member stands before the till, and wants no more letters and text messages, or none of
    the one kind."""

    member: Whom
    channel: Mailed | None = None
    cashier: Cashier = ""


class TillNoHeard(Struct, frozen=True):
    """What stands from now on."""

    items: list[unsubscribing.ConsentShown]


async def hear_no(call: Call) -> Reply:
    """They are written to no more; who heard it is written down."""
    till, sent = await working(call), call.sent
    await proven(call, till, sent.cashier)
    by = By(staff_of(sent.cashier), till.principal)
    channels: tuple[Mailed, ...] = (sent.channel,) if sent.channel else get_args(Mailed)
    heard = ("said at a till", by)
    kept = await unsubscribing.taken_back(call, member_of(sent.member), channels, heard)
    return Reply(TillNoHeard(kept))


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/till/links",
        name="show_sign_in_link",
        once=Once.ANEW,
        tag="Tills",
        says="A member's card opens in their own telephone",
        notes="Until a sender is set up, nobody can be sent a code; so the till shows a square to "
        "scan. It opens the card of this member once, within five minutes, after one more touch in "
        "the telephone. Who had it shown is written down.",
        scopes=(Scope.TILL,),
        sent=LinkSent,
        answers={201: LinkShown},
        example=examples.LINK_SENT,
        answer_example=examples.LINK,
        codes=("not_found", "gone", "unknown_member", "pin_wrong", "sender_there"),
        do=show_link,
    ),
    Operation(
        method="POST",
        path="/v1/till/spending-codes",
        name="send_till_spending_code",
        tag="Tills",
        says="Send the member at this till a code, to prove that they are the one who spends",
        notes=proving.NOTES_SENT + " A till sends ten codes in a quarter of an hour at most.",
        scopes=(Scope.TILL,),
        sent=TillSpendingCodeSent,
        answers={201: proving.SpendingCodeAsked},
        example=proving.SENT_EXAMPLE,
        answer_example=proving.ASKED_EXAMPLE,
        codes=("not_found", "gone", "pin_wrong", *proving.WHY_NOT_SENT),
        do=send_code,
    ),
    Operation(
        method="POST",
        path="/v1/till/spending-codes/{code_id}/proof",
        name="prove_till_spending_code",
        once=Once.ANEW,
        tag="Tills",
        says="The member at this till says the digits they were sent",
        notes=proving.NOTES_PROVED,
        scopes=(Scope.TILL,),
        sent=proving.DigitsSent,
        answers={200: proving.SpendingProved},
        example={"code": "481 507"},
        answer_example=proving.PROVED_EXAMPLE,
        codes=("not_found", "gone", *proving.WHY_NOT_PROVED),
        do=take_code,
    ),
    Operation(
        method="POST",
        path="/v1/till/consent-confirmations",
        name="ask_for_till_consent",
        tag="Tills",
        says="Ask the member at this till, in their own telephone, whether they may be written to",
        notes=confirming.NOTES + " A till asks ten in a quarter of an hour at most.",
        scopes=(Scope.TILL,),
        sent=TillQuestionSent,
        answers={201: confirming.QuestionAsked},
        example={"member": {"phone": "+49 151 23456742"}},
        answer_example=confirming.ANSWER_EXAMPLE,
        codes=("not_found", "gone", "pin_wrong", *confirming.WHY_NOT),
        do=ask_them,
    ),
    Operation(
        method="POST",
        path="/v1/till/consents",
        name="hear_no_at_till",
        once=Once.AGAIN,
        tag="Tills",
        says="The member at this till wants no more letters or text messages",
        notes="A no needs no proof. Without a channel it is about both. Who heard it, where and "
        "when is kept; said again it changes nothing.",
        scopes=(Scope.TILL,),
        sent=TillNoSent,
        answers={200: TillNoHeard},
        example={"member": {"phone": "+49 151 23456742"}, "channel": "sms"},
        answer_example={"items": [{**unsubscribing.ANSWER_EXAMPLE, "channel": "sms"}]},
        codes=("not_found", "gone", "pin_wrong", "unknown_member"),
        do=hear_no,
    ),
)

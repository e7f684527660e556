"""A square that opens a member's card in their own telephone, where nothing can be sent yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.base.faults import Refused
from regulars.records.access.staff.types import By, staff_of
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply, granted
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


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/till/links",
        name="show_sign_in_link",
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
)

"""What whoever was served is asked: a square on the slip that the till prints."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno
from msgspec import Struct

from regulars.flows.telling.surveys.commands import InviteMember
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.records.access.members.spelling import survey_of
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.surveys.operations import PATH
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.till.sync.devices import working

RECEIPT: Final = "receipt"
"""The code of the survey that slips ask about."""


class SlipAsks(Struct, frozen=True):
    """What a slip asks its reader to."""

    link: str
    """Opens the survey for this member, once."""
    square: str
    """The same as a QR code, an SVG picture."""


async def ask(call: Call) -> Reply:
    """The member is asked. Faults: Gone for a till that is at rest, what inviting says."""
    till = await working(call)
    who = MemberRef(id=addressed("mem", call.ids["member_id"]))
    command = InviteMember(RECEIPT, who, call.by, till.store)
    found = await call.do(invite_members, command)
    base = call.given.public_url.rstrip("/")
    link = f"{base}{PATH}?link={survey_of(call.given.keyed, found.invitation_id)}"
    return Reply(SlipAsks(link, _square(link)))


def _square(text: str) -> str:
    """A QR code (ISO/IEC 18004), black on white with its quiet margin, as wide as it is shown."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, dark="#000",
        light="#fff",
    )  # fmt: skip
    return drawn.getvalue().decode()


OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/till/members/{member_id}/receipt-survey",
        name="ask_on_receipt",
        tag="Tills",
        says="A square for the slip, by which the member says how it was",
        notes="An invitation to the survey of the code `receipt`, for this store; without such a "
        "survey there is none. As any other: nobody is asked again within `survey_days`, the link "
        "cannot be guessed, and it is answered once. Asked again before it is answered, it is the "
        "same one.",
        scopes=(Scope.TILL,),
        once=Once.AGAIN,
        answers={200: SlipAsks},
        answer_example={
            "link": "https://club.example.org/card/survey?link=0198f3a2b4c87d10a1b2c3d4e5f60718",
            "square": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41"/>',
        },
        codes=("not_found", "unknown_member", "asked_lately", "survey_closed", "member_blocked",
               "gone"),
        do=ask,
    ),
)  # fmt: skip

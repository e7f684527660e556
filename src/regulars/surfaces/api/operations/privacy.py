"""What a person may ask: everything we hold of them, and that it goes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.flows.membership.erase_members import erase_members
from regulars.insight.export.person import person
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.erasure import read
from regulars.records.members.types import Erased, EraseMember, nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.parts import PageQuery
from regulars.surfaces.api.wire.privacy import (
    MemberErased,
    PersonShown,
    QuarantinePage,
    late_shown,
)

_AT: Final = examples.MEMBER["joined_at"]
_ID: Final = examples.MEMBER["id"]


async def erase(call: Call) -> Reply:
    """Everything personal of a member goes."""
    id_ = addressed("mem", call.ids["member_id"])
    erased: Erased = await call.do(erase_members, EraseMember(id_, asked=call.asked))
    body = MemberErased(shown("mem", erased.member_id), erased.erased_at, erased.voided)
    return Reply(body, 200, erased.replayed)


async def everything(call: Call) -> Reply:
    """Everything that is kept of a member."""
    id_ = addressed("mem", call.ids["member_id"])
    currency = (await call.terms()).versions[-1].program.currency
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        holds = await person(tx, currency, id_)
    return Reply(PersonShown(shown("mem", id_), call.now, holds))


async def quarantine(call: Call) -> Reply:
    """What was told of erased members, the latest first."""
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    last = None if before is None else before[0]
    async with call.transaction as tx:
        found = await read.quarantine(tx, before=last, limit=query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].quarantine_id,)) if more else None
    return Reply(QuarantinePage([late_shown(one) for one in page], more, cursor))


OPERATIONS = (
    Operation(
        method="DELETE",
        path="/v1/members/{member_id}",
        name="erase_member",
        tag="Privacy",
        says="Erase everything personal of a member",
        notes="Open redemptions are voided first. Names, identifiers, attributes and everything "
        "people wrote go; ids, amounts and times stay, and with them every sum of the books. What "
        "is told of them later is set aside. It cannot be undone; asked again, the first answer "
        "comes.",
        scopes=(Scope.MEMBERS_ERASE,),
        answers={200: MemberErased},
        answer_example={"id": _ID, "erased_at": _AT, "voided": 0},
        codes=("unknown_member",),
        do=erase,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/export",
        name="export_member",
        tag="Privacy",
        says="Everything that is kept of a member",
        notes="For a person who asks what is kept of them: the rows of every file of an export "
        "that are theirs, with columns as in the reference of export files. Of a member who was "
        "merged these are the rows of all their records, by whichever id it is asked; `member_id` "
        "says of which each row is.",
        scopes=(Scope.MEMBERS_EXPORT,),
        answers={200: PersonShown},
        answer_example={
            "id": _ID,
            "as_of": _AT,
            "holds": {
                "identifiers": [{"member_id": _ID, "kind": "email", "value": "ada@example.org"}]
            },
        },
        codes=("unknown_member",),
        do=everything,
    ),
    Operation(
        method="GET",
        path="/v1/quarantine",
        name="list_quarantine",
        tag="Privacy",
        says="What was told of erased members, the latest first",
        notes="Nothing of it is personal and nothing of it was booked; who sends it should stop.",
        scopes=(Scope.BOOKS_READ,),
        query=PageQuery,
        answers={200: QuarantinePage},
        answer_example={"items": [], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=quarantine,
    ),
)

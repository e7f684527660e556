"""Who stands at the till, by whatever was typed or scanned: one question, counted as one."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from regulars.base.tx import Tx
from regulars.records.access.types import Scope
from regulars.records.members import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.front.looking_up import looked_up
from regulars.surfaces.api.operations.examples import every_day
from regulars.surfaces.api.wire.members import MembersPage, member_shown
from regulars.surfaces.till.sync.devices import working
from regulars.surfaces.till.typed import meanings


class TypedQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What was typed or scanned at the till."""

    typed: Annotated[str, Meta(min_length=1, max_length=200)]


async def find(call: Call) -> Reply:
    """The one who is meant, or nobody."""
    till = await working(call)
    who = await looked_up(call, till.key_id, meanings(call.query.typed))

    async def look(tx: Tx, _: Any) -> tuple[Any, Any]:
        wanted: list[UUID] = [who] if who is not None else []
        return await read.members(tx, wanted), await read.identifiers_of(tx, wanted)

    people, names = await call.read(look)
    items = [member_shown(one, names[one.id]) for one in people.values()]
    return Reply(MembersPage(items, has_more=False, next_cursor=None))


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/till/members",
        name="find_at_till",
        tag="Tills",
        says="Find the member who stands at the till, by what was typed or scanned",
        notes="It is taken for a telephone, a loyalty number, a card, an e-mail or another's "
        "id, whichever finds somebody. A device may look for 30 in ten minutes and 300 in a day "
        "whom nobody knows; then it hears `too_many_lookups` of everybody. Whoever is found is not "
        "counted, and the changing code of a card goes on being read.",
        scopes=(Scope.TILL,),
        query=TypedQuery,
        answers={200: MembersPage},
        answer_example={"items": [every_day.MEMBER], "has_more": False, "next_cursor": None},
        codes=("not_found", "gone", "too_many_lookups"),
        do=find,
    ),
)

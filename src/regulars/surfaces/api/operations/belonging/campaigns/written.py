"""What campaigns and journeys wrote to a member, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.outbox.campaigns.types import MessageState, Way
from regulars.records.outbox.campaigns.written.read import written
from regulars.records.outbox.campaigns.written.types import Written
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import PageQuery


class WrittenShown(Struct, frozen=True):
    """A message that was meant for a member, and what became of it."""

    code: str
    """The campaign; of a journey its step."""
    name: str
    journey: str
    """The journey it is a step of; empty of a campaign."""
    channel: Way
    state: MessageState
    reason: str
    """Why it was skipped (`no_consent`, `capped`, `over`, …), or by which draw held out."""
    returned: str
    """`hard` or `complaint` where it came back."""
    asked_at: datetime
    """When it was meant for them."""
    settled_at: datetime | None
    read_at: datetime | None
    """When they opened it in their card."""


class WrittenPage(Struct, frozen=True):
    """Some of it, the latest first, and where to go on."""

    items: list[WrittenShown]
    has_more: bool
    next_cursor: str | None


async def of_member(call: Call) -> Reply:
    """What was written to them, the latest first."""
    id_, query = addressed("mem", call.ids["member_id"]), call.query
    before = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = await written(tx, id_, before and before[0], query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].place,)) if more else None
    return Reply(WrittenPage([_shown(one) for one in page], more, cursor))


def _shown(one: Written) -> WrittenShown:
    return WrittenShown(*(getattr(one, name) for name in WrittenShown.__struct_fields__))


_WRITTEN: Final[dict[str, Any]] = {
    "code": "come-back",
    "name": "Come back",
    "journey": "",
    "channel": "email",
    "state": "skipped",
    "reason": "no_consent",
    "returned": "",
    "asked_at": "2026-03-05T09:00:00Z",
    "settled_at": "2026-03-05T09:00:02Z",
    "read_at": None,
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/campaign-messages",
        name="messages_of_campaigns",
        tag="Campaigns",
        says="What campaigns and journeys wrote to a member, or did not write and why",
        notes="The latest first, also what waits and what was skipped. Notices that nobody has to "
        "agree to are not among it.",
        scopes=(Scope.MEMBERS_READ,),
        query=PageQuery,
        answers={200: WrittenPage},
        answer_example={"items": [_WRITTEN], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=of_member,
    ),
)

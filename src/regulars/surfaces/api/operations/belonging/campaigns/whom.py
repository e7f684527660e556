"""Whom a campaign was written to, and whom not and why, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from regulars.base.faults import NotFound
from regulars.records.access.types import Scope
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.types import MessageState, Way
from regulars.records.outbox.campaigns.written.read import written_to
from regulars.records.outbox.campaigns.written.types import WrittenTo
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import PageQuery


class WhomQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which of them."""

    state: MessageState | None = None
    reason: Annotated[str, Meta(max_length=40)] | None = None
    """Why somebody was skipped, or by which draw held out, as `report` counts them."""


class WhomShown(Struct, frozen=True):
    """A member whom it was meant for, and what became of it."""

    member_id: str
    channel: Way
    state: MessageState
    reason: str
    returned: str
    """`hard` or `complaint` where it came back."""
    settled_at: datetime | None


class WhomPage(Struct, frozen=True):
    """Some of them, and where to go on."""

    items: list[WhomShown]
    has_more: bool
    next_cursor: str | None


async def whom(call: Call) -> Reply:
    """Whom it was written to."""
    query: WhomQuery = call.query
    after = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        there = await read.campaign(tx, call.ids["campaign"])
        if there is None:
            raise NotFound(f"there is no campaign {call.ids['campaign'][:40]}", field="/campaign")
        which = (query.state, query.reason)
        found = await written_to(tx, there.campaign_id, which, after and after[0], query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].place,)) if more else None
    return Reply(WhomPage([_shown(one) for one in page], more, cursor))


def _shown(one: WrittenTo) -> WhomShown:
    return WhomShown(
        shown("mem", one.member_id), one.channel, one.state, one.reason, one.returned,
        one.settled_at,
    )  # fmt: skip


_ONE: Final[dict[str, Any]] = {
    "member_id": "mem_01920000000070008000000000000001",
    "channel": "email",
    "state": "skipped",
    "reason": "no_consent",
    "returned": "",
    "settled_at": "2026-03-05T09:00:02Z",
}
OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/campaigns/{campaign}/messages",
        name="members_of_a_campaign",
        tag="Campaigns",
        says="Whom a campaign was written to, and whom not and why",
        notes="With `state` or `reason` only those, as its report counts them. Whoever was merged "
        "since is named as who they stand as; of who was erased nothing is told.",
        scopes=(Scope.MEMBERS_READ,),
        query=WhomQuery,
        answers={200: WhomPage},
        answer_example={"items": [_ONE], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=whom,
    ),
)

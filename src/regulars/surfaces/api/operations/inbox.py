"""A member's inbox: what lies there, and that it was shown."""

from __future__ import annotations

from uuid import UUID

from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.outbox import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.inbox import (
    DeliveredSent,
    MessageDelivered,
    MessagesPage,
    message_delivered,
    message_shown,
)
from regulars.surfaces.api.wire.parts import PageQuery


async def messages(call: Call) -> Reply:
    """What lies in a member's inbox, newest first."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[UUID])
    names = (await call.terms()).wallet_names
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        last = None if before is None else before[0]
        found = await read.messages(tx, id_, before=last, limit=query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].message_id,)) if more else None
    return Reply(MessagesPage([message_shown(one, names) for one in page], more, cursor))


async def delivered(call: Call) -> Reply:
    """A message was shown."""
    sent: DeliveredSent = call.sent
    id_ = addressed("msg", call.ids["message_id"])
    answer = await call.do(deliver_messages, Deliver(id_, sent.by, call.asked))
    return Reply(message_delivered(answer), 200, answer.replayed)


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/messages",
        name="list_messages",
        tag="Standing and books",
        says="What lies in a member's inbox, newest first",
        notes="Reading it here does not deliver it: say so once the member has it before their "
        "eyes.",
        scopes=(Scope.MEMBERS_READ,),
        query=PageQuery,
        answers={200: MessagesPage},
        answer_example={"items": [examples.MESSAGE], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=messages,
    ),
    Operation(
        method="POST",
        path="/v1/messages/{message_id}/delivered",
        name="message_delivered",
        tag="Standing and books",
        says="A message was shown to its member",
        notes="On the card, the till or the receipt, or accepted by a channel. The first time "
        "counts; shown again, it stays. The body may be left out.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=DeliveredSent,
        body_optional=True,
        answers={200: MessageDelivered},
        example={"by": "receipt"},
        answer_example=examples.MESSAGE_DELIVERED,
        codes=("not_found", "member_erased"),
        do=delivered,
    ),
)

"""What was asked by the API lately, looked up by whoever asks what became of it."""

from __future__ import annotations

from regulars.records.access.requests import read
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import sandboxes as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.wire.terms.requests import RequestsPage, RequestsQuery, request_shown


async def requests(call: Call) -> Reply:
    """Requests of the last days."""
    query: RequestsQuery = call.query
    before = place_of(query.cursor, read.Place)
    wanted = read.Wanted(query.idempotency_key or "", query.outcome == "failed")
    async with call.transaction as tx:
        found = await read.requests(tx, wanted, query.limit + 1, before)
    kept, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of(kept[-1][0]) if more else None
    return Reply(RequestsPage([request_shown(one) for _, one in kept], more, cursor))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/requests",
        name="list_requests",
        tag="API keys",
        says="What was asked lately, newest first, or under one Idempotency-Key",
        notes="Requests of the last seven days that changed something, or wanted to, by whichever "
        "key of the program; a second or two after they were answered. Of what they said "
        "nothing is kept, and of their Idempotency-Key a digest and the first letters.",
        scopes=(Scope.KEYS_WRITE, Scope.BOOKS_READ),
        query=RequestsQuery,
        answers={200: RequestsPage},
        answer_example=examples.REQUESTS,
        codes=("bad_cursor",),
        do=requests,
    ),
)

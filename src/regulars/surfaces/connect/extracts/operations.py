"""Extracts for a warehouse: planned, tried, written now, ended, and those that are there."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import NotFound
from regulars.flows.errands.keep_extracts import (
    EndExtracts,
    WriteNow,
    end_extracts,
    plan_extracts,
    write_now,
)
from regulars.records.access.types import Scope
from regulars.records.errands.extracts import read
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.extracts.wire import (
    ExtractRunsPage,
    ExtractRunsQuery,
    ExtractsSent,
    ExtractsShown,
    ExtractsTried,
    extracts_shown,
    minutes_of,
    run_shown,
)
from regulars.surfaces.connect.extracts.wishing import extracts_from, tried
from regulars.surfaces.connect.feeds.wishing import Wanted

_SHOWN: Final = {
    "place": "s3",
    "at": "03:00",
    "address": "s3://warehouse/regulars",
    "format": "parquet",
    "account": "AKIA…",
    "endpoint": "",
    "region": "eu-central-1",
    "host_key": "",
    "paused": False,
    "next_at": "2026-03-03T02:00:00Z",
    "problem": "",
}
_SENT: Final = {
    "place": "s3",
    "at": "03:00",
    "address": "s3://warehouse/regulars",
    "account": "AKIA…",
    "secret": "…",
    "region": "eu-central-1",
}
_RUN: Final = {
    "number": 2,
    "name": "20260302T020000Z",
    "state": "done",
    "kind": "fresh",
    "files": 52,
    "rows": 8120,
    "bytes": 481_220,
    "begun_at": "2026-03-02T02:00:00Z",
    "done_at": "2026-03-02T02:00:09Z",
}


async def one(call: Call) -> Reply:
    """When and where they are written."""
    async with call.transaction as tx:
        found = await read.plan(tx)
    if found is None:
        raise NotFound("No extracts are planned")
    return Reply(extracts_shown(found))


async def keep(call: Call) -> Reply:
    """They are written so from now on."""
    sent: ExtractsSent = call.sent
    wanted = Wanted(
        sent.place, sent.address, sent.account or "", sent.secret or "", sent.private_key or "",
        sent.host_key or "", sent.endpoint or "", sent.region or "",
    )  # fmt: skip
    when = (minutes_of(sent.at), sent.format, sent.paused)
    wish = extracts_from(call.given, call.caller.program_id, wanted, when, call.by)
    terms = await call.terms()
    async with call.transaction as tx:
        (outcome,) = await plan_extracts(tx, terms, [wish])
    return Reply(extracts_shown(granted(outcome)))


async def end(call: Call) -> Reply:
    """None is written any more."""
    async with call.transaction as tx:
        (outcome,) = await end_extracts(tx, [EndExtracts(call.by)])
    return Reply(extracts_shown(granted(outcome)))


async def now(call: Call) -> Reply:
    """The next one does not wait."""
    async with call.transaction as tx:
        (outcome,) = await write_now(tx, [WriteNow(call.by)])
    return Reply(extracts_shown(granted(outcome)), 202)


async def attempt(call: Call) -> Reply:
    """Whether the place answers."""
    async with call.transaction as tx:
        found, own = await read.plan(tx), await read.own_name(tx)
    if found is None:
        raise NotFound("No extracts are planned")
    return Reply(await tried(call.given, (call.caller.program_id, own), found))


async def runs(call: Call) -> Reply:
    """Those that are there, and the one on its way."""
    query: ExtractRunsQuery = call.query
    before = place_of(query.cursor, tuple[int])
    async with call.transaction as tx:
        found = await read.page(tx, before[0] if before else None, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].number,)) if more else None
    return Reply(ExtractRunsPage([run_shown(one) for one in page], more, cursor))


_SCOPES = (Scope.KEYS_WRITE,)
_TAG = "Extracts"
_ALL = "/v1/extracts"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ALL,
        name="get_extracts",
        tag=_TAG,
        says="When and where extracts for a warehouse are written",
        scopes=_SCOPES,
        answers={200: ExtractsShown},
        answer_example=_SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ALL,
        name="put_extracts",
        once=Once.ANEW,
        tag=_TAG,
        says="Have what is fresh written every day: into a folder, to an SFTP server, to an object "
        "store",
        notes="The first one at a place has everything, each later one what is fresh since the one "
        "before; every row comes once. One is there whole or not at all: in a folder and on an "
        "SFTP server under its own name once it is, in an object store once its `manifest.json` "
        "is. Whoever may plan them has everything of this program put where they say.",
        scopes=_SCOPES,
        sent=ExtractsSent,
        answers={200: ExtractsShown},
        example=_SENT,
        answer_example=_SHOWN,
        codes=("invalid",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_ALL,
        name="delete_extracts",
        once=Once.AGAIN,
        tag=_TAG,
        says="Write no extracts any more; the keys are deleted, what is there stays",
        scopes=_SCOPES,
        answers={200: ExtractsShown},
        answer_example=_SHOWN,
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_ALL}/try",
        name="try_extracts",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether the place of extracts answers; nothing is put there",
        scopes=_SCOPES,
        answers={200: ExtractsTried},
        answer_example={"answers": True, "problem": "", "host_key": ""},
        do=attempt,
    ),
    Operation(
        method="POST",
        path=f"{_ALL}/now",
        name="write_extract_now",
        once=Once.ANEW,
        tag=_TAG,
        says="Write the next extract now and not at its time",
        scopes=_SCOPES,
        answers={202: ExtractsShown},
        answer_example=_SHOWN,
        codes=("invalid",),
        do=now,
    ),
    Operation(
        method="GET",
        path=f"{_ALL}/runs",
        name="list_extracts",
        tag=_TAG,
        says="The extracts that are there, and the one on its way, the newest first",
        scopes=_SCOPES,
        query=ExtractRunsQuery,
        answers={200: ExtractRunsPage},
        answer_example={"items": [_RUN], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=runs,
    ),
)

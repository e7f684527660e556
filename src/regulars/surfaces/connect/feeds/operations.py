"""Where the files of a source are looked for: kept, tried, ended, and how far each file is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from regulars.base.faults import NotFound
from regulars.flows.inlets.keep_feeds import EndFeed, end_feeds, feed_from
from regulars.records.access.types import Scope
from regulars.records.inlets.feeding import read
from regulars.records.inlets.feeding.types import NOTHING_LEFT, Feed
from regulars.records.inlets.types import Inlet
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.feeds.wire import (
    FeedFilesPage,
    FeedFilesQuery,
    FeedSent,
    FeedShown,
    FeedTried,
    feed_shown,
    file_shown,
)
from regulars.surfaces.connect.feeds.wishing import Wanted, feeds_from, tried
from regulars.surfaces.connect.inlets.operations import inlet_of

_AT: Final = "2026-03-02T03:00:00Z"
_HOST_KEY: Final = "SHA256:uNiVztksCsDhcc0u9e8BrrMLYzRmbZyRo1TzSbK7P3k"
SENT: Final = {
    "place": "sftp",
    "address": "sftp://files.example.org/sales",
    "account": "regulars",
    "secret": "…",
}
SHOWN: Final = {
    "place": "sftp",
    "address": "sftp://files.example.org/sales",
    "account": "regulars",
    "endpoint": "",
    "region": "",
    "host_key": _HOST_KEY,
    "looked_at": _AT,
    "next_at": "2026-03-02T03:01:00Z",
    "problem": "",
    "files_left": 0,
    "bytes_left": 0,
}
_FILE: Final = {
    "name": "sales-2026-03-01.csv",
    "size": 48_211,
    "modified_at": "2026-03-02T02:30:00Z",
    "state": "done",
    "rows": 812,
    "kept": 810,
    "known": 1,
    "unreadable": 1,
    "first_unreadable": [
        {
            "line": 17,
            "column": "",
            "reason": "this line has 6 values, the first line names 5 columns",
            "mend": "A value with the delimiter in it needs quotation marks; or two files were "
            "joined",
        }
    ],
    "problem": "",
    "seen_at": "2026-03-02T02:59:50Z",
    "done_at": _AT,
    "read_bytes": 48_211,
}


async def one(call: Call) -> Reply:
    """Where files are looked for."""
    inlet, feed = await _both(call)
    async with call.transaction as tx:
        left = await read.left(tx, [inlet.inlet_id])
    return Reply(feed_shown(feed, left.get(inlet.inlet_id, NOTHING_LEFT)))


async def keep(call: Call) -> Reply:
    """Files are looked for there from now on."""
    sent: FeedSent = call.sent
    wanted = Wanted(
        sent.place, sent.address, sent.account or "", sent.secret or "", sent.private_key or "",
        sent.host_key or "", sent.endpoint or "", sent.region or "",
    )  # fmt: skip
    wish = feeds_from(call.given, await inlet_of(call), wanted, call.by)
    async with call.transaction as tx:
        (outcome,) = await feed_from(tx, [wish])
    return Reply(feed_shown(granted(outcome)))


async def end(call: Call) -> Reply:
    """Files are looked for no more."""
    wish = EndFeed(addressed("inl", call.ids["inlet_id"]), call.by)
    async with call.transaction as tx:
        (outcome,) = await end_feeds(tx, [wish])
    return Reply(feed_shown(granted(outcome)))


async def attempt(call: Call) -> Reply:
    """Whether a place answers; nothing is read."""
    inlet, feed = await _both(call)
    async with call.transaction as tx:
        own = await read.own_folder(tx)
    return Reply(await tried(call.given, own, inlet, feed))


async def files(call: Call) -> Reply:
    """What was seen there, the newest first."""
    query: FeedFilesQuery = call.query
    inlet, before = await inlet_of(call), place_of(query.cursor, tuple[datetime, str])
    async with call.transaction as tx:
        found = await read.page(tx, inlet.inlet_id, before, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].seen_at, page[-1].name)) if more else None
    return Reply(FeedFilesPage([file_shown(one) for one in page], more, cursor))


async def _both(call: Call) -> tuple[Inlet, Feed]:
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("Nobody looks for files of this source")
    return inlet, found


_SCOPES = (Scope.INLETS_WRITE,)
_TAG = "Events in"
_ONE = "/v1/inlets/{inlet_id}/feed"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ONE,
        name="get_inlet_feed",
        tag=_TAG,
        says="Where the files of a source are looked for",
        scopes=_SCOPES,
        answers={200: FeedShown},
        answer_example=SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="put_inlet_feed",
        once=Once.ANEW,
        tag=_TAG,
        says="Have files looked for every minute: in a folder, on an SFTP server, in an object "
        "store",
        notes="Each row of a file that is there and no longer written to is an event of its own, "
        "read by the mapping of the source. Files are left where they are. A row is known by what "
        "it says: in files that overlap, or that come again, it counts once. Keys are kept "
        "encrypted and shown to nobody; they go with no other place.",
        scopes=_SCOPES,
        sent=FeedSent,
        answers={200: FeedShown},
        example=SENT,
        answer_example=SHOWN,
        codes=("invalid",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_inlet_feed",
        once=Once.AGAIN,
        tag=_TAG,
        says="Look for files no more; the keys are deleted",
        scopes=_SCOPES,
        answers={200: FeedShown},
        answer_example=SHOWN,
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_inlet_feed",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether the place of the files answers; nothing is read",
        scopes=_SCOPES,
        answers={200: FeedTried},
        answer_example={
            "answers": True,
            "problem": "",
            "files": 1,
            "names": ["sales-2026-03-01.csv"],
            "host_key": _HOST_KEY,
        },
        do=attempt,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/files",
        name="list_inlet_feed_files",
        tag=_TAG,
        says="The files that were seen, how far each was read, and what was unreadable",
        scopes=_SCOPES,
        query=FeedFilesQuery,
        answers={200: FeedFilesPage},
        answer_example={"items": [_FILE], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=files,
    ),
)

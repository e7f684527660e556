"""Where an extract ended, so that the next one gives every later row once and misses none.

A row is fresh when the snapshot of the extract before did not see it. To find such rows without
reading everything, ids help: they grow with time and are made after their transaction began. So a
transaction that the snapshot did not see has only ids above the moment at which the oldest
transaction of that time began (ADR 0076).
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.insight.export.connection import Connection
from regulars.insight.export.selecting import Since

CLOCKS_APART: Final = timedelta(minutes=5)
"""How far the clocks of servers and database may differ; costs reading, never rows."""
_ERA: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PREFIX: Final = "rx1."
_SNAPSHOTS: Final = re.compile(r"[0-9]{1,20}:[0-9]{1,20}:[0-9,]*")
_RUNNING = """
select clock_timestamp() as asked_at,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint as below,
       (select min(xact_start) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()) as oldest,
       (select coalesce(array_agg(backend_xid::text::bigint), '{}') from pg_stat_activity
         where datname = current_database() and backend_xid is not null) as known
"""
_SNAPSHOT = """
select pg_current_snapshot()::text as snapshot, now() as taken_at,
       array(select pg_snapshot_xip(pg_current_snapshot())::text::bigint) as running,
       (select system_identifier::text from pg_control_system()) as cluster,
       (select timeline_id from pg_control_checkpoint()) as timeline
"""


class Cursor(Struct, frozen=True):
    """The snapshot of an extract, and since when its oldest transaction ran."""

    program: str
    cluster: str
    timeline: int
    snapshot: str
    oldest: datetime
    taken_at: datetime

    def text(self) -> str:
        """The cursor as it travels."""
        return _PREFIX + base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    def since(self) -> Since:
        """From where on rows are fresh."""
        return Since(self.snapshot, floor_of(self.oldest))


class Bounds(Struct, frozen=True):
    """What ran when we asked, before our snapshot was taken."""

    oldest: datetime
    below: int
    known: frozenset[int]


def cursor_of(text: str) -> Cursor:
    """The cursor that is meant. Faults: Invalid for what no extract gave out."""
    raw = text.strip().removeprefix(_PREFIX)
    try:
        padded = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        found = msgspec.json.decode(padded, type=Cursor)
        # It becomes part of a statement, so it is looked at sign by sign.
        if _SNAPSHOTS.fullmatch(found.snapshot) is None:
            raise ValueError(found.snapshot)
        return found
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise Invalid(
            "This is not a cursor; it stands in the manifest.json of the extract before",
            field="--since",
        ) from None


def floor_of(moment: datetime) -> UUID:
    """The smallest id that can have been made at this moment, clocks being somewhat apart."""
    milliseconds = max(0, (moment - CLOCKS_APART - _ERA) // timedelta(milliseconds=1))
    return UUID(int=milliseconds << 80)


async def running(connections: list[Connection]) -> Bounds:
    """What runs right now; asked before the snapshot is taken, by each role for its own."""
    oldest, below, known = None, None, set()
    for connection in connections:
        (row,) = await connection.fetch(_RUNNING)
        known |= set(row["known"])
        below = row["below"] if below is None else min(below, row["below"])
        began = row["oldest"] or row["asked_at"]
        oldest = began if oldest is None else min(oldest, began)
    assert oldest is not None
    assert below is not None
    return Bounds(oldest, below, frozenset(known))


async def cursor_here(
    connection: Connection, program: str, bounds: Bounds, before: Cursor | None
) -> Cursor:
    """The cursor of our snapshot. A transaction of somebody we cannot see keeps the old moment."""
    (row,) = await connection.fetch(_SNAPSHOT)
    strangers = {x for x in row["running"] if x < bounds.below} - bounds.known
    oldest = bounds.oldest
    if strangers:
        oldest = before.oldest if before is not None else _ERA
    return Cursor(
        program, row["cluster"], row["timeline"], row["snapshot"], oldest, row["taken_at"]
    )


def refuse_foreign(before: Cursor, here: Cursor) -> None:
    """A cursor of another program, another database or a future we went back from tells nothing.

    Faults: Invalid.
    """
    ended, ends = (int(one.snapshot.split(":")[1]) for one in (before, here))
    same = (before.cluster, before.timeline) == (here.cluster, here.timeline)
    if before.program != here.program or not same or ended > ends:
        raise Invalid(
            "This cursor is of another program, or of a database that was restored since; "
            "make a full export, and go on from its cursor",
            field="--since",
        )
    if ends - ended > 2**31:
        raise Invalid(
            "This cursor is too old: too much was written since; make a full export",
            field="--since",
        )

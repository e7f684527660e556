"""The duty that reads streams, beside everything else: each by a task of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from regulars.base.keyed import Keyed
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import EachBeside, Turn, programs_in
from regulars.runtime.working.inlets.streamer import Streamer
from regulars.surfaces.senders.outgoing.guard import Guard

AT_ONCE: Final = 50
"""Streams that are read together."""
# A sandbox reads by its own clock, which is ahead. Whose stream waits longest comes first: where
# more are due than are read at once, none is left out for ever.
_DUE: Final = """
select s.program_id
  from stream s
  join inlet i on i.program_id = s.program_id and i.inlet_id = s.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = s.program_id
 where s.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 group by s.program_id
 order by min(s.next_at - coalesce(x.ahead, '0')), s.program_id
"""


def streams_of(streamer: Streamer, database: Database, owner_dsn: str) -> EachBeside:
    """The duty that reads streams: wherever one is due and nobody reads it yet."""

    async def turns() -> list[tuple[UUID, Turn]]:
        due: list[tuple[UUID, Turn]] = []
        for id_ in await programs_in(owner_dsn, _DUE, database.clock()):
            due += [
                (stream.inlet_id, Turn(id_, partial(streamer.one, stream, inlet)))
                for stream, inlet in await streamer.due(id_)
            ]
        return due

    return EachBeside("streams", timedelta(seconds=1), AT_ONCE, turns)


@asynccontextmanager
async def streaming(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[EachBeside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=4)
    streamer = Streamer(database, Programs(database), keyed, guard)
    duty = streams_of(streamer, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()

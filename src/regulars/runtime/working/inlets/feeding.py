"""The duty that looks for files, beside everything else: some places at a time."""

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
from regulars.runtime.working.inlets.feeder import Feeder
from regulars.surfaces.connect.feeds.places.there import Reach

AT_ONCE: Final = 4
"""Places that are looked at together; one that is slow holds up no more than its own."""
# A sandbox looks by its own clock, which is ahead.
_DUE: Final = """
select distinct f.program_id
  from feed f
  join inlet i on i.program_id = f.program_id and i.inlet_id = f.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = f.program_id
 where f.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""


def feeds_of(feeder: Feeder, database: Database, owner_dsn: str) -> EachBeside:
    """The duty that looks for files: wherever it is due and nobody looks yet."""

    async def turns() -> list[tuple[UUID, Turn]]:
        due: list[tuple[UUID, Turn]] = []
        for id_ in await programs_in(owner_dsn, _DUE, database.clock()):
            due += [
                (feed.inlet_id, Turn(id_, partial(feeder.one, feed, inlet)))
                for feed, inlet in await feeder.due(id_)
            ]
        return due

    return EachBeside("feeds", timedelta(seconds=1), AT_ONCE, turns)


@asynccontextmanager
async def feeding(
    owner_dsn: str, app_dsn: str, keyed: Keyed, reach: Reach
) -> AsyncIterator[EachBeside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=2)
    feeder = Feeder(database, Programs(database), keyed, reach)
    duty = feeds_of(feeder, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()

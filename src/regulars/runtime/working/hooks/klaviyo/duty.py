"""The duty that asks Klaviyo and tells it of everybody, beside everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from regulars.base.keyed import Keyed
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Beside, Turn, programs_in
from regulars.runtime.working.hooks.klaviyo.marketer import Marketer
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A sandbox asks by its own clock, which is ahead. Of who is paused nobody asks.
_DUE: Final = """
select k.program_id
  from klaviyo k
  join hook h on h.program_id = k.program_id and h.hook_id = k.hook_id and h.state <> 'paused'
  left join sandbox x on x.program_id = k.program_id
 where least(k.next_at, k.walk_at) <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""


@asynccontextmanager
async def klaviyo(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Beside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=8)
    marketer = Marketer(database, Programs(database), keyed, client.send)

    async def turns() -> list[Turn]:
        due = await programs_in(owner_dsn, _DUE, database.clock())
        return [Turn(id_, partial(marketer.go, id_)) for id_ in due]

    duty = Beside("klaviyo", timedelta(seconds=2), turns)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()

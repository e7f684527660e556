"""The duty that tells other systems of members, beside everything else."""

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
from regulars.runtime.working.inlets.relayer import Relayer
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

_HAVE: Final = """
select distinct o.program_id
  from outlet o
  join inlet i on i.program_id = o.program_id and i.inlet_id = o.inlet_id and i.state = 'active'
 order by 1
"""


@asynccontextmanager
async def relaying(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Beside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    relayer = Relayer(database, Programs(database), keyed, client.send)

    async def turns() -> list[Turn]:
        return [
            Turn(id_, partial(relayer.relay, id_)) for id_ in await programs_in(owner_dsn, _HAVE)
        ]

    duty = Beside("outlets", timedelta(seconds=2), turns)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()

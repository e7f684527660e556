"""The duty that tells shops of codes, beside everything else."""

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
from regulars.runtime.working.inlets.asking import asking
from regulars.runtime.working.inlets.code_teller import CodeTeller
from regulars.runtime.working.inlets.relaying import relaying
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A program whose codes go nowhere by now may still have some to end.
_DUE: Final = """
select program_id from code_shop
 union
select distinct program_id from shop_code where try_at is not null or state = 'made'
 order by 1
"""


@asynccontextmanager
async def telling_shops(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[Beside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(app_dsn, size=1)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    teller = CodeTeller(database, Programs(database), keyed, client.send)

    async def all_of(program_id: int) -> None:
        while await teller.tell(program_id):
            pass

    async def turns() -> list[Turn]:
        return [Turn(id_, partial(all_of, id_)) for id_ in await programs_in(owner_dsn, _DUE)]

    duty = Beside("shop-codes", timedelta(seconds=5), turns)
    try:
        yield duty
    finally:
        await duty.stop()
        await client.close()
        await database.close()


@asynccontextmanager
async def shops(
    owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard
) -> AsyncIterator[tuple[Beside, Beside, Beside]]:
    """The duties about other systems: what they are asked for, and what they are told."""
    where = (owner_dsn, app_dsn, keyed, guard)
    async with (
        asking(*where) as asks,
        telling_shops(*where) as tells,
        relaying(*where) as relays,
    ):
        yield asks, tells, relays

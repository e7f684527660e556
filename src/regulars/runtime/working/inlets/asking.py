"""The duty that asks shops for what their webhooks did not tell, beside everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from regulars.base.keyed import Keyed
from regulars.runtime.importing.paging import page_hand
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import Beside, Turn, programs_in
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.catching.asking import PATIENCE_S, ShopClient
from regulars.surfaces.senders.outgoing.guard import Guard

# A sandbox asks by its own clock, which is ahead.
_DUE: Final = """
select distinct c.program_id
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = c.program_id
 where c.next_at <= $1::timestamptz + coalesce(x.ahead, '0')
 order by 1
"""

# Hints are few and soon asked for; whose account is not asked keeps them until it is.
_HINTED: Final = """
select distinct c.program_id
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
  left join sandbox x on x.program_id = c.program_id
 where (c.failures = 0 or c.next_at <= $1::timestamptz + coalesce(x.ahead, '0'))
   and exists (select from arrival a
                where a.program_id = c.program_id and a.inlet_id = c.inlet_id
                  and a.code = 'asks' and a.state = 'passed')
 order by 1
"""


def asks_of(catcher: Catcher, looker: Looker, database: Database, owner_dsn: str) -> Beside:
    """The duty: first what is due, then what was hinted at.

    Order: a hint that fails moves the turn of its whole account, which would never come.
    """

    async def turns() -> list[Turn]:
        now = database.clock()
        due = await programs_in(owner_dsn, _DUE, now)
        hinted = await programs_in(owner_dsn, _HINTED, now)
        return [Turn(id_, partial(catcher.catch_up, id_)) for id_ in due] + [
            Turn(id_, partial(looker.look, id_)) for id_ in hinted
        ]

    return Beside("catch-up", timedelta(seconds=1), turns)


@asynccontextmanager
async def asking(owner_dsn: str, app_dsn: str, keyed: Keyed, guard: Guard) -> AsyncIterator[Beside]:
    """The duty of this installation, for as long as the block lasts."""
    # One keeps a page while what the next one tells is looked at.
    database = await Database.connect(app_dsn, size=2)
    client = ShopClient(guard, patience_s=PATIENCE_S, wide=4)
    programs = Programs(database)
    hand = page_hand()
    catcher = Catcher(database, programs, keyed, client.send, hand=hand)
    looker = Looker(database, programs, keyed, client.send)
    duty = asks_of(catcher, looker, database, owner_dsn)
    try:
        yield duty
    finally:
        await duty.stop()
        if hand is not None:
            await hand.close()
        await client.close()
        await database.close()

"""What the web shop of the demo needs of Regulars: two benefits, and a public key for its pages."""

from __future__ import annotations

import os
from typing import Final

from regulars.base.faults import Fault
from regulars.flows.access.api_keys import CreateKey, ShowAt, create_keys, show_keys_at
from regulars.records.access.read import keys
from regulars.records.access.staff.types import By
from regulars.records.access.types import Scope
from regulars.runtime.storage.database import Database

IN_THE_WINDOW: Final = """
benefits:
  - id: member-prices
    name: Member prices
    says: Beans and cups for less in the web shop
    channels: [web]
    categories: [beans, things]
  - id: first-in-line
    name: First in line
    says: The winter roast, two weeks before everybody
    channels: [web]
    skus: [winter-roast]
"""
"""What stands behind the program of the demo in its file."""
NAME: Final = "The web shop of the demo"


async def open_window(database: Database, program_id: int, base: str) -> str:
    """The public key of the demo's web shop, good where the demo is now; the same at each start."""
    origins = (base, *(base.replace("127.0.0.1", name) for name in ("localhost", "[::1]")))
    async with database.transaction(program_id) as tx:
        found = [one for one in await keys(tx) if one.name == NAME and one.is_open]
        if found:
            wishes = [ShowAt(found[0].key_id, origins, frozenset({Scope.ALL}))]
            (kept,) = await show_keys_at(tx, wishes, By(words="regulars demo"))
            if isinstance(kept, Fault):
                raise kept
            return kept.shown
        wish = CreateKey(
            NAME, (Scope.SHOP,), "regulars demo", may=frozenset({Scope.ALL}), origins=origins
        )
        (made,) = await create_keys(tx, os.urandom, [wish])
    if isinstance(made, Fault):
        raise made
    return made.shown

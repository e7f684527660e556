"""Keys of the shop's other systems; one of them opens nothing any more."""

from __future__ import annotations

import os
from typing import Final

from regulars.flows.access.api_keys import CreateKey, create_keys, revoke_keys
from regulars.records.access.staff.types import By
from regulars.records.access.types import Scope
from regulars.runtime.examples.shop.lived.week import House, Week, done

WEEK: Final = 30
_ALL: Final = frozenset({Scope.ALL})
KEYS: Final = (
    ("Book-keeping", (Scope.BOOKS_READ, Scope.REPORTS_READ)),
    ("Payments", (Scope.MEMBERSHIPS_WRITE,)),
    ("Old newsletter", (Scope.MEMBERS_READ,)),
)
"""The last one was revoked when the newsletter was shut off."""


async def make_keys(house: House, week: Week) -> None:
    """In one week they are made; nobody ever sees them, since nobody needs them."""
    if week.number != WEEK:
        return
    wishes = [CreateKey(name, scopes, "regulars demo", may=_ALL) for name, scopes in KEYS]
    async with house.database.transaction(house.terms.program_id) as tx:
        made = done(await create_keys(tx, os.urandom, wishes))
        done(await revoke_keys(tx, [made[-1].key.key_id], By(words="regulars demo")))

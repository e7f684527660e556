"""After a wrong file and the right one, the home page says what it would say of the right one."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import ADA, BOB, CYD, HISTORY, brought, undone

from regulars.insight.home.figures import Figures, figures
from regulars.runtime.storage.database import Database

_SPRING = datetime(2026, 4, 1, 12, tzinfo=UTC)


def _home(house: House) -> Figures:
    async def ask() -> Figures:
        database = await Database.connect(house.database.app_dsn, size=1)
        try:
            async with database.transaction(house.program_id) as tx:
                return await figures(tx, "Europe/Berlin", date(2015, 1, 1), _SPRING)
        finally:
            await database.close()

    return asyncio.run(ask())


def test_who_went_is_no_member_and_never_came(house: House, other_house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    assert _home(house).members == 3
    assert _home(house).came > 0
    undone(house, import_id)
    assert (_home(house).members, _home(house).came, _home(house).came_back) == (0, 0, 0)
    for one in (house, other_house):
        brought(one, ADA, BOB, CYD, history=HISTORY)
    assert _home(house) == _home(other_house)
    assert _home(house).months != ()

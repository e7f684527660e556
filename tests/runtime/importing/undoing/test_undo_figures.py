"""After a wrong file and the right one, the home page says what it would say of the right one."""

from __future__ import annotations

import asyncio
from datetime import date

from tests.runtime.importing.moving_in import House
from tests.runtime.importing.taking_back import ADA, BOB, CYD, HISTORY, brought, undone

from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.home.figures import Figures, figures
from regulars.insight.metrics.points import Moved
from regulars.insight.metrics.reading.points import moved
from regulars.insight.metrics.spans import Span
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

_SPRING = date(2026, 4, 1)


def _home(house: House) -> tuple[Figures, list[list[Moved]]]:
    async def ask() -> tuple[Figures, list[list[Moved]]]:
        database = await Database.connect(house.database.app_dsn, size=1)
        try:
            terms = await Programs(database).terms(house.program_id)
            going = True
            while going:
                async with database.transaction(house.program_id) as tx:
                    going = await prepare_rows(tx, terms, 100)
            async with database.transaction(house.program_id) as tx:
                span = Span(date(2015, 1, 1), _SPRING)
                days = [await moved(tx, wallet, span) for wallet in range(4)]
                return await figures(tx, _SPRING), days
        finally:
            await database.close()

    return asyncio.run(ask())


def test_who_went_is_no_member_and_never_came(house: House, other_house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    before, _ = _home(house)
    assert before.members == 3
    assert before.came > 0
    undone(house, import_id)
    after, _ = _home(house)
    assert (after.members, after.came, after.came_back) == (0, 0, 0)
    for one in (house, other_house):
        brought(one, ADA, BOB, CYD, history=HISTORY)
    assert _home(house) == _home(other_house)
    assert any(_home(house)[1])

"""Whatever fails while an import is taken back: it goes on from there, and the books are right."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.crash.faulty import Way, faulty
from tests.runtime.importing.moving_in import TODAY, House, Quiet
from tests.runtime.importing.taking_back import (
    ADA,
    BOB,
    CYD,
    HISTORY,
    brought,
    counted,
    joins,
    spends,
    standings,
)

from regulars.runtime.importing import undoing
from regulars.runtime.importing.undoing import TakenBack, undo_import
from regulars.runtime.storage.database import Database

WAYS: tuple[Way, ...] = ("refused", "cut before", "cut after")
MOST = 200


class _Lent(Database):
    """A database that somebody else closes."""

    async def close(self) -> None:
        return None


async def _struck(house: House, import_id: Any, way: Way) -> tuple[TakenBack, int]:
    """Take it back with its first statement failing, then its second, until it goes well."""
    clock = lambda: TODAY + timedelta(hours=1)  # noqa: E731
    real = await Database.connect(house.database.app_dsn, size=2, clock=clock)
    try:
        lent, faults = faulty(real, clock)
        lent.__class__ = _Lent

        async def connect(*_: Any, **__: Any) -> Database:
            return lent

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(undoing.Database, "connect", connect)
            patch.setattr(undoing, "BATCH", 2)
            for number in range(1, MOST):
                faults.arm(number, way)
                try:
                    asked = (house.program_id, import_id, "owner")
                    done = await undo_import("", asked, Quiet(), clock)
                except Exception:
                    assert faults.struck
                    continue
                if not faults.struck:
                    return done, number
    finally:
        await real.close()
    raise AssertionError("it never ends well")


@pytest.mark.in_turns(3)
@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_struck_at_every_statement_it_is_done_once(house: House, way: Way) -> None:
    joins(house, "dan")
    people = (ADA, BOB, CYD, "dan,2021-01-02T10:00:00Z,,l4,70")
    import_id = brought(house, *people, history=HISTORY)
    spends(house, "bob")
    done, tried = asyncio.run(_struck(house, import_id, way))
    assert done == TakenBack(members=2, others=1, kept={"spent": 1})
    assert tried > 10
    assert [row[0] for row in standings(house)] == ["bob", "dan"]
    assert counted(house) != []
    back = house.rows("select count(*) from activity where kind = 'return' and actor <> ''")
    assert back == [(1 + 2,)], "what was left of r1 and r4, and the return of the file"
    assert house.wrong_books() == {}

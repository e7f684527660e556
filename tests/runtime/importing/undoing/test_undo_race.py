"""Tills sell to members while two people take their import back at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.runtime.importing.moving_in import TODAY, House, Quiet
from tests.runtime.importing.taking_back import HISTORY, brought, standings

from regulars.flows.commands import RecordActivity
from regulars.flows.importing.take_back import begin_to_take_back, end_taking_back
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.types import MemberRef
from regulars.runtime.importing import undoing
from regulars.runtime.importing.undoing import TakenBack
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

_NAMES = tuple(f"m{n:02}" for n in range(60))
_PEOPLE = tuple(f"{name},2020-01-02T10:00:00Z,,{name},100" for name in _NAMES)
_SALES = tuple(f"purchase,{name},s{name},,2025-03-02T10:00:00Z,10.00" for name in _NAMES)

_RECEIPTS = "select key, content from once order by key"
_FILE = "select fingerprint, done_at from import"


async def _sells(house: House, sold: list[str]) -> None:
    clock = lambda: TODAY + timedelta(hours=1)  # noqa: E731
    database = await Database.connect(house.database.app_dsn, size=2, clock=clock)
    terms = await Programs(database).terms(house.program_id)
    for name in reversed(_NAMES):
        sale = RecordActivity("purchase", MemberRef(external=name), amount_minor=1000)
        async with database.transaction(house.program_id) as tx:
            (said,) = await record_activities(tx, terms, [sale])
        if getattr(said, "state", "") == "recorded":
            sold.append(name)
        await asyncio.sleep(0.005)
    await database.close()


def test_who_is_sold_to_first_keeps_everything_and_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "BATCH", 4)
    import_id = brought(house, *_PEOPLE, history=(HISTORY[0], *_SALES))
    sold: list[str] = []

    async def at_once() -> list[TakenBack]:
        asked = (house.program_id, import_id, "owner")
        backs = [undoing.undo_import(house.database.app_dsn, asked, Quiet()) for _ in range(2)]
        *done, _ = await asyncio.gather(*backs, _sells(house, sold))
        return [one for one in done if isinstance(one, TakenBack)]

    kept = {"bought": len(sold)} if (done := asyncio.run(at_once())) and sold else {}
    assert done == [TakenBack(len(_NAMES) - len(sold), 0, kept)] * 2
    assert sorted(row[0] for row in standings(house)) == sorted(sold)
    assert house.wrong_books() == {}


def test_of_two_who_come_to_the_end_at_once_one_moves_the_receipts(house: House) -> None:
    import_id = brought(house, *_PEOPLE, history=(HISTORY[0], *_SALES))
    moved: list[object] = []

    async def both() -> None:
        clock = lambda: TODAY + timedelta(hours=1)  # noqa: E731
        database = await Database.connect(house.database.app_dsn, size=2, clock=clock)
        terms = await Programs(database).terms(house.program_id)
        async with database.transaction(house.program_id) as tx:
            await begin_to_take_back(tx, import_id, "owner")
            await undoing.take_some_back(tx, terms, import_id)

        async def second() -> None:
            async with database.transaction(house.program_id) as tx:
                await end_taking_back(tx, import_id)

        async with database.transaction(house.program_id) as tx:
            await end_taking_back(tx, import_id)
            late = asyncio.create_task(second())
            await asyncio.sleep(0.3)
            moved.extend((await tx.fetch(_FILE), await tx.fetch(_RECEIPTS)))
            assert not late.done()
        await late
        async with database.transaction(house.program_id) as tx:
            assert [await tx.fetch(_FILE), await tx.fetch(_RECEIPTS)] == moved
        await database.close()

    asyncio.run(both())
    assert len(moved[1]) > len(_NAMES)  # type: ignore[arg-type]

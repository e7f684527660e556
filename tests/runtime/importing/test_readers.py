"""Files that several programs read are taken in as if one had read them, or not at all."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.runtime.importing.moving_in import ACTIVITIES, ADA, BOB, MEMBERS, House
from tests.surfaces.connect.moving.reading import PLACE, mapping

from regulars.records.ledger import read as ledger
from regulars.runtime.importing import crew, readers
from regulars.runtime.importing.messages import framed
from regulars.runtime.importing.reader import Piece, pack
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.moving import tables
from regulars.surfaces.connect.moving.lines import Source, read_file
from regulars.surfaces.connect.moving.tables import Share

ONE = pack(Piece(0, read=1))
FALLS = f"import os, sys; os.write(int(sys.argv[2]), {framed(ONE)!r})"
"""One piece that is well formed, and then the end of the program without its last word."""
SOME = UUID(int=1)
PLAIN = "select * from lot where program_id = $1 and member_id = any($2::uuid[]) and remaining > 0"


@pytest.fixture
def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even small files are read by several programs."""
    monkeypatch.setattr(readers, "WORTH_READERS", 0)


def files(house: House) -> list[str]:
    visits = [
        f"{ADA if n % 3 else BOB},visit,till,v{n},,2024-03-01T10:{n % 60:02}:00Z,,USD"
        for n in range(2_100)
    ]
    wrong = f"{ADA},visit,till,late,,2999-01-01T10:00:00Z,,USD"
    return [
        house.write("members.csv", *MEMBERS),
        house.write("activities.csv", ACTIVITIES, *visits, wrong),
    ]


def test_two_programs_read_what_one_reads(house: House, side_by_side: None) -> None:
    outcome = house.bring(*files(house), workers=2, dry=True)
    assert (outcome.lines, outcome.wrong) == (2_103, 1)
    assert outcome.before["activities.visit"] == "2100"
    assert outcome.before["members"] == "2"
    assert house.slips()[0].startswith("activities.csv,2102,occurred_at,2999-01-01 lies ahead")
    assert house.counts()["import_row"] == 0


def test_what_is_wrong_with_a_file_is_told_as_if_one_had_read_it(
    house: House, side_by_side: None
) -> None:
    broken = house.write("members.csv", *MEMBERS)
    Path(broken).write_bytes(Path(broken).read_bytes() + b"x,M\xfcller,\n")
    with pytest.raises(SetupProblem, match=r"members\.csv is not written in utf-8: it breaks"):
        house.bring(broken, workers=2)
    assert house.counts()["import"] == 0


def test_a_reader_that_falls_is_not_taken_for_the_end(
    house: House, side_by_side: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_COMMAND", (sys.executable, "-c", FALLS))
    with pytest.raises(SetupProblem, match="A program that reads the files fell"):
        house.bring(house.write("members.csv", *MEMBERS), workers=2)
    assert house.counts()["import"] == 0


@pytest.mark.parametrize("of", [1, 2, 3])
def test_shares_together_are_the_file_and_no_line_is_in_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: int
) -> None:
    monkeypatch.setattr(tables, "PIECE", 3)
    path = tmp_path / "f.csv"
    path.write_text(
        "who,wallet,points,ends\n" + "".join(f"m{n},points,{n},\n" for n in range(1, 21))
    )
    found = [
        line.line
        for number in range(of)
        for chunk in read_file(Source(path, "f", 0), mapping(), PLACE, Share(number, of))
        for line in chunk.lines
    ]
    assert sorted(found) == list(range(2, 22))


def test_open_lots_are_found_by_their_members_also_while_tables_are_young(
    fresh_database: Any,
) -> None:
    async def plan(sql: str) -> str:
        database = await Database.connect(fresh_database.app_dsn, size=1)
        try:
            async with database.transaction(1) as tx:
                await tx.fetch(f"prepare lots (int, uuid[]) as {sql}")
                rows = await tx.fetch(f"explain execute lots (1, '{{{SOME}}}')")
                await tx.fetch("deallocate lots")
                return "\n".join(row["QUERY PLAN"] for row in rows)
        finally:
            await database.close()

    trap = asyncio.run(plan(PLAIN))
    assert "lot_to_expire" in trap, f"the trap is gone; say so in ADR 0345: {trap}"
    found = asyncio.run(plan(ledger._OPEN_LOTS))
    assert "lot_pkey" in found, found

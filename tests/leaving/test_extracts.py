"""Extracts for a warehouse: every row once, none missed, however late its transaction commits."""

import asyncio
import base64
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.leaving.leaving import Rows, everything, export_of, keys, table
from tests.leaving.planting import Person, buy, erase, hold, person
from tests.makers import Shop, brings_back, buys

from regulars.base.faults import Invalid
from regulars.flows.recording.record_activities import record_activities
from regulars.insight.export import cursor
from regulars.insight.export.catalogue import files
from regulars.insight.export.cursor import Bounds, Cursor, cursor_of
from regulars.records.members.types import Identifier, JoinMember, MemberRef

APPENDED = {
    "activities": ("activity_id",),
    "entries": ("entry_id",),
    "postings": ("entry_id", "line"),
    "lot_moves": ("entry_id", "lot_id"),
    "trails": ("activity_id",),
    "events": ("event_id",),
}


def people_of(shop: Shop, size: int, seed: int = 5) -> list[Person]:
    chance = random.Random(seed)
    return [person(shop, chance, place) for place in range(size)]


BY_KEY = {"reward_codes": "code_id", "code_runs": "run_id"}


WHOLE = {file.name for file in files() if file.delta == "whole"}


def put_together(folders: list[Path]) -> dict[str, Rows]:
    """What a warehouse has after these extracts, as the README says it is done."""
    held: dict[str, Rows] = {}
    for folder in folders:
        fresh = everything(folder)
        members = {row["member_id"] for row in fresh["members"]}
        for name, rows in fresh.items():
            if name in APPENDED or name in ("erasures", "quarantine"):
                held[name] = held.get(name, []) + rows
            elif name in BY_KEY:
                key = BY_KEY[name]
                fresher = {row[key] for row in rows}
                stays = [r for r in held.get(name, []) if r[key] not in fresher]
                held[name] = stays + rows
            elif name in WHOLE:
                held[name] = rows
            else:
                stays = [r for r in held.get(name, []) if r["member_id"] not in members]
                held[name] = stays + rows
    return {name: sorted(rows, key=str) for name, rows in held.items()}


def test_extracts_put_together_are_the_whole(corner: Shop, tmp_path: Path) -> None:
    chance, folders = random.Random(2), []
    people = people_of(corner, 4)
    said = export_of(corner, tmp_path / "0").cursor
    folders.append(tmp_path / "0")
    for round_ in range(1, 4):
        one = people[round_]
        buy(corner, chance, one, "x", 100 + round_)
        hold(corner, chance, one, "x", 200 + round_)
        corner.join(JoinMember(identifiers=(Identifier("card", f"fresh-{round_}"),)))
        corner.record(brings_back(one.receipts[-1], receipt=f"back-{round_}"))
        corner.now += timedelta(days=9)
        corner.night()
        said = export_of(corner, tmp_path / str(round_), since=said).cursor
        folders.append(tmp_path / str(round_))
    export_of(corner, tmp_path / "whole")
    assert put_together(folders) == everything(tmp_path / "whole")


def test_an_extract_of_a_quiet_time_is_empty_and_cheap(corner: Shop, tmp_path: Path) -> None:
    people_of(corner, 3)
    said = export_of(corner, tmp_path / "0").cursor
    export_of(corner, tmp_path / "1", since=said)
    quiet = everything(tmp_path / "1")
    assert {name for name, rows in quiet.items() if rows} <= {
        "versions",
        "stock",
        "codes",
        "had",
        "aliases",
        "household_members",
        "households",
        "merges",
        "messages",
        "waiting_returns",
    }


class Slow:
    """A purchase whose transaction stays open while extracts come and go."""

    def __init__(self, shop: Shop, ref: MemberRef, receipt: str) -> None:
        self.shop, self.sale = shop, buys(ref, 700, receipt=receipt)
        self.go_on = asyncio.Event()

    async def begin(self) -> None:
        terms, decided = self.terms, asyncio.Event()

        async def sell() -> None:
            async with self.shop.transaction() as tx:
                await record_activities(tx, terms, [self.sale])
                decided.set()
                await self.go_on.wait()

        self.selling = asyncio.create_task(sell())
        await decided.wait()

    async def end(self) -> None:
        self.go_on.set()
        await self.selling


def around_a_slow_sale(shop: Shop, tmp_path: Path) -> list[Path]:
    """Extracts before, during and after a sale that takes long, with others that are quick."""
    slow_ref, quick_ref = shop.joined("slow", "quick")
    said = export_of(shop, tmp_path / "0").cursor
    slow = Slow(shop, slow_ref, "slow-1")
    slow.terms = shop.terms
    shop.run(slow.begin())
    shop.record(buys(quick_ref, 500, receipt="quick-1"))
    said = export_of(shop, tmp_path / "1", since=said).cursor
    shop.record(buys(quick_ref, 500, receipt="quick-2"))
    said = export_of(shop, tmp_path / "2", since=said).cursor
    shop.run(slow.end())
    export_of(shop, tmp_path / "3", since=said)
    return [tmp_path / name for name in "0123"]


def told(folder: Path) -> list[str]:
    return sorted(row["external_id"] for row in table(folder, "activities"))


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=5)])
def test_a_sale_that_commits_late_is_in_the_next_extract_once(
    corner: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: timedelta
) -> None:
    monkeypatch.setattr(cursor, "CLOCKS_APART", apart)
    folders = around_a_slow_sale(corner, tmp_path)
    assert [told(folder) for folder in folders] == [[], ["quick-1"], ["quick-2"], ["slow-1"]]
    for name, columns in APPENDED.items():
        rows = [row for folder in folders for row in table(folder, name)]
        assert len(keys(rows, *columns)) == len(set(keys(rows, *columns))), name
    export_of(corner, tmp_path / "whole")
    assert put_together(folders) == everything(tmp_path / "whole")


def test_control_a_cursor_of_the_clock_alone_misses_the_late_sale(
    corner: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(connections: list[object]) -> Bounds:
        # The moment of the extract itself, as if nothing ran that began before.
        first: Any = connections[0]
        (row,) = await first.fetch("select clock_timestamp() as at")
        return Bounds(row["at"], 0, frozenset())

    monkeypatch.setattr("regulars.insight.export.run.running", blind)
    monkeypatch.setattr(cursor, "CLOCKS_APART", timedelta(0))
    folders = around_a_slow_sale(corner, tmp_path)
    assert "slow-1" not in [receipt for folder in folders for receipt in told(folder)]


def test_control_without_the_snapshot_rows_come_twice(
    corner: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.insight.export.selecting.unseen", lambda *_: "true")
    folders = around_a_slow_sale(corner, tmp_path)
    receipts = [receipt for folder in folders for receipt in told(folder)]
    assert len(receipts) > len(set(receipts))


def test_a_return_that_waited_for_its_sale_is_extracted_when_it_is_decided(
    corner: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursor, "CLOCKS_APART", timedelta(0))
    (ref,) = corner.joined("ada")
    corner.record(brings_back("sale-1", receipt="back-1"))
    said = export_of(corner, tmp_path / "0").cursor
    said = export_of(corner, tmp_path / "1", since=said).cursor
    corner.record(buys(ref, 500, receipt="sale-1"))
    export_of(corner, tmp_path / "2", since=said)
    assert told(tmp_path / "2") == ["back-1", "sale-1"]
    assert len(table(tmp_path / "2", "trails")) == 2


def test_a_writer_nobody_can_see_keeps_the_old_moment(corner: Shop, tmp_path: Path) -> None:
    first = cursor_of(export_of(corner, tmp_path / "0").cursor)

    class Sees:
        async def fetch(self, *_: object) -> list[dict[str, object]]:
            taken = first.taken_at + timedelta(hours=1)
            return [{"snapshot": "9:12:9", "taken_at": taken, "running": [9], "cluster": "",
                     "timeline": 1}]  # fmt: skip

    seen = Bounds(first.taken_at + timedelta(hours=1), 12, frozenset())
    here = asyncio.run(cursor.cursor_here(Sees(), "corner", seen, first))  # type: ignore[arg-type]
    assert here.oldest == first.oldest
    known = Bounds(seen.oldest, 12, frozenset({9}))
    here = asyncio.run(cursor.cursor_here(Sees(), "corner", known, first))  # type: ignore[arg-type]
    assert here.oldest == seen.oldest


def test_an_erasure_is_told_to_the_warehouse(corner: Shop, tmp_path: Path) -> None:
    people = people_of(corner, 2)
    said = export_of(corner, tmp_path / "0").cursor
    erase(corner, people[0])
    export_of(corner, tmp_path / "1", since=said)
    id_ = f"mem_{people[0].id.hex}"
    assert [row["member_id"] for row in table(tmp_path / "1", "erasures")] == [id_]
    (member,) = table(tmp_path / "1", "members")
    assert (member["member_id"], member["state"], member["given_name"]) == (id_, "erased", "")
    assert table(tmp_path / "1", "identifiers") == []


@pytest.mark.parametrize(
    "said",
    ["", "rx1.", "rx1.!!!", "rx1." + base64.urlsafe_b64encode(b"{}").decode(), "yesterday"],
)
def test_what_is_no_cursor_is_refused(said: str) -> None:
    with pytest.raises(Invalid, match=r"manifest\.json of the extract before"):
        cursor_of(said)


def test_a_cursor_that_would_become_a_statement_is_refused(corner: Shop, tmp_path: Path) -> None:
    good = cursor_of(export_of(corner, tmp_path / "0").cursor)
    evil = msgspec.structs.replace(good, snapshot="1:2:'::pg_snapshot); drop table member; --")
    with pytest.raises(Invalid):
        cursor_of(evil.text())


@pytest.mark.parametrize(
    "change",
    [
        {"program": "bakery"},
        {"cluster": "1"},
        {"timeline": 99},
        {"snapshot": "9000000000:9000000000:"},
    ],
)
def test_a_cursor_of_something_else_is_refused(
    corner: Shop, tmp_path: Path, change: dict[str, object]
) -> None:
    good: Cursor = cursor_of(export_of(corner, tmp_path / "0").cursor)
    other = msgspec.structs.replace(good, **change)
    with pytest.raises(Invalid, match="make a full export"):
        export_of(corner, tmp_path / "1", since=other.text())
    assert not (tmp_path / "1").exists()
    assert not (tmp_path / "1.partial").exists()

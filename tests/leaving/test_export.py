"""Everything leaves in open files: whole or not at all, from one moment, and nothing of others."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import polars as pl
import pytest
from tests.leaving.leaving import everything, export_of, exporting, table
from tests.leaving.planting import CORNER, erase, found, person
from tests.makers import Shop, buys

from regulars.base.faults import Invalid, NotFound
from regulars.flows.recording.record_activities import record_activities
from regulars.insight.export import run
from regulars.insight.export.catalogue import LEFT_OUT, files
from regulars.insight.export.folder import check_folder, manifest_in
from regulars.records.members.types import MemberRef


def crowd(shop: Shop, size: int, seed: int = 3) -> list[object]:
    chance = random.Random(seed)
    return [person(shop, chance, place) for place in range(size)]


@pytest.fixture
def shop(corner: Shop) -> Shop:
    crowd(corner, 8)
    return corner


def test_every_table_leaves_or_says_why_it_stays(corner: Shop) -> None:
    sql = "select tablename::text from pg_tables where schemaname = 'public' and $1::int > 0"
    there = {row[0] for row in corner.rows(sql)}
    told = {file.table for file in files()} | LEFT_OUT.keys()
    assert there - told == set(), "give the table a file in insight/export/files, or say why not"


def test_csv_and_parquet_say_the_same_and_prove_it(shop: Shop, tmp_path: Path) -> None:
    one = export_of(shop, tmp_path / "parquet")
    other = export_of(shop, tmp_path / "csv", format="csv")
    assert everything(tmp_path / "parquet") == everything(tmp_path / "csv")
    assert check_folder(tmp_path / "parquet") == check_folder(tmp_path / "csv") == []
    assert {f.name: f.rows for f in one.files} == {f.name: f.rows for f in other.files}
    posted = next(f for f in one.files if f.name == "postings")
    assert posted.totals == {"amount": 0}
    assert posted.rows == shop.rows("select count(*) from posting where program_id = $1")[0][0]
    assert "`expires_at` | instant (UTC), may be empty" in (tmp_path / "csv/README.md").read_text()
    assert not [p for p in (tmp_path / "csv").rglob("*") if p.stat().st_mode & 0o077]


def test_files_of_members_have_what_the_tables_have(shop: Shop, tmp_path: Path) -> None:
    export_of(shop, tmp_path / "x")
    lots = table(tmp_path / "x", "lots")
    kept = shop.rows("select sum(remaining)::bigint from lot where program_id = $1")[0][0]
    assert sum(row["remaining"] for row in lots) == kept > 0
    names = {row["value"] for row in table(tmp_path / "x", "identifiers")}
    sql = "select value from identifier where program_id = $1 and kind <> 'number'"
    assert names == {row[0] for row in shop.rows(sql)}
    (version,) = table(tmp_path / "x", "versions")
    assert version["source"] == CORNER
    steps = json.loads(table(tmp_path / "x", "trails")[0]["steps"])
    assert {"version", "given", "member"} <= steps.keys()
    at = pl.read_parquet(tmp_path / "x/canonical/members.parquet").schema["joined_at"]
    assert at == pl.Datetime("us", "UTC")


def test_nothing_of_another_program_leaves(shop: Shop, tmp_path: Path) -> None:
    others = {row[0] for row in shop.rows("select member_id::text from member where $1::int > 0")}
    shop.begin(CORNER, slug="next-door")
    shop.joined("grace")
    export_of(shop, tmp_path / "x")
    text = str(everything(tmp_path / "x"))
    assert len(table(tmp_path / "x", "members")) == 1
    assert not [id_ for id_ in others if id_ in text or id_.replace("-", "") in text]


def test_awkward_texts_come_out_as_they_went_in(corner: Shop, tmp_path: Path) -> None:
    texts = ['quo"ted', "two, and", "nul\\N", "ünïcödé 🎈", "' or 1=1 --", "", "NULL", "=1+1"]
    for place, text in enumerate(texts):
        (ref,) = corner.joined(f"m{place}", given_name=text)
        corner.record(buys(ref, 100, receipt=f"r{place}", store=text, channel="a\nb"))
    for kind in ("csv", "parquet"):
        export_of(corner, tmp_path / kind, format=kind)
        assert {r["given_name"] for r in table(tmp_path / kind, "members")} == set(texts)
        sold = table(tmp_path / kind, "activities")
        assert {(r["store"], r["channel"]) for r in sold} == {(text, "a\nb") for text in texts}
        warned = "import the columns as text" in (tmp_path / kind / "README.md").read_text()
        assert warned == (kind == "csv"), "no sign guards a text here; who opens it is told"
    assert "=1+1" in (tmp_path / "csv/canonical/members.csv").read_text().replace('"', ",").split(
        ","
    )


def test_of_an_erased_member_no_word_leaves(corner: Shop, tmp_path: Path) -> None:
    people = crowd(corner, 5)
    erase(corner, *people)  # type: ignore[arg-type]
    export_of(corner, tmp_path / "x", format="csv")
    text = "".join(p.read_text().lower() for p in (tmp_path / "x").rglob("*.*"))
    for one in people:
        words = one.words  # type: ignore[attr-defined]
        assert not [word for word in words if word.lower() in text]
    assert found(corner, people[0].words) == []  # type: ignore[attr-defined]
    gone = {row["member_id"] for row in table(tmp_path / "x", "erasures")}
    assert gone >= {f"mem_{one.id.hex}" for one in people}  # type: ignore[attr-defined]


def test_under_load_all_files_are_of_one_moment(shop: Shop, tmp_path: Path) -> None:
    terms = shop.terms
    (ref,) = shop.joined("busy")

    async def load(stop: asyncio.Event) -> int:
        done = 0
        while not stop.is_set():
            async with shop.transaction() as tx:
                await record_activities(tx, terms, [buys(ref, 300, receipt=f"load-{done}")])
            done += 1
        return done

    async def both() -> int:
        stop = asyncio.Event()
        busy = asyncio.create_task(load(stop))
        await exporting(shop, tmp_path / "x")
        stop.set()
        return await busy

    assert shop.run(both()) > 5
    assert incoherent(tmp_path / "x") == []


def incoherent(folder: Path) -> list[str]:
    """What does not fit together: entries, postings, lots, balances, activities, trails."""
    wrong = []
    entries = {row["entry_id"] for row in table(folder, "entries")}
    postings = table(folder, "postings")
    if entries != {row["entry_id"] for row in postings}:
        wrong.append("entries")
    held: dict[tuple[str, str], int] = {}
    for row in table(folder, "lots"):
        place = (row["member_id"], row["wallet"])
        held[place] = held.get(place, 0) + row["remaining"]
    kept = {
        (r["member_id"], r["wallet"]): r["available"] + r["held"]
        for r in table(folder, "balances")
        if r["available"] + r["held"]
    }
    if held != kept:
        wrong.append("lots")
    explained = {row["activity_id"] for row in table(folder, "trails")}
    sold = {row["activity_id"] for row in table(folder, "activities") if row["member_id"]}
    if not sold <= explained:
        wrong.append("trails")
    return wrong


def test_control_files_of_several_moments_are_noticed(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = shop.terms
    (ref,) = shop.joined("busy")
    whole = run._file
    sold: list[int] = []

    async def between(owner, folder, file, how):  # type: ignore[no-untyped-def]
        # Somebody buys between two files, and the snapshot is given up for it.
        await owner.execute("commit; begin")
        async with shop.transaction() as tx:
            await record_activities(tx, terms, [buys(ref, 300, receipt=f"b-{len(sold)}")])
        sold.append(1)
        return await whole(owner, folder, file, how)

    monkeypatch.setattr(run, "_file", between)
    export_of(shop, tmp_path / "x")
    assert incoherent(tmp_path / "x")


def test_a_folder_that_was_changed_is_found_out(shop: Shop, tmp_path: Path) -> None:
    export_of(shop, tmp_path / "x", format="csv")
    path = tmp_path / "x/books/postings.csv"
    path.write_text(path.read_text().replace("issued", "Issued", 1))
    (tmp_path / "x/books/entries.csv").unlink()
    said = check_folder(tmp_path / "x")
    assert said == [
        "books/entries.csv is missing",
        "books/postings.csv is not the file that was written: its digest is another",
    ]
    sums = manifest_in(tmp_path / "x")
    assert sums.program == "corner"


def test_a_folder_that_is_there_is_never_written_to(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(Invalid, match="exists already"):
        export_of(shop, tmp_path / "x")
    assert list((tmp_path / "x").iterdir()) == []


def test_two_exports_to_one_folder_at_once_make_one(shop: Shop, tmp_path: Path) -> None:
    async def both() -> list[object]:
        work = (exporting(shop, tmp_path / "x") for _ in range(2))
        return await asyncio.gather(*work, return_exceptions=True)

    outcomes = shop.run(both())
    assert sorted(type(one).__name__ for one in outcomes) == ["Invalid", "Manifest"]
    assert check_folder(tmp_path / "x") == []


def test_a_program_that_is_not_there_or_not_named(shop: Shop, tmp_path: Path) -> None:
    shop.begin(CORNER, slug="next-door")

    async def ask(slug: str) -> None:
        import asyncpg

        owner = await asyncpg.connect(shop.made.owner_dsn)
        try:
            await run.export(owner, owner, tmp_path / "x", run.Order(slug, "csv"))
        finally:
            await owner.close()

    with pytest.raises(NotFound, match="there are: corner, next-door"):
        shop.run(ask("bakery"))
    with pytest.raises(Invalid, match="--program"):
        shop.run(ask(""))
    assert list(tmp_path.iterdir()) == []


KILLED = """
import asyncio, sys, time
from pathlib import Path
import asyncpg
from regulars.insight.export import run
whole = run._file
async def slow(*args):
    print("file", flush=True)
    time.sleep(0.2)
    return await whole(*args)
run._file = slow
async def main():
    owner, app = await asyncpg.connect(sys.argv[1]), await asyncpg.connect(sys.argv[2])
    await run.export(owner, app, Path(sys.argv[3]), run.Order("corner", "parquet"))
asyncio.run(main())
"""


@pytest.mark.slow
def test_killed_half_way_nothing_is_there_and_the_next_one_succeeds(
    shop: Shop, tmp_path: Path
) -> None:
    target = tmp_path / "x"
    args = [sys.executable, "-c", KILLED, shop.made.owner_dsn, shop.made.app_dsn, str(target)]
    begun = subprocess.Popen(args, stdout=subprocess.PIPE, text=True)
    assert begun.stdout is not None
    for _ in range(4):
        assert begun.stdout.readline() == "file\n"
    os.kill(begun.pid, signal.SIGKILL)
    begun.wait(10)
    time.sleep(0.1)
    assert not target.exists()
    assert (tmp_path / "x.partial").exists()
    export_of(shop, target)
    assert check_folder(target) == []
    assert not (tmp_path / "x.partial").exists()


def test_the_manifest_can_be_read_by_anything(shop: Shop, tmp_path: Path) -> None:
    export_of(shop, tmp_path / "x", format="csv")
    told = msgspec.json.decode((tmp_path / "x/manifest.json").read_bytes())
    assert (told["program"], told["kind"], told["format"]) == ("corner", "full", "csv")
    assert all(len(file["sha256"]) == 64 for file in told["files"])
    assert MemberRef  # exports name members by id

"""Files in a folder: each row once, whatever the files are called and however they overlap."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.counter import Counter, problem

from regulars.records.inlets.feeding.types import Listed, Portion, further, met
from regulars.runtime.working.inlets import feeder
from regulars.surfaces.connect.feeds.places.folder import Folder


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter).from_folder()
    yield made
    made.counter.ask("DELETE", made.place)


def test_each_row_of_a_file_is_booked_once(drop: Drop) -> None:
    drop.put("a.csv", written(sold("1", "10.00", "once"), sold("2", "5.00", "once")))
    assert drop.look()["problem"] == ""
    assert drop.read("a.csv") == ("done", 2, 2, 0, 0)
    drop.book()
    assert drop.points(drop.card("once")) == 15
    drop.look()
    drop.book()
    assert (drop.read("a.csv"), drop.points(drop.card("once"))) == (("done", 2, 2, 0, 0), 15)


def test_a_file_that_is_still_written_is_not_read(drop: Drop) -> None:
    file = drop.put("a.csv", written(sold("1")))
    drop.put("b.csv.part", written(sold("2")))
    drop.put(".c.csv", written(sold("3")))
    drop.glance()
    drop.from_folder()  # looked at once more at once, and too soon
    drop.shop.run(drop.feeder.feed(drop.shop.program_id))
    assert drop.read("a.csv") == ("seen", 0, 0, 0, 0)
    file.write_text(written(sold("1"), sold("4")))
    drop.glance()
    assert drop.read("a.csv") == ("seen", 0, 0, 0, 0)
    drop.glance()
    assert drop.read("a.csv") == ("done", 2, 2, 0, 0)
    assert list(drop.files()) == ["a.csv"]


def test_a_last_line_without_an_end_waits_until_it_is_surely_whole(drop: Drop) -> None:
    whole = written(sold("1"), sold("2", "125.00"))
    old = drop.shop.now.timestamp() - 200_000  # an upload may keep the time of what it was made of
    os.utime(drop.put("cut.csv", whole[:-3]), (old, old))  # 125
    drop.put("quoted.csv", written(sold("3")) + '4;"never')
    drop.put("ends.csv", whole.rstrip("\n"))
    drop.look()
    assert {name: drop.read(name) for name in drop.files()} == {
        "cut.csv": ("reading", 1, 1, 0, 0),
        "quoted.csv": ("reading", 1, 1, 0, 0),
        "ends.csv": ("reading", 1, 0, 1, 0),
    }
    assert "its last line has no end" in drop.files()["cut.csv"]["problem"]
    drop.put("cut.csv", whole)
    drop.look()
    assert drop.read("cut.csv") == ("done", 2, 1, 1, 0)
    drop.later(minutes=15)
    drop.glance()
    assert drop.read("ends.csv") == ("done", 2, 0, 2, 0)
    assert drop.files()["ends.csv"]["problem"] == ""
    assert "line 3" in drop.files()["quoted.csv"]["problem"]


def test_a_file_that_does_not_come_holds_up_no_other_and_is_named(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, fetched = Folder.fetch, list[str]()

    async def slowly(self: Folder, one: Listed, to: Path) -> None:
        fetched.append(one.name)
        if one.name.startswith("slow"):
            await asyncio.sleep(60)
        await fetch(self, one, to)

    monkeypatch.setattr(Folder, "fetch", slowly)
    monkeypatch.setattr(feeder, "FETCHED_S", 0.3)
    drop.put("slow-1.csv", written(sold("1")))
    drop.later(seconds=1)
    drop.put("then.csv", written(sold("2")))
    assert drop.look()["problem"] == ""
    assert drop.read("then.csv")[0] == "done"
    slow = drop.files()["slow-1.csv"]
    assert (slow["state"], slow["problem"]) == ("seen", feeder.SLOW)
    drop.put("slow-2.csv", written(sold("3")))
    drop.put("at-last.csv", written(sold("4")))
    drop.glance()
    assert fetched.count("slow-1.csv") == 1  # it has its pause
    drop.later(hours=1)
    assert drop.glance()["problem"] == "it did not answer in time"
    assert drop.read("at-last.csv")[0] == "done"  # what was slow before comes last
    drop.later(hours=1)
    assert drop.glance()["problem"] == ""
    assert (fetched.count("slow-1.csv"), fetched.count("slow-2.csv")) == (2, 2)
    monkeypatch.setattr(Folder, "fetch", fetch)
    drop.later(hours=1)
    assert drop.glance()["problem"] == ""
    assert drop.read("slow-1.csv")[0] == "done"


def test_of_a_file_that_came_after_all_nothing_is_said() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    ((one,), _) = met({}, [Listed("a.csv", 9, at)], UUID(int=1), at)
    assert further(replace(one, problem=feeder.SLOW), Portion(1, 1, 0, ())).problem == ""


def test_what_overlaps_is_kept_once_and_two_equal_rows_are_two(drop: Drop) -> None:
    twice = written(sold("1"), sold("2"), sold("2"))
    drop.put("monday.csv", twice)
    drop.look()
    assert drop.read("monday.csv") == ("done", 3, 3, 0, 0)
    drop.put("again.csv", twice)
    drop.put("tuesday.csv", written(sold("2"), sold("3")))
    drop.look()
    assert drop.read("again.csv") == ("done", 3, 0, 3, 0)
    assert drop.read("tuesday.csv") == ("done", 2, 1, 1, 0)
    drop.put("monday.csv", written(sold("1"), sold("2"), sold("2"), sold("2")))
    drop.look()
    assert drop.read("monday.csv") == ("done", 4, 1, 3, 0)


def test_rows_that_cannot_be_read_are_told_and_the_others_are_kept(drop: Drop) -> None:
    good = [sold(str(number)) for number in range(1, 5)]
    torn = "\n".join(
        [
            "receipt;paid_at;customer;total", ";".join(good[0]), ";".join((*good[1], "more")),
            ";".join(good[2]), "9;2026-03-02;J\udce4;1", ";".join(good[3]), "",
        ]
    )  # fmt: skip
    drop.put("a.csv", torn.encode("utf-8", "surrogateescape"))
    drop.look()
    assert drop.read("a.csv") == ("done", 5, 3, 0, 2)
    slips = drop.files()["a.csv"]["first_unreadable"]
    assert [one["line"] for one in slips] == [3, 5]
    assert "5 values" in slips[0]["reason"]
    assert "not written in utf-8" in slips[1]["reason"]
    drop.put("mended.csv", written(*good))
    drop.look()
    assert drop.read("mended.csv") == ("done", 4, 1, 3, 0)


def test_a_file_that_breaks_half_way_is_kept_up_to_there(drop: Drop) -> None:
    drop.put("a.csv", written(sold("1")) + '2;"never;closed\n')
    drop.look()
    assert drop.read("a.csv") == ("done", 1, 1, 0, 0)
    assert "line 3" in drop.files()["a.csv"]["problem"]


@pytest.mark.parametrize(
    ("name", "told", "why"),
    [
        ("a.csv", b"", "empty"),
        ("a.docx", b"PK", "nobody says what it is"),
        ("a.parquet", b"no parquet", "cannot be read as Parquet"),
        ("a.csv", b"receipt,paid_at\n1,2\n", "seem to be parted by ','"),
        ("a.jsonl", b"no\njson\n", "no line that can be read"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(
    drop: Drop, name: str, told: bytes, why: str
) -> None:
    drop.put(name, told)
    drop.look()
    assert drop.read(name) == ("refused", 0, 0, 0, 0)
    assert why in drop.files()[name]["problem"]


def test_a_file_nobody_may_read_holds_up_no_other(drop: Drop) -> None:
    drop.put("a.csv", written(sold("1")))
    (drop.folder / "link.csv").symlink_to("/etc/passwd")
    (drop.folder / "folder.csv").mkdir()
    drop.put("b.csv", written(sold("2")))
    drop.look()
    assert sorted(drop.files()) == ["a.csv", "b.csv"]


def test_only_folders_of_its_own_are_looked_at(drop: Drop, counter: Counter) -> None:
    place = f"{drop.place}/feed"
    for address in ("../other", "/etc", "a/../../b", "a//b", ".", "a\\b"):
        answer = counter.ask("PUT", place, {"place": "folder", "address": address})
        assert problem(answer) == (422, "invalid", "/address"), address
    (drop.own / f"l-{drop.mark}").symlink_to("/etc", target_is_directory=True)
    drop.from_place(place="folder", address=f"l-{drop.mark}")
    assert "a file or a link" in drop.look()["problem"]
    drop.from_place(place="folder", address=f"none-{drop.mark}")
    assert "there is no folder" in drop.look()["problem"]
    tried = counter.post(f"{place}/try").json()
    assert (tried["answers"], "there is no folder" in tried["problem"]) == (False, True)


def test_what_was_refused_is_read_once_the_mapping_is_mended(drop: Drop, counter: Counter) -> None:
    drop.put("a.csv", written(sold("1"), sold("2")).replace(";", "|"))
    drop.look()
    assert drop.read("a.csv") == ("refused", 0, 0, 0, 0)
    mapping = drop.mapping.replace('delimiter: ";"', 'delimiter: "|"')
    answer = counter.ask("PATCH", drop.place, {"mapping": mapping})
    assert answer.status_code == 200, answer.text
    drop.look()
    assert drop.read("a.csv") == ("done", 2, 2, 0, 0)

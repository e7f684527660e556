"""`regulars codes …` as it is typed."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.points.test_codes import CINEMA
from tests.makers import Shop
from tests.runtime.cli.test_points import typed
from typer.testing import Result

from regulars.records.rewards.codes.lettering import folded, is_ours


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, CINEMA)
    yield opened
    opened.close()


def codes(shop: Shop, home: Path, *words: str) -> Result:
    return typed(shop, home, "codes", *words, program="cinema")


def test_vouchers_are_written_to_a_file_and_the_same_again(shop: Shop, tmp_path: Path) -> None:
    wish = ("issue", "voucher", "--to", "30", "--reason", "spring", "--key", "spring", "--out")
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    said = [codes(shop, tmp_path, *wish, str(file)) for file in files]
    assert "30 codes are issued" in said[0].output
    assert "are the same as before" in said[1].output
    assert files[0].read_text() == files[1].read_text()
    rows = list(csv.DictReader(files[0].open()))
    assert len({row["code"] for row in rows}) == 30
    assert all(is_ours(folded(row["code"])) for row in rows)
    third = codes(shop, tmp_path, *wish, str(files[0]))
    assert third.exit_code == 1
    assert "there already" in third.output
    assert shop.counts()["reward_code"] == 30


def test_to_everybody_or_to_those_with_an_attribute(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    wish = ("issue", "voucher", "--reason", "term", "--out", str(file), "--to")
    assert codes(shop, tmp_path, *wish, "student=true").exit_code == 1
    assert not file.exists()
    shop.joined("ada", attributes={"student": True})
    shop.joined("ben")
    assert codes(shop, tmp_path, *wish, "student=true").exit_code == 0
    (row,) = csv.DictReader(file.open())
    assert row["member_id"].startswith("mem_")
    assert codes(shop, tmp_path, *wish[:-2], str(tmp_path / "b"), "--to", "all").exit_code == 1
    shown = codes(shop, tmp_path, "left")
    assert [line.split("│")[1:4] for line in shown.output.splitlines() if "voucher" in line] == [
        [" voucher ", " 0    ", " 1      "]
    ]


def test_a_list_of_codes_is_taken_whole_or_its_slips_are_named(shop: Shop, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("Code,price\nM-1,3\nM-2,3\n")
    bad.write_text("M-3\nM-4\nm 3\n")
    upload = ("upload", "partner", "--reason", "bought")
    assert "2 are free" in codes(shop, tmp_path, *upload, str(good)).output
    again = codes(shop, tmp_path, *upload, str(good))
    assert (again.exit_code, "line 2 is a code that is here already" in again.output) == (1, True)
    assert "line 3 repeats line 1" in codes(shop, tmp_path, *upload, str(bad)).output
    assert "cannot be read" in codes(shop, tmp_path, *upload, str(tmp_path / "none.csv")).output
    assert shop.counts()["reward_code"] == 2

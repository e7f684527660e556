"""Lines of what was used: each is read as it is written, or listed with the mend."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.surfaces.connect.moving.reading import mapping, read

from regulars.flows.importing.commands import BringCode, OpenCount, OpenShelf
from regulars.records.imports.types import Part
from regulars.surfaces.connect.moving.ready import ready_mapping

WHO = "mem_01a21a9526407dbd89f8ac01fb2509c4"
LIMITS = "member_id,counter,period,used"
CODES = "reward,code,printed,member_id,state,issued_at,ends_at,closed_at,terms"
DAY = "2026-05-01T00:00:00Z"


def told(folder: Path, kind: str, *lines: str) -> Any:
    """What a file of our own says."""
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines))
    ours = msgspec.yaml.decode(ready_mapping("regulars"))
    ours["files"] = {"f": ours["files"][kind]}
    return read(path, mapping(msgspec.yaml.encode(ours).decode()))


def test_what_was_used_is_read(tmp_path: Path) -> None:
    lines = (LIMITS, f"{WHO},limit:a:day:times,739000,2", f"{WHO},remainder:points:no:1,0,-3")
    first, second = told(tmp_path, "limits", *lines).lines
    one = msgspec.msgpack.decode(first.packed, type=OpenCount)
    assert (one.counter, one.period, one.value) == ("limit:a:day:times", 739000, 2)
    assert msgspec.msgpack.decode(second.packed, type=OpenCount).value == -3
    (third,) = told(tmp_path, "budgets", "budget,period,used", "budget:all:year,2026,70").lines
    assert msgspec.msgpack.decode(third.packed, type=OpenCount).member is None
    assert (third.part, third.ref_kind) == (Part.LIMITS, "")


def test_what_is_left_is_read_and_pools_are_left_to_their_codes(tmp_path: Path) -> None:
    lines = ("reward,remaining,pool", "mug,4,no", "codes:film,2,yes")
    found = told(tmp_path, "stock", *lines)
    assert [msgspec.msgpack.decode(one.packed, type=OpenShelf) for one in found.lines] == [
        OpenShelf("mug", 4)
    ]
    assert found.left_aside == 1


def test_codes_are_read_as_they_stand(tmp_path: Path) -> None:
    lines = (CODES, "film,AB 12,AB 12,,free,,,,", f"film,CD34,,{WHO},issued,{DAY},,,{{}}")
    free, issued = told(tmp_path, "codes", *lines).lines
    assert msgspec.msgpack.decode(free.packed, type=BringCode).printed == "AB 12"
    one = msgspec.msgpack.decode(issued.packed, type=BringCode)
    assert (one.state, one.terms, one.ends_at) == ("issued", "{}", None)
    assert free.lane == issued.lane  # they meet on the shelf of their pool


@pytest.mark.parametrize(
    ("kind", "lines", "slip"),
    [
        ("limits", (LIMITS, f"{WHO},limit:b:day:times,7,5"),
         ("counter", "nothing is counted under 'limit:b:day:times' in this program")),
        ("limits", (LIMITS, ",limit:a:day:times,7,5"),
         ("member_id", "limit:a:day:times is counted of each")),
        ("limits", (LIMITS, f"{WHO},budget:all:year,7,5"),
         ("member_id", "budget:all:year is counted of all together")),
        ("limits", (LIMITS, f"{WHO},limit:a:day:times,7,-5"),
         ("used", "a count is a whole number from 0 to 9007199254740991")),
        ("limits", (LIMITS, f"{WHO},limit:a:day:times,99999999999,5"),
         ("period", "there is no such period")),
        ("limits", (LIMITS, f"{WHO},limit:a:day:times,7,1_0"),
         ("used", "'1_0' is not a plain decimal number such as 9.99")),
        ("progress", (LIMITS, ",limit:a:day:times,7,5"), ("member_id", "this line names nobody")),
        ("stock", ("reward,remaining", "cup,5"),
         ("reward", "there is no reward that runs out 'cup' in this program")),
        ("stock", ("reward,remaining", "mug,-1"), ("remaining", "fewer than none are left")),
        ("codes", (CODES, "cup,AB,,,free,,,,"),
         ("reward", "there is no reward 'cup' in this program")),
        ("codes", (CODES, "film,AB,,,lost,,,,"),
         ("state", "there is no state of a code 'lost' in this program")),
        ("codes", (CODES, "film,,,,free,,,,"), ("code", "this is empty")),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_listed_with_the_mend(
    tmp_path: Path, kind: str, lines: tuple[str, ...], slip: tuple[str, str]
) -> None:
    found = told(tmp_path, kind, *lines)
    ((_, line, column, says, mend),) = found.slips
    assert (line, (column, says)) == (2, slip)
    assert mend

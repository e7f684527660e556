"""Whichever engine decides a table of receipts, the report and its data are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.surfaces.replay.test_sales import HEAD, PROGRAM

from regulars.engine.replaying.kernel import running
from regulars.records.program.problems import ProgramFault
from regulars.runtime.checking.replay import Wanted, replay_file
from regulars.surfaces.replay.keeping import keep
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.tables import sections

SHARED = PROGRAM.replace("points: 90}", "points: 90, of: everyone}")


class Quiet:
    def begins(self, stage: str, total: int) -> None: ...

    def advances(self, by: int) -> None: ...


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel as Python runs it: compiling takes seconds and changes no answer."""
    made = running._made
    monkeypatch.setattr(running, "_made", lambda *texts, compiled: made(*texts, compiled=False))


def some_receipts(path: Path, many: int) -> Path:
    """A file of so many receipts of nine members, and a line that is none."""
    lines = [
        f"r{n},m{n % 9},2026-0{1 + n % 3}-{1 + n * 5 % 28:02}T{n * 7 % 24:02}:{n % 60:02}:00,"
        f"{n * 37 % 90}.{n % 100:02},{('mitte', 'west', '')[n % 3]}"
        for n in range(many)
    ]
    path.write_text(HEAD + "\n".join([*lines, "x,,2026-01-01,1,"]))
    return path


@pytest.fixture
def receipts(tmp_path: Path) -> Path:
    path = some_receipts(tmp_path / "receipts.csv", 150)
    path.write_text(f"{path.read_text()}\nr0,m0,2026-01-01,1.00,mitte")
    return path


def replayed(receipts: Path, engine: Any, draft: str = PROGRAM, machines: str = "") -> Result:
    against = PROGRAM.replace('per: "1.00"', 'per: "2.00"')
    wanted = Wanted(
        draft=draft.encode(),
        against=against.encode(),
        sales=receipts,
        engine=engine,
        machines=machines,
    )
    return replay_file(wanted, Quiet())


def assert_alike(one: Result, other: Result, folder: Path) -> None:
    """Both say the same, in the report and in their data."""
    assert sections(one) == sections(other)
    kept = (keep(one, folder / "a")[1:], keep(other, folder / "b")[1:])
    for mine, theirs in zip(*kept, strict=True):
        told = pl.read_parquet(mine)
        assert told.equals(pl.read_parquet(theirs)), mine
        assert told.height, mine


def test_both_engines_tell_the_same(receipts: Path, tmp_path: Path) -> None:
    fold, kernel = replayed(receipts, "fold"), replayed(receipts, "kernel")
    assert fold.decided == "both one by one, as a till would"
    assert kernel.decided == "both in columns, by the kernel"
    assert_alike(kernel, fold, tmp_path)
    assert len(fold.left_out) == 2


def test_what_the_kernel_does_not_take_is_decided_one_by_one_and_said(receipts: Path) -> None:
    result = replayed(receipts, "kernel", SHARED)
    assert result.decided == (
        "the program compared with in columns, by the kernel; the draft one by one, as a till "
        "would, since of a table of sales too little is known for this program"
    )
    assert sections(result) == sections(replayed(receipts, "fold", SHARED))


def test_a_short_history_does_not_wait_for_a_compiler(receipts: Path) -> None:
    assert replayed(receipts, "auto").decided == "both one by one, as a till would"


FRESH = """  - {id: fresh, on: purchase, wallet: points, award: {give: fixed, points: 2},
     when: {if: days_since, attribute: joined-on, before: 10}}
tiers:"""


def test_both_engines_know_since_when_somebody_is_with_us(receipts: Path, tmp_path: Path) -> None:
    draft = PROGRAM.replace("tiers:", FRESH)
    fold, kernel = replayed(receipts, "fold", draft), replayed(receipts, "kernel", draft)
    assert kernel.decided == "both in columns, by the kernel"
    assert any("fresh" in str(one) for one in sections(kernel))
    assert_alike(kernel, fold, tmp_path)


def test_a_slip_in_the_program_compared_with_is_told_as_its_own(receipts: Path) -> None:
    slip = PROGRAM.replace("wallet: points", "wallet: pionts")
    wanted = Wanted(draft=PROGRAM.encode(), against=slip.encode(), sales=receipts, engine="fold")
    with pytest.raises(ProgramFault) as fault:
        replay_file(wanted, Quiet())
    assert fault.value.file == "against"

"""Whichever engine decides a table of receipts, the report and its data are the same."""

from __future__ import annotations

from fractions import Fraction
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
from regulars.surfaces.replay.tables import FLOWS, sections
from regulars.surfaces.replay.words import money, number

SHARED = PROGRAM.replace("points: 90}", "points: 90, of: everyone}")


NOT_HERE = ("budgets", "elasticity")
"""Of which there is nothing, where no program has a budget and nobody says how people answer."""


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
        assert told.height or mine.stem in NOT_HERE, mine


def test_both_engines_tell_the_same(receipts: Path, tmp_path: Path) -> None:
    fold, kernel = replayed(receipts, "fold"), replayed(receipts, "kernel")
    assert fold.decided == "both one by one, as a till would"
    assert kernel.decided == "both in columns, by the kernel"
    assert_alike(kernel, fold, tmp_path)
    assert len(fold.left_out) == 2


def as_the_page_says_it(file: Path, result: Result) -> list[tuple[str, ...]]:
    """The rows of a file in the words of the report: its columns are those of the table."""
    words = {"": "none", "in force": result.before_called, "draft": result.after_called}
    words |= dict(FLOWS)

    def cell(column: str, value: Any) -> str:
        if column.endswith("_millionths"):
            return money(Fraction(value) / 10**6, result.program)
        if column.endswith("_minor"):
            return money(value, result.program)
        return words.get(value, value) if isinstance(value, str) else number(value)

    told = pl.read_parquet(file).drop("per", "from_on", strict=False)
    if file.stem == "budgets":
        told = told.drop("wallet")
    return [tuple(cell(*one) for one in row.items()) for row in told.to_dicts()]


def test_the_data_have_every_figure_of_the_report(receipts: Path, tmp_path: Path) -> None:
    """Each table of the page, written once more from its file alone."""
    budget = "budgets: [{id: cap, wallet: points, per: week, points: 40}]\n"
    wanted = Wanted(
        draft=(SHARED + budget).encode(), against=SHARED.encode(), sales=receipts, engine="fold",
        worth={"points": Fraction(1, 3)}, elasticities=[Fraction(1, 10)],
    )  # fmt: skip
    result = replay_file(wanted, Quiet())
    page = {one.title: one.rows for one in sections(result)}
    kept = {one.stem: one for one in keep(result, tmp_path / "kept")[1:-1]}
    told = {name: as_the_page_says_it(file, result) for name, file in kept.items()}
    for title, name in (
        ("Points", "points"), ("Liability over time", "liability"), ("Tiers", "tiers"),
        ("Segments", "segments"), ("Stores", "stores"), ("Rules", "rules"), ("Budgets", "budgets"),
    ):  # fmt: skip
        assert told[name] == [row[: len(told[name][0])] for row in page[title]], title
    costs = [page["Cost and liability"][each][1:3] for each in (0, 1, 3)]
    assert [row[1:] for row in told["cost"]] == costs
    ((_, sales, cost),) = told["elasticity"]
    ((_, sold, _, came_to, _),) = page["If people answer"]
    assert (sales, cost) == (sold, came_to)


def test_the_data_hold_the_sales_of_a_money_of_small_coins(tmp_path: Path) -> None:
    """A hundred thousand million rupiahs are some five million euros."""
    told = (f"r{n},m,2026-01-0{1 + n},9999999999.99," for n in range(9))
    (tmp_path / "large.csv").write_text(HEAD + "\n".join([*told, "r9,m,2026-02-01,9999999999.99,"]))
    draft = PROGRAM.replace("currency: EUR", "currency: IDR").encode()
    wanted = Wanted(
        draft=draft, against=draft, sales=tmp_path / "large.csv", engine="fold",
        worth={"points": Fraction(10**10)}, elasticities=[Fraction(1, 10)],
    )  # fmt: skip
    kept = {one.stem: one for one in keep(replay_file(wanted, Quiet()), tmp_path)[1:]}
    (sales, _, _) = pl.read_parquet(kept["cost"])["in_force_millionths"]
    assert sales == 99_999_999_999_90 * 10**6
    assert pl.read_parquet(kept["elasticity"])["sales_millionths"].item() == sales


PAYS_ITSELF = """wallets: {points: {kind: cashback, scale: 2, expiry: {after: 2 months}}}
rules:
  - {id: back, on: purchase, wallet: points, award: {give: per_amount, points: "0.05", per: 1}}
"""


def test_points_cost_what_is_had_for_them_wherever_they_are_spent(receipts: Path) -> None:
    """Money given back costs itself, also where no reward asks for it."""
    head = PROGRAM.split("wallets:")[0]
    result = replayed(receipts, "fold", head + PAYS_ITSELF)
    assert result.worths[1] == {"points": 1}
    pays = f"{PROGRAM}paying: {{wallet: points, points: 100, per: 2}}\n"
    assert replayed(receipts, "fold", pays).worths[1] == {"points": 2}


def test_a_budget_of_the_report_names_its_days_and_points(receipts: Path) -> None:
    draft = PROGRAM.replace("points: {expiry", "points: {scale: 1, expiry")
    draft += """budgets:
  - {id: daily, wallet: points, per: day, points: 4}
  - {id: weekly, wallet: points, per: week, points: 5}
  - {id: monthly, wallet: points, per: month, points: 6}
  - {id: yearly, wallet: points, per: year, points: 7}
  - {id: once, wallet: points, per: ever, points: "7.5"}
"""
    (table,) = [
        one for one in sections(replayed(receipts, "fold", draft)) if one.title == "Budgets"
    ]
    first = {
        row[1]: tuple(cell.replace("\u00a0", " ") for cell in row[2:]) for row in table.rows[::-1]
    }
    assert first == {
        "daily": ("1 January 2026", "4", "4", "100.0 %"),
        "weekly": ("week from 29 December 2025", "5", "5", "100.0 %"),
        "monthly": ("January 2026", "6", "6", "100.0 %"),
        "yearly": ("2026", "7", "7", "100.0 %"),
        "once": ("ever", "7", "7.5", "93.3 %"),
    }


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

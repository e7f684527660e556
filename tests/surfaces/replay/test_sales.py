"""A table of receipts is read as it is; a line that cannot be taken is named with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.engine.replaying.test_summing import shown

from regulars.base.faults import Invalid
from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel.columns import columns_of_sales
from regulars.engine.replaying.kernel.summing import summed
from regulars.engine.replaying.tally import Tally
from regulars.records.program.reading import read_program
from regulars.surfaces.connect.moving.fields import Place
from regulars.surfaces.replay.sales import read_sales

HEAD = "receipt,member,occurred_at,amount,store\n"
PROGRAM = """
regulars: 1
program: told
name: Told
currency: EUR
zone: Europe/Berlin
wallets: {points: {expiry: {after: 2 months, round_up_to: month}}}
stacking: {base: sum}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"},
     limits: [{per: month, points: 90}]}
  - {id: late, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: hour, from: 20, until: 24}}
  - {id: here, on: purchase, wallet: points, award: {give: fixed, points: 3},
     when: {if: store, in: [mitte]}}
tiers: {steps: [{id: silver, at: "50.00"}], window: rolling, rolling_days: 30}
"""


def place(currency: str = "EUR", decimals: int = 2) -> Place:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return Place({"points": 0}, (), currency, decimals, "Europe/Berlin", None, now)


def read(tmp_path: Path, *lines: str):
    path = tmp_path / "sales.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return read_sales(path, place())


def test_a_line_with_a_gap_is_left_out_with_the_reason(tmp_path: Path) -> None:
    sales = read(
        tmp_path,
        "r1,ada,2026-03-01T10:00:00,12.50,mitte",
        "r2,,2026-03-01T10:00:00,12.50,mitte",
        "r3,ada,yesterday,12.50,mitte",
        "r4,ada,2026-03-01T10:00:00,much,mitte",
        "r5,ada,2026-03-01T10:00:00,-3.00,mitte",
        "r6,ada,2026-03-01T10:00:00,1.005,mitte",
        "r7,ada,2027-03-01T10:00:00,1.00,mitte",
        "r1,ada,2026-03-01T10:00:00,12.50,mitte",
    )
    assert sales.frame.height == 1
    assert [(one.where, one.why.split(";")[0]) for one in sales.left_out] == [
        ("line 3", "no member"),
        ("line 4", "occurred_at is no time"),
        ("line 5", "amount is no number"),
        ("line 6", "a return"),
        ("line 7", "amount has more than the 2 decimals of EUR"),
        ("line 8", "it is in the future"),
        ("line 9", "this receipt was told before"),
    ]


def test_a_clock_without_a_zone_is_the_shops_own(tmp_path: Path) -> None:
    sales = read(
        tmp_path,
        "a,ada,2026-04-01 10:00:00,1.00,",
        "b,ada,2026-04-01T10:00:00Z,2.00,",
        "c,ada,2026-04-01T10:00:00+05:00,3.00,",
        "d,ada,2026-03-29 02:30:00,4.00,",
    )
    assert sales.frame.sort("line")["at"].to_list() == [
        datetime(2026, 4, 1, 8, tzinfo=UTC),
        datetime(2026, 4, 1, 10, tzinfo=UTC),
        datetime(2026, 4, 1, 5, tzinfo=UTC),
    ]
    assert [one.where for one in sales.left_out] == ["line 5"]  # an hour that never was


def test_a_table_without_the_columns_says_which_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pl.DataFrame({"member": ["ada"], "amount": [1.0]}).write_parquet(path)
    with pytest.raises(Invalid, match="no column occurred_at") as no:
        read_sales(path, place())
    assert no.value.field == "--sales"
    with pytest.raises(Invalid, match="cannot be read"):
        read_sales(tmp_path / "nowhere.parquet", place())


def test_kernel_and_fold_say_the_same_of_a_table(tmp_path: Path) -> None:
    lines = [
        f"r{n},m{n % 7},2026-0{1 + n % 3}-{1 + n * 5 % 28:02}T{n * 7 % 24:02}:{n % 60:02}:00,"
        f"{n * 37 % 90}.{n % 100:02},{('mitte', 'west', '')[n % 3]}"
        for n in range(120)
    ]
    sales = read(tmp_path, *lines)
    assert not sales.left_out
    terms = alone(compile_program(read_program(PROGRAM)), datetime(1970, 1, 1, tzinfo=UTC))
    window = (date(2026, 1, 20).toordinal(), date(2026, 5, 1).toordinal())
    ends = day_starts_at(terms.versions[0].zone, window[1])
    fold = Fold(terms, Tally(*window)).run(sales.happenings(), ends)
    columns = columns_of_sales(sales.members, sales.days("Europe/Berlin"))
    assert fold.tally.total("points", "expired") > 0
    assert set(fold.tally.rules) == {"euro", "late", "here"}
    assert shown(summed(terms, columns, window, compiled=False)[0]) == shown(fold)

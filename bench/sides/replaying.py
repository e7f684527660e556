"""P5: a history replayed under a draft, beside DuckDB's GROUP BY over the same file.

    .venv/bin/python -m bench.sides.replaying --rows 5000000

A Parquet file sorted by member: one amount per sale with its local day, weekday and hour, some
redemptions. The program has tiers by the spending of 365 days, a monthly cap and points that end.
The file is read and decided in two threads; some members are decided again by the functions of the
tills, and every one of their rows must come to the same.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import duckdb
import numba
import numpy as np
import polars as pl

from bench import results
from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel.columns import NAMES, Columns
from regulars.engine.replaying.kernel.running import Kernel, Ran
from regulars.engine.replaying.kernel.stepping import ACTIVITY, TAKE
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body
from regulars.records.program.reading import read_program

THREADS: Final = 2
SAMPLE: Final = 200
ROUNDS: Final = 5
GOAL_RATIO, GOAL_PER_SECOND = 3, 15_000_000
FIRST: Final = date(2023, 1, 1).toordinal()
DAYS: Final = 1095
PROGRAM: Final = """
regulars: 1
program: replayed
name: Replayed
currency: EUR
zone: UTC
wallets: {points: {expiry: {after: 12 months, round_up_to: month}}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"},
     limits: [{per: month, points: 500}]}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: "1.25"},
     when: {if: tier, at_least: silver}}
  - {id: weekend, on: purchase, wallet: points, award: {give: multiply, by: "1.5"},
     when: {if: weekday, in: [sat, sun]}}
tiers:
  window: rolling
  rolling_days: 365
  steps: [{id: bronze, at: 0}, {id: silver, at: "500.00"}, {id: gold, at: "2000.00"}]
"""


def main() -> int:
    """Make the file, time both, compare some members, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--rows", type=int, default=5_000_000)
    wants.add_argument("--members", type=int, default=0, help="a row in twenty, when not said")
    wants.add_argument("--out", type=Path)
    wanted, load = wants.parse_args(), os.getloadavg()[0]
    members = wanted.members or max(wanted.rows // 20, 1)
    terms = alone(compile_program(read_program(PROGRAM)), datetime(1970, 1, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.parquet"
        make(path, wanted.rows, members)
        begun = time.perf_counter()
        kernel = Kernel(terms.versions[0], read(path, 0, 1)[0])
        kernel.run(read(path, 0, 1)[0], FIRST + DAYS)
        compiling = time.perf_counter() - begun
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):  # one after the other, so that a busy machine slows both
            ours.append(timed(lambda: decided(kernel, path)))
            theirs.append(timed(lambda: grouped(path)))
        parts = decided(kernel, path)
        compared = judge(terms, parts)
    found = said(wanted.rows, members, (ours, theirs), (compiling, compared, load))
    if wanted.out:
        results.keep({"P5": found}, wanted.out)
    print(found)
    return 0


def make(path: Path, rows: int, members: int) -> None:
    """A history sorted by member and time; a row in twenty takes points, the others buy."""
    chance = np.random.default_rng(5)
    member = np.sort(chance.integers(0, members, rows))
    minute = chance.integers(0, DAYS * 1440, rows)
    order = np.lexsort((minute, member))
    member, minute = member[order], minute[order]
    day = FIRST + minute // 1440
    take = chance.random(rows) < 0.05
    amount = chance.integers(100, 20_000, rows)
    pl.DataFrame(
        {
            "member": member,
            "what": np.where(take, TAKE, ACTIVITY),
            "day": day,
            "weekday": (day - 1) % 7,
            "hour": minute % 1440 // 60,
            "amount": np.where(take, 0, amount),
            "units": np.where(take, amount // 100, 0),
        }
    ).write_parquet(path)


def read(path: Path, part: int, parts: int) -> tuple[Columns, Any]:
    """One part of the members of a file as columns."""
    members = pl.scan_parquet(path).select(pl.col("member").max()).collect().item() + 1
    low, high = members * part // parts, members * (part + 1) // parts
    own = pl.scan_parquet(path).filter(pl.col("member").is_between(low, high, closed="left"))
    return columns(own.collect())


def columns(frame: pl.DataFrame) -> tuple[Columns, Any]:
    """Rows of a file as the kernel takes them; what is not in the file is nothing."""
    member = frame["member"].to_numpy()
    starts = np.flatnonzero(np.diff(member)) + 1
    spans = np.concatenate(([0], starts, [len(member)])).astype(np.int64)
    nothing = np.zeros(len(member), np.int64)
    rows = {
        name: frame[name].to_numpy().astype(np.int64, copy=False)
        if name in frame.columns
        else nothing
        for name in NAMES
    }
    words = {"channel": [""], "store": [""]}
    return Columns([], spans, rows, ["purchase"], words, []), member


def decided(kernel: Kernel, path: Path) -> list[tuple[Columns, Any, Ran]]:
    """The whole file, read and decided by member range in threads."""

    def part(frame: pl.DataFrame) -> tuple[Columns, Any, Ran]:
        cut, member = columns(frame)
        return cut, member, kernel.run(cut, FIRST + DAYS)

    frame = pl.read_parquet(path)
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(part, halves(frame)))


def halves(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows in as many parts as threads, no member in two of them."""
    member = frame["member"].to_numpy()
    aims = [len(member) * part // THREADS for part in range(1, THREADS)]
    cuts = [0, *(int(np.searchsorted(member, member[aim])) for aim in aims), len(member)]
    return [frame[low:high] for low, high in pairwise(cuts)]


def grouped(path: Path) -> int:
    """DuckDB adds up every member of the same file."""
    connection = duckdb.connect(config={"threads": THREADS})
    sql = f"select member, count(*), sum(amount), max(day) from '{path}' group by member"
    return len(connection.execute(sql).fetchnumpy()["member"])


def timed(work: Callable[[], Any]) -> float:
    """Seconds that this takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def judge(terms: Terms, parts: list[tuple[Columns, Any, Ran]]) -> int:
    """Decide some members by the functions of the tills; every row must come to the same."""
    compared = 0
    for cut, member, ran in parts:
        for at in np.linspace(0, len(cut.spans) - 2, SAMPLE // THREADS).astype(int):
            compared += judge_one(terms, (cut, member, ran), int(at))
    return compared


def judge_one(terms: Terms, part: tuple[Columns, Any, Ran], at: int) -> int:
    """One member; how many rows were compared."""
    cut, member, ran = part
    low, high = int(cut.spans[at]), int(cut.spans[at + 1])
    rows = [one for row in range(low, high) for one in told(cut, int(member[row]), row)]
    fold = Fold(terms, Tally(0, 10**7))
    fold.run(rows, day_starts_at(terms.versions[0].zone, FIRST + DAYS))
    (state,) = fold.states.values()
    gave = {came.activity_id.int - 1: came.units.get("points", 0) for came in fold.tally.came}
    for row in range(low, high):
        assert gave.get(row, 0) == ran.gave[row, 0], (at, row)
    balance = state.balance(1)
    has = balance.available, balance.debt, balance.pending
    assert has == tuple(ran.balances[at, 0]), at
    assert [None, "bronze", "silver", "gold"][ran.tiers[at]] == state.tier, at
    return high - low


def told(cut: Columns, member: int, row: int) -> list[Happening]:
    """A row as the fold takes it."""
    value = {name: int(cut.rows[name][row]) for name in NAMES}
    day = datetime.fromordinal(value["day"]).replace(tzinfo=UTC)
    # The file keeps hours; rows of one hour follow each other.
    at = day + timedelta(hours=value["hour"])
    id_, whose = UUID(int=row + 1), UUID(int=member + 1)
    if value["what"] == TAKE:
        fact = {"member_id": whose, "now": at, "at": at, "cause_id": id_, "wallet": "points"}
        fact["units"] = value["units"]
        return [Happening(what="hold", **fact), Happening(what="release", **fact)]
    sold = Activity(
        id_, whose, "purchase", "file", "", None, at, "", "", value["amount"], Body(), ""
    )
    return [Happening(what="activity", member_id=whose, now=at, at=at, activity=sold)]


def said(
    rows: int,
    members: int,
    seconds: tuple[list[float], list[float]],
    more: tuple[float, int, float],
) -> dict[str, Any]:
    """The figures as they are kept."""
    ours, theirs = (statistics.median(each) for each in seconds)
    compiling, compared, load = more
    ratio, rate = ours / theirs, rows / ours
    return {
        "what": f"{rows:,} rows of {members:,} members replayed from Parquet, {THREADS} threads",
        "wanted": f"at most {GOAL_RATIO} × DuckDB's GROUP BY, {GOAL_PER_SECOND:,} rows/s",
        "per_second": round(rate),
        "ratios": {"duckdb_group_by": round(ratio, 2)},
        "reached": {"ratio": ratio <= GOAL_RATIO, "rows_per_second": rate >= GOAL_PER_SECOND},
        "figures": {
            "seconds": [round(each, 3) for each in seconds[0]],
            "duckdb_seconds": [round(each, 3) for each in seconds[1]],
            "compile_s": round(compiling, 2),
            "rows_compared_with_the_tills": compared,
        },
        "machine": {"cpus": os.cpu_count(), "load_before": round(load, 2)},
        "versions": versions(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def versions() -> dict[str, str]:
    """What was measured with."""
    return {
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "numba": numba.__version__,
        "numpy": np.__version__,
        "polars": pl.__version__,
    }


if __name__ == "__main__":
    raise SystemExit(main())

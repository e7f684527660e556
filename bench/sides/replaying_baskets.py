"""P5, baskets: a history of sales with lines and of returns, replayed under a rich template.

    .venv/bin/python -m bench.sides.replaying_baskets --rows 2000000

Two Parquet files sorted by member: what happened, and the lines of the sales. They are read and
decided in two threads under the template `retail`: multipliers, a limit on one article, tiers,
points that end. Some members are decided again by the functions of the tills, and every one of
their rows must come to the same.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from bench import results
from bench.sides.replaying import DAYS, FIRST, THREADS, timed, versions
from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.kernel.baskets import Baskets
from regulars.engine.replaying.kernel.besides.told import Beside
from regulars.engine.replaying.kernel.columns import NAMES, Columns
from regulars.engine.replaying.kernel.running import Kernel, Ran
from regulars.engine.replaying.kernel.stepping import ACTIVITY, RETURN, TAKE
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.activity.types import Activity, Body, Line, ReturnedLine
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

TEMPLATE: Final = "retail"
SAMPLE: Final = 100
ROUNDS: Final = 5
GOAL_PER_SECOND: Final = 5_000_000
MOST_LINES: Final = 4
SKUS: Final = (
    "LUNCH BAG RED RETROSPOT",
    "LUNCH BAG CARS BLUE",
    "85123A",
    "47566",
    "20725",
    "84879",
    "POST",
)
FACTS: Final = ("what", "day", "weekday", "hour", "units")


class Files(NamedTuple):
    """What happened, and the lines of the sales in the same order."""

    rows: Path
    lines: Path


class Part(NamedTuple):
    """Some members: their rows, their lines, and what came of both."""

    rows: pl.DataFrame
    lines: pl.DataFrame
    columns: Columns
    ran: Ran


def main() -> int:
    """Make the files, time the kernel, compare some members, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--rows", type=int, default=2_000_000)
    wants.add_argument("--out", type=Path)
    wanted, load = wants.parse_args(), os.getloadavg()[0]
    program = compile_program(read_program(load_template(TEMPLATE)))
    terms = alone(program, datetime(1970, 1, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder) / "rows.parquet", Path(folder) / "lines.parquet")
        make(files, wanted.rows, max(wanted.rows // 20, 1))
        begun = time.perf_counter()
        kernel = Kernel(terms.versions[0], decided(None, terms, files)[0].columns)
        decided(kernel, terms, files)
        compiling = time.perf_counter() - begun
        seconds = [timed(lambda: decided(kernel, terms, files)) for _ in range(ROUNDS)]
        parts = decided(kernel, terms, files)
        compared = sum(judge(terms, part) for part in parts)
        lines = sum(part.lines.height for part in parts)
    found = said((wanted.rows, lines), seconds, (compiling, compared, load))
    if wanted.out:
        results.keep({"P5_baskets": found}, wanted.out)
    print(found)
    return 0


def make(files: Files, rows: int, members: int) -> None:
    """Of a hundred rows eight are returns of a piece of the sale before, five take points, and the
    others are sales of one to four lines."""
    chance = np.random.default_rng(5)
    member = np.sort(chance.integers(0, members, rows))
    open_ = chance.integers(0, DAYS * 720, rows)  # from eight to eight, so no clock is put back
    minute = open_ // 720 * 1440 + 480 + open_ % 720
    order = np.lexsort((minute, member))
    member, minute = member[order], minute[order]
    draw = chance.random(rows)
    what = np.where(draw < 0.05, TAKE, ACTIVITY)
    same = np.concatenate(([False], (member[1:] == member[:-1]) & (what[:-1] == ACTIVITY)))
    back = same & (draw > 0.92)
    back[1:] &= ~back[:-1]
    what = np.where(back, RETURN, what)
    day = FIRST + minute // 1440
    many = np.where(what == ACTIVITY, chance.integers(1, MOST_LINES + 1, rows), 0)
    total = int(many.sum())
    pl.DataFrame(
        {
            "member": member,
            "what": what,
            "day": day,
            "weekday": (day - 1) % 7,
            "hour": minute % 1440 // 60,
            "lines": many,
            "units": np.where(what == TAKE, chance.integers(1, 200, rows), 0),
        }
    ).write_parquet(files.rows)
    pl.DataFrame(
        {
            "sku": chance.integers(0, len(SKUS), total),
            "quantity": chance.integers(1, 13, total),
            "amount": chance.integers(50, 9_000, total),
        }
    ).write_parquet(files.lines)


def decided(kernel: Kernel | None, terms: Terms, files: Files) -> list[Part]:
    """Both files, read and decided by member range in threads; only read without a kernel."""
    rows, lines = pl.read_parquet(files.rows), pl.read_parquet(files.lines)
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda each: part_of(kernel, terms, each), halves(rows, lines)))


def halves(rows: pl.DataFrame, lines: pl.DataFrame) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """In as many parts as threads, no member in two of them."""
    member, ends = rows["member"].to_numpy(), np.cumsum(rows["lines"].to_numpy())
    aims = [len(member) * part // THREADS for part in range(1, THREADS)]
    cuts = [0, *(int(np.searchsorted(member, member[aim])) for aim in aims), len(member)]
    at = [0 if cut == 0 else int(ends[cut - 1]) for cut in cuts]
    return [
        (rows[low:high], lines[first:last])
        for (low, high), (first, last) in zip(pairwise(cuts), pairwise(at), strict=True)
    ]


def part_of(kernel: Kernel | None, terms: Terms, both: tuple[pl.DataFrame, pl.DataFrame]) -> Part:
    """Some members, decided."""
    rows, lines = both
    columns = columns_of(rows, lines, len(terms.versions[0].compiled.qualifying))
    ran = kernel.run(columns, FIRST + DAYS) if kernel is not None else None
    return Part(rows, lines, columns, ran)  # type: ignore[arg-type]


def columns_of(rows: pl.DataFrame, lines: pl.DataFrame, definitions: int) -> Columns:
    """Both files as the kernel takes them: all that a line cost counts, and nothing besides."""
    member, many = rows["member"].to_numpy(), rows.height
    starts = np.flatnonzero(np.diff(member)) + 1
    spans = np.concatenate(([0], starts, [many])).astype(np.int64)
    nothing = np.zeros(many, np.int64)
    told = dict.fromkeys(NAMES, nothing)
    told |= {name: np.ascontiguousarray(rows[name].to_numpy(), np.int64) for name in FACTS}
    last = np.cumsum(rows["lines"].to_numpy())
    first = last - rows["lines"].to_numpy()
    back = told["what"] == RETURN
    upto = np.cumsum(back)
    quantity = np.ascontiguousarray(lines["quantity"].to_numpy(), np.int64)
    none = np.zeros(lines.height, np.int64)
    amount = np.ascontiguousarray(lines["amount"].to_numpy(), np.int64)
    baskets = Baskets(
        first=first, last=last, bare=nothing,
        skus=np.ascontiguousarray(lines["sku"].to_numpy(), np.int64), categories=none,
        seen=quantity, free=none, worths=np.repeat(amount[:, None], definitions, axis=1),
        extras=np.zeros((many, definitions), np.int64),
        sale=np.where(back, np.arange(many) - 1, -1), part_first=upto - back, part_last=upto,
        part_line=np.zeros(int(back.sum()), np.int64),
        part_pieces=np.ones(int(back.sum()), np.int64), sold=quantity,
    )  # fmt: skip
    words = {"channel": [""], "store": [""], "sku": list(SKUS), "category": [""]}
    waits = np.zeros((many, 0), np.int64)
    beside = Beside(now=nothing, minute=nothing, turns_at=waits, turns_on=waits)
    return Columns([], spans, told, ["purchase"], words, nothing, [], baskets, beside=beside)


def judge(terms: Terms, part: Part) -> int:
    """Decide some members by the functions of the tills; how many rows were compared."""
    spans, ran, compared = part.columns.spans, part.ran, 0
    zone = terms.versions[0].zone
    for at in np.linspace(0, len(spans) - 2, SAMPLE // THREADS).astype(int).tolist():
        low, high = int(spans[at]), int(spans[at + 1])
        fold = Fold(terms, Tally(0, 10**7))
        told = [one for row in range(low, high) for one in happened(zone, part, row)]
        fold.run(told, day_starts_at(zone, FIRST + DAYS))
        (state,) = fold.states.values()
        gave = {came.activity_id.int - 1: came.units.get("points", 0) for came in fold.tally.came}
        assert [gave.get(row, 0) for row in range(low, high)] == ran.gave[low:high, 0].tolist(), at
        balance = state.balance(1)
        has = balance.available, balance.debt, balance.pending
        assert has == tuple(ran.balances[at, 0]), at
        assert (None, *terms.versions[0].compiled.tiers)[ran.tiers[at]] == state.tier, at
        compared += high - low
    return compared


def happened(zone: ZoneInfo, part: Part, row: int) -> list[Happening]:
    """A row as the fold takes it."""
    told, baskets = part.columns.rows, part.columns.baskets
    assert baskets is not None
    day, hour = (int(told[name][row]) for name in ("day", "hour"))
    at = datetime.fromordinal(day).replace(hour=hour, tzinfo=zone).astimezone(UTC)
    id_, whose = UUID(int=row + 1), UUID(int=int(part.rows["member"][row]) + 1)
    what = int(told["what"][row])
    if what == TAKE:
        fact = {"member_id": whose, "now": at, "at": at, "cause_id": id_, "wallet": "points"}
        fact["units"] = int(told["units"][row])
        return [Happening(what="hold", **fact), Happening(what="release", **fact)]
    body, kind, sale = Body(returned=(ReturnedLine(0, 1),)), "return", UUID(int=row)
    if what == ACTIVITY:
        span = range(int(baskets.first[row]), int(baskets.last[row]))
        body, kind, sale = (
            Body(lines=tuple(line_of(baskets, line) for line in span)),
            "purchase",
            None,
        )
    amount = sum(line.amount_minor for line in body.lines)
    activity = Activity(id_, whose, kind, "file", "", sale, at, "", "", amount, body, "")
    named = "return" if what == RETURN else "activity"
    return [Happening(what=named, member_id=whose, now=at, at=at, activity=activity)]


def line_of(baskets: Baskets, line: int) -> Line:
    """A line as a till tells it."""
    sku, quantity = SKUS[int(baskets.skus[line])], int(baskets.seen[line])
    return Line(int(baskets.worths[line, 0]), sku, "", quantity)


def said(
    many: tuple[int, int], seconds: Sequence[float], more: tuple[float, int, float]
) -> dict[str, Any]:
    """The figures as they are kept."""
    rows, lines = many
    compiling, compared, load = more
    rate = rows / statistics.median(seconds)
    return {
        "what": f"{rows:,} sales and returns with {lines:,} lines replayed under {TEMPLATE!r} from "
        f"Parquet, {THREADS} threads",
        "wanted": f"{GOAL_PER_SECOND:,} rows/s",
        "per_second": round(rate),
        "reached": rate >= GOAL_PER_SECOND,
        "figures": {
            "seconds": [round(each, 3) for each in seconds],
            "lines_per_second": round(rate * lines / rows),
            "compile_s": round(compiling, 2),
            "rows_compared_with_the_tills": compared,
        },
        "machine": {"cpus": os.cpu_count(), "load_before": round(load, 2)},
        "versions": versions(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())

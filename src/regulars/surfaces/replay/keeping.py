"""The result as Parquet files, for whoever wants to go on with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from regulars.engine.replaying import compare
from regulars.engine.replaying.fold import Fold
from regulars.surfaces.replay.page import result_page
from regulars.surfaces.replay.result import Result


def keep(result: Result, folder: Path) -> list[Path]:
    """Write the page and the data into a folder; which files there are.

    Units: points in the smallest units of their wallet; worth in millionths of the smallest coin.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "replay.html"
    page.write_text(result_page(result), "utf-8")
    files = [page]
    both = (("in force", result.before), ("draft", result.after))
    tables = {
        "members": _members(result),
        "months": [row for called, fold in both for row in _months(called, fold)],
        "rules": [row for called, fold in both for row in _rules(called, fold)],
        "left_out": [
            {"by": by, "line": one.where, "why": one.why}
            for by, one in result.everything_left_out()
        ],
    }
    for name, rows in tables.items():
        files.append(folder / f"{name}.parquet")
        pl.DataFrame(rows, infer_schema_length=None).write_parquet(files[-1])
    files.append(folder / "activities.parquet")
    _activities(result).write_parquet(files[-1])
    return files


def _members(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "member_id": str(one.member_id),
            "segment": result.segments.get(one.member_id, ""),
            "sales_minor": one.sales_minor,
            "worth_in_force_millionths": int(one.before * 10**6),
            "worth_draft_millionths": int(one.after * 10**6),
            "tier_in_force": one.tier_before,
            "tier_draft": one.tier_after,
        }
        for one in result.moves
    ]


def _months(called: str, fold: Fold) -> list[dict[str, Any]]:
    return [
        {"terms": called, "month": m.month, "wallet": m.wallet, "flow": flow, "units": units,
         "outstanding_units": m.outstanding}
        for m in compare.months(fold)
        for flow, units in sorted(m.moved.items())
    ]  # fmt: skip


def _rules(called: str, fold: Fold) -> list[dict[str, Any]]:
    return [
        {"terms": called, "rule": rule, "times": fired.times, "units": fired.units,
         "came_back_units": fired.back}
        for rule, fired in sorted(fold.tally.rules.items())
    ]  # fmt: skip


def _activities(result: Result) -> pl.DataFrame:
    """What each activity came to, under both terms, in an order that never depends on chance."""
    parts = [
        part.with_columns(pl.lit(called).alias("terms"))
        for called, tell in zip(("in force", "draft"), result.activities, strict=True)
        for part in tell()
    ]
    return pl.concat(parts).sort("terms", "day", "activity_id", "wallet")

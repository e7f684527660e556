"""The result as Parquet files, for whoever wants to go on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import polars as pl

from regulars.engine.calendar import first_of
from regulars.engine.replaying import compare
from regulars.engine.replaying.compare import Group
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.tally import Fired
from regulars.surfaces.replay.page import result_page
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.tables import FLOWS, ladder, liability_of
from regulars.surfaces.replay.words import stretch

Rows = Sequence[Mapping[str, Any]]
_TEXT: Final = pl.String()
_WHOLE: Final = pl.Int64()
_MONEY: Final = pl.Decimal(38, 0)
"""All sales of a money of small coins, in millionths, are more than 64 bits hold."""
_BOTH: Final = {"in_force_millionths": _MONEY, "draft_millionths": _MONEY}
_GROUP: Final = {"sales_minor": _WHOLE} | {f"worth_{name}": kind for name, kind in _BOTH.items()}
COLUMNS: Final[dict[str, dict[str, Any]]] = {
    "members": {"member_id": _TEXT, "segment": _TEXT, **_GROUP,
                "tier_in_force": _TEXT, "tier_draft": _TEXT},
    "points": {"wallet": _TEXT, "flow": _TEXT, "in_force_units": _WHOLE, "draft_units": _WHOLE},
    "cost": {"what": _TEXT, **_BOTH},
    "liability": {"month": _TEXT, **_BOTH},
    "months": {"terms": _TEXT, "month": _TEXT, "wallet": _TEXT, "flow": _TEXT, "units": _WHOLE,
               "outstanding_units": _WHOLE},
    "tiers": {"tier": _TEXT, "in_force_members": _WHOLE, "draft_members": _WHOLE},
    "segments": {"segment": _TEXT, "members": _WHOLE, **_GROUP},
    "stores": {"store": _TEXT, "activities": _WHOLE, **_GROUP},
    "rules": {"terms": _TEXT, "rule": _TEXT, "times": _WHOLE, "units": _WHOLE,
              "came_back_units": _WHOLE},
    "budgets": {"terms": _TEXT, "budget": _TEXT, "per": _TEXT, "from_on": pl.Date(),
                "period": _TEXT, "wallet": _TEXT, "used_units": _WHOLE, "full_units": _WHOLE},
    "elasticity": {"elasticity_millionths": _WHOLE, "sales_millionths": _MONEY,
                   "cost_millionths": _MONEY},
    "left_out": {"by": _TEXT, "line": _TEXT, "why": _TEXT},
}  # fmt: skip
"""What each file has, also where nothing is in it."""


def keep(result: Result, folder: Path) -> list[Path]:
    """Write the page and the data into a folder; which files there are.

    Units: points in the smallest units of their wallet; worth, cost and what is owed in millionths
    of the smallest coin.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "replay.html"
    page.write_text(result_page(result), "utf-8")
    files = [page]
    for name, rows in _tables(result).items():
        files.append(folder / f"{name}.parquet")
        pl.DataFrame(rows, schema=COLUMNS[name]).write_parquet(files[-1])
    files.append(folder / "activities.parquet")
    _activities(result).write_parquet(files[-1])
    return files


def _tables(result: Result) -> dict[str, Rows]:
    both = (("in force", result.before), ("draft", result.after))
    segments = compare.segments(
        result.moves, lambda member_id: result.segments.get(member_id, "") or "none"
    )
    stores = compare.stores(result.before, result.after, result.worths)
    return {
        "members": _members(result),
        "points": _points(result),
        "cost": _cost(result),
        "liability": _liability(result),
        "months": [row for called, fold in both for row in _months(called, fold)],
        "tiers": _tiers(result),
        "segments": _groups(segments, "segment", "members"),
        "stores": _groups(stores, "store", "activities"),
        "rules": [row for called, fold in both for row in _rules(called, fold)],
        "budgets": [row for called, fold in both for row in _budgets(called, fold)],
        "elasticity": _elasticity(result),
        "left_out": [
            {"by": by, "line": one.where, "why": one.why}
            for by, one in result.everything_left_out()
        ],
    }


def _millionths(minor: Fraction | int) -> int:
    return int(minor * 10**6)


def _in_money(before: Fraction | int, after: Fraction | int) -> dict[str, int]:
    return {
        "in_force_millionths": _millionths(before),
        "draft_millionths": _millionths(after),
    }


def _points(result: Result) -> Rows:
    folds = (result.before, result.after)
    wallets = sorted({wallet for fold in folds for (_, wallet, _) in fold.tally.months})
    found = []
    for wallet in wallets:
        for flow, _ in FLOWS:
            one, other = (fold.tally.total(wallet, flow) for fold in folds)
            if one or other:
                found.append(
                    {"wallet": wallet, "flow": flow, "in_force_units": one, "draft_units": other}
                )
    return found


def _cost(result: Result) -> Rows:
    pairs = list(zip((result.before, result.after), result.worths, strict=True))
    owed = [list(liability_of(*pair).values() or [Fraction(0)])[-1] for pair in pairs]
    return [
        {"what": "sales", **_in_money(result.sales_minor, result.sales_minor)},
        {"what": "cost", **_in_money(*(compare.cost_of(*pair) for pair in pairs))},
        {"what": "liability", **_in_money(*owed)},
    ]


def _liability(result: Result) -> Rows:
    before, after = (
        liability_of(fold, worth)
        for fold, worth in zip((result.before, result.after), result.worths, strict=True)
    )
    return [
        {"month": month, **_in_money(before.get(month, 0), after.get(month, 0))}
        for month in sorted(before.keys() | after.keys())
    ]


def _tiers(result: Result) -> Rows:
    one, other = compare.tiers(result.before), compare.tiers(result.after)
    return [
        {"tier": step, "in_force_members": one[step], "draft_members": other[step]}
        for step in ladder(result)
        if one[step] or other[step]
    ]


def _groups(groups: Sequence[Group], called: str, counted: str) -> Rows:
    return [
        {called: one.name, counted: one.activities, "sales_minor": one.sales_minor}
        | {f"worth_{name}": worth for name, worth in _in_money(one.before, one.after).items()}
        for one in groups
    ]


def _budgets(called: str, fold: Fold) -> Rows:
    return [
        {"terms": called, "budget": one.budget, "per": one.per,
         "from_on": _day(first_of(one.per, one.period)), "period": stretch(one.per, one.period),
         "wallet": one.wallet, "used_units": one.used, "full_units": one.full}
        for one in compare.burn(fold)
    ]  # fmt: skip


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _elasticity(result: Result) -> Rows:
    before = sum((one.before for one in result.moves), Fraction(0))
    after = sum((one.after for one in result.moves), Fraction(0))
    told = [compare.respond(result.sales_minor, before, after, one) for one in result.elasticities]
    return [
        {"elasticity_millionths": _millionths(one.elasticity),
         "sales_millionths": _millionths(one.sales_minor),
         "cost_millionths": _millionths(one.cost_minor)}
        for one in told
        if one is not None
    ]  # fmt: skip


def _members(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "member_id": str(one.member_id),
            "segment": result.segments.get(one.member_id, ""),
            "sales_minor": one.sales_minor,
            "worth_in_force_millionths": _millionths(one.before),
            "worth_draft_millionths": _millionths(one.after),
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
    """As on the page, then those of earlier versions that fired."""
    fired, now = fold.tally.rules, [rule.id for rule in fold.terms.versions[-1].program.rules]
    found = [(rule, fired.get(rule, Fired())) for rule in now]
    found += [(rule, fired[rule]) for rule in sorted(fired.keys() - set(now))]
    return [
        {"terms": called, "rule": rule, "times": one.times, "units": one.units,
         "came_back_units": one.back}
        for rule, one in found
    ]  # fmt: skip


def _activities(result: Result) -> pl.DataFrame:
    """What each activity came to, under both terms, in an order that never depends on chance."""
    parts = [
        part.with_columns(pl.lit(called).alias("terms"))
        for called, tell in zip(("in force", "draft"), result.activities, strict=True)
        for part in tell()
    ]
    return pl.concat(parts).sort("terms", "day", "activity_id", "wallet")

"""The page of metrics: what each figure of the reports means, to the letter."""

from __future__ import annotations

from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.metric import Metric
from regulars.runtime.reference.markdown import page, table
from regulars.surfaces.in_words.reports.heads import TITLES

_ABOUT = """
What the reports of the console and `/v1/insight/…` show, each defined once
([ADR 0589](../adr/0589-a-metric-is-defined-once.md)). Days are the shop's; a range has its first
day in it and not the one it ends before. A share has Wilson's interval of 95 % where *Wilson* is
said. Where there is too little to say anything, the figure has no value and says what is missing.
"""
_UNITS = {
    "share": "a share from 0 to 1",
    "rate": "one sum over another, in percent; may be above 1",
    "ratio": "one sum over another",
    "count": "a number",
    "money": "minor units of the program's currency",
    "points": "units of the wallet's scale",
    "days": "days",
    "score": "from -100 to 100",
}


def metrics_page() -> str:
    """Every metric by its report, with its definition, parts and unit."""
    parts = [_ABOUT]
    for report, (name, about) in TITLES.items():
        mine = [one for one in METRICS.values() if one.report == report]
        parts += [f"## {name}", about, table(_HEADS, [_row(one) for one in mine])]
    return page("Metrics", "src/regulars/insight/metrics/catalogue.py", parts)


_HEADS = ("metric", "means", "part", "of", "unit", "rows")


def _row(one: Metric) -> tuple[str, ...]:
    unit = _UNITS[one.unit] + (", Wilson" if one.wilson else "")
    return f"**{one.name}** `{one.id}`", one.means, one.part, one.whole, unit, one.rows

"""Members' value and health: how they lie among members as they were reckoned last night."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Cell, Report, of_before
from regulars.insight.metrics.defined.values import (
    TABLES,
    VALUES,
    night_table,
    rfm_table,
    run_table,
    value_figures,
    value_table,
)
from regulars.insight.metrics.figures import Figure, missing
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span
from regulars.insight.values import spread
from regulars.insight.values.sums import Sums, unpacked
from regulars.records.access.staff.read import chosen
from regulars.records.standing.values import read
from regulars.records.standing.values.types import Run

_CHANCES: Final = ("health_share", "expected_to_come")
_MONEY: Final = ("expected_value", "expected_value_each")


async def values(tx: Tx, asked: Asked) -> Report:
    """The report.

    Keeps: values are of the last night, whatever the time, and what they come to is what that night
    kept; the time says which nights are shown. What it is compared with is the last night of that
    time that kept what values came to; of one store no night before is kept.
    """
    run, margin = await read.last_run(tx), (await chosen(tx)).of("margin_percent")
    before = await _before(tx, asked, margin)
    if run is None or (not run.model and "unvalued" not in run.found):
        figures = [missing(one.id, asked.span, _why(run)) for one in VALUES]
        return Report("values", asked, tuple(figures), tuple(before), ())
    days = (asked.span.from_on, asked.span.until_on)
    sums = await _sums(tx, run, asked.store)
    every = next(one for one in sums if one.cut == "all")
    figures = _with_reason(value_figures(asked.span, every, margin), run)
    # Nobody is in a part of what nobody can say.
    cuts = [cut for cut in TABLES if cut != "part" or every.worth_minor is not None]
    tables = [value_table(cut, sums, margin) for cut in cuts] if every.members else []
    if every.members:
        tables.insert(cuts.index("chance"), rfm_table(sums, margin))
    if asked.store is None:
        tables.append(night_table(await spread.nights(tx, days, asked.granularity), margin))
    if asked.store is None and asked.beside:
        then = (asked.beside.from_on, asked.beside.until_on)
        was = await spread.nights(tx, then, asked.granularity)
        tables.append(of_before(night_table(was, margin)))
    tables.append(run_table(run.as_of, run.model, _good(run), margin))
    if asked.store is None:
        figures.append(_money_off(asked.span, run))
    return Report("values", asked, tuple(figures), tuple(before), tuple(tables))


def _money_off(span: Span, run: Run) -> Figure:
    """How far off revenue was on the shop's past, or what there is too little of to say it."""
    off = run.found.get("money_off")
    if off is None:
        why = run.found.get("money_missing") or run.found.get("unvalued")
        return missing("money_off", span, _lacking(why))
    return Figure("money_off", span, off)


async def _sums(tx: Tx, run: Run, store: str | None) -> list[spread.Sum]:
    """What the night kept; where it kept nothing yet (before ADR 0721), everybody is read."""
    kept = await read.cuts(tx, run.as_of, store)
    if kept is not None:
        return unpacked(kept)
    await widely(tx)
    sums = Sums()
    await sums.add(tx)
    return sums.of(store)


async def _before(tx: Tx, asked: Asked, margin: int) -> list[Figure]:
    if asked.compare is None or asked.store is not None:
        return []
    night = await spread.night_before(tx, asked.compare.until_on)
    if night is None or night.as_of < asked.compare.from_on:
        return []
    on = Span(night.as_of, asked.compare.until_on)
    return value_figures(on, night.sum, margin)


def _why(run: Run | None) -> NotEnough:
    """Why nobody has a value."""
    return NotEnough("values", 0, 1) if run is None else _lacking(run.found.get("missing"))


def _lacking(said: Any) -> NotEnough:
    if not said:
        return NotEnough("values", 0, 1)
    return NotEnough(said["what"], said["have"], said["wanted"])


def _with_reason(figures: list[Figure], run: Run) -> list[Figure]:
    """Where no chance is told of anybody, or nobody is worth anything said, the night says why."""
    if "missing" in run.found:
        why = _lacking(run.found["missing"])
        figures = [
            missing(one.metric, one.span, why, one.group)
            if one.metric in _CHANCES and one.value is None
            else one
            for one in figures
        ]
    if "unvalued" not in run.found:
        return figures
    why = _lacking(run.found["unvalued"])
    # Of nobody, as of a store where nobody ordered, nothing is wanting.
    figures = [one for one in figures if one.metric not in _MONEY]
    return [*figures, *(missing(name, figures[0].span, why) for name in _MONEY)]


def _good(run: Run) -> dict[str, Cell]:
    """How orders and chances did on the shop's past, and whether a season was seen in it."""
    judged, season = run.found.get("judged") or {}, run.found.get("season") or {}
    low, high = season.get("bounds") or (None, None)
    return {
        "interest": run.found.get("interest", 10) / 100,
        "season": season.get("state"),
        "factor": season.get("factor"),
        "orders_low": low,
        "orders_high": high,
        "off": run.found.get("off"),
        "money_off": run.found.get("money_off"),
        "chances_off": judged.get("off"),
        "picked": judged.get("picked"),
        "right": judged.get("right"),
    }

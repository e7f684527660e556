"""Charts as SVG inside the page: no script, no font and no file from anywhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, log10
from typing import Final, NamedTuple

import pygal
from pygal.style import Style

from regulars.base.money import decimals
from regulars.engine.replaying import compare
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.tables import ladder, liability_of
from regulars.surfaces.replay.words import number

_SCRIPT: Final = re.compile(r"<script\b.*?(?:</script>|/>)", re.DOTALL)
# The page's own colours, so that charts are light and dark with it.
_STYLE: Final = Style(
    background="transparent",
    plot_background="transparent",
    foreground="var(--quiet)",
    foreground_strong="var(--ink)",
    foreground_subtle="var(--line)",
    guide_stroke_color="var(--line)",
    major_guide_stroke_color="var(--line)",
    guide_stroke_dasharray="0",
    major_guide_stroke_dasharray="0",
    opacity="1",
    opacity_hover="1",
    colors=("var(--before)", "var(--accent)"),
    font_family="inherit",
    label_font_size=12,
    major_label_font_size=12,
    legend_font_size=13,
)


class Drawing(NamedTuple):
    """A chart for wide screens and for narrow ones."""

    title: str
    wide: str
    narrow: str


class _Bars(NamedTuple):
    """What is drawn: headings below, rows of values, and whether as a line over time."""

    title: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float]]
    line: bool = False


def charts(result: Result) -> list[Drawing]:
    """Liability, points issued by month, tiers, winners and losers."""
    bars = [_liability(result), _issued(result), _tiers(result), _spread(result)]
    if not any(ladder(result)):
        del bars[2]  # nobody stands anywhere where there are no steps
    return [
        Drawing(one.title, _drawn(one, (860, 320), 12), _drawn(one, (340, 280), 4)) for one in bars
    ]


def _drawn(bars: _Bars, size: tuple[int, int], most: int) -> str:
    """The chart as SVG; pygal puts a script in, which a page without scripts does not want."""
    every = -(-len(bars.labels) // most) or 1
    kind = pygal.Line if bars.line else pygal.Bar
    chart = kind(
        style=_STYLE, width=size[0], height=size[1], js=(), disable_xml_declaration=True,
        pretty_print=False, explicit_size=False, x_labels=bars.labels, margin=8,
        x_labels_major_every=every, show_minor_x_labels=every == 1,
        y_labels=marks([value for values in bars.series.values() for value in values]),
        legend_at_bottom=True, legend_at_bottom_columns=2, legend_box_size=12,
        show_legend=len(bars.series) > 1, dots_size=3, truncate_legend=-1, truncate_label=-1,
        include_x_axis=True, stroke_style={"width": 2.5}, value_formatter=_short,
    )  # fmt: skip
    for name, values in bars.series.items():
        alone = {"color": "var(--accent)"} if len(bars.series) == 1 else {}
        chart.add(name, [{"value": value, **alone} for value in values])
    return _SCRIPT.sub("", chart.render(is_unicode=True))


def marks(values: Sequence[float]) -> list[float]:
    """Four to nine round numbers, as far from each other everywhere, with nothing and all values
    between the first and the last.

    Example: values up to 2,905 stand beside 0, 500, 1,000, … 3,000.
    """
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return [0.0, 1.0]
    power = 10 ** floor(log10(high - low))
    step = next(part * power for part in (0.2, 0.25, 0.5, 1, 2) if (high - low) / part <= 7 * power)
    return [place * step for place in range(floor(low / step), ceil(high / step) + 1)]


def _short(value: float) -> str:
    """A number with its thousands apart, without decimals where it is large."""
    return number(round(value)) if abs(value) >= _LARGE else f"{value:.10g}"


_LARGE: Final = 10


def _pair(before: Sequence[float], after: Sequence[float]) -> dict[str, Sequence[float]]:
    return {"in force": before, "draft": after}


def _whole(minor: Fraction, result: Result) -> float:
    return float(minor) / 10 ** decimals(result.program.currency)


def _liability(result: Result) -> _Bars:
    one, other = (
        liability_of(fold, worth)
        for fold, worth in zip((result.before, result.after), result.worths, strict=True)
    )
    months, nothing = sorted(one.keys() | other.keys()), Fraction(0)
    before, after = (
        [_whole(part.get(month, nothing), result) for month in months] for part in (one, other)
    )
    title = f"Liability at the end of each month, in {result.program.currency}"
    return _Bars(title, months, _pair(before, after), line=True)


def _issued(result: Result) -> _Bars:
    parts = []
    for fold in (result.before, result.after):
        by_month: Counter[str] = Counter()
        for month in compare.months(fold):
            moved = month.moved
            by_month[month.month] += moved.get("issued", 0) - moved.get("returned", 0)
        parts.append(by_month)
    months = sorted(parts[0].keys() | parts[1].keys())
    before, after = ([float(part[month]) for month in months] for part in parts)
    return _Bars("Points issued by month, net of returns", months, _pair(before, after))


def _tiers(result: Result) -> _Bars:
    one, other = compare.tiers(result.before), compare.tiers(result.after)
    steps = [step for step in ladder(result) if one[step] or other[step]]
    before, after = ([float(part[step]) for step in steps] for part in (one, other))
    labels = [step or "none" for step in steps]
    return _Bars("Members by tier at the end", labels, _pair(before, after))


def _spread(result: Result) -> _Bars:
    """The difference of the member in the middle of each twentieth of all members."""
    ordered, title = [one.by for one in reversed(result.moves)], "How much more members get"
    places = [len(ordered) * (2 * step + 1) // 40 for step in range(20)] if ordered else []
    values = [_whole(ordered[place], result) for place in places]
    labels = [f"{5 * step} %" for step in range(len(places))]
    more = f"{title}, in {result.program.currency}, who loses most on the left"
    return _Bars(more, labels, {"draft less in force": values})

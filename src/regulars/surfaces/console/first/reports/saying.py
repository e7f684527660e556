"""Figures and tables as somebody reads them: numbers of their language, bounds, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from regulars.base.decimals import text_of
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Cell, Column, Report, Table
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.reports.memberships import ALL
from regulars.insight.metrics.reports.tiers import GONE, NEW
from regulars.surfaces.console.first.reports.opening import ROWS, numbers_open, opens
from regulars.surfaces.console.here import Here
from regulars.surfaces.in_words.reports.heads import (
    ACCOUNTS,
    ALL_PLANS,
    ANY_REWARD,
    AT_HOUR,
    BOUGHT_FROM,
    COLUMNS,
    GROUPS,
    HABITS,
    NEVER,
    NEW_MEMBER,
    NO_AGE,
    NO_CATEGORY,
    NO_CHANNEL,
    NO_STORE,
    NO_TIER,
    TABLES,
    WAS_ERASED,
)
from regulars.surfaces.in_words.reports.lacking import LACKING
from regulars.surfaces.in_words.reports.valued import UNTOLD
from regulars.surfaces.in_words.reports.wire import rows_of

_GROUPED: Final = {"category_share": "category", "health_share": "health"}
"""By which column the group of a figure has its name."""
_TABLED: Final = {"breakage_off": "back_test", "membership_off": "renewals_tried",
           "money_off": "reckoned"}  # fmt: skip
"""Of figures that count no members: the table below that they are made of."""
DEFINES: Final = {
    "cohorts": "cohort_retention", "migration": "tier_migration", "stores": "store_repeat_rate",
    "tier_mix": "tier_mix", "rewards": "rewarded_members", "likings": "category_lift",
    "likings_by_cohort": "category_lift", "pairs": "basket_pair",
    "answered": "bought_after_answer", "reach": "reward_reached", "weekdays": "weekday_share",
    "channels": "channel_share", "renewals": "renewals_reached",
    "accounts_staying": "accounts_staying",
}  # fmt: skip
"""Of tables whose rows are figures of their own: which one it is, and so what it means."""
_FINE: Final = frozenset({"tie"})
"""What is no count, and said to a hundredth."""
_NONE: Final = {
    "channel": NO_CHANNEL,
    "category": NO_CATEGORY,
    "with_other": NO_CATEGORY,
    "age": NO_AGE,
}


class Said(NamedTuple):
    """In which language, currency and scale figures are said."""

    here: Here
    wallet: str
    scale: int
    stores: dict[str, str]
    people: Mapping[str, str] = {}
    """Names of members by their shown ids, where whoever looks may see members."""

    @property
    def currency(self) -> str:
        """Of the shop."""
        return self.here.version.program.currency

    def value(self, value: float, unit: str) -> str:
        """A value of this unit; shares to a tenth of a percent, money to its smallest coin."""
        reader = self.here.reader
        if unit in ("share", "rate"):
            return reader.fine_share(round(value * 100_000), 100_000)
        if unit == "money":
            return reader.money(round(value), self.currency)
        if unit == "points":
            return reader.quantity(round(value), self.scale)
        if unit in ("ratio", "score"):
            return reader.number(Decimal(text_of(round(value * 100), 2)))
        return reader.number(round(value))

    def cell(self, cell: Cell, head: Column) -> str:
        """A cell of a table."""
        if cell is None:
            return self.here.reader.say(NEVER) if head.id == "lapses" else "–"
        if isinstance(cell, date):
            reader = self.here.reader
            return reader.month(cell) if head.unit == "month" else reader.day(cell)
        if isinstance(cell, str):
            return self.named(cell, head.id)
        if head.unit in ("weekday", "hour"):
            cell = round(cell)
            return self.here.reader.weekday(cell) if head.unit == "weekday" else f"{cell:02}:00"
        return self.value(cell, head.unit)

    def _band(self, band: str) -> str:
        """A tenth of chances as a stretch of percent."""
        if not band:
            return self.here.reader.say(UNTOLD)
        low, high = (self.here.reader.share(int(band) + k, 10) for k in (0, 1))
        return f"{low} – {high}"

    def _known(self, head: str) -> dict[str, str]:
        """Names of rewards, plans or tiers of the program, by their ids."""
        program = self.here.version.program
        if head == "reward":
            return {one.id: one.name or one.id for one in program.rewards}
        if head == "plan":
            return {one.id: one.name or one.id for one in program.plans}
        ladder = program.tiers.steps if program.tiers else ()
        return {one.id: one.name or one.id for one in ladder}

    def named(self, text: str, head: str) -> str:
        """A store, tier, reward or reason by its name."""
        say = self.here.reader.say
        if head in GROUPS:
            return say(GROUPS[head][text]) if text in GROUPS[head] else text
        if head == "band" or (head in _NONE and not text):
            return self._band(text) if head == "band" else say(_NONE[head])
        if head == "store":
            return self.stores.get(text, text) if text else say(NO_STORE)
        if head in ("member", "habit"):
            return self.people.get(text, text) if head == "member" else habit_said(self.here, text)
        if head in ("reward", "plan", "before", "after", "tier"):
            alone = _ALONE | {"": ANY_REWARD} if head == "reward" else _ALONE
            return say(alone[text]) if text in alone else self._known(head).get(text, text)
        return say(ACCOUNTS[text]) if head in ("account", "text") else text


def habit_said(here: Here, habit: str) -> str:
    """What somebody did in their first days."""
    kind, _, category = habit.partition(":")
    if category:
        return here.reader.say(BOUGHT_FROM, category=category)
    return here.reader.say(HABITS[kind])


_ALONE: Final = {NEW: NEW_MEMBER, GONE: WAS_ERASED, ALL: ALL_PLANS, "": NO_TIER}
"""What stands for a tier or a plan where a row is of none, or of all."""


def _group(said: Said, one: Figure) -> str:
    """Of what a figure is, where its metric has several."""
    if one.metric == "hour_share":
        day, _, hour = one.group.partition("-")
        reader = said.here.reader
        return reader.say(AT_HOUR, day=reader.weekday(int(day)), hour=reader.number(int(hour)))
    return said.named(one.group, _GROUPED[one.metric]) if one.metric in _GROUPED else ""


def figure_said(
    said: Said, one: Figure, before: Figure | None, store: str | None
) -> dict[str, Any]:
    """A figure with what it means, its bounds, what it is beside, and the way to its rows."""
    metric, reader = METRICS[one.metric], said.here.reader
    found: dict[str, Any] = {
        "id": f"{one.metric}{'-' + one.group if one.group else ''}",
        "name": reader.say(metric.name),
        "says": reader.say(metric.means),
        "part": reader.say(metric.part),
        "whole": reader.say(metric.whole) if metric.whole else "",
        "beside": [],
        "rows": None,
        "table": _TABLED.get(one.metric, ""),
    }
    if one.value is None:
        return found | {"value": "–", "beside": [missing_said(said.here, one)]}
    found["value"] = said.value(one.value, metric.unit)
    found["beside"] += [one_of] if one.group and (one_of := _group(said, one)) else []
    found["rows"] = rows_of(one, said.wallet, store, ROWS)
    if one.whole is not None and one.part is not None and metric.unit in ("share", "rate", "ratio"):
        parts = (_counted(said, one.part, metric.counts), _counted(said, one.whole, metric.counts))
        if metric.counts == "money" or metric.id == "participation_revenue":
            parts = (said.value(one.part, "money"), said.value(one.whole, "money"))
        found["beside"].append(reader.say("%(part)s of %(whole)s", part=parts[0], whole=parts[1]))
    if one.low is not None and one.high is not None:
        low, high = (said.value(bound, metric.unit) for bound in (one.low, one.high))
        found["beside"].append(reader.say("95%% between %(low)s and %(high)s", low=low, high=high))
    if before is not None and before.value is not None:
        then = said.value(before.value, metric.unit)
        found["beside"].append(reader.say("before: %(value)s", value=then))
    return found


def missing_said(here: Here, one: Figure) -> str:
    """What there is too little of."""
    assert one.lacking is not None, one
    return lacked(here, NotEnough(one.lacking, one.have, one.wanted))


def lacked(here: Here, why: NotEnough) -> str:
    """What there is too little of, or which condition does not hold, as a sentence."""
    if why.what == "members" and not why.have:
        return here.reader.say("There is nobody to count.")
    digits = 2 if why.what in _FINE else 0
    have, wanted = (
        here.reader.number(round(Decimal(part), digits)) for part in (why.have, why.wanted)
    )
    return here.reader.say(LACKING[why.what], have=have, wanted=wanted)


def _counted(said: Said, units: int, counts: str) -> str:
    """A count, in points where points are counted."""
    return said.value(units, "points" if counts in ("point", "period") else "count")


def figures_said(said: Said, report: Report, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """The figures of a report in this order, those it has."""
    found = []
    for metric in wanted:
        one = report.figure(metric)
        if one is not None:
            found.append(figure_said(said, one, report.figure_before(metric), report.asked.store))
    return found


def table_said(said: Said, one: Table, found: Report) -> dict[str, Any]:
    """A table with its heads and cells as words; the first column is what a row is about.

    Keeps: where each row begins is enough for people; files say where it ends, too. A column that
    is empty in every row is left out, and whether rows are whole where all of them are.
    """
    say, texts = said.here.reader.say, ("text", "day", "month", "weekday", "hour")
    silent: dict[str, Cell] = {"cut": "whole"}
    empty = {
        place
        for place, head in enumerate(one.columns)
        if all(row[place] in (None, silent.get(head.id)) for row in one.rows)
    }
    shown = [
        place
        for place, head in enumerate(one.columns)
        if head.id not in ("until", "on_day", "head") and place not in empty
    ]
    heads = [one.columns[place] for place in shown]
    return {
        "id": one.id,
        "name": say(TABLES[one.id]),
        "heads": [(say(COLUMNS[head.id]), head.unit not in texts) for head in heads],
        "rows": [
            [said.cell(row[place], one.columns[place]) for place in shown] for row in one.rows
        ],
        "opens": [opens(said.wallet, found, one, row) for row in one.rows],
        "numbers": [
            [links[place] for place in shown]
            for links in (numbers_open(said.wallet, found, one, row) for row in one.rows)
        ],
        "means": meant(said, one.id),
    }


def meant(said: Said, table: str) -> dict[str, str] | None:
    """What the figures of a table mean; nothing where it says figures that are defined above."""
    if table not in DEFINES:
        return None
    metric, say = METRICS[DEFINES[table]], said.here.reader.say
    whole = say(metric.whole) if metric.whole else ""
    return {"name": say(metric.name), "says": say(metric.means), "part": say(metric.part),
            "whole": whole}  # fmt: skip


def whole(units: Cell, scale: int) -> int:
    """Whole points of so many units, for a chart; money in whole coins the same way."""
    assert isinstance(units, int), units
    sign = -1 if units < 0 else 1
    return sign * int(text_of(abs(units), scale).partition(".")[0])

"""Which sentences a month gets, in the language of its reader."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.monthly.month import SHARES, Change, Line, LineId, Month
from regulars.insight.metrics.monthly.steps import Step, steps_of
from regulars.surfaces.in_words.monthly import sentences as says
from regulars.surfaces.in_words.monthly.told import Do, Row, Told
from regulars.surfaces.ui.reader import Reader

MONEY: Final = frozenset({"net_minor"})
POINTS: Final = frozenset({"points_issued", "points_redeemed", "outstanding"})
PATHS: Final = {
    "win_back": "/console/win-back",
    "end_experiment": "/console/experiments",
    "name_sales": "/console/reports/stores",
    "come_again": "/console/reports/retention",
    "find_why": "/console/reports/stores",
    "first_reward": "/console/rewards",
    "lapsing": "/console/owed",
    "spend_points": "/console/reports/points",
    "cover_owed": "/console/owed",
    "try_out": "/console/experiments",
    "bring_sales": "/console/imports",
    "ask_staff": "/console/team",
    "look_around": "/console/reports",
}
"""Where each thing is done."""


class Shop(NamedTuple):
    """Whose month it is, and how its money and points are written."""

    name: str
    currency: str
    points: str
    scale: int


class Writer(NamedTuple):
    """Writes a month for one reader."""

    reader: Reader
    shop: Shop
    month: Month

    def told(self, as_of: datetime | None) -> Told:
        """The whole content."""
        say, span = self.reader.say, self.month.span
        notes = [say(one) for one in says.NOTES]
        if as_of is not None:
            notes.append(say(says.AS_OF, at=self.reader.instant(as_of)))
        return Told(
            month=span.from_on.isoformat()[:7],
            language=self.reader.language,
            direction=self.reader.direction,
            shop=self.shop.name,
            title=say(says.TITLE, month=self.reader.whole_month(span.from_on)),
            warns="" if self.month.whole else say(says.UNFINISHED),
            happened_head=say(says.HAPPENED),
            happened=tuple(self._happened()),
            beside_head=say(says.BESIDE),
            heads=tuple(say(one) for one in says.HEADS),
            rows=tuple(self._row(one) for one in self.month.lines),
            means_head=say(says.MEANS),
            means=tuple(self._means()),
            next_head=say(says.NEXT),
            steps=tuple(self._do(one) for one in steps_of(self.month)),
            counted_head=say(says.COUNTED),
            notes=tuple(notes),
        )

    def _happened(self) -> list[str]:
        reader = self.reader
        bought, orders, net = (
            self._count(id_) for id_ in ("active_members", "orders", "net_minor")
        )  # type: ignore[arg-type]
        found = [reader.say(says.NOBODY)]
        if bought:
            money = reader.money(net, self.shop.currency)
            places = {"orders": reader.number(orders), "money": money}
            found = [reader.say_many(*says.BOUGHT, bought, **places)]
        found.append(reader.say_many(*says.JOINED, self._count("joined")))
        issued, spent = self._points("points_issued"), self._points("points_redeemed")
        found.append(
            reader.say(says.MOVED, issued=issued, spent=spent, points=self.shop.points)
        )  # fmt: skip
        held, worth = self._points("outstanding"), self.month.around.worth_minor
        if worth:
            cost = reader.money(worth, self.shop.currency)
            return [*found, reader.say(says.HELD, held=held, money=cost)]
        return [*found, reader.say(says.HELD_ONLY, held=held)]

    def _means(self) -> list[str]:
        reader = self.reader
        bought, again = self.month.line("active_members"), self.month.line("period_retention")
        found = [
            self._change(bought, "last", bought.against_last),
            self._change(bought, "year", bought.against_year),
            reader.say(says.NONE_AGAIN),
        ]
        one = again.now
        if one.value is not None:
            places = {
                "whole": reader.number(one.whole or 0),
                "part": reader.number(one.part or 0),
                **{
                    name: _percent(reader, value)
                    for name, value in (("share", one.value), ("low", one.low), ("high", one.high))
                },
            }
            found[2] = reader.say(says.CAME_AGAIN, **places)
            further = self._change(again, "last", again.against_last)
            found[2] = f"{found[2]} {further}".strip()
        joined = self.month.line("joined")
        return [one for one in (*found, self._change(joined, "last", joined.against_last)) if one]

    def _change(self, line: Line, beside: Literal["last", "year"], change: Change) -> str:
        text = says.CHANGES.get((line.id, beside, change))
        return "" if text is None else self.reader.say(text)

    def _do(self, step: Step) -> Do:
        what, why = says.STEPS[step.id]
        return Do(self.reader.say(what), self.reader.say(why, **self._places(step)), PATHS[step.id])

    def _places(self, step: Step) -> dict[str, Any]:
        reader = self.reader
        money, points = step.id == "cover_owed", step.id == "lapsing"
        each = {
            "count": reader.quantity(step.count, self.shop.scale) if points
            else reader.number(step.count),
            "part": reader.money(step.part, self.shop.currency) if money
            else reader.number(step.part),
            "whole": reader.money(step.whole, self.shop.currency) if money
            else reader.number(step.whole),
            "about": step.about,
            "month": reader.whole_month(step.month) if step.month else "",
            "points": self.shop.points,
        }  # fmt: skip
        wanted = says.STEPS[step.id][1]
        return {name: value for name, value in each.items() if f"%({name})s" in wanted}

    def _row(self, line: Line) -> Row:
        name = says.NAMES.get(line.id) or METRICS[line.id].name
        cells = (self._cell(line.id, one) for one in (line.now, line.last, line.year))
        month = {"month": self.reader.whole_month(line.now.span.from_on)}
        return Row(self.reader.say(name, **(month if "%(month)s" in name else {})), *cells)

    def _cell(self, id_: LineId, one: Figure | None) -> str:
        if one is None:
            return "–"
        if one.value is None:
            return self.reader.say(says.NOT_ENOUGH)
        if id_ in SHARES:
            return _percent(self.reader, one.value)
        if id_ in MONEY:
            return self.reader.money(round(one.value), self.shop.currency)
        if id_ in POINTS:
            return self.reader.quantity(round(one.value), self.shop.scale)
        return self.reader.number(round(one.value))

    def _count(self, id_: LineId) -> int:
        return round(self.month.line(id_).now.value or 0)

    def _points(self, id_: LineId) -> str:
        return self.reader.quantity(self._count(id_), self.shop.scale)


def _percent(reader: Reader, value: float | None) -> str:
    return reader.share(round((value or 0.0) * 1_000), 1_000)

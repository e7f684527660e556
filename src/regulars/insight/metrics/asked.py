"""What somebody asks of a report: which days, beside which, how fine, of which points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.metric import Report as ReportId
from regulars.insight.metrics.metric import Unit
from regulars.insight.metrics.spans import Granularity, Span, beside, parts, too_fine, whole

Cell = str | int | float | date | None
PART: Final = "part"
"""Said of a row by time of whose day, week or month only a part is in it."""
BY_MONTH: Final = frozenset({"roll_forward", "roll_forward_before"})
"""Tables that are by months however fine a question is."""


class Way(Struct, frozen=True):
    """One price of an offer: units by the number of their wallet; only for these tiers, where there
    are any said ('' is none)."""

    units: dict[str, int]
    tiers: tuple[str, ...] | None = None


class Offer(Struct, frozen=True):
    """A reward that can be had today: its prices, the tiers it is for, and the values that
    attributes of a member must have."""

    reward: str
    ways: tuple[Way, ...]
    tiers: tuple[str, ...] | None = None
    attributes: dict[str, tuple[str, ...]] = {}


class Costing(Struct, frozen=True):
    """A wallet by its number, and what its smallest unit cost in minor units as the month ended
    that begins on a day; nothing where the program never said. Its points of a month come back in
    so many months at most (`lives`), with its own; 0 where they do not lapse."""

    wallet: int
    then: Callable[[date], Fraction]
    lives: int = 0


class Asked(Struct, frozen=True):
    """A question: the span, what it is compared with, the parts of charts.

    `today` is the shop's own day, `zone` its clock. `worth` says what so many units of the wallet
    cost if all are redeemed, in minor units: 0 where the program does not say.
    """

    span: Span
    compare: Span | None
    granularity: Granularity
    today: date
    zone: str
    wallet: int = 0
    called: str = ""
    """What the program calls the wallet."""
    worth: Callable[[int], int] | None = None
    store: str | None = None
    changes: tuple[datetime, ...] = ()
    """Since when points of the wallet are worth something else, where what they were is kept."""
    costs: tuple[Fraction, ...] = ()
    """What one costs by how many of these changes lie behind it, in minor units."""
    wallets: tuple[Costing, ...] = ()
    """All wallets there ever were, each with what it cost in its time."""
    offers: tuple[Offer, ...] = ()
    """Rewards that can be had today, and by whom, in the program's order."""

    @property
    def beside(self) -> Span | None:
        """What charts draw the time before of: nothing where it would have too many parts."""
        if self.compare is None or too_fine(self.compare, self.granularity):
            return None
        return self.compare

    def worth_of(self, units: int) -> int:
        """What so many units cost if all are redeemed, in minor units."""
        return self.worth(units) if self.worth is not None and units > 0 else 0


class Column(Struct, frozen=True):
    """What a column of a table holds; `text`, `day` and `month` are what a row is about."""

    id: str
    unit: Unit | str


class Table(Struct, frozen=True):
    """A table behind a chart: the very rows it draws, and what a file has in it."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Report(Struct, frozen=True):
    """A report: its figures, the same of what it is compared with, and its tables."""

    id: ReportId
    asked: Asked
    figures: tuple[Figure, ...]
    before: tuple[Figure, ...]
    tables: tuple[Table, ...]
    moves_from: date | None = None
    """Of what can be closed: the first day of the first month that is not; before the first close
    nothing stands."""

    def table(self, id_: str) -> Table:
        """One of its tables; one without rows where this question has none.

        Example: cohorts are of the whole shop, so of one store there are none.
        """
        return next((one for one in self.tables if one.id == id_), Table(id_, (), ()))

    def rows_before(self, id_: str, granularity: Granularity) -> list[tuple[Cell, ...] | None]:
        """Beside each row of a table by time that of the time before; None where there is none as
        long; an empty list where nothing is compared. A row begins with a day of its part."""
        then_in = self.asked.beside
        if then_in is None:
            return []
        now, then = parts(self.asked.span, granularity), parts(then_in, granularity)
        was = {_place(then, row): row for row in self.table(before(id_)).rows}
        places = (beside(now, then)[_place(now, row)] for row in self.table(id_).rows)
        return [None if at is None else was.get(at) for at in places]

    def figure(self, metric: str) -> Figure | None:
        """The figure of a metric, where it has one."""
        return next((one for one in self.figures if one.metric == metric), None)

    def figure_before(self, metric: str) -> Figure | None:
        """The same of what it is compared with."""
        return next((one for one in self.before if one.metric == metric), None)


def before(id_: str) -> str:
    """What a table is called that says the same of the time before."""
    return f"{id_}_before"


def of_before(table: Table) -> Table:
    """The same table as that of the time before."""
    return Table(before(table.id), table.columns, table.rows)


def _place(some: Sequence[Span], row: Sequence[Cell]) -> int:
    """In which part the day lies that a row begins with."""
    day = row[0]
    assert isinstance(day, date), row
    return next(at for at, one in enumerate(some) if one.from_on <= day < one.until_on)


def columns(*said: str) -> tuple[Column, ...]:
    """Columns written as `id:unit`."""
    pairs = (one.partition(":") for one in said)
    return tuple(Column(id_, unit) for id_, _, unit in pairs)


def with_parts(report: Report) -> Report:
    """The same report, and each row by time says whether it is whole: that three days are no quiet
    month.

    Shape: a last column `cut` in each table whose rows are from one day until another: `whole`, or
    `part` where the range cut it off, or where it has days that are not over.
    """
    return replace(report, tables=tuple(_with_parts(report.asked, one) for one in report.tables))


def _with_parts(asked: Asked, table: Table) -> Table:
    if tuple(one.id for one in table.columns[:2]) != ("from", "until"):
        return table
    fine: Granularity = "month" if table.id in BY_MONTH else asked.granularity
    rows = tuple((*row, _cut(row, fine, asked.today)) for row in table.rows)
    return Table(table.id, (*table.columns, Column("cut", "text")), rows)


def _cut(row: Sequence[Cell], fine: Granularity, today: date) -> str:
    since, until = row[:2]
    assert isinstance(since, date), row
    assert isinstance(until, date), row
    span = Span(since, until)
    return "whole" if whole(span, fine) and span.until_on <= today else PART

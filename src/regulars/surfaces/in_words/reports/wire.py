"""Reports on the wire: figures with their bounds, tables, and the members behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from msgspec import Meta, Struct, field

from regulars.insight.estimators.saying import Lacking
from regulars.insight.metrics.asked import Report, Table
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.reading.accounts import Behind
from regulars.insight.metrics.reading.rows import PointsDay, Who
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Limit, Text

Day = Annotated[str, Meta(max_length=10, description="A day of the shop, such as 2026-10-01.")]
Word = Annotated[str, Meta(max_length=40)]
Shown = str | int | float | None


class RuleShown(Struct, frozen=True):
    """Something the best do more, and a rule that gives something for it."""

    habit: str
    rule: dict[str, Any]
    """As it would stand among `rules` of the program file."""


class RulesShown(Struct, frozen=True):
    """Rules to try, for what lies furthest apart first."""

    items: list[RuleShown]


class ReportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days, compared with what, and as what kind of answer."""

    from_: Day = field(default="", name="from")
    until: Annotated[
        str, Meta(max_length=10, description="The first day that is not in it any more.")
    ] = ""
    compare: Annotated[
        str, Meta(max_length=20, description="`previous` or `year`: what it is beside.")
    ] = ""
    granularity: Annotated[str, Meta(max_length=20, description="`day`, `week` or `month`.")] = ""
    wallet: Annotated[
        str, Meta(max_length=40, description="Of which points; the program's first if left out.")
    ] = ""
    store: Text = ""
    format: Annotated[
        str,
        Meta(
            max_length=20,
            description="`json`, or one table as `csv` or `parquet`. CSV writes texts that a "
            "spreadsheet could take for formulas with a ' before them.",
        ),
    ] = "json"
    table: Annotated[str, Meta(max_length=40, description="Which table a file has in it.")] = ""


class RowsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which figure the rows are asked for."""

    metric: Word
    from_: Day = field(default="", name="from")
    until: Day = ""
    cohort: Annotated[
        str, Meta(max_length=7, description="Of a cell of the table of cohorts: 2026-03.")
    ] = ""
    group: Annotated[
        str,
        Meta(
            max_length=401,
            description="Of a figure that says a group: that group. Of `basket_pair` two "
            "categories, as `coffee>cake`; where one has a `>` in its name, `%1F` between them. Of "
            "`category_lift` who likes it, as `tier:gold>coffee` or `year:2025>coffee`; of "
            "`weekday_share` a day and a tier, as `5-gold`; of newcomers `tier:gold` or "
            "`reason:oneself`; of `renewals_reached` and `accounts_staying` a number; of "
            "`top_tenth_spend` a tenth, or `upto:3`; of `membership_churn` `*` is whoever ended in "
            "the time, also who began in it.",
        ),
    ] = ""
    wallet: Word = ""
    store: Text = ""
    limit: Limit = 50
    cursor: Text | None = None


class Missing(Struct, frozen=True):
    """Too little to say anything: there are `have` of `what`, and `wanted` would be needed."""

    what: Lacking
    have: float
    wanted: float


class FigureShown(Struct, frozen=True):
    """What a metric came to from a day until (before) another one.

    `low` and `high` are an interval of 95 %, where there is one. Without a `value`, `missing` says
    what there is too little of.
    """

    metric: str
    from_: date = field(name="from")
    until: date
    value: float | None
    part: int | None
    whole: int | None
    low: float | None
    high: float | None
    n: int
    group: str
    missing: Missing | None
    rows: str | None
    """Where what it is made of can be read."""


class ColumnShown(Struct, frozen=True):
    """A column of a table; `money` is in minor units, `points` in units of the wallet's scale."""

    id: str
    unit: str


class TableShown(Struct, frozen=True):
    """A table; days and months are written as days."""

    id: str
    columns: list[ColumnShown]
    rows: list[list[Shown]]


class ReportShown(Struct, frozen=True):
    """A report. `as_of` is when its rows were last brought up to the books; null before that."""

    report: str
    from_: date = field(name="from")
    until: date
    zone: str
    currency: str
    wallet: str
    as_of: datetime | None
    figures: list[FigureShown]
    before: list[FigureShown]
    """The same figures of what it is compared with."""
    tables: list[TableShown]
    moves_from: date | None = None
    """Of the liability: since this day no month is closed, and what is shown of it moves with
    returns and with what is told late, until it is; null where none was closed."""


class MetricShown(Struct, frozen=True):
    """What a metric means: of what it is a part, in which unit, and what its rows are."""

    id: str
    report: str
    name: str
    means: str
    part: str
    whole: str
    unit: str
    counts: str
    interval: str
    """`wilson` where it has an interval of that kind, else nothing."""
    rows: str


class MetricsShown(Struct, frozen=True):
    """Every metric there is."""

    items: list[MetricShown]


class RowShown(Struct, frozen=True):
    """A member behind a figure; of points, a day on which theirs moved; an account, by whoever
    leads it.

    `counted`: they are in the part, not only in the whole.
    """

    member_id: str
    counted: bool
    orders: int | None = None
    net_minor: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    day: date | None = None
    store: str | None = None
    issued: int | None = None
    redeemed: int | None = None
    expired: int | None = None
    otherwise: int | None = None
    account_id: str | None = None
    account: str | None = None
    people: int | None = None
    buying: int | None = None
    usual_days: float | None = None
    quiet_days: int | None = None
    signal: str | None = None
    score: int | None = None
    """What its people answered on average, from 0 to 10, rounded down."""


class RowsPage(Struct, frozen=True):
    """Some of the rows, and where to go on."""

    items: list[RowShown]
    has_more: bool
    next_cursor: str | None


ROWS: Final = "/v1/insight/rows"


def metric_shown(one: Metric) -> MetricShown:
    """A metric as the API says it."""
    return MetricShown(
        id=one.id,
        report=one.report,
        name=one.name,
        means=one.means,
        part=one.part,
        whole=one.whole,
        unit=one.unit,
        counts=one.counts,
        interval="wilson" if one.wilson else "",
        rows=one.rows,
    )


def figure_shown(one: Figure, wallet: str, store: str | None) -> FigureShown:
    """A figure, with the address of its rows."""
    missing = None
    if one.lacking is not None:
        missing = Missing(one.lacking, one.have, one.wanted)
    return FigureShown(
        metric=one.metric,
        from_=one.span.from_on,
        until=one.span.until_on,
        value=one.value,
        part=one.part,
        whole=one.whole,
        low=one.low,
        high=one.high,
        n=one.n,
        group=one.group,
        missing=missing,
        rows=rows_of(one, wallet, store) if missing is None else None,
    )


def rows_of(one: Figure, wallet: str, store: str | None, base: str = ROWS) -> str | None:
    """Where the rows of a figure are; None where it has none."""
    metric, span = one.metric, one.span
    if not METRICS[metric].rows:
        return None
    said = {"metric": metric, "from": span.from_on, "until": span.until_on}
    beside = {"store": store or ""}
    if METRICS[metric].rows == "days" or METRICS[metric].report == "fairness":
        beside["wallet"] = wallet  # also who was there is of one kind of points
    beside |= {"group": one.group}
    return f"{base}?{urlencode({**said, **{name: one for name, one in beside.items() if one}})}"


def report_shown(
    found: Report, as_of: datetime | None, currency: str, wallet: str
) -> ReportShown:  # fmt: skip
    """A report as the API says it."""
    asked = found.asked

    def figures(some: Sequence[Figure]) -> list[FigureShown]:
        return [figure_shown(one, wallet, asked.store) for one in some]

    return ReportShown(
        report=found.id,
        from_=asked.span.from_on,
        until=asked.span.until_on,
        zone=asked.zone,
        currency=currency,
        wallet=wallet,
        as_of=as_of,
        figures=figures(found.figures),
        before=figures(found.before),
        tables=[table_shown(one) for one in found.tables],
        moves_from=found.moves_from,
    )


def table_shown(one: Table) -> TableShown:
    """A table with its days written."""
    heads = [ColumnShown(head.id, head.unit) for head in one.columns]
    rows: list[list[Shown]] = [
        [cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in one.rows
    ]
    return TableShown(one.id, heads, rows)


def who_shown(one: Who) -> RowShown:
    """A member behind a figure."""
    id_ = shown("mem", one.member_id)
    return RowShown(id_, one.counted, one.orders, one.net_minor, one.first_on, one.last_on)


def points_day_shown(one: PointsDay) -> RowShown:
    """A day on which points of a member moved."""
    return RowShown(
        shown("mem", one.member_id),
        counted=True,
        day=one.day,
        store=one.store,
        issued=one.issued,
        redeemed=one.redeemed,
        expired=one.expired,
        otherwise=one.otherwise,
    )


def account_shown(one: Behind) -> RowShown:
    """An account behind a figure."""
    account = one.account
    return RowShown(
        shown("mem", account.head_id) if account.head_id else "",
        one.counted,
        orders=account.orders,
        net_minor=account.net_minor,
        last_on=account.last_on,
        account_id=shown("hou", account.account_id),
        account=account.name,
        people=account.people,
        buying=account.buying,
        usual_days=account.usual_days,
        quiet_days=account.quiet_days,
        signal=account.signal,
        score=one.score,
    )

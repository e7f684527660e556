"""Liability: what is owed for points, how it rolls forward, what of it is revenue yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Cell, Costing, Report, Table, columns, of_before
from regulars.insight.metrics.deferring import Deferred, Promise, as_closed, deferred
from regulars.insight.metrics.figures import Figure, count_of
from regulars.insight.metrics.owing import months_of, owing_figures, triangle_of
from regulars.insight.metrics.points import Rolled, Tied, flows_of, rolled
from regulars.insight.metrics.reading import orders
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.closed import closed_months, rows_closed
from regulars.insight.metrics.reading.points import Held
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.reports.owed.cohorts import brought_table, cohort_table, owing
from regulars.insight.metrics.reports.owed.lots import lots
from regulars.insight.metrics.spans import Span, begins, months_on
from regulars.insight.metrics.trying import Chosen, Tried, off_figure


async def liability(tx: Tx, asked: Asked) -> Report:
    """The report of one wallet, with the roll-forward of its months.

    Units: what is owed is what points cost, each by the worth it was earned with; of days that are
    over as they are mixed today.
    """
    await widely(tx)
    asked = await mixed(tx, asked)
    months, held = await rolls(tx, asked, asked.span), await read.held(tx, asked.wallet)
    given = await read.given(tx, asked.wallet)
    looked = await owing(tx, asked)
    found = looked.found
    closing = months[-1].closing
    past = found if isinstance(found, NotEnough) else found.chosen
    off = past if isinstance(past, NotEnough) else past.tried
    figures = [
        *owing_figures(asked.span, found, closing, asked.worth_of(closing)),
        off_figure(asked.span, off),
    ]
    before = await _before(tx, asked, asked.compare) if asked.compare else []
    tied = Tied(await read.change(tx, asked.wallet), held.units - held.debt)
    kept, closed = await contract(tx, asked), await closed_months(tx, asked.called)
    tables: tuple[Table, ...] = (
        roll_table(months, closed, asked.today),
        tie_table(tied, held),
        *await lots(tx, asked, given),
        deferred_table(kept, closed),
        journal_table(kept, asked.span),
        cohort_table(looked, asked.worth_of),
        brought_table(await read.given(tx, asked.wallet, looked.ended_on, brought=True)),
        tried_table(off, looked.ended_on),
        way_table(past),
    )
    if asked.beside:
        then = await rolls(tx, asked, asked.beside)
        tables += (of_before(roll_table(then, closed, asked.today)),)
    moves = months_on(max(closed), 1) if closed else None
    return Report("liability", asked, tuple(figures), tuple(before), tables, moves)


async def contract(tx: Tx, asked: Asked) -> list[Deferred]:
    """The contract liability of a wallet month by month, closed months as they were closed; none
    where nothing can be said, or the program never said what a point costs.

    Shape: points of all wallets share what members paid, each at what it cost as its month ended.
    """
    mine, others = None, list[Promise]()
    for one in asked.wallets:
        promise = await _promise(tx, asked, one)
        if one.wallet == asked.wallet:
            mine = promise
        elif _costs(promise):
            others.append(promise)
    found: list[Deferred] | NotEnough = []
    if mine is not None and _costs(mine):
        found = deferred(mine, await orders.paid_by_month(tx), others)
    closed = rows_closed(await closed_months(tx, asked.called))
    return as_closed([] if isinstance(found, NotEnough) else found, closed)


async def _promise(tx: Tx, asked: Asked, one: Costing) -> Promise:
    """What came of the points of a wallet, with what each cost in its time."""
    given = await read.given(tx, one.wallet, brought=False)
    came = await read.came_back(tx, one.wallet)
    return Promise(
        months_of(given, asked.today),
        triangle_of(given, came, asked.today),
        lambda month, units: ceil(units * one.then(month)),
        one.lives,
    )


def _costs(one: Promise) -> bool:
    """Whether the program said what a point costs."""
    return any(one.worth(month, 1) for month in one.months)


async def mixed(tx: Tx, asked: Asked) -> Asked:
    """The question with what a point costs on average of those that members hold, where some keep
    a worth that later ones do not have."""
    if not asked.changes:
        return asked
    held = await read.by_change(tx, asked.wallet, asked.changes)
    units = sum(held.values())
    cost = sum((asked.costs[band] * n for band, n in held.items()), Fraction(0))
    if not units:
        return asked
    return replace(asked, worth=lambda points: ceil(points * cost / units))


async def rolls(tx: Tx, asked: Asked, span: Span) -> list[Rolled]:
    """The roll-forward of each month of a span."""
    opening = await read.change(tx, asked.wallet, before=span.from_on)
    moved = await read.moved(tx, asked.wallet, span)
    return rolled(flows_of(span, moved, "month"), opening)


async def _before(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    """What was outstanding then; what was expected then is not told, as it would be told by what
    is known today."""
    closing = await read.change(tx, asked.wallet, before=span.until_on)
    return [count_of("outstanding", span, closing)]


def roll_table(months: Sequence[Rolled], closed: Collection[date], today: date) -> Table:
    """Opening, what happened, closing, month by month; a month that is over and not closed moves
    with what is told of it late, until it is closed."""
    heads = columns(
        "from:day", "until:day", "opening:points", "issued:points", "redeemed:points",
        "expired:points", "adjusted:points", "other:points", "closing:points",
        "month_state:text",
    )  # fmt: skip
    rows = tuple(
        (
            one.flow.span.from_on,
            one.flow.span.until_on,
            one.opening,
            one.flow.issued,
            one.flow.redeemed,
            one.flow.expired,
            one.flow.adjusted,
            one.flow.other,
            one.closing,
            state_of(begins(one.flow.span.from_on, "month"), closed, today),
        )
        for one in months
    )
    return Table("roll_forward", heads, rows)


def state_of(month: date, closed: Collection[date], today: date) -> str:
    """Whether a month is `closed`, `open` (over, and not closed) or `running`."""
    if month in closed:
        return "closed"
    return "open" if months_on(month, 1) <= today else "running"


def tie_table(tied: Tied, held: Held) -> Table:
    """What all days come to beside the ledger."""
    heads = columns(
        "rolled:points", "ledger:points", "off:points", "pending:points", "reserved:points",
        "owed_by_members:points",
    )  # fmt: skip
    row = (tied.rolled, tied.ledger, tied.off, held.pending, held.held, held.debt)
    return Table("tie_out", heads, (row,))


def deferred_table(found: Sequence[Deferred], closed: Collection[date]) -> Table:
    """The contract liability month by month; no row where nothing can be said. One that is not
    closed is as it would be today, net of what came back since, and moves until it is closed."""
    heads = columns(
        "month:month", "opening_minor:money", "added_minor:money", "earned_minor:money",
        "closing_minor:money", "rate:share", "changed_added_minor:money",
        "changed_earned_minor:money", "month_state:text",
    )  # fmt: skip
    rows = tuple(
        (
            one.month,
            one.opening_minor,
            one.added_minor,
            one.earned_minor,
            one.closing_minor,
            one.rate,
            one.changed_added_minor,
            one.changed_earned_minor,
            "closed" if one.month in closed else "open",
        )
        for one in found
    )
    return Table("deferred", heads, rows)


def journal_table(found: Sequence[Deferred], span: Span) -> Table:
    """What is booked for each month of a span that ended in it: two lines for what was put back of
    its sales, two for what was earned; and the same again for what changed in months that are
    closed. Debits and credits of a month come to the same.
    """
    heads = columns(
        "on:day", "account:text", "debit_minor:money", "credit_minor:money", "text:text"
    )
    rows: list[tuple[date, str, int, int, str]] = []
    for one in found:
        on = months_on(one.month, 1) - timedelta(1)
        if not span.from_on <= on < span.until_on:
            continue
        for added, earned, more in (
            (one.added_minor, one.earned_minor, ""),
            (one.changed_added_minor, one.changed_earned_minor, "_changed"),
        ):
            rows += _pair(on, ("revenue_sales", "contract_liability"), added, f"put_back{more}")
            rows += _pair(on, ("contract_liability", "revenue_points"), earned, f"earned{more}")
    return Table("journal", heads, tuple(rows))


def _pair(
    on: date, sides: tuple[str, str], minor: int, text: str
) -> list[tuple[date, str, int, int, str]]:
    """A booking (debit and credit); what is below nothing is booked the other way round."""
    debit, credit = sides
    if minor < 0:
        debit, credit, minor = credit, debit, -minor
    return [(on, debit, minor, 0, text), (on, credit, 0, minor, text)] if minor else []


def tried_table(found: Tried | NotEnough, ended_on: date) -> Table:
    """What was expected of two quarters at months in the past, beside what came; no row where it
    cannot be tried (the figure says why). `ended_on` is when the last month that counts ended.
    """
    heads = columns("until:day", "months:count", "expected:points", "came:points", "off:ratio")
    if isinstance(found, NotEnough):
        return Table("back_test", heads, ())
    rows = tuple(
        (months_on(ended_on, -one.ago), found.months, round(one.expected), one.came, one.off)
        for one in found.origins
    )
    return Table("back_test", heads, rows)


def way_table(found: Chosen | NotEnough) -> Table:
    """All ways of estimating, how far off each was on the shop's own past, and which is taken; no
    row where none can be tried."""
    heads = columns("way:text", "off:rate", "missed:points", "came:points", "chosen:text")
    if isinstance(found, NotEnough):
        return Table("ways", heads, ())
    told = ((found.way, found.tried, "yes"), *((way, one, "no") for way, one in found.others))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (way, one.off, one.missed, one.came, said)
        for way, one, said in told
        if isinstance(one, Tried)
    )
    return Table("ways", heads, rows)

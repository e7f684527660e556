"""Paid membership: who stays, by plan and by month, which payments fail, who comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.shares import share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lasting import Still, still_there
from regulars.insight.estimators.staying.renewing import Renewing, fit_renewing
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.asked import Asked, Cell, Report, Table, columns, of_before
from regulars.insight.metrics.defined.memberships import (
    FEWEST,
    staying_figure,
    turned_figures,
)
from regulars.insight.metrics.defined.renewals import (
    RenewalOrigin,
    Renewed,
    lives_of,
    origin_of,
    quarters,
    renewing_figures,
    tried_enough,
)
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.reading import memberships as read
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span, ends_on, instants, midnight

ALL = "all"
"""All plans together."""


async def memberships(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: it is of the whole shop; fees are paid in no store."""
    await widely(tx)
    span, zone = asked.span, ZoneInfo(asked.zone)
    bounds = instants(span, zone)
    lives = await read.lives(tx, midnight(ends_on(span, asked.today), zone), asked.zone)
    curve = still_there([one for some in lives.values() for one in some])
    figures = [*await _figures(tx, asked, span), staying_figure(span, curve)]
    before: list[Figure] = []
    if asked.compare:
        end = midnight(ends_on(asked.compare, asked.today), zone)
        then = await read.lives(tx, end, asked.zone)
        was = still_there([one for some in then.values() for one in some])
        before = [*await _figures(tx, asked, asked.compare), staying_figure(asked.compare, was)]
    now, fit, tried = await _renewals(tx, asked)
    figures += renewing_figures(span, now, fit, tried)
    by_part = await read.by_part(tx, span, bounds, asked.zone, asked.granularity)
    tables: tuple[Table, ...] = (
        part_table(by_part),
        plan_table(await read.plans(tx, bounds)),
        staying_table(curve, lives),
        renewal_table(still_there(lives_of(now)), fit),
        tried_table(tried),
    )
    if asked.beside:
        days = instants(asked.beside, zone)
        was_there = await read.by_part(tx, asked.beside, days, asked.zone, asked.granularity)
        tables += (of_before(part_table(was_there)),)
    return Report("memberships", asked, tuple(figures), tuple(before), tables)


async def _renewals(
    tx: Tx, asked: Asked
) -> tuple[list[Renewed], Renewing | NotEnough, list[RenewalOrigin] | NotEnough]:
    """How often memberships were paid for as the time ended, what that foretells, and how such
    estimates did in quarters before."""
    zone = ZoneInfo(asked.zone)
    end = instants(asked.span, zone)[1]
    now = await read.renewed(tx, end, end)
    fit = fit_renewing(lives_of(now))
    found: list[RenewalOrigin | NotEnough] = []
    for since, until in quarters(min(asked.span.until_on, asked.today)):
        if isinstance(fit, NotEnough) or (found and isinstance(found[-1], NotEnough)):
            break
        bounds = instants(Span(since, until), zone)
        found.append(origin_of(since, await read.renewed(tx, *bounds)))
    return now, fit, tried_enough(found)


async def _figures(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    bounds = instants(span, ZoneInfo(asked.zone))
    return turned_figures(await read.turned(tx, span, bounds))


def part_table(some: Sequence[read.Part]) -> Table:
    """Memberships that were there as each part began, and what happened in it; a share of those
    that ended is of who was there and who began."""
    heads = columns(
        "from:day", "until:day", "there:count", "began:count", "ended:count", "share:share",
        "low:share", "high:share", "failed:count", "fees_minor:money",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in some:
        found = share(min(one.ended, one.there + one.begun), one.there + one.begun)
        bounds = (found.value, found.low, found.high) if found.whole else (None, None, None)
        days = (one.span.from_on, one.span.until_on)
        rows.append((*days, one.there, one.begun, one.ended, *bounds, one.failed, one.fees_minor))
    said = any(one.there or one.begun or one.failed or one.fees_minor for one in some)
    return Table("turns", heads, tuple(rows) if said else ())


def plan_table(some: Sequence[read.Plan]) -> Table:
    """Plan by plan: who was there, who ended."""
    heads = columns(
        "plan:text", "at_begin:count", "at_end:count", "began:count", "ended:count", "share:share",
        "low:share", "high:share",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in some:
        found = share(one.ended, one.at_begin)
        bounds = (found.value, found.low, found.high) if one.at_begin else (None, None, None)
        rows.append((one.plan, one.at_begin, one.at_end, one.begun, one.ended, *bounds))
    return Table("plans", heads, tuple(rows))


def staying_table(curve: Sequence[Still], lives: Mapping[str, Sequence[Gaps]]) -> Table:
    """The share still there after each month, of all plans and of each, as far as twenty came."""
    heads = columns(
        "plan:text", "months:count", "at_risk:count", "ended:count", "share:share", "low:share",
        "high:share",
    )  # fmt: skip
    curves = {ALL: curve} | {plan: still_there(some) for plan, some in lives.items()}
    rows = tuple(
        (plan, *one) for plan, some in curves.items() for one in some if one.at_risk >= FEWEST
    )
    return Table("staying", heads, rows)


AHEAD = 3
"""So many renewals beyond those that were seen are foretold."""


def renewal_table(curve: Sequence[Still], fit: Renewing | NotEnough) -> Table:
    """The share still there after each renewal, as seen and as the model says, and three further;
    without a model what was seen."""
    heads = columns(
        "renewals:count", "at_risk:count", "ended:count", "share:share", "low:share", "high:share",
        "expected_share:rate", "renewing:rate",
    )  # fmt: skip
    seen = [one for one in curve if one.at_risk >= FEWEST]
    rows: list[tuple[Cell, ...]] = [(*one, *_foretold(fit, one.months)) for one in seen]
    if seen and isinstance(fit, Renewing):
        last = seen[-1].months
        nobody = (None, None, None, None, None)
        rows += [(at, *nobody, *_foretold(fit, at)) for at in range(last + 1, last + AHEAD + 1)]
    return Table("renewals", heads, tuple(rows))


def _foretold(fit: Renewing | NotEnough, renewals: int) -> tuple[float | None, float | None]:
    """The share still there after so many, and of these who renews once more."""
    if isinstance(fit, NotEnough):
        return None, None
    return fit.staying(renewals), fit.renews(renewals + 1)


def tried_table(found: Sequence[RenewalOrigin] | NotEnough) -> Table:
    """What was expected of renewals in quarters of the past, beside what came; no row where it
    cannot be tried (the figure says why)."""
    heads = columns("from:day", "decided:count", "expected:count", "renewed:count")
    rows: tuple[tuple[Cell, ...], ...] = ()
    if not isinstance(found, NotEnough):
        rows = tuple((one.on, one.decided, round(one.expected), one.came) for one in found)
    return Table("renewals_tried", heads, rows)

"""Reads a month of a shop, and what lies about, over prepared rows."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.buying import Seconds, bought_figures, second_figure
from regulars.insight.metrics.defined.joining import enrolled_all, enrolled_figures
from regulars.insight.metrics.figures import Figure, count_of, share_of
from regulars.insight.metrics.monthly.month import (
    Around,
    Month,
    first_bought,
    first_in_time,
    is_known,
    lines_of,
    spans_of,
)
from regulars.insight.metrics.points import flow_figures, flow_of
from regulars.insight.metrics.reading import joining, orders
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span, begins, following, instants, months_on
from regulars.records.program.changes.experiments import read as experiments

_SLIPPING: Final = """
select count(*) as members from member_alert a join member m using (program_id, member_id)
 where a.program_id = $1::int and a.kind = 'slipping' and a.shown and a.outcome is null
   and a.handled_at is null and m.state = 'active'
"""
_MEMBERS: Final = """
select count(*) as members from member m
 where m.program_id = $1::int and m.state in ('active', 'blocked')
"""
_LAPSING: Final = """
select coalesce(sum(remaining), 0)::bigint as units from lot
 where program_id = $1::int and wallet = $2::smallint and remaining > 0
   and expires_at >= $3::timestamptz and expires_at < $4::timestamptz
"""
MOST_MONTHS: Final = 120


async def month_of(tx: Tx, asked: Asked) -> Month:
    """The month that begins with the asked span.

    Keeps: of a month that the books did not know as a whole nothing is compared.
    """
    await widely(tx)
    known_from, elsewhere = await orders.history(tx)
    span, last, year = spans_of(asked.span.from_on)
    now = await _figures(tx, asked, span, known_from)
    before = [
        await _figures(tx, asked, one, known_from) if is_known(one, known_from) else None
        for one in (last, year)
    ]
    around = await _around(tx, asked, span, known_from)
    if elsewhere:
        sold = await orders.sold(tx, span)
        named = share_of("participation_orders", span, sold.named_sales, sold.all_sales)
        around = replace(around, named=named)
    return Month(span, lines_of(now, *before), around, span.until_on <= asked.today)


async def months(tx: Tx, today: date) -> list[date]:
    """The months that have ended since the first order of all, the latest first, ten years at
    most; none where nobody ordered before this month."""
    known_from, _ = await orders.history(tx)
    month = months_on(begins(today, "month"), -1)
    found = []
    while known_from is not None and month >= begins(known_from, "month"):
        found.append(month)
        month = months_on(month, -1)
    return found[:MOST_MONTHS]


async def _figures(tx: Tx, asked: Asked, span: Span, known_from: date | None) -> dict[str, Figure]:
    """Every line of one month."""
    (bought,) = await orders.bought(tx, span)
    before, both = await orders.both(tx, span)
    found = bought_figures(replace(bought, before=before, both=both), known_from, elsewhere=False)
    found.append(await _second(tx, span, asked.today, known_from))
    found += flow_figures(flow_of(span, await read.moved(tx, asked.wallet, span)))
    closing = await read.change(tx, asked.wallet, before=span.until_on)
    found += [
        count_of("outstanding", span, closing),
        replace(count_of("active_members", span, bought.orders), metric="orders"),
        replace(count_of("active_members", span, bought.net_minor), metric="net_minor"),
    ]
    joined = await joining.enrolled(
        tx, span, instants(span, ZoneInfo(asked.zone)), asked.zone, "month"
    )
    found += enrolled_figures(enrolled_all(span, joined))
    return {one.metric: one for one in found}


async def _second(tx: Tx, span: Span, today: date, known_from: date | None) -> Figure:
    """Who came again within 90 days, of the month of first orders that is old enough as this one
    ends; its span is that month. Nothing where the books did not know the whole of it."""
    cohort = first_bought(span)
    timely = first_in_time(span, today) if is_known(cohort, known_from) else None
    seconds = await orders.seconds(tx, timely) if timely else Seconds(cohort)
    return replace(second_figure(seconds), span=cohort)


async def _around(tx: Tx, asked: Asked, span: Span, known_from: date | None) -> Around:
    (slipping,) = await tx.fetch(_SLIPPING, tx.program_id)
    (members,) = await tx.fetch(_MEMBERS, tx.program_id)
    end = Span(asked.today, following(months_on(begins(asked.today, "month"), 1), "month"))
    bounds = instants(end, ZoneInfo(asked.zone))
    (lapsing,) = await tx.fetch(_LAPSING, tx.program_id, asked.wallet, *bounds)
    running = await experiments.running(tx)
    closing = await read.change(tx, asked.wallet, before=span.until_on)
    # Who joined a month ago at least had time for a first reward.
    earlier = Span(months_on(span.from_on, -1), span.from_on)
    joined = enrolled_all(
        earlier,
        await joining.enrolled(
            tx, earlier, instants(earlier, ZoneInfo(asked.zone)), asked.zone, "month"
        ),
    )
    rewarded = share_of("joined_first_reward", earlier, joined.rewarded, joined.joined)
    return Around(
        slipping=slipping["members"],
        lapsing=int(lapsing["units"]),
        experiments=len(running),
        settled=await _settled(tx, [(one.experiment_id, one.title) for one in running]),
        members=members["members"],
        known_from=known_from,
        rewarded=rewarded,
        worth_minor=asked.worth_of(closing),
    )


async def _settled(tx: Tx, running: list[tuple[object, str]]) -> str:
    """The title of the first experiment whose last look says that it may be ended."""
    for id_, title in running:
        looks = await experiments.looks(tx, id_)  # type: ignore[arg-type]
        if looks and looks[0].found.get("stop") in ("sure", "planned"):
            return title
    return ""

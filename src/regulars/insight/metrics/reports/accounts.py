"""Accounts with several people: use, signs of falling quiet, and what members answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.shares import share
from regulars.insight.estimators.staying.lasting import Still, still_there
from regulars.insight.metrics.asked import Asked, Cell, Report, Table, columns
from regulars.insight.metrics.defined.accounts import (
    Account,
    Later,
    Tickets,
    account_figures,
    answer_figures,
    by,
    health,
)
from regulars.insight.metrics.defined.memberships import FEWEST
from regulars.insight.metrics.figures import Figure, share_of
from regulars.insight.metrics.reading import accounts as read
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span, compared, ends_on, instants, midnight, so_far

MOST: Final = 200
"""So many accounts a table shows, those with most revenue."""


async def accounts(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: people are those of today, also beside an earlier time."""
    await widely(tx)
    bounds = instants(asked.span, ZoneInfo(asked.zone))
    some = await read.accounts(tx, asked, asked.span)
    said = await read.answers(tx, bounds)
    asking = await read.tickets(tx, bounds, _since(asked, asked.span))
    ends = await read.ends(tx, bounds)
    figures = [
        *account_figures(asked.span, some, asking, ends),
        *answer_figures(asked.span, said),
        share_of("survey_response", asked.span, *await read.response(tx, bounds)),
    ]
    end = midnight(ends_on(asked.span, asked.today), ZoneInfo(asked.zone))
    curve = still_there(await read.lives(tx, end, asked.zone))
    before = await _before(tx, asked, asked.compare) if asked.compare else []
    afterwards = await read.later(tx, bounds, asked.zone, asked.today)
    figures += [
        share_of("bought_after_answer", asked.span, one.bought, one.members, one.group)
        for one in afterwards
    ]
    tables = (
        account_table(some[:MOST], by(said), asking),
        staying_table(curve),
        later_table(afterwards),
    )
    return Report("accounts", asked, tuple(figures), tuple(before), tables)


async def _before(tx: Tx, asked: Asked, span: Span) -> list[Figure]:
    bounds = instants(span, ZoneInfo(asked.zone))
    some = await read.accounts(tx, asked, span)
    asking = await read.tickets(tx, bounds, _since(asked, span))
    used = account_figures(span, some, asking, await read.ends(tx, bounds))
    answered = share_of("survey_response", span, *await read.response(tx, bounds))
    return [*used, *answer_figures(span, await read.answers(tx, bounds)), answered]


def _since(asked: Asked, span: Span) -> datetime:
    """When the time before this one began."""
    before = compared(so_far(span, asked.today), "previous")
    return midnight(before.from_on, ZoneInfo(asked.zone))


def account_table(
    some: Sequence[Account], scores: Mapping[str, Sequence[int]], asking: Mapping[UUID, Tickets]
) -> Table:
    """Each account, how it used the program, and the mean of what its people said, rounded down."""
    heads = columns(
        "of_account:text", "head:text", "people:count", "buying:count", "orders:count",
        "orders_before:count", "net_minor:money", "last_on:day", "usual_days:count",
        "quiet_days:count", "signal:text", "score:count", "tickets:count", "tickets_before:count",
        "account_health:text",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in some:
        given = scores.get(one.account_id.hex)
        mean = sum(given) // len(given) if given else None
        head = f"mem_{one.head_id.hex}" if one.head_id else ""
        name = one.name or f"hou_{one.account_id.hex}"
        used = (one.people, one.buying, one.orders, one.orders_before, one.net_minor, one.last_on)
        usual = None if one.usual_days is None else round(one.usual_days)
        gaps = (usual, one.quiet_days, one.signal)
        asked = asking.get(one.account_id, Tickets())
        rows.append((name, head, *used, *gaps, mean, *asked, health(one, mean, asked)))
    return Table("accounts", heads, tuple(rows))


def staying_table(curve: Sequence[Still]) -> Table:
    """The share of accounts still there after each month, as far as twenty came."""
    heads = columns(
        "months:count", "at_risk:count", "ended:count", "share:share", "low:share", "high:share",
    )  # fmt: skip
    return Table(
        "accounts_staying", heads, tuple(tuple(one) for one in curve if one.at_risk >= FEWEST)
    )


def later_table(some: Sequence[Later]) -> Table:
    """By what members said, who bought in the 90 days after."""
    heads = columns(
        "answer:text", "members:count", "bought_later:count", "share:share", "low:share",
        "high:share", "net_minor:money",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in some:
        found = share(one.bought, one.members)
        bounds = (found.value, found.low, found.high)
        rows.append((one.group, one.members, one.bought, *bounds, one.net_minor))
    return Table("answered", heads, tuple(rows))

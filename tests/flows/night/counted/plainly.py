"""What screens say of buyers of any days, and the same counted member by member."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.insight.metrics.reading import orders
from regulars.insight.metrics.spans import Granularity, Span, compared, parts
from regulars.records.prepared.types import MemberDay

Parts = dict[date, tuple[int, int, int, int, int]]
GRAINS: tuple[Granularity | None, ...] = (None, "week", "month")


class Said(NamedTuple):
    """Of parts: buyers, of these twice, of these new, orders and money; who bought before and in
    both; days to the next order, how often closed and how often open."""

    parts: list[Parts]
    both: tuple[int, int]
    gaps: dict[int, tuple[int, int]]


def spans(days: Sequence[MemberDay], chance: Random) -> list[Span]:
    """Some stretches of these days, short and long."""
    first, last = min(row.day for row in days), max(row.day for row in days)
    found = [Span(first - timedelta(3), last + timedelta(1))]
    for _ in range(12):
        since = first + timedelta(chance.randrange((last - first).days + 1))
        found.append(Span(since, since + timedelta(chance.choice((1, 7, 31, 90)))))
    return found


def screens(shop: Shop, span: Span) -> Said:
    """As reports read it."""

    async def read(tx: Tx, _terms: object) -> Said:
        told: list[Parts] = []
        for grain in GRAINS:
            found = await orders.bought(tx, span, grain)
            told.append({
                one.span.from_on: (one.buyers, one.twice, one.first, one.orders, one.net_minor)
                for one in found if one.buyers
            })  # fmt: skip
        after = await orders.gaps(tx, span, span.until_on + timedelta(20))
        gaps = {one.length: (one.closed, one.open) for one in after}
        return Said(told, await orders.both(tx, span), gaps)

    return shop.do(read)


def plainly(days: Sequence[MemberDay], span: Span) -> Said:
    """Member by member, out of their days."""
    of: dict[object, dict[date, int]] = defaultdict(dict)
    for row in days:
        if row.orders:
            net = of[row.member_id].get(row.day, 0)
            of[row.member_id][row.day] = net + row.net_minor
    told = [
        {
            part.from_on: one
            for part in (parts(span, grain) if grain else [span])
            if (one := _part(list(of.values()), part))[0]
        }
        for grain in GRAINS
    ]
    before = [who for who, on in of.items() if _within(on, compared(span, "previous"))]
    again = [who for who in before if _within(of[who], span)]
    return Said(told, (len(before), len(again)), _gaps(list(of.values()), span))


def _part(members: Sequence[dict[date, int]], part: Span) -> tuple[int, int, int, int, int]:
    bought = [(min(on), _within(on, part), on) for on in members if _within(on, part)]
    return (
        len(bought),
        sum(len(within) > 1 for _, within, _ in bought),
        sum(first >= part.from_on for first, _, _ in bought),
        sum(len(within) for _, within, _ in bought),
        sum(on[day] for _, within, on in bought for day in within),
    )


def _within(on: dict[date, int], span: Span) -> list[date]:
    return [day for day in sorted(on) if span.from_on <= day < span.until_on]


def _gaps(members: Sequence[dict[date, int]], span: Span) -> dict[int, tuple[int, int]]:
    today = span.until_on + timedelta(20)
    closed: Counter[int] = Counter()
    still: Counter[int] = Counter()
    for on in members:
        known = [day for day in sorted(on) if day <= today]
        for day, then in zip(known, [*known[1:], None], strict=False):
            if span.from_on <= day < span.until_on:
                (still if then is None else closed)[((then or today) - day).days] += 1
    return {days: (closed[days], still[days]) for days in sorted(closed | still)}

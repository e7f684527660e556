"""Fairness of spend: who gets what of the program, beside what they bring."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.insight.estimators.asking.shares import share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Asked, Cell, Report, Table, columns
from regulars.insight.metrics.defined.fairness import (
    Part,
    beyond,
    each_figure,
    gini_figure,
    reached_figure,
    top_figures,
)
from regulars.insight.metrics.figures import Figure, count_of, missing, share_of
from regulars.insight.metrics.reading.fairness import Given, Offered, Open, given, offered
from regulars.insight.metrics.reading.widely import widely
from regulars.insight.metrics.spans import Span

_GINI = (("gini_spend", "net_minor"), ("gini_issued", "issued"), ("gini_redeemed", "redeemed"))


async def fairness(tx: Tx, asked: Asked) -> Report:
    """The report. Keeps: tiers are those of now; ages are known of who told a birthday."""
    await widely(tx)
    now = await given(tx, asked, asked.span, opened=True)
    before: list[Figure] = []
    if asked.compare:
        then = await given(tx, asked, asked.compare)
        before = _figures(asked, asked.compare, then)
    could, had = now.open_to, list[Offered]()
    more: list[Figure] = []
    if asked.store is None:  # offers are given in no store
        had = await offered(tx, asked.span, asked.zone)
        more.append(count_of("offers_given", asked.span, sum(one.members for one in had)))
        if asked.compare:
            was = await offered(tx, asked.compare, asked.zone)
            before.append(count_of("offers_given", asked.compare, sum(one.members for one in was)))
    tables = (
        lorenz_table(now.tenths),
        _shares("tenths", "tenth:text", now.tenths),
        open_table("open_by_tenth", "tenth:text", could, "tenths", len(asked.offers)),
        open_table("open_by_tier", "tier:text", could, "tiers", len(asked.offers)),
        open_table("open_by_tenure", "tenure:text", could, "tenures", len(asked.offers)),
        offered_table(had, now.tenures),
        _shares("by_tier", "tier:text", now.tiers),
        _shares("by_tenure", "tenure:text", now.tenures),
        _shares("ages", "age:text", now.ages if len(now.ages) > 1 else []),
        _shares("by_store", "store:text", now.stores, reached=False),
    )
    figures = (*_figures(asked, asked.span, now), open_figure(asked.span, could), *more)
    return Report("fairness", asked, figures, tuple(before), tables)


def _figures(asked: Asked, span: Span, found: Given) -> list[Figure]:
    of = {one.group: one for one in found.tenures}
    fresh = [of["new"]] if "new" in of else []
    known = [of[one] for one in ("year", "long") if one in of]
    return [
        reached_figure(span, found.tiers),
        *(gini_figure(metric, span, found.spreads[what]) for metric, what in _GINI),
        *top_figures(span, found.tenths),
        count_of("gifts_given", span, sum(one.gifts_minor for one in found.tenths)),
        _each(asked, "cost_of_newcomers", span, fresh),
        _each(asked, "cost_of_loyal", span, known),
    ]


def _each(asked: Asked, metric: str, span: Span, parts: Sequence[Part]) -> Figure:
    redeemed = sum(one.redeemed for one in parts)
    cost = asked.worth_of(redeemed)
    if redeemed and not cost:  # the program does not say what a point is worth
        return missing(metric, span, NotEnough("values", 0, 1))
    cost += sum(one.gifts_minor for one in parts)
    return each_figure(metric, span, cost, sum(one.members for one in parts))


def _shares(id_: str, about: str, parts: Sequence[Part], *, reached: bool = True) -> Table:
    """What each group brought and got, their parts of all, and what they got beyond it."""
    heads = columns(
        about, "members:count", "redeemers:count", "net_minor:money", "issued:points",
        "redeemed:points", "of_revenue:rate", "of_issued:rate", "of_redeemed:rate",
        "beyond:points", "gifts_minor:money", "of_gifts:rate",
    )  # fmt: skip
    paid = sum(one.net_minor for one in parts)
    issued, redeemed = sum(one.issued for one in parts), sum(one.redeemed for one in parts)
    gifts = sum(one.gifts_minor for one in parts)
    rows = tuple(
        (
            one.group,
            one.members,
            one.reached if reached else None,
            one.net_minor,
            one.issued,
            one.redeemed,
            _of(one.net_minor, paid),
            _of(one.issued, issued),
            _of(one.redeemed, redeemed),
            beyond(one, paid, redeemed),
            one.gifts_minor,
            _of(one.gifts_minor, gifts),
        )
        for one in parts
    )
    return Table(id_, heads, rows)


def open_figure(span: Span, could: Sequence[Open]) -> Figure:
    """The share of members to whom at least one reward is open."""
    all_ = next((one for one in could if one.cut == "all"), None)
    return share_of("offers_open", span, all_.with_some if all_ else 0, all_.members if all_ else 0)


def open_table(id_: str, about: str, could: Sequence[Open], cut: str, offers: int) -> Table:
    """Of each group: how many of `offers` are open to each, and to how many at least one."""
    heads = columns(
        about, "looked_at:count", "offers:count", "open_each:ratio", "with_offer:count",
        "share:share", "low:share", "high:share",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in (each for each in could if each.cut == cut):
        found = share(one.with_some, one.members)
        each_has = one.offers / one.members
        bounds = (found.value, found.low, found.high)
        rows.append((one.group, one.members, offers, each_has, one.with_some, *bounds))
    return Table(id_, heads, tuple(rows))


def offered_table(had: Sequence[Offered], there: Sequence[Part]) -> Table:
    """Of each tenure: how many were given offers of their own, how many of these, and how many
    members of it were there in the time. Whoever was given one need not have come."""
    heads = columns(
        "tenure:text", "were_offered:count", "own_offers:count", "of_own_offers:rate",
        "were_there:count",
    )  # fmt: skip
    whole, members = sum(one.offers for one in had), {one.group: one.members for one in there}
    rows = tuple(
        (one.tenure, one.members, one.offers, one.offers / whole, members.get(one.tenure, 0))
        for one in had
    )
    return Table("offered_by_tenure", heads, rows)


def lorenz_table(tenths: Sequence[Part]) -> Table:
    """Of so many members who pay least, the share of revenue, points issued and redeemed."""
    heads = columns(
        "of_members:rate", "of_revenue:rate", "of_issued:rate", "of_redeemed:rate"
    )  # fmt: skip
    whole = _sums(tenths)
    rows = []
    for upto in range(1, len(tenths) + 1):
        some = _sums(tenths[:upto])
        rows.append(tuple(_of(part, all_) for part, all_ in zip(some, whole, strict=True)))
    return Table("lorenz", heads, tuple(rows))


def _sums(parts: Sequence[Part]) -> list[int]:
    """Members, revenue, points issued and redeemed of all of them."""
    each = [(one.members, one.net_minor, one.issued, one.redeemed) for one in parts]
    return [sum(column) for column in zip(*each, strict=True)]


def _of(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None

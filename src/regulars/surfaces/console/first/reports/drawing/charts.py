"""What each report draws: a sentence, the series, and a row for each label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.defined.joining import STEPS
from regulars.surfaces.console.first.reports.drawing.beside import (
    Chart,
    label,
    parts_said,
    with_time_before,
)
from regulars.surfaces.console.first.reports.drawing.drawn import (
    accounts,
    fairness,
    memberships,
    preferences,
    referral,
)
from regulars.surfaces.console.first.reports.drawing.ranked import best, stores, tiers
from regulars.surfaces.console.first.reports.drawing.sentences import (
    change,
    figure_whole,
    joined,
    most_said,
    said_change,
    sums,
    whole_said,
)
from regulars.surfaces.console.first.reports.drawing.valuing import values
from regulars.surfaces.console.first.reports.opening import cell_of
from regulars.surfaces.console.first.reports.saying import Said, meant, whole

SHADES: Final = 10
"""So many shades a cell of the table of cohorts may have."""


def _retention(said: Said, found: Report, minor: int) -> list[Chart]:
    say, rows = said.here.reader.say, found.table("orders").rows

    def money(row: Sequence[Any]) -> list[int]:
        return [whole(row[6], minor)]

    def people(row: Sequence[Any]) -> list[int]:
        return [row[2], row[3]]

    who = [(label(said, found, row), people(row)) for row in rows]
    paid = [(label(said, found, row), money(row)) for row in rows]
    of_all = figure_whole(said, found, "active_members", "count")
    revenue = whole_said(said, *sums(found, "orders", 6), lambda one: said.value(one, "money"))
    cut = parts_said(said, found, "orders")
    peak = most_said(said, paid, said.here.reader.number, part=True)
    drawn: list[Chart] = [
        {
            "id": "buyers",
            "says": joined(
                say("Members who bought, and those of them who did for the first time."),
                of_all, most_said(said, who, said.here.reader.number), cut,
            ),
            "series": [say("Buyers"), say("First-time buyers")],
            "rows": who,
            "kind": "line" if len(rows) > 1 else "bar",
        },
        {
            "id": "paid",
            "says": joined(
                say("What members paid, net of what came back, in %(currency)s.",
                    currency=said.currency),
                revenue, peak, cut,
            ),
            "series": [say("Net revenue")],
            "rows": paid,
            "kind": "bar",
        },
    ]  # fmt: skip
    cells = (people, money)
    return [
        with_time_before(said, found, "orders", one, each)
        for one, each in zip(drawn, cells, strict=True)
    ]


def _points(said: Said, found: Report, minor: int) -> list[Chart]:
    say = said.here.reader.say

    def moved(row: Sequence[Any]) -> list[int]:
        return [whole(one, said.scale) for one in row[2:5]]

    rows = [(label(said, found, row), moved(row)) for row in found.table("flow").rows]
    chart: Chart = {
        "id": "flow",
        "says": joined(
            say("Points issued, redeemed and expired, one on the other."),
            _redeemed(said, found),
            parts_said(said, found, "flow"),
        ),
        "series": [say("Issued"), say("Redeemed"), say("Expired")],
        "rows": rows,
        "kind": "stack",
        "name": say("Points by time"),
    }
    return [with_time_before(said, found, "flow", chart, moved)]


def _redeemed(said: Said, found: Report) -> str:
    """How much of what was issued was redeemed, and whether more was issued than before."""
    issued, before = sums(found, "flow", 2)
    redeemed, _ = sums(found, "flow", 3)
    if issued <= 0:
        return ""
    words = {"redeemed": said.value(redeemed, "points"), "issued": said.value(issued, "points")}
    part = said.value(redeemed / issued, "rate")
    text = said.here.reader.say(
        "Issued: %(issued)s; redeemed: %(redeemed)s, %(share)s of it.", share=part, **words
    )
    grown = None if before is None else change(issued, before)
    if grown is None:
        return text
    more = said.here.reader.say(
        "Issued, beside that time: %(change)s.", change=said_change(said, grown)
    )
    return f"{text} {more}"


def _overview(said: Said, found: Report, minor: int) -> list[Chart]:
    say, number = said.here.reader.say, [one for one in found.figures if one.metric in STEPS]
    drawn = _points(said, found, minor)
    if any(one.part for one in number):
        joined_, last = number[0].part or 0, number[-1]
        drawn.append(
            {
                "id": "enrolment",
                "says": joined(
                    say("Of those who joined in this time: how many came how far until now."),
                    say("%(count)s of %(joined)s came to a first reward: %(share)s.",
                        count=said.here.reader.number(last.part or 0),
                        joined=said.here.reader.number(joined_),
                        share=said.value((last.part or 0) / joined_, "rate"))
                    if joined_ and last.metric == "joined_first_reward" else "",
                ),
                "series": [say("Members")],
                "rows": [(say(METRICS[one.metric].name), [one.part or 0]) for one in number],
                "kind": "bar",
                "name": say("From joining to the first reward"),
                "first": say("Step"),
            }
        )  # fmt: skip
    tiers = found.table("tier_mix").rows if found.asked.store is None else ()
    if len(tiers) > 1:
        day = said.here.reader.day(_day(tiers[0][0]))
        rows = [(said.named(str(row[1]), "tier"), [int(str(row[2]))]) for row in tiers]
        drawn.append(
            {
                "id": "tier_mix",
                "says": joined(
                    say("In which tier members were as %(day)s ended.", day=day),
                    most_said(said, rows, said.here.reader.number, part=True),
                ),
                "series": [say("Members")],
                "rows": rows,
                "kind": "bar",
                "name": say("Tier mix"),
                "first": say("Tier"),
            }
        )
    return drawn


def _liability(said: Said, found: Report, minor: int) -> list[Chart]:
    say, month = said.here.reader.say, said.here.reader.month

    def held(row: Sequence[Any], at: int = 8) -> list[int]:
        return [whole(row[at], said.scale)]

    closing = [
        (label(said, found, row, "month"), held(row)) for row in found.table("roll_forward").rows
    ]
    ages = [(month(_day(row[0])), held(row, 2)) for row in found.table("by_age").rows]
    lapsing = found.table("by_expiry").rows
    ends = [(month(_day(row[0])), held(row, 1)) for row in lapsing if row[0] is not None]
    number, all_lapse = said.here.reader.number, len(ends) == len(lapsing)
    drawn = (
        ("closing", joined(say("Outstanding points at the end of each month."),
                           _held(said, found),
                           parts_said(said, found, "roll_forward", "month")), closing, "line"),
        ("ages", joined(say("Outstanding points by the month they were earned in."),
                        _as_it_stood(said, found, "by_age"),
                        most_said(said, ages, number, part=True)), ages, "bar"),
        ("ends", joined(say("Outstanding points by the month they lapse in."),
                        _as_it_stood(said, found, "by_expiry"),
                        most_said(said, ends, number, part=all_lapse)), ends, "bar"),
    )  # fmt: skip
    charts: list[Chart] = [
        {
            "id": id_,
            "says": says,
            "series": [say("Points")],
            "rows": rows,
            "kind": kind if len(rows) > 1 else "bar",
        }
        for id_, says, rows, kind in drawn
        if rows
    ]
    return [
        with_time_before(said, found, "roll_forward", one, held, "month")
        if one["id"] == "closing"
        else one
        for one in charts
    ]


def _as_it_stood(said: Said, found: Report, table: str) -> str:
    """Of which day a table of a time that is over is: of today where no night of it counted."""
    if found.asked.span.until_on > found.asked.today:
        return ""
    days = {row[-1] for row in found.table(table).rows}
    reader = said.here.reader
    return "".join(reader.say("As it stood on %(day)s.", day=reader.day(_day(day))) for day in days)


def _held(said: Said, found: Report) -> str:
    """What is outstanding at the end, beside the end of the time before or the beginning."""
    rows = found.table("roll_forward").rows
    if not rows:
        return ""
    opening, closing = int(str(rows[0][2])), int(str(rows[-1][8]))
    if found.asked.compare:
        return figure_whole(said, found, "outstanding", "points")
    words = {"from": said.value(opening, "points"), "to": said.value(closing, "points")}
    return said.here.reader.say(
        "From %(from)s as the time began to %(to)s as it ended.", **words
    )  # fmt: skip


CHARTS: Final[Mapping[str, Callable[[Said, Report, int], list[Chart]]]] = MappingProxyType(
    {
        "overview": _overview,
        "retention": _retention,
        "points": _points,
        "liability": _liability,
        "tiers": tiers,
        "stores": stores,
        "best": best,
        "preferences": preferences,
        "fairness": fairness,
        "referral": referral,
        "memberships": memberships,
        "accounts": accounts,
        "values": values,
    }
)


def heat(said: Said, found: Report) -> dict[str, Any] | None:
    """The cohorts as a table whose cells are the darker the more came: members and money."""
    rows: dict[date, list[dict[str, Any]]] = {}
    sizes: dict[date, int] = {}
    for first, month, later, size, came, share, low, high, net in found.table("cohorts").rows:
        assert isinstance(share, float), share
        assert isinstance(net, int), net
        sizes[_day(first)] = int(size) if isinstance(size, int) else 0
        bounds = (said.value(one, "share") for one in (low, high) if isinstance(one, float))
        rows.setdefault(_day(first), []).append(
            {
                "shade": min(SHADES, round(share * SHADES)),
                "share": said.here.reader.share(round(share * 1000), 1000),
                "came": said.here.reader.number(int(came) if isinstance(came, int) else 0),
                "bounds": tuple(bounds),
                "later": later,
                "net": said.value(net, "money"),
                "opens": cell_of(said.wallet, _day(first), _day(month)),
            }
        )
    if not rows:
        return None
    most = max(len(cells) for cells in rows.values())
    return {
        "says": _loyal(said, found),
        "means": meant(said, "cohorts"),
        "heads": [said.here.reader.number(k) for k in range(most)],
        "rows": [
            (said.here.reader.month(first), said.here.reader.number(sizes[first]), cells)
            for first, cells in rows.items()
        ],
    }


def _loyal(said: Said, found: Report) -> str:
    """Of which cohort most came back a month later; '' while nobody was seen so long."""
    some = [row for row in found.table("cohorts").rows if row[2] == 1 and row[4]]
    if not some:
        return ""
    best = max(some, key=lambda row: (float(str(row[5])), _day(row[0])))
    return said.here.reader.say(
        "A month later most came back of those of %(month)s: %(share)s.",
        month=said.here.reader.month(_day(best[0])), share=said.value(float(str(best[5])), "rate"),
    )  # fmt: skip


def _day(cell: Any) -> date:
    assert isinstance(cell, date), cell
    return cell

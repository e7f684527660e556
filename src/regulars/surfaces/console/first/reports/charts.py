"""What each report draws: a sentence, the series, and a row for each label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.defined.joining import STEPS
from regulars.surfaces.console.first.reports.drawn import (
    accounts,
    fairness,
    memberships,
    preferences,
    referral,
)
from regulars.surfaces.console.first.reports.opening import cell_of
from regulars.surfaces.console.first.reports.saying import Said, whole
from regulars.surfaces.console.first.reports.valuing import values

SHADES: Final = 10
"""So many shades a cell of the table of cohorts may have."""


def _label(said: Said, found: Report, day: Any) -> str:
    """What a part of the chart is called."""
    assert isinstance(day, date), day
    reader = said.here.reader
    return reader.month(day) if found.asked.granularity == "month" else reader.day(day)


def _retention(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    say, rows = said.here.reader.say, found.table("orders").rows
    who = [(_label(said, found, row[0]), [row[2], row[3]]) for row in rows]
    paid = [(_label(said, found, row[0]), [whole(row[6], minor)]) for row in rows]
    return [
        {
            "id": "buyers",
            "says": say("Members who bought, and those of them who did for the first time."),
            "series": [say("Buyers"), say("First-time buyers")],
            "rows": who,
            "kind": "line" if len(rows) > 1 else "bar",
        },
        {
            "id": "paid",
            "says": say(
                "What members paid, net of what came back, in %(currency)s.", currency=said.currency
            ),
            "series": [say("Net revenue")],
            "rows": paid,
            "kind": "bar",
        },
    ]


def _points(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    say = said.here.reader.say
    rows = [
        (_label(said, found, row[0]), [whole(one, said.scale) for one in row[2:5]])
        for row in found.table("flow").rows
    ]
    return [
        {
            "id": "flow",
            "says": say("Points issued, redeemed and expired, one on the other."),
            "series": [say("Issued"), say("Redeemed"), say("Expired")],
            "rows": rows,
            "kind": "stack",
            "name": say("Points by time"),
        }
    ]


def _overview(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    say, number = said.here.reader.say, [one for one in found.figures if one.metric in STEPS]
    drawn = _points(said, found, minor)
    if any(one.part for one in number):
        drawn.append(
            {
                "id": "enrolment",
                "says": say("Of those who joined in this time: how many came how far until now."),
                "series": [say("Members")],
                "rows": [(say(METRICS[one.metric].name), [one.part or 0]) for one in number],
                "kind": "bar",
                "name": say("From joining to the first reward"),
                "first": say("Step"),
            }
        )
    tiers = found.table("tier_mix").rows if found.asked.store is None else ()
    if len(tiers) > 1:
        day = said.here.reader.day(_day(tiers[0][0]))
        drawn.append(
            {
                "id": "tier_mix",
                "says": say("In which tier members were as %(day)s ended.", day=day),
                "series": [say("Members")],
                "rows": [(said.named(str(row[1]), "tier"), [row[2]]) for row in tiers],
                "kind": "bar",
                "name": say("Tier mix"),
                "first": say("Tier"),
            }
        )
    return drawn


def _liability(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    say, month = said.here.reader.say, said.here.reader.month
    closing = [
        (month(_day(row[0])), [whole(row[8], said.scale)])
        for row in found.table("roll_forward").rows
    ]
    ages = [
        (month(_day(row[0])), [whole(row[2], said.scale)]) for row in found.table("by_age").rows
    ]
    ends = [
        (month(_day(row[0])), [whole(row[1], said.scale)])
        for row in found.table("by_expiry").rows
        if row[0] is not None
    ]
    drawn = (
        ("closing", say("Outstanding points at the end of each month."), closing, "line"),
        ("ages", say("Outstanding points by the month they were earned in."), ages, "bar"),
        ("ends", say("Outstanding points by the month they lapse in."), ends, "bar"),
    )
    return [
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


def _none(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    return []


CHARTS: Final[Mapping[str, Callable[[Said, Report, int], list[dict[str, Any]]]]] = MappingProxyType(
    {
        "overview": _overview,
        "retention": _retention,
        "points": _points,
        "liability": _liability,
        "tiers": _none,
        "stores": _none,
        "best": _none,
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
        "heads": [said.here.reader.number(k) for k in range(most)],
        "rows": [
            (said.here.reader.month(first), said.here.reader.number(sizes[first]), cells)
            for first, cells in rows.items()
        ],
    }


def _day(cell: Any) -> date:
    assert isinstance(cell, date), cell
    return cell

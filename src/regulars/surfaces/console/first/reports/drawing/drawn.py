"""What reports about people draw: tastes, shares, friends; each chart with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from regulars.insight.metrics.asked import Cell, Report
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.reports.memberships import ALL
from regulars.surfaces.console.first.reports.drawing.beside import (
    Chart,
    label,
    parts_said,
    with_time_before,
)
from regulars.surfaces.console.first.reports.drawing.sentences import joined, sums, whole_said
from regulars.surfaces.console.first.reports.saying import Said, whole

Row = tuple[str, list[int]]
MOST_CATEGORIES: Final = 12
_PERCENT: Final = 100


def preferences(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """The categories that bring most; purchases by day of the week and by hour."""
    say, reader = said.here.reader.say, said.here.reader
    sold = [row for row in found.table("categories").rows if row[0]][:MOST_CATEGORIES]
    hours = found.table("hours").rows
    days, clock = _sums(hours, 0), _sums(hours, 1)
    return [
        {
            "id": "by_category",
            "says": _most(
                said,
                [(said.named(str(row[0]), "category"), _share(row[4])) for row in sold],
                say("Net revenue of the categories that bring most, in %(currency)s.",
                    currency=said.currency),
            ),
            "series": [say("Net revenue")],
            "rows": [(said.named(str(row[0]), "category"), [whole(row[3], minor)]) for row in sold],
            "kind": "bar",
            "first": say("Category"),
        },
        {
            "id": "by_weekday",
            "says": _busiest(said, days, reader.weekday, say("Purchases by day of the week.")),
            "series": [say("Purchases")],
            "rows": [(reader.weekday(day), [count]) for day, count in sorted(days.items())],
            "kind": "bar",
            "first": say("Day of the week"),
        },
        {
            "id": "by_hour",
            "says": _busiest(said, clock, _clock, say("Purchases by hour of the day.")),
            "series": [say("Purchases")],
            "rows": [(_clock(hour), [count]) for hour, count in sorted(clock.items())],
            "kind": "bar",
            "first": say("Hour"),
        },
    ]  # fmt: skip


def fairness(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """How revenue and points lie, from who pays least; each tenth's part of both."""
    say, reader = said.here.reader.say, said.here.reader
    curve = found.table("lorenz").rows
    tenths = found.table("tenths").rows
    half = next((row for row in curve if isinstance(row[0], float) and row[0] >= 0.5), None)
    says = say("In percent: so many members who pay least have so much of everything.")
    if half is not None:
        says += " " + say(
            "The half who pay least bring %(paid)s of revenue and redeem %(got)s of points.",
            paid=_told(said, half[1]), got=_told(said, half[3]),
        )  # fmt: skip
    named = [say("Of revenue"), say("Of points issued"), say("Of points redeemed")]
    return [
        {
            "id": "lorenz",
            "says": says,
            "series": named,
            "rows": [
                (_told(said, row[0]), [_percent(cell) for cell in row[1:]]) for row in curve
            ],
            "kind": "line" if len(curve) > 1 else "bar",
            "first": say("Of members"),
        },
        {
            "id": "by_tenth",
            "says": joined(
                say("In percent: each tenth of members by what they paid, the last one pays most. "
                    "Where points redeemed stand above revenue, others pay for them."),
                say("The last tenth brings %(paid)s of revenue and redeems %(got)s of points.",
                    paid=_told(said, tenths[-1][6]), got=_told(said, tenths[-1][8]))
                if tenths else "",
            ),
            "series": [named[0], named[2]],
            "rows": [
                (reader.number(int(str(row[0]))), [_percent(row[6]), _percent(row[8])])
                for row in tenths
            ],
            "kind": "line" if len(tenths) > 1 else "bar",
            "first": say("Tenth"),
        },
    ]  # fmt: skip


def referral(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """How many invitations and newcomers came how far, and by time."""
    say, reader = said.here.reader.say, said.here.reader
    wanted = ("invitations_sent", "referrals_named", "referrals_bought", "referrals_rewarded")
    steps = [one for one in found.figures if one.metric in wanted]
    by_time = found.table("brought").rows
    funnel: list[Row] = [(say(METRICS[one.metric].name), [one.part or 0]) for one in steps]
    newcomers: Chart = {
        "id": "newcomers",
        "says": joined(
            say("Newcomers by when they named a code, and those of them who bought."),
            whole_said(said, *sums(found, "brought", 2), reader.number) if by_time else "",
            parts_said(said, found, "brought"),
        ),
        "series": [say("Named a code"), say("Bought what counts")],
        "rows": [(label(said, found, row), [_count(row[2]), _count(row[3])]) for row in by_time],
        "kind": "line" if len(by_time) > 1 else "bar",
    }
    return [
        {
            "id": "funnel",
            "says": say(
                "%(sent)s invitations were sent; %(named)s newcomers named a code. Of them "
                "%(bought)s bought what counts, and %(kept)s stayed and were rewarded, until now.",
                sent=reader.number(funnel[0][1][0]),
                named=reader.number(funnel[1][1][0]),
                bought=reader.number(funnel[2][1][0]),
                kept=reader.number(funnel[3][1][0]),
            ),
            "series": [say("Invitations, then newcomers")],
            "rows": funnel if by_time else [],
            "kind": "bar",
            "first": say("Step"),
        },
        with_time_before(
            said, found, "brought", newcomers, lambda row: [_count(row[2]), _count(row[3])]
        ),
    ]


def memberships(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """Who is still there after so many months; who began and ended, by time."""
    say, number = said.here.reader.say, said.here.reader.number
    curve = [row for row in found.table("staying").rows if row[0] == ALL]
    by_time = found.table("turns").rows
    says = say("In percent: of paid memberships, how many last so many months or longer.")
    if curve:
        last = curve[-1]
        says += " " + say(
            "After %(months)s months %(share)s are still there.",
            months=number(_count(last[1])), share=_told(said, last[4]),
        )  # fmt: skip
    renewed = [row for row in found.table("renewals").rows
               if row[3] is not None and row[6] is not None]  # fmt: skip
    began: Chart = {
        "id": "began_and_ended",
        "says": joined(
            say("Paid memberships that began, and that ended."), _turned(said, found),
            parts_said(said, found, "turns"),
        ),
        "series": [say("Began to pay"), say("Ended")],
        "rows": [(label(said, found, row), [_count(row[3]), _count(row[4])])
                 for row in by_time],
        "kind": "line" if len(by_time) > 1 else "bar",
    }  # fmt: skip
    return [
        {
            "id": "still_there",
            "says": says,
            "series": [say("Still there"), say("At least (95%)"), say("At most (95%)")],
            "rows": [(number(_count(row[1])), [_percent(one) for one in row[4:]]) for row in curve],
            "kind": "line" if len(curve) > 1 else "bar",
            "first": say("Months"),
        },
        {
            "id": "renewals",
            "says": joined(
                say("In percent: of paid memberships, how many are still there after so many "
                    "renewals, and how many are expected to be."),
                say("After the last of these renewals %(share)s were there.",
                    share=_told(said, renewed[-1][3])) if renewed else "",
            ),
            "series": [say("Still there"), say("Expected")],
            "rows": [(number(_count(row[0])), [_percent(row[3]), _percent(row[6])])
                     for row in renewed],
            "kind": "line",
            "first": say("Renewals"),
        },
        with_time_before(
            said, found, "turns", began, lambda row: [_count(row[3]), _count(row[4])]
        ),
    ]  # fmt: skip


def _turned(said: Said, found: Report) -> str:
    """How many began and ended, and how many began in the time before."""
    if not found.table("turns").rows:
        return ""
    say, number = said.here.reader.say, said.here.reader.number
    (began, before), (ended, were) = (sums(found, "turns", at) for at in (3, 4))
    text = say("Began: %(began)s, ended: %(ended)s.", began=number(began), ended=number(ended))
    if before is None or were is None:
        return text
    then = say("In the time before %(began)s and %(ended)s.", began=number(before),
               ended=number(were))  # fmt: skip
    return f"{text} {then}"


def week(said: Said, found: Report) -> dict[str, Any] | None:
    """Purchases by day of the week and hour as a table whose cells are the darker the more were
    made: shades of the busiest hour. Nothing where nothing was sold."""
    cells = {(_count(row[0]), _count(row[1])): (_count(row[2]), _share(row[4]))
             for row in found.table("hours").rows}  # fmt: skip
    if not cells:
        return None
    reader, most = said.here.reader, max(sales for sales, _ in cells.values())
    hours = range(min(hour for _, hour in cells), max(hour for _, hour in cells) + 1)
    busiest = max(cells, key=lambda one: (cells[one][0], -one[0], -one[1]))
    return {
        "says": reader.say(
            "Busiest: %(day)s at %(hour)s, with %(share)s of all purchases.",
            day=reader.weekday(busiest[0]), hour=_clock(busiest[1]),
            share=said.value(cells[busiest][1], "rate"),
        ),
        "heads": [_clock(hour) for hour in hours],
        "rows": [
            (reader.weekday(day), [_hour(said, cells.get((day, hour)), most) for hour in hours])
            for day in range(1, 8)
        ],
    }  # fmt: skip


def _hour(said: Said, cell: tuple[int, float] | None, most: int) -> dict[str, Any]:
    """How often something was bought in an hour of the week, and how dark that is."""
    sales, share = cell or (0, 0.0)
    shade = -(-10 * sales // most) if most > 0 else 0
    return {"shade": max(0, shade), "sales": said.here.reader.number(sales),
            "share": said.value(share, "rate")}  # fmt: skip


def accounts(said: Said, found: Report, minor: int) -> list[dict[str, Any]]:
    """How many accounts buy as ever, buy less, fall quiet."""
    say, number = said.here.reader.say, said.here.reader.number
    at = next(place for place, one in enumerate(found.table("accounts").columns)
              if one.id == "signal")  # fmt: skip
    signals = [str(row[at]) for row in found.table("accounts").rows]
    counts = [(one, signals.count(one)) for one in ("steady", "fewer", "quiet", "none")]
    return [
        {
            "id": "signals",
            "says": say(
                "Accounts by how they buy now beside how they used to. Falling quiet: %(quiet)s.",
                quiet=number(signals.count("quiet")),
            ),
            "series": [say("Accounts")],
            "rows": [(said.named(one, "signal"), [count]) for one, count in counts if signals],
            "kind": "bar",
            "first": say("Signal"),
        }
    ]


def _sums(rows: Sequence[tuple[Cell, ...]], by: int) -> dict[int, int]:
    """Purchases by day of the week or by hour."""
    found: dict[int, int] = {}
    for row in rows:
        key = _count(row[by])
        found[key] = found.get(key, 0) + _count(row[2])
    return found


def _most(said: Said, some: Sequence[tuple[str, float]], otherwise: str) -> str:
    """The sentence, and which category brings most."""
    if not some:
        return otherwise
    name, share = some[0]
    tells = said.here.reader.say(
        "%(name)s brings most: %(share)s.", name=name, share=said.value(share, "rate")
    )
    return f"{otherwise} {tells}"


def _busiest(said: Said, sums: dict[int, int], name: Any, otherwise: str) -> str:
    """The sentence, and when most was bought."""
    if not sums:
        return otherwise
    top = max(sums, key=lambda one: (sums[one], -one))
    share = said.value(sums[top] / sum(sums.values()), "rate")
    tells = said.here.reader.say("Most: %(when)s, %(share)s.", when=name(top), share=share)
    return f"{otherwise} {tells}"


def _clock(hour: int) -> str:
    return f"{hour:02}:00"


def _percent(cell: Cell) -> int:
    return round(cell * _PERCENT) if isinstance(cell, float) else 0


def _share(cell: Cell) -> float:
    return cell if isinstance(cell, float) else 0.0


def _told(said: Said, cell: Cell) -> str:
    return said.value(cell, "rate") if isinstance(cell, float) else "–"


def _count(cell: Cell) -> int:
    assert isinstance(cell, int), cell
    return cell


def _day(cell: Cell) -> date:
    assert isinstance(cell, date), cell
    return cell

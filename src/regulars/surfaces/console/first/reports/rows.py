"""Whom a figure counts, as a list one can go through."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Asked
from regulars.insight.metrics.asking import cohort_in
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.reading import rows as behind
from regulars.records.members import read as members
from regulars.surfaces.api.faults import BadCursor
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.first.reports.opening import ROWS
from regulars.surfaces.console.first.reports.saying import Said
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.reports.asking import question, wallet_of

A_PAGE: Final = 50
USUAL: Final = "active_members"
NOTHING: Final = N("No figure has rows at this address.")
_SAID: Final = ("from", "until", "wallet", "store")


async def rows(here: Here) -> Response[str]:
    """The members behind a figure, or the days on which points moved. Faults: NotFound."""
    metric = METRICS.get(here.query.get("metric", USUAL))
    if metric is None or not metric.rows:
        raise NotFound(NOTHING)
    said = {name: here.query.get(name, "") for name in _SAID}
    try:
        kind = tuple[UUID, date, str] if metric.rows == "days" else tuple[UUID]
        place = place_of(here.query.get("cursor") or None, kind)
        found = await here.read(lambda tx, terms: _found(here, tx, terms, said, place))
    except (Invalid, BadCursor):
        raise NotFound(NOTHING) from None
    reader = here.reader
    asked = {name: one for name, one in {"metric": metric.id, **said}.items() if one}
    asked |= {name: one for name in ("cohort", "group") if (one := here.query.get(name, ""))}
    return here.page(
        "reports/rows.html",
        metric=reader.say(metric.name),
        says=reader.say(metric.means),
        part=reader.say(metric.part),
        report=metric.report,
        first=f"{ROWS}?{urlencode(asked)}" if place else "",
        following=f"{ROWS}?{urlencode(asked | {'cursor': found['next']})}" if found["next"] else "",
        **found,
    )


async def _found(
    here: Here, tx: Tx, terms: Terms, said: dict[str, str], place: Any
) -> dict[str, Any]:
    """The lines of a page, and where the next one begins."""
    asked, metric = question(terms, here.now, said), METRICS[here.query.get("metric", USUAL)]
    wallet = wallet_of(terms, asked)
    scale = terms.at(here.now).program.wallets[wallet].scale if wallet else 0
    saying = Said(here, wallet, scale, {})
    if metric.rows == "days":
        days = await behind.points_behind(
            tx, metric.id, asked, place, A_PAGE + 1, here.query.get("group", "")
        )
        names = await members.members(tx, [one.member_id for one in days[:A_PAGE]])
        moved: list[dict[str, Any]] = [
            {
                **_who(names, one.member_id),
                "day": here.reader.day(one.day),
                "told": here.reader.signed(_moved(one, metric.id), scale),
            }
            for one in days[:A_PAGE]
        ]
        more = days[A_PAGE - 1][:3] if len(days) > A_PAGE else None
        return {"lines": moved, "of": "days", "shares": False, "next": cursor_of(more)}
    cohort = cohort_in(here.query.get("cohort", "")) if metric.id == "cohort_retention" else None
    page = behind.Page(behind.NOBODY if place is None else place[0], A_PAGE + 1)
    if metric.rows == "accounts":
        return await _accounts(saying, tx, metric, asked, page)
    cell = behind.Cell(cohort, here.query.get("group", ""))
    some = await behind.behind(tx, metric.id, asked, page, cell)
    names = await members.members(tx, [one.member_id for one in some[:A_PAGE]])
    lines: list[dict[str, Any]] = [
        {
            **_who(names, one.member_id),
            "counted": one.counted,
            "orders": here.reader.number(one.orders),
            "paid": saying.value(one.net_minor, "money"),
            "first": here.reader.day(one.first_on) if one.first_on else "–",
            "last": here.reader.day(one.last_on) if one.last_on else "–",
        }
        for one in some[:A_PAGE]
    ]
    last = (some[A_PAGE - 1].member_id,) if len(some) > A_PAGE else None
    return {
        "lines": lines,
        "of": "members",
        "shares": metric.unit == "share",
        "next": cursor_of(last),
    }


async def _accounts(
    saying: Said, tx: Tx, metric: Metric, asked: Asked, page: behind.Page
) -> dict[str, Any]:
    """Accounts, each by its name, with whoever leads it."""
    found = await behind.accounts_behind(
        tx, metric.id, asked, page, saying.here.query.get("group", "")
    )
    reader = saying.here.reader
    some = [one.account for one in found[:A_PAGE]]
    names = await members.members(tx, [one.head_id for one in some if one.head_id is not None])
    lines = [
        {
            "id": shown("mem", one.account.head_id) if one.account.head_id else "",
            "name": one.account.name or _who(names, one.account.head_id)["name"],
            "counted": one.counted,
            "people": reader.number(one.account.people),
            "orders": reader.number(one.account.orders),
            "paid": saying.value(one.account.net_minor, "money"),
            "last": reader.day(one.account.last_on) if one.account.last_on else "–",
            "signal": saying.named(one.account.signal, "signal"),
            "score": "–" if one.score is None else reader.number(one.score),
        }
        for one in found[:A_PAGE]
    ]
    last = (some[A_PAGE - 1].account_id,) if len(found) > A_PAGE else None
    shares = metric.id != "accounts_there"
    return {"lines": lines, "of": "accounts", "shares": shares, "next": cursor_of(last)}


def _moved(one: behind.PointsDay, metric: str) -> int:
    """What a row of points says: what the figure counts, or all of it together."""
    what = behind.POINTS_OF.get(metric)
    if what is None:
        return one.issued - one.redeemed - one.expired + one.otherwise
    if what in ("flow", "lapse"):
        return one.redeemed if what == "flow" else one.expired
    return one.otherwise if what == "other" else int(getattr(one, what))


def _who(names: Any, member_id: UUID | None) -> dict[str, str]:
    who = names.get(member_id)
    name = "" if who is None else name_of(who) or who.number
    if member_id is None:
        return {"id": "", "name": name}
    return {"id": shown("mem", member_id), "name": name}

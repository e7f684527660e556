"""Months of points: which are closed, with what, and the form that closes one."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.flows.membership.office.close_months import CloseMonth, close_months
from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.spans import months_on
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import Act
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.first.reports.saying import Said
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

SAID: Final = {
    "yes": N("The month is closed."),
    "month": N(
        "The month has not ended, is closed already, or the one before it has to be closed first."
    ),
    "rows": N("What was added up is not up to the ledger yet; try again in a minute."),
    "wallet": N("The program has no such points."),
}
"""What came of closing, by the query it leads back with."""


def said_of(here: Here) -> tuple[str, str] | None:
    """What came of closing a month just now, and how it is shown."""
    told = here.query.get("closed", "")
    if told not in SAID:
        return None
    return "good" if told == "yes" else "bad", here.reader.say(SAID[told])


async def names(tx: Tx, found: dict[str, Act]) -> dict[Any, str]:
    """Who closed them."""
    some = {one.staff_id for one in found.values() if one.staff_id is not None}
    return {id_: one.name for id_, one in (await staff.some_staff(tx, some)).items()}


def moves_said(here: Here, found: Report, months: list[dict[str, Any]]) -> str:
    """Since when what is shown still moves; nothing where all months that are over are closed."""
    if all(one["act"] for one in months):
        return ""
    if found.moves_from is None:
        return here.reader.say(
            "No month is closed yet: what is shown moves with returns and with what is told late, "
            "until it is."
        )
    return here.reader.say(
        "From %(month)s on nothing is closed yet: it moves with returns and with what is told "
        "late, until it is.",
        month=here.reader.month(found.moves_from),
    )


def months_said(
    said: Said, found: Report, closed: dict[str, Act], who: dict[Any, str]
) -> list[dict[str, Any]]:
    """Each whole month of the roll-forward that has ended: closed with what, or to be closed."""
    here, lines = said.here, []
    next_ = _next(said, closed)
    for row in found.table("roll_forward").rows:
        month, until, closing = row[0], row[1], row[8]
        assert isinstance(month, date), month
        assert isinstance(until, date), until
        assert isinstance(closing, int), closing
        if month.day != 1 or until != months_on(month, 1) or until > found.asked.today:
            continue
        act = closed.get(f"{month:%Y-%m}/{said.wallet}")
        line: dict[str, Any] = {
            "month": here.reader.month(month),
            "value": f"{month:%Y-%m-%d}",
            "act": act,
            "due": next_ in (None, month),
        }
        if act is not None:
            kept = int(act.after["closing"])
            line |= {
                "points": here.reader.quantity(kept, said.scale),
                "at": here.reader.instant(act.at),
                "who": who.get(act.staff_id, here.reader.say("Somebody")),
                "since": here.reader.signed(closing - kept, said.scale) if closing - kept else "",
            }
        lines.append(line)
    return lines[::-1]


def _next(said: Said, closed: dict[str, Act]) -> date | None:
    """The only month that can be closed now; none while none was, and each can be the first."""
    mine = [one.partition("/") for one in closed]
    last = max((month for month, _, wallet in mine if wallet == said.wallet), default=None)
    return months_on(date.fromisoformat(f"{last}-01"), 1) if last else None


async def close(here: Here, form: Form) -> Response[Any]:
    """Close a month; back to the report, which says what came of it."""
    wallet, told = form.get("wallet")[:40], "yes"
    try:
        month = date.fromisoformat(form.get("month"))
        await here.do(close_months, CloseMonth(month, wallet, here.by))
    except ValueError:
        told = "month"
    except Invalid as fault:
        told = fault.field.lstrip("/")
    back = {name: form.get(name) for name in ("from", "to") if form.get(name)}
    if told != "wallet":
        back["wallet"] = wallet
    return redirect(f"/console/reports/liability?{urlencode(back | {'closed': told})}#months")

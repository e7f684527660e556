"""The first page: how the program goes, and what wants attention."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response

from regulars.base.decimals import text_of
from regulars.base.tx import Tx
from regulars.insight.home.figures import Figures, figures
from regulars.insight.home.missed import Missed, missed
from regulars.records.access.office.read import rounds
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.watching import read as watching
from regulars.records.members import read as members
from regulars.records.members.types import Member
from regulars.records.program.changes import read as drafts
from regulars.records.program.opening import read as opening
from regulars.records.standing.alerts import read as alerts
from regulars.records.tills import read as tills
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.first.minutely import Minutely
from regulars.surfaces.console.first.owed import worth_of
from regulars.surfaces.console.first.setup import setup
from regulars.surfaces.console.first.worth import reasons
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

MONTHS: Final = 6
WON_BACK: Final = 3
"""So many are shown to be won back: as many as one writes to by hand."""


class Kept(NamedTuple):
    """The figures of a shop, and whom it misses."""

    figures: Figures
    missed: tuple[Missed, ...]


class Glance(Minutely[Kept]):
    """How a shop goes."""

    async def look(self, tx: Tx, here: Here) -> Kept:
        found = await figures(tx, here.reader.zone, months_before(here, MONTHS), here.now)
        return Kept(found, tuple(await missed(tx, here.reader.zone, here.now, WON_BACK)))


def months_before(here: Here, count: int) -> date:
    """The first day of the month so many months ago, the running one included."""
    today = here.now.astimezone(here.zone).date()
    months = today.year * 12 + today.month - count
    return date(months // 12, months % 12 + 1, 1)


async def home(here: Here) -> Response[str]:
    """The page at once; its figures follow."""
    async with here.transaction as tx:
        unfinished = await drafts.drafts(tx) if here.may(Permission.PROGRAM_WRITE) else []
        todo = await _todo(tx, here)
        owns = here.may(Permission.SETTINGS_WRITE)
        steps = await setup(tx, here) if owns else []
        made_up = owns and await opening.is_made_up(tx)
    return here.page("home.html", drafts=unfinished, todo=todo, steps=steps, made_up=made_up)


async def _todo(tx: Tx, here: Here) -> list[dict[str, str]]:
    """What waits for whoever looks, with the way to it."""
    say_many, found = here.reader.say_many, []
    if here.may(Permission.ADJUST_APPROVE):
        count = len(await watching.requests_waiting(tx)) + len(await rounds(tx, "waiting"))
        says = say_many(
            "%(n)s adjustment waits for a yes", "%(n)s adjustments wait for a yes", count
        )
        found.append((count, "/console/requests", says))
    if here.may(Permission.ALERTS_READ):
        count = len(await watching.alerts(tx))
        says = say_many("%(n)s alert is open", "%(n)s alerts are open", count)
        found.append((count, "/console/alerts", says))
    if here.may(Permission.TILLS_WRITE):
        count = sum(one.waiting for one in (await tills.counts(tx)).values())
        says = say_many(
            "%(n)s record of a till could not be booked",
            "%(n)s records of tills could not be booked",
            count,
        )
        found.append((count, "/console/stores", says))
    return [{"href": href, "says": says} for count, href, says in found if count]


async def home_figures(here: Here, glance: Glance) -> Response[str]:
    """The figures as a part of the page."""
    kept = await glance.kept(here)
    back = await _to_win_back(here) if here.may(Permission.MEMBERS_READ) else []
    # A name is looked up anew each time: who was erased meanwhile has none any more.
    people: dict[UUID, Member] = {}
    if here.may(Permission.MEMBERS_READ):
        async with here.transaction as tx:
            people = await members.members(tx, [one.member_id for one in kept.missed])
    return here.page(
        "_figures.html",
        figures=kept.figures,
        wallets=_wallets(here, kept.figures),
        back=back,
        missed=[
            (shown("mem", one.member_id), name_of(who) or who.number, one)
            for one in kept.missed
            if (who := people.get(one.member_id)) is not None and who.state == "active"
        ],
    )


async def _to_win_back(here: Here) -> list[tuple[str, str, str]]:
    """The first of those who slip away, each with the way to them and the first reason."""
    async with here.transaction as tx:
        found = await alerts.to_win_back(tx, WON_BACK)
        people = await members.members(tx, [one.member_id for one in found])
    return [
        (shown("mem", one.member_id), name_of(who) or who.number, reasons(here, one)[0])
        for one in found
        if (who := people.get(one.member_id)) is not None and who.state == "active"
    ]


def _wallets(here: Here, found: Figures) -> list[dict[str, Any]]:
    """Each wallet in force: what is owed, what that is worth, and its months as a chart."""
    version = here.version
    told = []
    for code in version.wallet_codes:
        id_ = here.terms.wallet_names[code]
        wallet = version.program.wallets[id_]
        months = [one for one in found.months if one.wallet == code]
        told.append(
            {
                "id": id_,
                "name": wallet.name or id_,
                "owed": here.reader.quantity(found.owed.get(code, 0), wallet.scale),
                "worth": worth_of(here, id_, found.owed.get(code, 0)),
                "rows": [
                    (
                        here.reader.month(one.month),
                        [
                            int(text_of(part, wallet.scale).partition(".")[0])
                            for part in (one.given, one.redeemed, one.expired)
                        ],
                    )
                    for one in months
                ],
            }
        )
    return told

"""The first page: how the program goes, and what wants attention."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from litestar import Response

from regulars.base.tx import Tx
from regulars.engine.changing.keeping import changes_of
from regulars.insight.home.figures import Figures, figures
from regulars.insight.metrics.reading.widely import widely
from regulars.records.access.staff.permissions import Permission
from regulars.records.members import read as members
from regulars.records.program.changes import read as drafts
from regulars.records.program.opening import read as opening
from regulars.records.standing.alerts import read as alerts
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.first import owed
from regulars.surfaces.console.first.away import WON_BACK, Away, away, named
from regulars.surfaces.console.first.minutely import Minutely
from regulars.surfaces.console.first.owed import worth_of
from regulars.surfaces.console.first.reports import pages as reports
from regulars.surfaces.console.first.setup import setup
from regulars.surfaces.console.first.todo import todo
from regulars.surfaces.console.first.worth import reasons
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

OVERVIEW: Final = "overview"
"""The report that is on this page for whoever wants to see everything."""


class Kept(NamedTuple):
    """The figures of a shop, and whom it misses."""

    figures: Figures
    away: tuple[Away, ...]
    owed: owed.Kept | None
    """What is owed by the worth it was earned with, where some of it keeps another one."""


class Glance(Minutely[Kept]):
    """How a shop goes."""

    async def look(self, tx: Tx, here: Here) -> Kept:
        """Members, what they are owed, and whom to win back."""
        await widely(tx)
        today = here.now.astimezone(here.zone).date()
        kept = await owed.look(tx, here) if changes_of(here.version, here.now) else None
        return Kept(await figures(tx, today), await away(tx, today), kept)


async def home(here: Here) -> Response[str]:
    """The page at once; its figures follow."""
    async with here.transaction as tx:
        unfinished = await drafts.drafts(tx) if here.may(Permission.PROGRAM_WRITE) else []
        waiting = await todo(tx, here)
        owns = here.may(Permission.SETTINGS_WRITE)
        steps = await setup(tx, here) if owns else []
        made_up = owns and await opening.is_made_up(tx)
    typed, stores = reports.typed_in(here), await reports.stores_of(here, OVERVIEW)
    asked, wrong = reports.asked_or_wrong(here, typed, stores)
    return here.page(
        "home.html",
        status=422 if wrong and here.staff.full_view else 200,
        drafts=unfinished,
        todo=waiting,
        steps=steps,
        made_up=made_up,
        asking=reports.asking(here, OVERVIEW, reports.Form(typed, stores, wrong), asked),
    )


async def home_figures(here: Here, glance: Glance) -> Response[str]:
    """The figures as a part of the page: few of them, or everything for who wants to see it."""
    kept = await glance.kept(here)
    back = await _to_win_back(here) if here.may(Permission.MEMBERS_READ) else []
    who = [] if back else await named(here, kept.away)
    if not here.staff.full_view:
        return here.page(
            "first/_figures.html",
            figures=kept.figures,
            wallets=_wallets(here, kept),
            back=back,
            away=who,
        )
    typed, stores = reports.typed_in(here), await reports.stores_of(here, OVERVIEW)
    _, wrong = reports.asked_or_wrong(here, typed, stores)
    if wrong:
        return here.page("first/_nothing.html", status=422)
    found = await reports.shown_of(here, OVERVIEW, typed)
    return here.page(
        "first/_overview.html",
        **reports.words_of(here, OVERVIEW, found),
        back=back,
        away=who,
        worth=_worth(here, found, kept.owed),
        query=reports.query_of(typed),
    )


async def _to_win_back(here: Here) -> list[tuple[str, str, str]]:
    """The first of those who slip away, each with the way to them and the first reason."""
    async with here.transaction as tx:
        today = tx.now.astimezone(here.zone).date()
        found = await alerts.to_win_back(tx, today, WON_BACK)
        people = await members.members(tx, [one.member_id for one in found])
    return [
        (
            shown("mem", one.member_id),
            name_of(who) or who.number,
            next(iter(reasons(here, one)), ""),
        )
        for one in found
        if (who := people.get(one.member_id)) is not None and who.state == "active"
    ]


def _wallets(here: Here, kept: Kept) -> list[dict[str, Any]]:
    """Each wallet in force: what is owed, and what that costs if all of it is spent."""
    version = here.version
    told = []
    for code in version.wallet_codes:
        id_ = here.terms.wallet_names[code]
        wallet, units = version.program.wallets[id_], kept.figures.owed.get(code, 0)
        worth = worth_of(here, id_, units)
        if kept.owed is not None:
            mine = [one for one in kept.owed.owed if one.wallet == code]
            worth = owed.kept_worth_of(here, (kept.owed.worths, id_), mine)
        told.append(
            {
                "name": wallet.name or id_,
                "owed": here.reader.quantity(units, wallet.scale),
                "worth": worth,
            }
        )
    return told


def _worth(here: Here, found: reports.Shown, kept: owed.Kept | None) -> str:
    """What outstanding points cost if all of them are spent; nothing where nobody says.

    Order: where some keep an earlier worth, at the mean of what members hold by now.
    """
    one = found.report.figure("outstanding")
    units = 0 if one is None or one.part is None else one.part
    if kept is not None and units > 0:
        return owed.mean_worth_of(here, (kept, found.said.wallet), units)
    return worth_of(here, found.said.wallet, units) if found.said.wallet and units > 0 else ""

"""Members to win back: who slips away or did something unusual, why, whose they are, and what
became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.alerts.commands import HandleAlert
from regulars.flows.membership.office.alerts.handle_alerts import handle_alerts
from regulars.flows.membership.office.alerts.show_alerts import Seen, mine, show_alerts
from regulars.flows.terms.promised.commands import GiveOffer
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.read import chosen, some_staff
from regulars.records.access.staff.types import Staff, staff_of
from regulars.records.benefits.lines.types import TasksWanted
from regulars.records.members import read as members
from regulars.records.members.types import Member, MemberRef
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.accounts.read import Tried, last_tried
from regulars.records.standing.alerts.read import Wanted
from regulars.records.standing.alerts.types import (
    BUDGETS,
    JUDGED,
    LONGEST_NOTE,
    Became,
    Kind,
    MemberAlert,
    Verdict,
)
from regulars.records.standing.alerts.unusual import read as unusual
from regulars.records.standing.alerts.unusual.read import Nights
from regulars.records.standing.values import read as values
from regulars.records.standing.values.types import Run
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.first.left import left, wrote
from regulars.surfaces.console.first.worth import money, part_of, reasons
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N

PAGE: Final = "/console/win-back"
A_PAGE: Final = 30
TABS: Final[Mapping[str, tuple[str, Any, Any]]] = {
    "": (N("To do"), "slipping", "open"),
    "later": (N("Later"), None, "snoozed"),
    "handled": (N("Looked after"), "slipping", "handled"),
    "over": (N("What became of it"), "slipping", "over"),
    "unusual": (N("Unusual"), "unusual", None),
    "accounts": (N("Accounts"), "account", None),
}
OUTCOMES: Final = {
    "came": (N("Came back"), "good"),
    "stayed_away": (N("Did not come"), ""),
    "gone": (N("Is one with somebody else now"), ""),
    "lasted": (N("Came again"), ""),
    "once": (N("Stayed a single day"), ""),
    "taken_back": (N("Most of it came back"), "warn"),
}
MISSING: Final = {
    "history": N("The shop's history is too short to learn from yet: %(have)s days of %(wanted)s."),
    "repeat_orders": N("Too few members ordered twice so far: %(have)s of %(wanted)s."),
    "members": N("Too few members ordered so far: %(have)s of %(wanted)s."),
    "other": N("What the orders say so far is not enough to tell."),
}
_OTHERS: Final = N(
    "In the last thirteen weeks members bought on %(have)s days, each member's counted; %(wanted)s "
    "would be needed to know what is usual."
)
_LONG: Final = N("A note has up to %(most)s letters")
_NO_DAY: Final = N("Choose a day from tomorrow on, within 90 days")
_VERDICTS: Final[Mapping[str, Verdict]] = {"right": "right", "false_alarm": "false_alarm"}
A_WEEK: Final = timedelta(days=7)


async def win_back(here: Here, wrong: dict[str, str] | None = None) -> Response[str]:
    """The page: a list with reasons, and how good such alerts were so far."""
    tab = here.query.get("show", "")
    tab = tab if tab in TABS else ""
    _, kind, state = TABS[tab]
    only = here.query.get("whose", "") == "mine"
    place = place_of(here.query.get("cursor"), tuple[UUID])

    async def look(tx: Tx, terms: Terms) -> list[Seen]:
        wanted = Wanted(kind, state)
        wanted = mine(here.staff, wanted) if only else wanted
        return await show_alerts(tx, terms, wanted, place and place[0], A_PAGE + 1)

    found = await here.read(look)
    tasks = [] if tab else await left(here, _left_to(here, only=only), "win-back")
    async with here.transaction as tx:
        people = await members.members(tx, [one.alert.member_id for one in found])
        handled = {staff_of(one.alert.handled_by) for one in found}
        staff = await some_staff(tx, {who for who in handled if who})
        of: Kind = kind or "slipping"
        became, run = await read.became(tx, str(here.zone), of), await values.last_run(tx)
        tried, nights = await last_tried(tx), await unusual.last_tried(tx)
        settings, day = await chosen(tx), await read.last_day(tx)
        margin = settings.of("margin_percent")
        week = (await read.told_of(tx, day, of) if day else 0, settings.of(BUDGETS[of]))
        others = await read.others_days(tx, day or tx.now.date())
    page, more = found[:A_PAGE], len(found) > A_PAGE
    cursor = cursor_of((page[-1].alert.alert_id,)) if more else None
    today, own = here.now.astimezone(here.zone).date(), {"whose": "mine"} if only else {}
    precision = run.precision if run and of == "slipping" else None
    return here.page(
        "win_back.html",
        status=422 if wrong else 200,
        tab=tab,
        tabs=[(name, here.reader.say(says)) for name, (says, _, _) in TABS.items()],
        whose={
            "mine": only,
            "every": urlencode({"show": tab}),
            "only": urlencode({"show": tab, "whose": "mine"}),
        },
        tasks=tasks,
        wrote=[] if tab or only else await wrote(here),
        today=today,
        soon=(today + A_WEEK).isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        items=[item(here, one, (people, staff), margin) for one in page],
        following=f"{PAGE}?{urlencode({'show': tab, **own, 'cursor': cursor})}" if cursor else "",
        first=f"{PAGE}?{urlencode({'show': tab, **own})}" if place else "",
        **_how_good(here, became, (tried, nights), precision),
        missing=_lacks(here, tab, run, others),
        week=tuple(here.reader.number(one) for one in week),
        margin=margin,
        wrong=wrong or {},
        most=LONGEST_NOTE,
    )


def _how_good(
    here: Here, became: Became, tried: tuple[Tried, Nights], precise: tuple[int, int] | None
) -> dict[str, Any]:
    """How right such alerts were, and what became of them: each a share with its bounds."""

    def share(part: int, whole: int) -> Any:
        return part_of(here, part, whole) if whole else None

    firms, nights = tried
    return {
        "precise": share(precise[1], precise[0]) if precise else None,
        "told": share(became.came, became.told),
        "handled": share(became.handled_came, became.handled),
        "beside": share(became.beside_came, became.beside),
        "judged": share(became.right, became.judged),
        "nights": share(nights.lasted, nights.tried),
        "ended": {
            name: here.reader.number(getattr(became, name))
            for name in ("lasted", "once", "taken_back")
        },
        "signal": share(firms.right, firms.picked),
        "rest": share(firms.rest_away, firms.rest),
    }


def _left_to(here: Here, *, only: bool) -> TasksWanted:
    """Which tasks stand beside alerts: those of members nobody looks after; or one's own."""
    if not only:
        return TasksWanted(None, None)
    return TasksWanted(here.staff.staff_id, here.staff.stores or ())


async def change(here: Here, form: Form) -> Response[Any]:
    """Somebody looked after a member, did not after all, lets it wait, or gives them an offer."""
    wrong = await act(here, form)
    if wrong:
        return await win_back(here, wrong)
    return redirect(f"{PAGE}?show=handled" if form.get("does") == "reopen" else PAGE)


async def act(here: Here, form: Form) -> dict[str, str]:
    """Do what its form says with an alert; what is wrong with that, by field. Faults: NotFound."""
    alert = shown("alt", addressed("alt", str(form.path["member_alert_id"])))
    does = _DOES.get(form.get("does"))
    if does is None:
        raise NotFound("this form is not whole; load the page again")
    return await does(here, form, alert)


async def _handle(here: Here, form: Form, alert: str) -> dict[str, str]:
    note = form.get(f"note-{alert}")
    does = form.get("does")
    verdict = _VERDICTS.get(does)
    command = HandleAlert(
        addressed("alt", alert), here.by, note, undone=does == "reopen", verdict=verdict
    )
    try:
        await here.do(handle_alerts, command)
    except Invalid:
        return {alert: here.reader.say(_LONG, most=here.reader.number(LONGEST_NOTE))}
    return {}


async def _snooze(here: Here, form: Form, alert: str) -> dict[str, str]:
    try:
        until = date.fromisoformat(form.get(f"until-{alert}"))
        command = HandleAlert(addressed("alt", alert), here.by, snooze_until=until)
        await here.do(handle_alerts, command)
    except (ValueError, Invalid):
        return {f"until-{alert}": here.reader.say(_NO_DAY)}
    return {}


async def _give(here: Here, form: Form, alert: str) -> dict[str, str]:
    """The offer beside it; who looked at it meanwhile, or what is closed, is said there."""
    async with here.transaction as tx:
        there = await read.alert(tx, tx.now.astimezone(here.zone).date(), addressed("alt", alert))
    if there is None:
        raise NotFound("there is no such alert here")
    code = form.get(f"offer-{alert}")
    try:
        done = await here.do(give_offers, GiveOffer(code, MemberRef(id=there.member_id), here.by))
    except Fault as fault:
        done = fault
    return {f"offer-{alert}": here.told(done)} if isinstance(done, Fault | Refused) else {}


_DOES: Final = {
    "handle": _handle, "right": _handle, "false_alarm": _handle, "reopen": _handle,
    "snooze": _snooze, "give": _give,
}  # fmt: skip


def item(
    here: Here, seen: Seen, who: tuple[Mapping[UUID, Member], Mapping[UUID, Staff]], margin: int
) -> dict[str, Any]:
    """An alert as its page shows it, with who is known of members and of staff."""
    one, (people, staff) = seen.alert, who
    member = people.get(one.member_id)
    name = (name_of(member) or member.number) if member else "–"
    says, look = OUTCOMES.get(one.outcome or "", ("", ""))
    of = 0 if one.kind == "account" else margin
    worth = "" if one.worth_minor is None else money(here, one.worth_minor, of)
    return {
        "id": shown("alt", one.alert_id),
        "member": shown("mem", one.member_id),
        "name": one.account or name,
        "head": name if one.account_id else "",
        "as_of": one.as_of,
        "worth": worth if one.kind == "slipping" else "",
        "paid": worth if one.kind == "account" else "",
        "reasons": reasons(here, one),
        "open": one.state == "open",
        "judges": one.kind in JUDGED,
        "verdict": one.verdict,
        "later": one.state == "snoozed",
        "snoozed_until": one.snoozed_until,
        "after": ", ".join(each.name for each in seen.after),
        "store": seen.store,
        "suggested": [(offer.code, offer.name) for offer in seen.suggested],
        "handled_at": one.handled_at,
        "by": _by(one, staff),
        "note": one.note,
        "outcome": here.reader.say(says) if says else "",
        "look": look,
        "over_on": one.over_on,
    }


def _by(one: MemberAlert, staff: Mapping[UUID, Staff]) -> str:
    """Who looked after it: their name; a key or the command line as it is written down."""
    who = staff_of(one.handled_by)
    if who is None:
        return one.handled_by
    return staff[who].name if who in staff else "–"


def _missing(here: Here, run: Run | None) -> str:
    """What there is too little of to say who slips away; nothing where it is said."""
    lacking = (run.found.get("missing") or None) if run else None
    if lacking is None:
        return ""
    says = MISSING.get(lacking["what"], MISSING["other"])
    have, wanted = (here.reader.number(int(lacking[name])) for name in ("have", "wanted"))
    return here.reader.say(says, have=have, wanted=wanted)


def _lacks(here: Here, tab: str, run: Run | None, others: int) -> str:
    """What there is too little of to fill this list; of accounts nothing is: they have gaps or
    not."""
    if tab == "accounts":
        return ""
    return _few(here, others) if tab == "unusual" else _missing(here, run)


def _few(here: Here, others: int) -> str:
    """What there is too little of to say what is unusual; nothing where it can be said."""
    if others >= read.PEERS:
        return ""
    have, wanted = here.reader.number(others), here.reader.number(read.PEERS)
    return here.reader.say(_OTHERS, have=have, wanted=wanted)


PAGES: Final = ((PAGE, Permission.MEMBERS_READ, lambda here, _: win_back(here)),)
FORMS_DONE: Final = ((PAGE + "/{member_alert_id:str}", Permission.MEMBERS_WRITE, change),)

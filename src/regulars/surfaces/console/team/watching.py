"""What waits for a second pair of eyes: adjustments that were asked for, alerts at the counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.adjust import UNENDING
from regulars.flows.access.ask_adjustments import ask_adjustments
from regulars.flows.access.commands import NoteAlert, RejectAdjustment
from regulars.flows.access.watch_counter import keep_alerts
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.records.access.office.read import rounds
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import Staff, staff_of
from regulars.records.access.watching import read
from regulars.records.access.watching.types import AdjustmentRequest, Alert, AlertNote
from regulars.records.members import read as members
from regulars.records.members.types import Member, MemberRef
from regulars.records.tills import read as tills
from regulars.surfaces.api.strict.ids import bare, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.many.rounds import line_of
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.words import N

ALERTS: Final = {
    "velocity": N("A member earned again and again in one place"),
    "share": N("Many sales of one cashier went to cards nobody registered"),
    "by_hand": N("A cashier types in many sales without a receipt"),
    "joins": N("Many joined in one place at once"),
    "lookups": N("A till looked for many whom nobody knows"),
    "bounces": N("Too many wrong addresses: it pauses until somebody lets it go on"),
    "complaints": N("Too many complaints: it pauses until somebody lets it go on"),
}
OF_ALL: Final = ("share", "by_hand", "bounces", "complaints")
"""Alerts about a part of all sales or letters; the others count how often something was."""

_NO_NOTE: Final = N("Write in a few words what you found")


async def requests(here: Here, problem: str = "") -> Response[str]:
    """Adjustments that wait for somebody, oldest first."""
    async with here.transaction as tx:
        waiting = await read.requests_waiting(tx)
        people = await members.members(tx, {one.member_id for one in waiting})
        many = [*await rounds(tx, "waiting"), *await rounds(tx, "going")]
        asked_by = {one.asked_by for one in waiting} | {one.asked_by for one in many}
        askers = await staff.some_staff(tx, asked_by)
    return here.page(
        "team/requests.html",
        status=409 if problem else 200,
        problem=problem,
        requests=[_request(here, one, people, askers) for one in waiting],
        rounds=[line_of(here, one, askers) for one in many],
    )


def _request(here: Here, one: AdjustmentRequest, people: Any, askers: Any) -> dict[str, Any]:
    wallet = here.version.program.wallets.get(one.wallet)
    return {
        "id": one.request_id.hex,
        "member": name_of(people[one.member_id]) or people[one.member_id].number,
        "member_id": shown("mem", one.member_id),
        "units": here.reader.signed(one.units, wallet.scale if wallet else 0),
        "wallet": wallet.name or one.wallet if wallet else one.wallet,
        "reason": one.reason,
        "by": askers[one.asked_by].name if one.asked_by in askers else "–",
        "own": one.asked_by == here.staff.staff_id,
        "at": one.asked_at,
        "ends": _ends(here, one.expires_on),
    }


def _ends(here: Here, expires_on: str) -> str:
    """Until when what is asked for could be spent, where that was chosen."""
    if expires_on == UNENDING:
        return here.reader.say("These points never expire.")
    if not expires_on:
        return ""
    day = here.reader.day(date.fromisoformat(expires_on))
    return here.reader.say("These points can be spent until %(day)s.", day=day)


async def decide(here: Here, form: Form) -> Response[Any]:
    """Say yes, and it is booked once; or no, with a word why."""
    async with here.transaction as tx:
        wanted = await read.request(tx, bare(form.path["request_id"]))
    if wanted is None:
        raise NotFound("nobody asked for this; go back to what waits")
    if form.get("yes"):
        granted = Adjust(
            MemberRef(id=wanted.member_id),
            wanted.wallet,
            wanted.units,
            wanted.reason,
            here.staff.principal,
            here.asked(f"approve-{wanted.request_id.hex}"),
            approves=wanted.request_id,
            address=here.address,
            expires_on=wanted.expires_on,
        )
        try:
            outcome = await here.do(adjust_balances, granted)
        except Invalid as late:
            if late.field != "/expires_on":
                raise
            # Its day went by while it waited: somebody says no, and it is asked for anew.
            return await requests(here, here.told(late))
    else:
        outcome = await here.do(
            ask_adjustments,
            RejectAdjustment(
                wanted.request_id, form.get("note").strip(), here.address, here.asked()
            ),
        )
    if isinstance(outcome, Refused):
        return await requests(here, here.told(outcome))
    return redirect("/console/requests")


async def alerts(here: Here, problem: str = "") -> Response[str]:
    """What somebody should look at, newest first."""
    closed = here.query.get("closed") == "yes"
    async with here.transaction as tx:
        found = await read.alerts(tx, closed=closed)
        notes = {one.alert_id: await read.notes(tx, one.alert_id) for one in found}
        names = await _named(tx, found, [one for these in notes.values() for one in these])
    return here.page(
        "team/alerts.html",
        status=422 if problem else 200,
        problem=problem,
        alerts=[_alert(one, notes[one.alert_id], names) for one in found],
        closed=closed,
    )


class Names(NamedTuple):
    """What people call those whom alerts are about, and who wrote beside them."""

    people: Mapping[UUID, Member]
    staff: Mapping[UUID, Staff]
    stores: Mapping[str, str]


async def _named(tx: Tx, found: Sequence[Alert], notes: Sequence[AlertNote]) -> Names:
    who = [UUID(one.subject) for one in found if one.kind == "velocity"]
    by = {one.staff_id for one in notes}
    by |= {id_ for one in found if (id_ := staff_of(one.subject)) is not None}
    return Names(
        await members.members(tx, who),
        await staff.some_staff(tx, by),
        {code: one.name for code, one in (await tills.stores(tx)).items()},
    )


def _alert(one: Alert, notes: Sequence[AlertNote], names: Names) -> dict[str, Any]:
    """An alert by names: of a member, a cashier and a store; a till is told by its name already."""
    member = UUID(one.subject) if one.kind == "velocity" else None
    cashier = staff_of(one.subject)
    subject = one.subject
    if member is not None:
        known = names.people.get(member)
        subject = "" if known is None else name_of(known) or known.number
    elif cashier is not None:
        subject = names.staff[cashier].name if cashier in names.staff else ""
    elif one.kind == "joins":
        subject = ""  # of the whole shop
    return {
        "id": one.alert_id.hex,
        "says": ALERTS[one.kind],
        "member_id": "" if member is None else shown("mem", member),
        "subject": subject,
        "place": "" if one.kind == "joins" else names.stores.get(one.place) or one.place,
        "count": one.count,
        "out_of": one.out_of if one.kind in OF_ALL else 0,
        "at": one.began_at,
        "open": one.closed_at is None,
        "notes": [(each, names.staff.get(each.staff_id)) for each in notes],
    }


async def note_alert(here: Here, form: Form) -> Response[Any]:
    """Write something beside an alert, or close it."""
    note = NoteAlert(
        bare(form.path["alert_id"]), here.by, form.get("note").strip(), bool(form.get("close"))
    )
    try:
        await here.do(keep_alerts, note)
    except Invalid:
        return await alerts(here, here.reader.say(_NO_NOTE))
    return redirect("/console/alerts")

"""A member's own appointments: the next one on the card, each with a page of its own where it is
moved or cancelled in time, and as an entry for a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from icalendar import Calendar, Event
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.rewarding.including.appointments import Slot
from regulars.flows.membership.benefits.keep_appointments import move_uses, show_slots
from regulars.flows.membership.benefits.use_benefits import undo_uses
from regulars.flows.membership.commands import MoveUse, UndoUse
from regulars.records.benefits import read
from regulars.records.benefits.types import Use
from regulars.records.tills import read as tills
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.paper import NEVER, text_answer

APPOINTMENT: Final = "/card/me/appointments/{use:str}"
BENEFITS: Final = "/card/me/benefits"
MOST: Final = 20
"""So many appointments to come are shown."""
A_WEEK: Final = 7
_MOST_MOVES: Final = 50


def appointment_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of an appointment, its forms, and its entry for a calendar."""

    async def entry(request: Asked) -> Response[Any]:
        _, seen = await desk.look(request, look_at_entry)
        answer = text_answer(seen["entry"], "text/calendar", keep=NEVER)
        answer.headers["content-disposition"] = 'attachment; filename="appointment.ics"'
        return answer

    return [
        desk.shows(APPOINTMENT, "me/appointment.html", look_at_appointment),
        desk.acts(APPOINTMENT, change),
        desk.open(get, f"{APPOINTMENT}/calendar.ics", entry),
    ]


async def coming(tx: Tx, visit: Visit, most: int = MOST) -> list[dict[str, Any]]:
    """What the member booked and what has not begun, the next one first.

    Keeps: a program that never had anything to book is asked nothing.
    """
    if not any(one.appointments for each in visit.terms.versions for one in each.program.benefits):
        return []
    booked = await read.coming(tx, visit.member.id, tx.now, most)
    stores = await tills.stores(tx) if any(one.store for one in booked) else {}
    names = {code: one.name for code, one in stores.items()}
    return [_shown(one, names, tx.now) for one in booked]


async def look_at_appointment(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """One appointment, and the times of a week it can be moved to. Faults: NotFound."""
    used = await _mine(tx, visit, request)
    store = (await tills.stores(tx)).get(used.store)
    one = _shown(used, {used.store: store.name} if store else {}, tx.now)
    on = _day(visit, request.query_params.get("on", ""), tx.now)
    days = await _days(tx, visit, used, on) if one["cancel_until"] else []
    return {
        "one": one,
        "here": APPOINTMENT.replace("{use:str}", one["id"]),
        "days": days,
        "later": (on + timedelta(days=A_WEEK)).isoformat(),
        "looked": request.query_params.get("on", "") != "",
        "wrong": "",
        "moved": request.query_params.get("done") == "moved",
    }


async def look_at_entry(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """The appointment as a calendar takes it (RFC 5545). Faults: NotFound."""
    used = await _mine(tx, visit, request)
    store = (await tills.stores(tx)).get(used.store)
    return {"entry": entry_of(visit, used, store.name if store else "", await _first(tx, used))}


def entry_of(visit: Visit, used: Use, place: str, first: tuple[UUID, int]) -> bytes:
    """One event: the same one in a calendar however often it was moved, by its first number.

    Source: RFC 5545, 3.6.1; 3.8.7.4 for the number of changes.
    """
    booked, (begun, moves) = used.included.booked, first
    assert booked is not None, used
    event = Event()
    event.add("uid", f"{shown('use', begun)}@{visit.program.program}.regulars")
    event.add("sequence", moves)
    event.add("dtstamp", used.used_at)
    event.add("dtstart", booked.from_at)
    event.add("dtend", booked.until_at)
    event.add("summary", f"{used.included.name} · {visit.program.name}")
    event.add("status", "CONFIRMED")
    if place:
        event.add("location", f"{visit.program.name}, {place}")
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//Regulars//Appointments//EN")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    return bytes(whole.to_ical())


async def change(sender: Sender, form: Form) -> Response[Any]:
    """The member cancels or moves an appointment of theirs, in time."""
    used = await sender.desk.read(
        sender.program_id, lambda tx, _: _mine(tx, sender.visit, sender.request)
    )
    try:
        if form["do"] == "move":
            wish = MoveUse(used.use_id, _instant(form["time"]), sender.by("move"))
            done = await sender.do(move_uses, wish)
            to = APPOINTMENT.replace("{use:str}", shown("use", done.use_id))
            return moved(f"{to}?done=moved")
        await sender.do(undo_uses, UndoUse(used.use_id, sender.by("cancel")))
    except No as no:
        return await _slip(sender, told_to(sender.visit.reader, no.refused))
    except Invalid:
        return await _slip(sender, sender.visit.reader.say("Choose a time"))
    return moved(f"{BENEFITS}?done=yes")


async def _slip(sender: Sender, wrong: str) -> Response[Any]:
    template = "me/appointment.html"
    try:
        return await sender.show(look_at_appointment, template, status=422, wrong=wrong)
    except Fault:
        return moved(f"{BENEFITS}?done=no")


async def _mine(tx: Tx, visit: Visit, request: Asked) -> Use:
    """The appointment of this address, where it is this member's and still to come."""
    id_ = addressed("use", str(request.path_params["use"]))
    booked = await read.coming(tx, visit.member.id, tx.now, MOST)
    found = next((one for one in booked if one.use_id == id_), None)
    if found is None:
        raise NotFound("there is no such appointment")
    return found


async def _first(tx: Tx, used: Use) -> tuple[UUID, int]:
    """Which use this appointment began as, and how often it was moved since."""
    moves = 0
    while used.included.booked and used.included.booked.instead_of and moves < _MOST_MOVES:
        before = used.included.booked.instead_of
        used = (await read.some(tx, [before]))[before]
        moves += 1
    return used.use_id, moves


async def _days(tx: Tx, visit: Visit, used: Use, on: date) -> list[tuple[date, list[Slot]]]:
    found = []
    for number in range(A_WEEK):
        day = on + timedelta(days=number)
        try:
            slots = await show_slots(tx, visit.terms, used.benefit, used.store, day)
        except NotFound:  # the program has it no more; it can still be cancelled
            return []
        people = 1 + used.included.guests
        free = [one for one in slots if one.left >= people]
        if free:
            found.append((day, free))
    return found


def _day(visit: Visit, typed: str, now: datetime) -> date:
    today = date.fromordinal(local(visit.version.zone, now).day)
    try:
        return min(max(date.fromisoformat(typed), today), today + timedelta(days=3660))
    except ValueError:
        return today


def _instant(typed: str) -> datetime:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise Invalid("choose a time", field="/time") from None
    if at.tzinfo is None:
        raise Invalid("choose a time", field="/time")
    return at


def _shown(one: Use, stores: Mapping[str, str], now: datetime) -> dict[str, Any]:
    booked = one.included.booked
    assert booked is not None, one
    return {
        "id": shown("use", one.use_id),
        "use": str(one.use_id),
        "name": one.included.name,
        "guests": one.included.guests,
        "store": stores.get(one.store, one.store),
        "from_at": booked.from_at,
        "until_at": booked.until_at,
        "cancel_until": booked.cancel_until if now < booked.cancel_until else None,
    }

"""Appointments of a member: booked for them, moved, cancelled, and said who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.including.appointments import Slot
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.keep_appointments import (
    check_in_uses,
    miss_uses,
    move_uses,
    show_slots,
)
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.commands import (
    CheckInUse,
    Guest,
    MissUse,
    MoveUse,
    UndoUse,
    UseBenefit,
)
from regulars.records.benefits import read
from regulars.records.benefits.types import Use
from regulars.records.members import read as people
from regulars.records.members.types import Member, MemberRef, nobody
from regulars.records.program.types import Benefit
from regulars.records.tills import read as tills
from regulars.records.tills.types import Store
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

LOOKS_BACK: Final = timedelta(days=14)
"""So long after an appointment it can be said here that nobody came."""
A_WEEK: Final = 7
MOST: Final = 50


class Told(Struct, frozen=True):
    """What the page says: whose, what is booked, where, and when something is free."""

    member: Member
    booked: list[Use]
    stores: Mapping[str, Store]
    days: list[tuple[date, list[Slot]]]
    moves: Use | None
    """Which of them is to be moved, where that was asked."""


async def appointments(
    here: Here, member_id: str, *, wrong: str = "", form: Form | None = None
) -> Response[str]:
    """What a member booked, and what can be booked for them in a week. Faults: UnknownMember."""
    id_ = addressed("mem", member_id)
    offered = {one.id: one for one in here.version.program.benefits if one.appointments}
    said = _said(here, form)
    chosen = offered.get(said["benefit"]) or next(iter(offered.values()), None)
    on = _day(here, said["on"])

    async def look(tx: Tx, terms: Terms) -> Told:
        member = (await people.members(tx, [id_])).get(id_)
        if member is None:
            raise nobody()
        booked = await read.coming(tx, id_, tx.now - LOOKS_BACK, MOST)
        stores = await tills.stores(tx)
        moves = next((one for one in booked if _can_move(one, said["move"], tx.now)), None)
        store = said["store"] or next((one for one, _ in _places(chosen, stores)), "")
        what = (chosen.id, store) if chosen else None
        what = (moves.benefit, moves.store) if moves else what
        known = what is not None and what[0] in offered
        days = await _days(tx, terms, (*what, on)) if what and known else []
        return Told(member, booked, stores, days, moves)

    told = await here.read(look)
    chosen = offered.get(told.moves.benefit, chosen) if told.moves else chosen
    places = _places(chosen, told.stores)
    return here.page(
        "offers/appointments.html",
        status=422 if wrong else 200,
        id=member_id,
        name=name_of(told.member) or told.member.number,
        open=told.member.state not in ("erased", "merged"),
        booked=[_line(here, one, told.stores) for one in told.booked],
        offered=[(one.id, one.name) for one in offered.values()],
        chosen=chosen,
        where=places,
        store=said["store"] or (places[0][0] if places else ""),
        on=on.isoformat(),
        today=_day(here, "").isoformat(),
        later=_address(member_id, said | {"on": (on + timedelta(days=A_WEEK)).isoformat()}),
        days=told.days,
        key=own_key(here.given.random_bytes),
        said=said,
        details={one: form.get(f"tell_{one}") if form else "" for one in _needs(chosen)},
        wrong={"time": wrong} if wrong else {},
        moves=_line(here, told.moves, told.stores) if told.moves else None,
    )


async def book(here: Here, form: Form) -> Response[Any]:
    """Book a time for somebody; sent twice it is booked once."""
    member_id = str(form.path["member_id"])
    benefit = here.version.benefits.get(form.get("benefit"))
    at = _instant(form.get("time"))
    if benefit is None or at is None:
        return await appointments(
            here, member_id, wrong=here.reader.say("Choose a time"), form=form
        )
    names = [one.strip() for one in form.get("guests").split(",")]
    command = UseBenefit(
        member=MemberRef(id=addressed("mem", member_id)),
        benefit=benefit.id,
        store=form.get("store"),
        # Who books by hand asks for no article and on no channel: what it is for is what it opens.
        channel=next(iter(benefit.channels), ""),
        category=next(iter(benefit.categories), ""),
        sku="" if benefit.categories else next(iter(benefit.skus), ""),
        details={one: form.get(f"tell_{one}") for one in benefit.needs},
        asked=here.asked(form.get("key")),
        guests=tuple(Guest(name=one) for one in names if one),
        from_at=at,
    )
    return await _done(here, form, (use_benefits, command))


async def change(here: Here, form: Form) -> Response[Any]:
    """Cancel one that is to come, also when it is late; move it; or say who came or did not."""
    use_id, asked = addressed("use", str(form.path["use_id"])), here.asked(form.get("key"))
    what: tuple[Any, Any]
    if form.get("do") == "move":
        at = _instant(form.get("time"))
        if at is None:
            slip = here.reader.say("Choose a time")
            return await appointments(here, str(form.path["member_id"]), wrong=slip, form=form)
        what = move_uses, MoveUse(use_id, at, asked)
    elif form.get("do") == "missed":
        what = miss_uses, MissUse(use_id, asked)
    elif form.get("do") == "came":
        what = check_in_uses, CheckInUse(use_id, asked)
    else:
        what = undo_uses, UndoUse(use_id, asked, late=True)
    return await _done(here, form, what)


async def _done(here: Here, form: Form, what: tuple[Any, Any]) -> Response[Any]:
    member_id = str(form.path["member_id"])
    try:
        outcome: Refused | Fault | Any = await here.do(*what)
    except Invalid as wrong:
        outcome = wrong
    if isinstance(outcome, Refused | Invalid):
        return await appointments(here, member_id, wrong=here.told(outcome), form=form)
    return redirect(f"/console/members/{member_id}/appointments")


async def _days(tx: Tx, terms: Terms, what: tuple[str, str, date]) -> list[tuple[date, list[Slot]]]:
    benefit, store, on = what
    found = []
    for number in range(A_WEEK):
        day = on + timedelta(days=number)
        slots = await show_slots(tx, terms, benefit, store, day)
        if slots:
            found.append((day, slots))
    return found


def _said(here: Here, form: Form | None) -> dict[str, str]:
    names = ("benefit", "store", "on", "guests", "move")
    if form is not None:
        return {one: form.get(one)[:200] for one in names}
    return {one: here.query.get(one, "")[:200] for one in names}


def _can_move(one: Use, asked: str, now: datetime) -> bool:
    """Whether it is the one that is asked for, and members could still move it."""
    booked = one.included.booked
    assert booked is not None, one
    return shown("use", one.use_id) == asked and now < booked.cancel_until


def _needs(chosen: Benefit | None) -> Sequence[str]:
    return () if chosen is None else chosen.needs


def _places(chosen: Benefit | None, stores: Mapping[str, Store]) -> list[tuple[str, str]]:
    """Where it can be booked: the stores it is for, or all that are open; none where none is."""
    if chosen is not None and chosen.stores:
        codes = list(chosen.stores)
    else:
        codes = [code for code, one in stores.items() if one.closed_at is None]
    return [(code, stores[code].name if code in stores else code) for code in codes]


def _day(here: Here, typed: str) -> date:
    today = here.now.astimezone(here.version.zone).date()
    try:
        return min(max(date.fromisoformat(typed), today), today + timedelta(days=3660))
    except ValueError:
        return today


def _instant(typed: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _address(member_id: str, said: Mapping[str, str]) -> str:
    asked = urlencode({name: value for name, value in said.items() if value})
    return f"/console/members/{member_id}/appointments?{asked}"


def _line(here: Here, one: Use, stores: Mapping[str, Store]) -> dict[str, Any]:
    booked = one.included.booked
    assert booked is not None, one
    store = stores.get(one.store)
    return {
        "use_id": shown("use", one.use_id),
        "name": one.included.name,
        "store": store.name if store else one.store,
        "from_at": booked.from_at,
        "guests": one.included.guests,
        "begun": booked.from_at <= here.now,
        "late": booked.cancel_until <= here.now,
        "came": one.came_at is not None,
        "today": here.reader.day(booked.from_at) == here.reader.day(here.now),
    }

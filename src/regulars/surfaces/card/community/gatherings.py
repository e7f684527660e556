"""Events on the card: a seat is asked for, given up, put into a calendar; and how it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from icalendar import Calendar, Event
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.words.explain import amount_in_words
from regulars.flows.commands import Redeem
from regulars.flows.community.commands import GiveUpSeat, TakeSeat
from regulars.flows.community.room import best_of
from regulars.flows.community.seats.pay import CHANNEL, gives_back
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.flows.points.quote_reward import quote_reward
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.rules import is_in
from regulars.records.community.gatherings import read
from regulars.records.community.gatherings.rules import not_yet
from regulars.records.community.gatherings.types import Gathering, Seat
from regulars.records.community.texts import words_in
from regulars.records.members.types import MemberRef
from regulars.records.standing import read as standing
from regulars.records.tills import read as tills
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.card.community.lessons import taught
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.agreed import price_of, price_typed
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.paper import NEVER, text_answer

_TAKES_NOTHING: Final[dict[str, Any]] = {
    "price": "", "typed": "", "until": None, "why": "", "offered": False,
}  # fmt: skip
GATHERING: Final = "/card/me/events/{gathering:str}"


def gathering_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of an event, its forms, and its entry for a calendar."""

    async def entry(request: Asked) -> Response[Any]:
        _, seen = await desk.look(request, look_at_entry)
        answer = text_answer(seen["entry"], "text/calendar", keep=NEVER)
        answer.headers["content-disposition"] = 'attachment; filename="event.ics"'
        return answer

    return [
        desk.shows(GATHERING, "community/event.html", look_at_gathering),
        desk.acts(GATHERING, change),
        desk.open(get, f"{GATHERING}/calendar.ics", entry),
    ]


async def look_at_gathering(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """One event, and where the member stands with it. Faults: NotFound."""
    one, mine = await _there(tx, visit, request)
    many = (await read.seated(tx, [one.gathering_id]))[one.gathering_id]
    rows = await standing.rows(tx, [visit.member.id])
    no = not_yet(one, rows[0]["tier"] if rows else None, tx.now)
    opens = no.facts.get("opens_at") if no is not None else None
    stores = await tills.stores(tx) if one.store else {}
    store = stores.get(one.store)
    takes = await _takes(tx, visit, one) if mine is None and no is None else _TAKES_NOTHING
    own = visit.version.program.locale[:2]
    return {
        "one": brief(visit, one, mine) | {"store": store.name if store else one.store},
        "says": words_in(one.says, visit.reader.language, own),
        "recap": words_in(one.recap, visit.reader.language, own) if one.recap else "",
        "free": max(one.capacity - many.held, 0),
        "waiting": many.waiting,
        "seat": mine,
        "lesson": await taught(tx, visit, one) if mine is not None and mine.came_at else None,
        "may_ask": no is None and mine is None and not takes["why"],
        "takes": takes,
        "back_until": one.gives_back_until if mine is not None and mine.unsettled else None,
        "keeps_points": mine is not None and mine.unsettled and gives_back(tx, one, mine),
        "opens_at": datetime.fromisoformat(opens) if opens else None,
        "over": tx.now >= one.begins_at,
        "done": request.query_params.get("done", ""),
        "wrong": "",
    }


async def look_at_entry(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """The event as a calendar takes it (RFC 5545). Faults: NotFound."""
    one, mine = await _there(tx, visit, request)
    if mine is None or mine.state != "held":
        raise NotFound("there is no such event")
    event = Event()
    event.add("uid", f"{shown('sea', mine.seat_id)}@{visit.program.program}.regulars")
    event.add("sequence", one.version)
    event.add("dtstamp", one.changed_at)
    event.add("dtstart", one.begins_at)
    event.add("dtend", one.ends_at)
    event.add("summary", f"{one.name} · {visit.program.name}")
    event.add("status", "CANCELLED" if one.state == "cancelled" else "CONFIRMED")
    if one.at_place:
        event.add("location", one.at_place)
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", "-//Regulars//Events//EN")
    whole.add("method", "PUBLISH")
    whole.add_component(event)
    return {"entry": bytes(whole.to_ical())}


async def change(sender: Sender, form: Form) -> Response[Any]:
    """The member asks for a seat, or gives theirs up."""
    code = str(sender.request.path_params["gathering"])
    me = MemberRef(id=sender.member_id)
    try:
        shown = price_of(form.get("price", ""))
        if form["do"] == "give_up":
            done = await sender.do(give_up_seats, GiveUpSeat(me, code, sender.by("give-up")))
        else:
            wish = TakeSeat(me, code, sender.by("take"), signed_in=True, shown=shown)
            done = await sender.do(take_seats, wish)
    except No as no:
        slip = told_to(sender.visit.reader, no.refused)
        return await _slip(sender, slip)
    told = f"{done.state}{'-spent' if done.points == 'spent' else ''}"
    return moved(f"{GATHERING.replace('{gathering:str}', code)}?done={told}")


async def _takes(tx: Tx, visit: Visit, one: Gathering) -> dict[str, Any]:
    """What a seat takes of this member: the price in words and as the form sends it back, and why
    they cannot have it where they cannot; nothing where it takes nothing."""
    if not one.reward:
        return _TAKES_NOTHING
    terms = visit.terms
    wish = Redeem(MemberRef(id=visit.member.id), one.reward, one.store, CHANNEL, gathering=one.code)
    found = await quote_reward(tx, terms, visit.member.id, wish)
    if isinstance(found, Refused):
        return {**_TAKES_NOTHING, "why": told_to(visit.reader, found)}
    price, voice, program = found.promised.price, visit.voice, visit.program
    said = [amount_in_words(program, wallet, some, voice) for wallet, some in price.items() if some]
    return {
        "price": voice.all_of(said) if said else "",
        "typed": price_typed(price),
        "until": one.gives_back_until,
        "why": "",
        "offered": found.reward != one.reward,
    }


async def seats_by_gathering(tx: Tx, visit: Visit) -> dict[UUID, Seat]:
    """What the member has or waits for, by gathering; given-up seats are none."""
    id_ = visit.member.id
    found: dict[UUID, list[Seat]] = {}
    for one in (await read.seats_of(tx, [id_])).get(id_, []):
        if one.taken:
            found.setdefault(one.gathering_id, []).append(one)
    return {gathering: best_of(seats) for gathering, seats in found.items()}


async def next_seat(tx: Tx, visit: Visit) -> dict[str, Any] | None:
    """The next event at which the member has a seat; nothing where there is none."""
    seats = await seats_by_gathering(tx, visit)
    held = [one.gathering_id for one in seats.values() if one.state == "held"]
    some = [one for one in (await read.by_id(tx, held)).values()
            if one.state == "open" and one.ends_at > tx.now]  # fmt: skip
    soonest = min(some, key=lambda one: one.begins_at, default=None)
    return None if soonest is None else brief(visit, soonest, seats[soonest.gathering_id])


def tellable(one: Gathering, seat: Seat | None) -> bool:
    """Whether somebody hears of it: what was called off only by who had a seat."""
    return one.state == "open" or seat is not None


def brief(visit: Visit, one: Gathering, seat: Seat | None) -> dict[str, Any]:
    """An event as a line."""
    return {
        "id": one.code,
        "club_id": one.club_id,
        "name": one.name,
        "from_at": one.begins_at,
        "until_at": one.ends_at,
        "at_place": one.at_place,
        "cancelled": one.state == "cancelled",
        "state": "" if seat is None else seat.state,
        "ahead": 0 if seat is None else seat.ahead,
        "came": seat is not None and seat.came_at is not None,
        "to": GATHERING.replace("{gathering:str}", one.code),
    }


async def _there(tx: Tx, visit: Visit, request: Asked) -> tuple[Gathering, Seat | None]:
    """The event of this address, where this member may know of it."""
    one = await read.gathering(tx, str(request.path_params["gathering"]))
    if one is None:
        raise NotFound("there is no such event")
    mine = (await seats_by_gathering(tx, visit)).get(one.gathering_id)
    id_ = visit.member.id
    if one.club_id is not None and mine is None:
        places = (await clubs.places(tx, [id_])).get(id_, [])
        if not is_in(places, one.club_id):
            raise NotFound("there is no such event")
    if not tellable(one, mine):
        raise NotFound("there is no such event")
    return one, mine


async def _slip(sender: Sender, wrong: str) -> Response[Any]:
    try:
        template = "community/event.html"
        return await sender.show(look_at_gathering, template, status=422, wrong=wrong)
    except Fault:
        return moved("/card/me/community")

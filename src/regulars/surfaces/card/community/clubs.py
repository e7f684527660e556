"""Clubs on the card: those a member is in, those they may join, and who of them is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.flows.community.commands import JoinClub, LeaveClub
from regulars.flows.community.join_clubs import join_clubs, leave_clubs
from regulars.records.community.clubs import read
from regulars.records.community.clubs.rules import not_in, open_places
from regulars.records.community.clubs.types import Club, Place
from regulars.records.community.gatherings import read as gatherings
from regulars.records.community.texts import words_in
from regulars.records.members.types import MemberRef
from regulars.records.standing import read as standing
from regulars.records.tills import read as tills
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.community.forum import forums
from regulars.surfaces.card.community.gatherings import brief, seats_by_gathering
from regulars.surfaces.card.community.lessons import open_lessons
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to

COMMUNITY: Final = "/card/me/community"
CLUB: Final = "/card/me/clubs/{club:str}"
MOST_MATES: Final = 50
NEW_FOR: Final = timedelta(days=30)
"""So long somebody is new in a club."""
MOST_EVENTS: Final = 20


def club_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """What there is to belong to, and the page of each club."""
    return [
        desk.shows(COMMUNITY, "community/all.html", look_at_community),
        desk.shows(CLUB, "community/club.html", look_at_club),
        desk.acts(CLUB, change),
    ]


async def look_at_community(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """The clubs of the member, those they may join, and the events to come."""
    found = await read.clubs(tx)
    places, asked, tier = await _stands(tx, visit)
    stores = await _stores(tx, found)
    mine, open_to = [], []
    for one in found:
        there = open_places(places, one.club_id)
        shown = _brief(visit, one, stores)
        if there:
            mine.append(shown | {"rests": all(each.rests for each in there)})
        elif not_in(one, tier, asked, visit.member.id) is None:
            open_to.append(shown | {"asked": (one.club_id, visit.member.id) in asked})
    return {
        "mine": mine,
        "others": open_to,
        "events": await coming(tx, visit, places, MOST_EVENTS),
        "lessons": await open_lessons(tx, visit, places),
        "forums": await forums(tx),
    }


async def coming(
    tx: Tx, visit: Visit, places: list[Place], most: int, club_id: UUID | None = None
) -> list[dict[str, Any]]:
    """Events to come that this member may know of, the next one first; of one club, or of all."""
    inside = {one.club_id for one in places if one.until is None and not one.rests}
    seats = await seats_by_gathering(tx, visit)
    whose = (sorted(inside), sorted(seats))
    some = await gatherings.for_member(tx, whose, club_id, most)
    return [brief(visit, one, seats.get(one.gathering_id)) for one in some]


async def look_at_club(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """One club: what it is, who of it lets themselves be seen, who is new. Faults: NotFound."""
    one = await _there(tx, request)
    places, asked, tier = await _stands(tx, visit)
    there = open_places(places, one.club_id)
    no = None if there else not_in(one, tier, asked, visit.member.id)
    if not there and no is not None and one.joins == "invited":
        raise NotFound("there is no such club")  # who was not asked does not hear of it
    inside = bool(there) and not all(each.rests for each in there)
    mates = await read.mates(tx, one.club_id, None, MOST_MATES) if inside else []
    since = tx.now - NEW_FOR
    told_of = inside and there[0].told_of
    return {
        "one": _brief(visit, one, await _stores(tx, [one])),
        "inside": bool(there),
        "rests": bool(there) and not inside,
        "shows": bool(there) and all(each.shows for each in there),
        "told_of": told_of,
        "mates": [each.called for each in mates if each.member_id != visit.member.id],
        "new": [each.called for each in mates
                if told_of and each.since >= since and each.member_id != visit.member.id],
        "why_not": "" if no is None else told_to(visit.reader, no),
        "events": await coming(tx, visit, places, MOST_EVENTS, one.club_id),
        "done": request.query_params.get("done", ""),
        "wrong": "",
    }  # fmt: skip


async def change(sender: Sender, form: Form) -> Response[Any]:
    """The member joins, chooses who sees them, or leaves."""
    code = str(sender.request.path_params["club"])
    me = MemberRef(id=sender.member_id)
    shows, told_of = form["shows"] == "yes", form["told_of"] == "yes"
    try:
        if form["do"] == "leave":
            await sender.do(leave_clubs, LeaveClub(me, code, sender.by("leave")))
            return moved(COMMUNITY)
        command = JoinClub(me, code, shows, told_of, sender.by("join"))
        await sender.do(join_clubs, command)
    except No as no:
        slip = told_to(sender.visit.reader, no.refused)
        return await _slip(sender, slip)
    return moved(f"{CLUB.replace('{club:str}', code)}?done=yes")


async def _slip(sender: Sender, wrong: str) -> Response[Any]:
    try:
        return await sender.show(look_at_club, "community/club.html", status=422, wrong=wrong)
    except Fault:
        return moved(COMMUNITY)


async def _there(tx: Tx, request: Asked) -> Club:
    found = await read.club(tx, str(request.path_params["club"]))
    if found is None:
        raise NotFound("there is no such club")
    return found


async def _stands(tx: Tx, visit: Visit) -> tuple[list[Place], set[tuple[UUID, UUID]], str | None]:
    """Where the member is, whereto they were asked, and on which tier they stand."""
    id_ = visit.member.id
    places = (await read.places(tx, [id_])).get(id_, [])
    rows = await standing.rows(tx, [id_])
    return places, await read.invited(tx, [id_]), rows[0]["tier"] if rows else None


async def _stores(tx: Tx, some: list[Club]) -> Mapping[str, str]:
    if not any(one.store for one in some):
        return {}
    return {code: one.name or code for code, one in (await tills.stores(tx)).items()}


def _brief(visit: Visit, one: Club, stores: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.code,
        "name": one.name,
        "says": words_in(one.says, visit.reader.language, visit.version.program.locale[:2]),
        "store": stores.get(one.store, one.store),
        "to": CLUB.replace("{club:str}", one.code),
    }

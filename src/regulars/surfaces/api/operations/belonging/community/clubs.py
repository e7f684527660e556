"""Clubs: planned, joined, left, and who is in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.community.allowed import no_club
from regulars.flows.community.commands import InviteToClub, JoinClub, KeepClub, LeaveClub
from regulars.flows.community.join_clubs import invite_to_clubs, join_clubs, leave_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.records.access.types import Scope
from regulars.records.community.clubs import read
from regulars.records.community.clubs.types import Club
from regulars.records.community.gatherings import read as gatherings
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.community import examples
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.operations.belonging.community.wire import (
    BelongsShown,
    ClubInvited,
    ClubJoined,
    ClubLeft,
    ClubPlacesPage,
    ClubSent,
    ClubShown,
    ClubsShown,
    InClub,
    club_shown,
    in_club,
    place_shown,
    seat_shown,
)
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery, member_of

_TAG: Final = "Community"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_WHOM: Final = ("unknown_member", "not_found", "member_erased", "member_blocked")


async def listed(call: Call) -> Reply:
    """Every club."""
    async with call.transaction as tx:
        many = await read.counts(tx)
        found = await read.clubs(tx)
    return Reply(ClubsShown([club_shown(one, many.get(one.club_id)) for one in found]))


async def one(call: Call) -> Reply:
    """One club, and how many are in it."""
    async with call.transaction as tx:
        found = await _there(tx, call)
        many = await read.count_of(tx, found.club_id)
    return Reply(club_shown(found, many))


async def keep(call: Call) -> Reply:
    """A club is planned."""
    sent: ClubSent = call.sent
    says = {str(language): text for language, text in sent.says.items()}
    await call.do(keep_clubs, KeepClub(
        call.ids["club"], sent.name, says, sent.joins, call.by, tuple(sent.tiers), sent.store,
        sent.state,
    ))  # fmt: skip
    return await one(call)


async def inside(call: Call) -> Reply:
    """Who is in a club."""
    query: PageQuery = call.query
    after = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        there = await _there(tx, call)
        found = await read.inside(tx, there.club_id, after, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].since, page[-1].place_id)) if more else None
    return Reply(ClubPlacesPage([place_shown(each, there.code) for each in page], more, cursor))


async def join(call: Call) -> Reply:
    """A member joins."""
    sent: ClubJoined = call.sent
    command = JoinClub(
        member_of(sent.member), call.ids["club"], sent.shows, sent.told_of, call.asked
    )
    answer = await call.do(join_clubs, command)
    return Reply(in_club(answer), 200, answer.replayed)


async def leave(call: Call) -> Reply:
    """A member leaves."""
    sent: ClubLeft = call.sent
    command = LeaveClub(member_of(sent.member), call.ids["club"], call.asked)
    answer = await call.do(leave_clubs, command)
    return Reply(in_club(answer), 200, answer.replayed)


async def invite(call: Call) -> Reply:
    """A member is asked to join."""
    sent: ClubInvited = call.sent
    command = InviteToClub(call.ids["club"], member_of(sent.member), call.by, call.asked)
    answer = await call.do(invite_to_clubs, command)
    return Reply(in_club(answer), 200, answer.replayed)


async def of_member(call: Call) -> Reply:
    """Where a member is, and what they come to."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        places = (await read.places(tx, [id_])).get(id_, [])
        clubs = await read.by_id(tx, sorted({each.club_id for each in places}))
        seats = (await gatherings.seats_of(tx, [id_])).get(id_, [])
        what = await gatherings.by_id(tx, sorted({each.gathering_id for each in seats}))
    return Reply(BelongsShown(
        [place_shown(each, clubs[each.club_id].code) for each in places],
        [seat_shown(each, what[each.gathering_id].code) for each in seats],
    ))  # fmt: skip


async def _there(tx: Tx, call: Call) -> Club:
    found = await read.club(tx, call.ids["club"])
    if found is None:
        raise no_club(call.ids["club"])
    return found


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/clubs", "list_clubs",
        says="Every club, by name",
        scopes=_READ,
        answers={200: ClubsShown},
        answer_example={"items": [examples.CLUB]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/clubs/{club}", "get_club",
        says="One club, and how many are in it",
        scopes=_READ,
        answers={200: ClubShown},
        answer_example=examples.CLUB,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/clubs/{club}", "keep_club",
        once=Once.AGAIN,
        says="Plan a club, change it, or close it",
        notes="Everybody joins it (`open`), whoever was asked (`invited`), or whoever stands on "
        "one of its `tiers`. Who is in it stays in it, whatever changes; a place by tier rests "
        "while its member stands elsewhere. What it is is said in the language of the program, and "
        "in others as you like: plain text, without marks.",
        scopes=_WRITE,
        sent=ClubSent,
        answers={200: ClubShown},
        example=examples.CLUB_SENT,
        answer_example=examples.CLUB,
        do=keep,
    ),
    _operation(
        "GET", "/v1/clubs/{club}/members", "list_members_of_club",
        says="Who is in a club, the first ones first",
        scopes=_READ,
        query=PageQuery,
        answers={200: ClubPlacesPage},
        answer_example={"items": [examples.PLACE], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=inside,
    ),
    _operation(
        "POST", "/v1/clubs/{club}/members", "join_club",
        says="A member joins a club",
        notes="The first time is an activity of the kind `club-joined` with the detail `club`, for "
        "which rules may give something. Who is in it already chooses anew whether the others see "
        "them (`shows`) and whether they see who is new (`told_of`).",
        scopes=_WRITE,
        sent=ClubJoined,
        answers={200: InClub},
        example={"member": {"card": "4711"}, "told_of": True},
        answer_example=examples.IN_CLUB,
        codes=(*_WHOM, "club_closed", "club_by_invitation", "club_by_tier", *RECORDING),
        do=join,
    ),
    _operation(
        "POST", "/v1/clubs/{club}/departures", "leave_club",
        says="A member leaves a club",
        scopes=_WRITE,
        sent=ClubLeft,
        answers={200: InClub},
        example={"member": {"card": "4711"}},
        answer_example=examples.IN_CLUB | {"inside": False, "told_of": False},
        codes=("unknown_member", "not_found"),
        do=leave,
    ),
    _operation(
        "POST", "/v1/clubs/{club}/invitations", "invite_to_club",
        says="Ask a member to join a club",
        notes="They see it on their card; that they join is theirs.",
        scopes=_WRITE,
        sent=ClubInvited,
        answers={200: InClub},
        example={"member": {"card": "4711"}},
        answer_example=examples.IN_CLUB
        | {"inside": False, "since": None, "told_of": False, "invited": True},
        codes=(*_WHOM, "club_closed"),
        do=invite,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/community", "get_community_of_member",
        says="In which clubs a member is or was, and what they come or came to",
        scopes=_READ,
        answers={200: BelongsShown},
        answer_example={"clubs": [examples.PLACE], "seats": [examples.SEAT]},
        codes=("unknown_member",),
        do=of_member,
    ),
)  # fmt: skip

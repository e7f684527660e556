"""Members join clubs, say who sees them there, and leave; the shop asks them to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.commands import RecordActivity
from regulars.flows.community.allowed import barred, forbidden, no_club
from regulars.flows.community.commands import (
    ClubOutcome,
    ClubTold,
    InviteToClub,
    JoinClub,
    LeaveClub,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import Body
from regulars.records.community.clubs import read, write
from regulars.records.community.clubs.rules import not_in, open_places
from regulars.records.community.clubs.types import Club, Place
from regulars.records.members.types import MemberRef
from regulars.records.once.write import keep

KIND: Final = "club-joined"
"""What rules call it."""
SOURCE: Final = "regulars-community"


async def join_clubs(tx: Tx, terms: Terms, batch: Sequence[JoinClub]) -> list[ClubOutcome]:
    """Each of these members is in the club from now on, once; who is in it chooses anew who sees
    them.

    Order: members are locked first, so that of two at once the second finds the first.
    Keeps: that somebody joined is one activity for ever, however often they leave and come again.
    Refuses: `club_closed`, `club_by_invitation`, `club_by_tier`, `member_erased`,
    `member_blocked`. Faults: unknown member, `not_found` at the club, what recording says.
    """
    asked, todo, states = await _begin(tx, terms, "join_club", batch)
    clubs = {one.code: one for one in await read.clubs(tx)} if todo else {}
    whose = sorted({one.member_id for one in states.values()})
    places = await read.places(tx, whose)
    invited = await read.invited(tx, whose)
    fresh: list[tuple[Asking[JoinClub], Club, Place]] = []
    first: list[int] = []
    for item in todo:
        state, club = states[item.place], clubs.get(item.command.club)
        mine = places.setdefault(state.member_id, [])
        if club is None:
            item.outcome = no_club(item.command.club)
            continue
        there = open_places(mine, club.club_id)
        no = barred(state) or (
            None if there else not_in(club, state.tier, invited, state.member_id)
        )
        if no is not None:
            item.outcome = no
        elif there:
            await _choose(tx, item, club, mine)
        else:
            if all(one.club_id != club.club_id for one in mine):
                first.append(len(fresh))
            chosen = (item.command.shows, item.command.told_of)
            one = Place(state.member_id, tx.new_id(), club.club_id, tx.now, None, *chosen)
            mine.append(one)
            fresh.append((item, club, one))
    booked = await record_activities(
        tx, terms, [happened(fresh[at][1], fresh[at][2].member_id) for at in first]
    )
    for at, done in zip(first, booked, strict=True):
        if isinstance(done, Fault | Refused):
            fresh[at][0].outcome = done
    came = [one for one in fresh if one[0].open]
    await tx.write(write.enter(tx, [place for _, _, place in came]))
    for item, club, place in came:
        item.outcome = _told(club, place)
    await _end(tx, terms, todo, {one[0].place: "club.joined" for one in came})
    return settle_followers(asked)


async def leave_clubs(tx: Tx, terms: Terms, batch: Sequence[LeaveClub]) -> list[ClubOutcome]:
    """Each of these members leaves the club, once; what joining brought stays theirs.

    Faults: unknown member, `not_found` for a club that is not there or that they are not in.
    """
    asked, todo, states = await _begin(tx, terms, "leave_club", batch)
    clubs = {one.code: one for one in await read.clubs(tx)} if todo else {}
    places = await read.places(tx, sorted({one.member_id for one in states.values()}))
    gone: list[UUID] = []
    left: dict[int, str] = {}
    for item in todo:
        state, club = states[item.place], clubs.get(item.command.club)
        if club is None:
            item.outcome = no_club(item.command.club)
            continue
        there = [
            one for one in open_places(places.get(state.member_id, []), club.club_id)
            if one.place_id not in gone
        ]  # fmt: skip
        if not there:
            item.outcome = NotFound("this member is not in this club", field="/club")
            continue
        # Whoever was merged may be in it twice: both are left.
        gone += [one.place_id for one in there]
        left[item.place] = "club.left"
        item.outcome = replace(_told(club, there[0]), inside=False, shows=False, told_of=False)
    await tx.write(write.leave(tx, gone))
    await _end(tx, terms, todo, left)
    return settle_followers(asked)


async def invite_to_clubs(tx: Tx, terms: Terms, batch: Sequence[InviteToClub]) -> list[ClubOutcome]:
    """Each of these members is asked to join the club; that they do is theirs.

    Refuses: `club_closed`, `member_erased`, `member_blocked`. Faults: `forbidden`, unknown member,
    `not_found` at the club.
    """
    asked, todo, states = await _begin(tx, terms, "invite_to_club", batch)
    clubs = {one.code: one for one in await read.clubs(tx)} if todo else {}
    for item in todo:
        command, state = item.command, states[item.place]
        club = clubs.get(command.club)
        no = await forbidden(tx, command.by, Permission.MEMBERS_WRITE)
        if no is not None or club is None:
            item.outcome = no or no_club(command.club)
            continue
        item.outcome = barred(state) or _over(club)
        if item.outcome is not None:
            continue
        who = command.by.actor or command.asked.principal
        done = Done(command.by, "club.invited", "member", state.member_id.hex,
                    after={"name": club.name})  # fmt: skip
        staff = acted(tx, [done]) if command.by.actor else []
        asking = write.invite(tx, [(state.member_id, club.club_id)], who or "api")
        await tx.write([*asking, *staff])
        item.outcome = ClubTold(state.member_id, club.club_id, club.code, False, invited=True)
    await _end(tx, terms, todo, {})
    return settle_followers(asked)


def happened(club: Club, member_id: UUID) -> RecordActivity:
    """What rules see: that somebody joined this club, for the first time."""
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=member_id),
        source=SOURCE,
        external_id=f"{club.club_id.hex}-{member_id.hex}",
        store=club.store,
        channel="community",
        body=Body(details={"club": club.code}),
    )


async def _begin(
    tx: Tx, terms: Terms, operation: str, batch: Sequence[Any]
) -> tuple[list[Asking[Any]], list[Asking[Any]], dict[int, MemberState]]:
    """What is asked, what of it is new, and about whom: their standings are locked."""
    asked = askings(operation, batch, lambda _: None)
    await sort_out(tx, asked, ClubTold)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    states = await hold_members(tx, terms, found.values()) if found else {}
    todo = [item for item in fresh if item.open]
    return asked, todo, {item.place: states[found[item.place]] for item in todo}


async def _choose(tx: Tx, item: Asking[JoinClub], club: Club, mine: list[Place]) -> None:
    """Who is in it already says who sees them, in each of their places."""
    shows, told_of = item.command.shows, item.command.told_of
    there = open_places(mine, club.club_id)
    if any((one.shows, one.told_of) != (shows, told_of) for one in there):
        await tx.write(write.choose(tx, [(one.place_id, shows, told_of) for one in there]))
        mine[:] = [
            replace(one, shows=shows, told_of=told_of) if one in there else one for one in mine
        ]
    item.outcome = _told(club, replace(there[0], shows=shows, told_of=told_of))


def _told(club: Club, place: Place) -> ClubTold:
    shown = (place.since, place.shows, place.told_of)
    return ClubTold(place.member_id, club.club_id, club.code, True, *shown)


def _over(club: Club) -> Refused | None:
    if club.state == "open":
        return None
    return Refused("club_closed", "Nobody joins this club any more", {"club": club.code})


async def _end(tx: Tx, terms: Terms, todo: Sequence[Asking[Any]], events: dict[int, str]) -> None:
    """Keep what is answered, and tell the world what happened."""
    rows, changes = [], Changes(tx.new_id)
    told = [item for item in todo if isinstance(item.outcome, ClubTold)]
    # Recording changed these standings in this transaction: their versions are read anew.
    whom = {item.outcome.member_id for item in told if item.place in events}
    states = await hold_members(tx, terms, whom) if whom else {}
    for item in told:
        rows += kept(item, item.outcome.member_id, item.outcome.club_id)
        if item.place in events:
            state = states[item.outcome.member_id]
            changes.touch(state)
            payload = {"club": item.outcome.club}
            event = Event(state.member_id, state.version, events[item.place], payload)
            changes.events.append(event)
    await tx.write([*keep(tx, rows), *writes_of(tx, terms, changes)])

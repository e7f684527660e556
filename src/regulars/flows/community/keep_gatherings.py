"""Somebody plans a gathering, changes it, calls it off, or says how it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.allowed import (
    forbidden,
    no_club,
    no_lesson,
    own_language,
    unknown_place,
    wrong,
)
from regulars.flows.community.commands import KeepGathering, KeepGatheringOutcome
from regulars.flows.community.seats.pay import no_seat_reward
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.write import hold
from regulars.records.community.gatherings import read, write
from regulars.records.community.gatherings.rules import MOST, ill_timed, ill_told_of
from regulars.records.community.gatherings.types import Gathering, Seated
from regulars.records.community.lessons import read as lessons
from regulars.records.community.lessons.types import Lesson
from regulars.records.community.texts import Wrong, ill_named

_STAYS: Final = (
    "begins_at", "ends_at", "capacity", "opens_at", "early_at", "early_tiers", "club_id", "state",
    "sort", "reward", "back_until", "lesson",
)  # fmt: skip
"""What nobody changes any more of a gathering that has begun, or that was called off."""


async def keep_gatherings(
    tx: Tx, terms: Terms, batch: Sequence[KeepGathering]
) -> list[KeepGatheringOutcome]:
    """Each of these is what its gathering is from now on; the same said again changes nothing.

    Order: who keeps one holds its seats, so that nobody takes one that goes; where there are more
    seats than before, whoever waits longest moves up.
    Keeps: whoever has a seat has it: there are never fewer seats than are taken.
    Refuses: `gathering_cancelled`, `gathering_begun`. Faults: `invalid` at a field, `forbidden`,
    `not_found` at the club or the lesson.
    """
    await hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: KeepGathering) -> KeepGatheringOutcome:
    no = await forbidden(tx, command.by, Permission.MESSAGES_WRITE)
    if no is not None:
        return no
    club = await clubs.club(tx, command.club) if command.club else None
    if command.club and club is None:
        return no_club(command.club)
    lesson = await lessons.lesson(tx, command.lesson) if command.lesson else None
    if command.lesson and lesson is None:
        return no_lesson(command.lesson)
    there = await read.gathering(tx, command.code)
    now = _meant(tx, command, there, None if club is None else club.club_id)
    fault = wrong(_not_taught(lesson, now, there) or await _ill(tx, terms, now, there)) or (
        await _too_late(tx, now) if not there else None
    )
    if fault is not None:
        return fault
    if there is None:
        return await _kept(tx, command, now, "gathering.planned")
    same = replace(there, version=now.version, changed_at=tx.now, changed_by=now.changed_by)
    return there if same == now else await _changed(tx, command, there, now)


async def _too_late(tx: Tx, now: Gathering) -> Fault | None:
    if now.begins_at <= tx.now:
        return Invalid("It begins later than now", field="/begins_at")
    if await read.how_many(tx) >= MOST:
        return Invalid(f"There are {MOST} gatherings already", field="/code")
    return None


async def _ill(tx: Tx, terms: Terms, now: Gathering, there: Gathering | None) -> Wrong | None:
    own = own_language(tx, terms)
    ill = ill_named(now.code, now.name) or ill_told_of(now.says, now.recap, own) or ill_timed(now)
    if ill is None and now.reward and (there is None or there.reward != now.reward):
        ill = no_seat_reward(terms.at(tx.now), now.reward)
    if ill is not None:
        return ill
    had = ("", ()) if there is None else (there.store, there.early_tiers)
    place = await unknown_place(tx, terms, (now.store, now.early_tiers), had)
    if place is None or place.place != "/tiers":
        return place
    return place._replace(place="/early_tiers")


def _not_taught(lesson: Lesson | None, now: Gathering, there: Gathering | None) -> Wrong | None:
    """Why a lesson is not taught there: whoever came could not read it.

    Keeps: what was planned before the lesson was closed or given to a club stays as it is.
    """
    same = there is not None and (there.lesson, there.club_id) == (now.lesson, now.club_id)
    if lesson is None or same:
        return None
    if lesson.state == "closed":
        return Wrong("/lesson", "This lesson is closed; open it first, or choose another one")
    if lesson.club_id not in (None, now.club_id):
        says = "This lesson is of a club that this is not for; whoever came could not read it"
        return Wrong("/lesson", says)
    return None


async def _changed(
    tx: Tx, command: KeepGathering, there: Gathering, now: Gathering
) -> KeepGatheringOutcome:
    await read.hold_seats(tx, [there.gathering_id])
    begun = tx.now >= there.begins_at or await read.any_settled(tx, there.gathering_id)
    seated = (await read.seated(tx, [there.gathering_id]))[there.gathering_id]
    no = _fixed(tx, there, now, begun) or _taught(there, now, seated)
    if no is not None:
        return no
    if now.capacity < seated.held:
        says = f"{seated.held} have a seat already; there are no fewer"
        return Invalid(says, field="/capacity", held=seated.held)
    did = "gathering.cancelled" if now.state == "cancelled" else "gathering.changed"
    if _sooner(there, now) and await read.any_reserved(tx, there.gathering_id):
        says = "Somebody was promised points back until later; say the same day or a later one"
        return Invalid(says, field="/back_until")
    kept = await _kept(tx, command, now, did)
    if now.state == "open":
        await write.fill(tx, now.gathering_id)
    return kept


def _taught(there: Gathering, now: Gathering, seated: Seated) -> Refused | None:
    """Why it teaches no other lesson any more: whoever came, also before it began, reads that one
    and may have answered it."""
    if now.lesson == there.lesson or not seated.came:
        return None
    says = "Somebody came already; the lesson they came to stays"
    return Refused("gathering_begun", says, {"gathering": there.code, "fields": ["lesson"]})


def _sooner(there: Gathering, now: Gathering) -> bool:
    """Whether points come back until an earlier instant than was promised.

    Keeps: where it begins earlier they come back until then at most; where it is moved to later,
    what was promised stays.
    """
    return now.gives_back_until < min(there.gives_back_until, now.begins_at)


def _fixed(tx: Tx, there: Gathering, now: Gathering, begun: bool) -> Refused | Fault | None:
    """Why this is not changed any more.

    Keeps: what seats take is settled once it has begun; whoever changes it later had it before
    them a moment before, and is told so.
    """
    moved = [name for name in _STAYS if getattr(there, name) != getattr(now, name)]
    told = {"gathering": there.code, "fields": moved}
    if moved and there.state == "cancelled":
        return Refused("gathering_cancelled", "It was called off; plan another one", told)
    if moved and begun:
        return Refused("gathering_begun", "It has begun; only what is said of it changes", told)
    if now.state == "open" and "begins_at" in moved and now.begins_at <= tx.now:
        return Invalid("It begins later than now", field="/begins_at")
    return None


async def _kept(tx: Tx, command: KeepGathering, now: Gathering, did: str) -> Gathering:
    after = {"name": now.name, "version": str(now.version)}
    done = Done(command.by, did, "gathering", now.code, before={}, after=after)
    await tx.write([*write.keep(tx, now), *acted(tx, [done])])
    return now


def _moved_at(tx: Tx, command: KeepGathering, there: Gathering | None) -> datetime | None:
    """Since when it is at another time or place than whoever has a seat was told."""
    if there is None:
        return None
    was = (there.begins_at, there.at_place, there.store)
    now = (command.begins_at, command.at_place.strip(), command.store)
    return there.moved_at if was == now else tx.now


def _meant(
    tx: Tx, command: KeepGathering, there: Gathering | None, club_id: UUID | None
) -> Gathering:
    who = command.by.actor
    opens = command.opens_at or (tx.now if there is None else there.opens_at)
    return Gathering(
        gathering_id=tx.new_id() if there is None else there.gathering_id,
        code=command.code, name=command.name.strip(), says=dict(command.says),
        club_id=club_id,
        store=command.store, at_place=command.at_place.strip(), begins_at=command.begins_at,
        ends_at=command.ends_at, capacity=command.capacity, opens_at=opens,
        early_at=command.early_at, early_tiers=command.early_tiers, recap=dict(command.recap),
        state=command.state, version=1 if there is None else there.version + 1,
        made_at=tx.now if there is None else there.made_at,
        made_by=who if there is None else there.made_by, changed_at=tx.now, changed_by=who,
        sort=command.sort, reward=command.reward, back_until=command.back_until,
        moved_at=_moved_at(tx, command, there), lesson=command.lesson,
    )  # fmt: skip

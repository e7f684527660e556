"""Appointments: at which times a benefit can be booked, and whether somebody may come then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span, local
from regulars.engine.terms import Version
from regulars.records.benefits.types import Booked
from regulars.records.program.parts.benefits import Appointments
from regulars.records.program.types import Benefit

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE: Final = timedelta(minutes=1)

Taken = Mapping[int, int]
"""Who is there already: from which place on, and how many they are."""
NOBODY: Final[Taken] = {}


class Slot(NamedTuple):
    """A time at which a benefit can be booked, and how many more can come."""

    from_at: datetime
    until_at: datetime
    left: int


def slots_on(version: Version, benefit: Benefit, day: int) -> list[datetime]:
    """When appointments begin on a local day, in order.

    Keeps: a time that the clocks skip is none; one that comes twice is the first.
    Example: from 10:00 to 12:00, 45 minutes each: at 10:00 and at 10:45, as none ends after 12:00.
    """
    if benefit.appointments is None:
        return []
    return sorted(set(_begins(version, benefit.appointments, day)))


def _begins(version: Version, said: Appointments, day: int) -> Iterator[datetime]:
    weekday = WEEKDAYS[(day - 1) % 7]
    midnight = datetime.combine(date.fromordinal(day), datetime.min.time())
    for hours in said.hours:
        if weekday not in hours.on:
            continue
        minute, closes = _minutes(hours.from_), _minutes(hours.until)
        while minute + said.lasts <= closes:
            wall = midnight + minute * _MINUTE
            at = wall.replace(tzinfo=version.zone).astimezone(UTC)
            if at.astimezone(version.zone).replace(tzinfo=None) == wall:
                yield at
            minute += said.lasts


def no_time(version: Version, benefit: Benefit, at: datetime, now: datetime) -> Iterator[Refused]:
    """Why nobody can book this time."""
    said = benefit.appointments
    if said is None:
        yield Refused("no_such_time", "this is used at once, without an appointment")
        return
    if at not in slots_on(version, benefit, local(version.zone, at).day) or at <= now:
        yield Refused("no_such_time", "no appointment begins then", {"from_at": at.isoformat()})
    if at > add_span(version.zone, now, said.ahead):
        facts = {"ahead": said.ahead}
        yield Refused("no_such_time", f"book at most {said.ahead} beforehand", facts)


def fully_booked(benefit: Benefit, people: int, taken: Taken) -> Iterator[Refused]:
    """Why so many people cannot come as well."""
    said = benefit.appointments
    if said is not None and people > left(said, taken):
        facts = {"places": said.places, "left": left(said, taken)}
        yield Refused("fully_booked", "there is no room for so many at this time", facts)


def left(said: Appointments, taken: Taken) -> int:
    """How many more can come."""
    return max(said.places - sum(taken.values()), 0)


def booked(version: Version, benefit: Benefit, at: datetime, taken: Taken) -> Booked:
    """The appointment as it is promised: the first place that nobody has."""
    said = benefit.appointments
    assert said is not None, benefit.id
    place = next(one for one in range(1, len(taken) + 2) if one not in taken)
    until = at if said.cancel_until is None else at - _span(version, at, said.cancel_until)
    return Booked(
        from_at=at,
        until_at=at + said.lasts * _MINUTE,
        place=place,
        places=said.places,
        cancel_until=until,
        missed=said.missed,
    )


def too_late(booked: Booked | None, now: datetime) -> Refused | None:
    """Why an appointment is neither moved nor cancelled any more."""
    if booked is None or now < booked.cancel_until:
        return None
    facts = {"cancel_until": booked.cancel_until.isoformat()}
    return Refused("too_late_to_cancel", "it is too late to move or cancel this", facts)


def free(
    benefit: Benefit, starts: Sequence[datetime], taken: Mapping[datetime, Taken]
) -> list[Slot]:
    """These times with the places that are left."""
    said = benefit.appointments
    assert said is not None, benefit.id
    length = said.lasts * _MINUTE
    return [Slot(at, at + length, left(said, taken.get(at, {}))) for at in starts]


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _span(version: Version, at: datetime, words: str) -> timedelta:
    """How long before an instant: days by the wall, hours by the stopwatch."""
    count, unit = words.split()
    if unit.startswith(("minute", "hour")):
        return int(count) * (_MINUTE if unit.startswith("minute") else 60 * _MINUTE)
    there = at.astimezone(version.zone)
    days = int(count) * (7 if unit.startswith("week") else 1)
    earlier = (there.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=version.zone)
    return at - earlier.astimezone(UTC)

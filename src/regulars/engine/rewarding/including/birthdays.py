"""Around a member's birthday: whether it is now, when it is next, in which year a use counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from regulars.base.faults import Refused
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.compiling.lookups import returns_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.program.types import Benefit

BIRTHDAY = "birthday"
"""The attribute that holds it, where none was told on joining."""


class Around(NamedTuple):
    """A stretch of local days around one birthday, as ordinals; half-open."""

    birthday: int
    first: int
    end: int


def born(state: MemberState) -> str:
    """The birthday as it is known, `1990-05-17` or `05-17`; what was told on joining goes first."""
    return state.born or str(state.attributes.get(BIRTHDAY, ""))


def around(version: Version, state: MemberState, benefit: Benefit, at: datetime) -> Around | None:
    """The days around the birthday that run at an instant, or else the next ones.

    Shape: nothing for a benefit without such days, and where no birthday is known.
    Order: days may lie in the year before or after their birthday's.
    Example: born on 1 January, from three days before to three after: on 30 December 2026 the days
    are those of 2027's birthday.
    """
    said = benefit.birthday
    if said is None:
        return None
    day = local(version.zone, at).day
    for one in returns_of(born(state), day):
        found = Around(one, one - said.days_before, one + said.days_after + 1)
        if day < found.end:
            return found
    return None


def not_near(
    version: Version, state: MemberState, benefit: Benefit, at: datetime
) -> Iterator[Refused]:
    """Why it waits for a birthday: none is known, or it is another time of the year.

    Shape: the facts name the first day from which on, and the first day after.
    """
    if benefit.birthday is None:
        return
    found = around(version, state, benefit, at)
    if found is None:
        yield Refused("birthday_unknown", "no birthday of this member is known")
    elif local(version.zone, at).day < found.first:
        first, end = (date.fromordinal(day).isoformat() for day in (found.first, found.end))
        facts = {"from_on": first, "until_on": end}
        yield Refused("not_birthday", "this is for the days around the birthday", facts)


def counts_at(version: Version, state: MemberState, benefit: Benefit, at: datetime) -> datetime:
    """At which instant a use counts: while its days run, on the birthday itself.

    Keeps: one birthday counts in one year, wherever its days reach.
    Example: two days before 1 January 2027 it counts in 2027, and is gone two days after.
    """
    found = around(version, state, benefit, at)
    if found is None or local(version.zone, at).day < found.first:
        return at
    return day_starts_at(version.zone, found.birthday)

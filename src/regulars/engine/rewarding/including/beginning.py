"""From when on a member has an allowance that begins with them, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from regulars.engine.calendar import add_span, day_starts_at, local, period_of
from regulars.engine.deciding import tiering
from regulars.engine.ladder.credit import step_of
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.program.types import Benefit


class Stretch(NamedTuple):
    """The time in which an allowance counts: under which number, and when it is over."""

    period: int
    ends_at: datetime | None
    """Exclusive; nothing where the calendar begins another one, or where there is no end."""
    before: int
    """What was counted under its number, or a later one below this, counts here."""


def review(changes: Changes, state: MemberState, version: Version, now: datetime) -> None:
    """Review a tier whose time is over, and remember what came of it as a move of this member."""
    before = len(changes.tier_moves)
    tiering.review(changes, state, version, now)
    own = [one for one in changes.tier_moves[before:] if one.member_id == state.member_id]
    state.moves = [*state.moves, *own]


def stretch(version: Version, state: MemberState, benefit: Benefit, at: datetime) -> Stretch:
    """In which stretch a use at this instant counts.

    Assumes: the benefit has an allowance, and `at` is not before what it begins with.
    Keeps: who loses a tier and reaches it again does not begin anew before what they had is over,
    so that no purchase that is brought back makes it more. Nor does one that is told late: where it
    makes the tier begin before a day that was the first till then, what was counted under that day
    counts here.
    Example: four for twelve months from gold, reached on 6 July: under the number of that day, till
    6 July of next year begins; reached again in May, it is still the first one.
    """
    allowance = benefit.allowance
    assert allowance is not None, benefit.id
    if allowance.per != "reached":
        period = period_of(allowance.per, local(version.zone, at).day)
        return Stretch(period, None, period + 1)
    assert allowance.good_for is not None, benefit.id
    zone, found = version.zone, Stretch(0, None, 1)
    for begun_at in sorted(one for one in _begun(version, state, benefit) if one <= at):
        if found.ends_at is None or begun_at >= found.ends_at:
            day = local(zone, begun_at).day
            ends_at = add_span(zone, day_starts_at(zone, day), allowance.good_for)
            over = local(zone, ends_at).day
            found = Stretch(day, day_starts_at(zone, over), over)
    return found


def is_over(stretch: Stretch, at: datetime) -> bool:
    """Whether nothing is left of this stretch at an instant, however much was used."""
    return stretch.ends_at is not None and at >= stretch.ends_at


def _begun(version: Version, state: MemberState, benefit: Benefit) -> Iterator[datetime]:
    """When the member came to have it: their tier was reached or confirmed, or they joined."""
    if benefit.tier is None:
        yield state.joined_at
        return
    wanted = step_of(version, benefit.tier)
    there = [one for one in state.moves if step_of(version, one.to_tier) >= wanted]
    for move in there:
        if step_of(version, move.from_tier) < wanted or move.reason == "kept":
            yield move.occurred_at
    # What the ladder gives everybody is theirs from the first that was written of them: since when
    # they stand where they stand now changes with every tier above it.
    if there:
        yield min(there, key=lambda one: one.move_id).occurred_at
    elif state.tier_since is not None:
        yield state.tier_since

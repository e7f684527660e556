"""Allowances that begin with their member, by hand: from the day on which the tier was reached or
confirmed, or somebody joined; another one begins after its end at the soonest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from tests.model import wall
from tests.model.kept import Person, Terms


class Move(NamedTuple):
    """Somebody went from one tier to another, or stayed when its time was over."""

    at: datetime
    was: str | None
    now: str | None
    anew: bool = False
    """They were put there as something came late, and not because a time was over."""


def moved(person: Person, at: datetime, tier: str | None, *, anew: bool = False) -> None:
    """They stand on this tier from now on, or still."""
    person.moves.append(Move(at, person.tier, tier, anew))


def stretch(person: Person, terms: Terms, said: Any, at: datetime) -> tuple[date, datetime] | None:
    """On which day what counts at an instant began, and when it is over; none before the first."""
    found: tuple[date, datetime] | None = None
    for begun in sorted(one for one in _begun(person, terms, said) if one <= at):
        if found is None or begun >= found[1]:
            day = terms.day(begun)
            ends = wall.later(terms.zone, wall.begins(terms.zone, day), said.allowance.good_for)
            found = day, wall.begins(terms.zone, terms.day(ends))
    return found


def _begun(person: Person, terms: Terms, said: Any) -> Iterator[datetime]:
    everybody = [person, *person.under]
    if said.tier is None:
        yield person.joined
        return
    wanted = terms.step_of(said.tier)
    for move in [move for one in everybody for move in one.moves]:
        was, now = terms.step_of(move.was), terms.step_of(move.now)
        stayed = move.was == move.now and not move.anew
        if now >= wanted and (was < wanted or stayed):
            yield move.at

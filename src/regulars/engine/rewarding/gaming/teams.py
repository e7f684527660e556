"""How far a team is with a challenge, and who of it has the prize: told anew from what they did.

Nothing is kept but who was in the team from when until when, so what comes late, what comes back
and who leaves end where they would have ended in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.rewarding.gaming.challenges import Hit, Turn, target_of, turn_at
from regulars.engine.rewarding.gaming.deeds import Done, Worth, worth
from regulars.engine.terms import Terms
from regulars.records.rewards.teams.types import Place, Team


class Way(Struct):
    """The way of a team through one period of its challenge."""

    turn: Turn
    together: int = 0
    """How much came together; in minor units where money counts."""
    parts: dict[UUID, int] = {}
    """Of that, what each did."""
    reached_at: datetime | None = None
    hits: dict[UUID, Hit] = {}
    """Who has the prize, and by which deed they got it: their own, or the one that reached it."""


class _Told(NamedTuple):
    """Something one of them did, so that all of it sorts by when it happened."""

    at: datetime
    activity_id: UUID
    who: UUID
    done: Done


def ways(terms: Terms, team: Team, done: Mapping[UUID, Sequence[Done]]) -> list[Way]:
    """The way of a team through each period in which it did something, the first one first.

    Shape: `done` by whom the members of the team stand as; who is not in it did nothing.
    Order: what somebody did while they were in the team counts for it, also after they left.
    Example: a target of 10 with 2 for each: Ada does 8, Ben 2, and both have it; Ben leaves
    before the tenth, and Ada alone has to do what is missing.
    """
    found: dict[tuple[datetime, int], Way] = {}
    for told in _in_order(team, done):
        turn = turn_at(terms, team.challenge, told.at, None, ())
        if turn is None or turn.promise.together is None:
            continue
        if told.at < turn.version.effective_from:
            continue
        worth_of_it = worth(terms, turn.version, turn.promise.counts, told.done)
        if worth_of_it is not None:
            way = found.setdefault((turn.begins, turn.began_on), Way(turn))
            _count(way, team, told, worth_of_it)
    return list(found.values())


def least_of(turn: Turn) -> int:
    """So much of it everybody does themselves."""
    assert turn.promise.together is not None, turn.promise.id
    spend = turn.promise.measure == "spend"
    scale = decimals(turn.version.program.currency) if spend else 0
    return units(turn.promise.together.each, scale)


def _in_order(team: Team, done: Mapping[UUID, Sequence[Done]]) -> list[_Told]:
    told = []
    for who in dict.fromkeys(place.member_id for place in team.places):
        mine = [place for place in team.places if place.member_id == who]
        for one in done.get(who, ()):
            at = one.activity.occurred_at
            if any(covers(place, at) for place in mine):
                told.append(_Told(at, one.activity.activity_id, who, one))
    return sorted(told, key=lambda one: (one.at, one.activity_id))


def covers(place: Place, at: datetime) -> bool:
    """Whether somebody was in the team at this instant."""
    return place.since <= at and (place.until is None or at < place.until)


def _count(way: Way, team: Team, told: _Told, counted: Worth) -> None:
    measure = way.turn.promise.measure
    more = {"deeds": 1, "spend": counted.minor, "items": counted.pieces}[measure]
    way.together += more
    way.parts[told.who] = way.parts.get(told.who, 0) + more
    if way.reached_at is None and way.together >= target_of(way.turn):
        way.reached_at = told.at
    if way.reached_at is not None:
        _give(way, team, told, way.reached_at)


def _give(way: Way, team: Team, told: _Told, reached_at: datetime) -> None:
    """Whoever was there when it was reached, is still there, and did their own part, has it."""
    least = least_of(way.turn)
    there = {place.member_id for place in team.places if covers(place, reached_at)}
    still = {place.member_id for place in team.places if covers(place, told.at)}
    for who in sorted(there & still):
        if who not in way.hits and way.parts.get(who, 0) >= least:
            way.hits[who] = Hit(way.turn, 1, told.activity_id, told.at)

"""Which prizes a member is to have by what they did, what is given, and what is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.engine.calendar import day_starts_at
from regulars.engine.rewarding.gaming import challenges, streaks, teams
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.giving import Due, Key, Lapsed, Settled, give, key_of, undo
from regulars.engine.rewarding.gaming.since import Cut
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.records.program.parts.gaming import Leaderboard
from regulars.records.rewards.prizes.types import Game, Prize
from regulars.records.rewards.teams.types import Team

_UNITE: Final = ("challenge", "milestone")
"""Games in which what two did counts together once they are one."""
Hangs = Callable[[str, int, int], bool]
"""Whether two days of the streak of this name hang together."""


def plays(terms: Terms) -> bool:
    """Whether the program ever had a challenge or a streak."""
    return any(v.program.challenges or v.program.streaks for v in terms.versions)


def sums_that_pay(terms: Terms) -> set[int]:
    """The counters by which something is given that is not points of the deed itself, or by which
    the prize of a place goes again."""
    return {
        stone.counter
        for version in terms.versions
        for stone in version.stones
        if stone.gifts or _may_go(stone.promise)
    }


def _may_go(promise: object) -> bool:
    return (
        isinstance(promise, Leaderboard)
        and bool(promise.prizes)
        and promise.returned == "taken_back"
    )


def pays(terms: Terms) -> bool:
    """Whether the program ever gave prizes: for games, for sums or for places on a board."""
    return plays(terms) or pays_places(terms) or bool(sums_that_pay(terms))


def pays_places(terms: Terms) -> bool:
    """Whether the program ever had a leaderboard with prizes."""
    return any(one.prizes for v in terms.versions for one in v.program.leaderboards)


def in_teams(terms: Terms) -> bool:
    """Whether the program ever had a challenge for teams."""
    return any(one.together for v in terms.versions for one in v.program.challenges)


def due(
    terms: Terms,
    done: Sequence[Done],
    parts: Mapping[str, Sequence[datetime]],
    cut: Cut | None = None,
    has: Sequence[Prize] = (),
) -> Iterator[Due]:
    """Every prize somebody is to have by what they did, however it was told.

    Shape: with a `cut` those of what each game has after it; `done` has no less than that. Prizes
    they `has` from elsewhere count as reached.
    """
    for name in challenges.names(terms):
        later = _later_part(done, cut, ("challenge", name), terms)
        had = challenges.elsewhere(name, has, done)
        for hit in challenges.course(terms, name, later, parts.get(name, ()), had).hits:
            turn = hit.turn
            place = (turn.began_on, hit.place, turn.version, turn.promise.prize)
            yield Due("challenge", name, *place, hit.deed_id, hit.at)
    for name in streaks.names(terms):
        later = _later_part(done, cut, ("streak", name), terms)
        for version, promise, mark in streaks.milestones(terms, name, later):
            prize = next(m.prize for m in promise.milestones if m.length == mark.length)
            place = (mark.began_on, mark.length, version, prize)
            yield Due("streak", name, *place, mark.deed_id, mark.at)


def _later_part(
    done: Sequence[Done], cut: Cut | None, game: tuple[Game, str], terms: Terms
) -> Sequence[Done]:
    """What of it happened in the part of a game that is told anew."""
    if cut is None:
        return done
    day = cut.days[game]
    if game[0] == "streak":
        return [one for one in done if one.own_day >= day]
    begins = day_starts_at(terms.versions[0].zone, day)
    return [one for one in done if one.activity.occurred_at >= begins]


def due_together(
    terms: Terms, who: UUID, gone: Sequence[Team], done: Mapping[UUID, Sequence[Done]]
) -> Iterator[Due]:
    """Every prize somebody is to have by what their teams did.

    Shape: `gone` are the teams they are or were in; `done` what everybody in these did.
    Keeps: one prize in a period, by the team that had it first.
    """
    first: dict[tuple[str, int], Due] = {}
    for team in gone:
        if all(place.member_id != who for place in team.places):
            continue
        for way in teams.ways(terms, team, done):
            hit = way.hits.get(who)
            if hit is None:
                continue
            turn = hit.turn
            place = (turn.began_on, 1, turn.version, turn.promise.prize)
            one = Due("challenge", team.challenge, *place, hit.deed_id, hit.at)
            key = (team.challenge, turn.began_on)
            if key not in first or one.at < first[key].at:
                first[key] = one
    yield from first.values()


def settle(
    decided: tuple[Terms, Changes, Settled, Lapsed],
    state: MemberState,
    wanted: Sequence[Due],
    has: Sequence[Prize],
    now: datetime,
    hangs: Hangs,
) -> None:
    """Give what is due and not there, and take back what is there and not due; each once.

    Shape: `hangs` says whether two days of a streak hang together, if everything had been kept.
    Order: what is taken back goes first, so that nothing is given on top of it.
    """
    missing, surplus = _compared(wanted, has, hangs)
    for prize in surplus:
        undo(decided, state, prize, now)
    for one in missing:
        give(decided, state, one, now)


def _compared(
    wanted: Sequence[Due], has: Sequence[Prize], hangs: Hangs
) -> tuple[list[Due], list[Prize]]:
    """What is missing and what is too much.

    Keeps: a streak that turns out to have begun on another day keeps the prize it has, which no
    other streak gets; two who became one keep what each had before, while it is reached at all, and
    are not given again together what each was given: ten coffees each, and a prize each, are two of
    every ten coffees, not a third. What came along from elsewhere stays, as what reached it is not
    here.
    """
    due_keys = {one.key for one in wanted}
    open_ = {one.key: one for one in wanted}
    surplus, twice = [], list[Key]()
    had = set[Key]()
    for prize in has:
        key = key_of(prize)
        open_.pop(key, None)
        if key not in due_keys and not prize.came:
            surplus.append(prize)
        elif key in had:
            twice.append(key)
        had.add(key)
    for again in twice:
        further = (one for one in open_ if one[0] in _UNITE and one[:4] == again[:4])
        open_.pop(min(further, default=again), None)
    for prize in [one for one in surplus if one.game == "streak"]:
        alike = (
            key
            for key in open_
            if (key[0], key[1], key[4]) == ("streak", prize.name, prize.place)
            and hangs(prize.name, prize.began_on, key[3])
        )
        found = next(alike, None)
        if found is not None:
            del open_[found]
            surplus.remove(prize)
    return list(open_.values()), surplus

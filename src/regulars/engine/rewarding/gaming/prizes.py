"""Which prizes a member is to have by what they did, what is given, and what is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import units
from regulars.engine.calendar import day_starts_at
from regulars.engine.rewarding.correcting import Amount, Why, give, take_back
from regulars.engine.rewarding.gaming import challenges, streaks, teams
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.since import Cut
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.benefits.types import Grant
from regulars.records.program.parts.gaming import Prize as Promise
from regulars.records.rewards.prizes.types import Game, Prize
from regulars.records.rewards.teams.types import Team

ACTOR: Final = "game"
"""Who gives and takes prizes, in the books."""
Lapsed = Mapping[UUID, Mapping[int, int]]
Hangs = Callable[[str, int, int], bool]
"""Whether two days of the streak of this name hang together."""


class Due(NamedTuple):
    """A prize that a member is to have, and why."""

    game: Game
    name: str
    began_on: int
    place: int
    version: Version
    promise: Promise
    deed_id: UUID
    at: datetime

    @property
    def key(self) -> tuple[Game, str, int, int]:
        """By what it is told from every other."""
        return self.game, self.name, self.began_on, self.place


class Settled(Struct):
    """What was given and taken back of a batch of members."""

    given: list[Prize] = []
    undone: list[tuple[UUID, UUID | None]] = []
    grants: list[Grant] = []


def plays(terms: Terms) -> bool:
    """Whether the program ever had a challenge or a streak."""
    return any(v.program.challenges or v.program.streaks for v in terms.versions)


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
        _undo(decided, state, prize, now)
    for one in missing:
        _give(decided, state, one, now)


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
    surplus, twice = [], list[tuple[Game, str, int, int]]()
    had = set[tuple[Game, str, int, int]]()
    for prize in has:
        key = (prize.game, prize.name, prize.began_on, prize.place)
        open_.pop(key, None)
        if key not in due_keys and not prize.came:
            surplus.append(prize)
        elif key in had:
            twice.append(key)
        had.add(key)
    for again in twice:
        further = (one for one in open_ if one[0] == "challenge" and one[:3] == again[:3])
        open_.pop(min(further, default=again), None)
    for prize in [one for one in surplus if one.game == "streak"]:
        alike = (
            key
            for key in open_
            if (key[0], key[1], key[3]) == ("streak", prize.name, prize.place)
            and hangs(prize.name, prize.began_on, key[2])
        )
        found = next(alike, None)
        if found is not None:
            del open_[found]
            surplus.remove(prize)
    return list(open_.values()), surplus


def _give(
    decided: tuple[Terms, Changes, Settled, Lapsed], state: MemberState, one: Due, now: datetime
) -> None:
    _, changes, settled, _ = decided
    version, promise = one.version, one.promise
    wallet, worth, entry_id = None, 0, None
    if promise.wallet is not None:
        wallet = version.wallet_codes[version.compiled.wallet_places[promise.wallet]]
        worth = units(promise.points, version.program.wallets[promise.wallet].scale)
        amount = Amount(version, wallet, worth)
        entry_id = give(changes, state, amount, Why(now, ACTOR, _reason(one)))
    grant = _grant(changes, state, one, now)
    prize = Prize(
        member_id=state.member_id,
        prize_id=changes.new_id(),
        game=one.game,
        name=one.name,
        began_on=one.began_on,
        place=one.place,
        version=version.number,
        deed_id=one.deed_id,
        reached_at=one.at,
        wallet=wallet,
        units=worth,
        entry_id=entry_id,
        grant_id=grant.grant_id if grant else None,
        badge=promise.badge,
        given_at=now,
    )
    settled.given.append(prize)
    settled.grants += [grant] if grant else []
    _tell(changes, state, "prize.given", prize)


def _grant(changes: Changes, state: MemberState, one: Due, now: datetime) -> Grant | None:
    if one.promise.benefit is None:
        return None
    grant = Grant(
        grant_id=changes.new_id(),
        member_id=state.member_id,
        benefit=one.promise.benefit,
        times=one.promise.uses,
        from_at=now,
        until_at=None,
        actor=ACTOR,
        reason=_reason(one),
    )
    changes.touch(state)
    told = {"grant_id": grant.grant_id, "benefit": grant.benefit, "times": grant.times}
    changes.events.append(Event(state.member_id, state.version, "benefit.granted", told))
    return grant


def _undo(
    decided: tuple[Terms, Changes, Settled, Lapsed],
    state: MemberState,
    prize: Prize,
    now: datetime,
) -> None:
    terms, changes, settled, lapsed = decided
    back = None
    if prize.entry_id is not None and prize.wallet is not None:
        amount = Amount(terms.numbered(prize.version), prize.wallet, prize.units)
        gone = lapsed.get(prize.entry_id, {}).get(prize.wallet, 0)
        why = Why(now, ACTOR, f"{prize.name} is not reached any more")
        back = take_back(changes, state, amount, (prize.entry_id, gone), why)
    settled.undone.append((prize.prize_id, back))
    _tell(changes, state, "prize.taken_back", prize)


def _reason(one: Due) -> str:
    return f"{one.name} reached" if one.game == "challenge" else f"{one.name}: {one.place} in a row"


def _tell(changes: Changes, state: MemberState, type_: str, prize: Prize) -> None:
    told: dict[str, object] = {"prize_id": prize.prize_id, prize.game: prize.name}
    told |= {"badge": prize.badge} if prize.badge else {}
    told |= {"wallet": prize.wallet, "points": prize.units} if prize.wallet is not None else {}
    changes.touch(state)
    changes.events.append(Event(state.member_id, state.version, type_, told))

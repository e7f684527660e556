"""Prizes of challenges and streaks, decided anew while a history goes by.

What somebody is to have follows from what they did alone, so a draft's challenges give what they
would have given. What depends on others stays a given fact: challenges of teams, places on boards.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.replaying.tally import Tally
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.gaming import prizes
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.giving import Due, Settled
from regulars.engine.rewarding.gaming.since import Cut, cut_at, hanging, parted
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.happening import Happening
from regulars.records.rewards.prizes.types import Deed, Game, Prize

LATER: Final = timedelta(minutes=1)
"""So long after somebody did something their prizes are settled, where the history does not say
when they were: the worker does it within seconds."""


_NOBODY: Final = UUID(int=0)
_AHEAD: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Since when something happened of whom nothing did since they were looked at."""


class Member(Struct):
    """What one member did, and what they have for it."""

    done: list[tuple[datetime, UUID, int]] = []
    """When it happened, what, and on which day where they lived; in that order."""
    parts: dict[str, list[datetime]] = {}
    has: list[Prize] = []
    due_at: datetime | None = None
    """When they are looked at, if nobody did before."""
    since: datetime | None = _AHEAD
    """The earliest of what happened since they were looked at; of nothing all is told anew."""


class Looked(NamedTuple):
    """Who is looked at, with everybody who stands as them, and what is known of their sales."""

    changes: Changes
    state: MemberState
    kin: Iterable[UUID]
    sales: Mapping[UUID, Sale]
    now: datetime


class Games:
    """The games of everybody in a history under these terms.

    Shape: `as_told` looks at members only when that was done in the history, as the books did;
    else they are looked at a minute after what they did, too.
    """

    def __init__(self, terms: Terms, *, as_told: bool = False) -> None:
        self.terms = terms
        self._on = any(plays_alone(version) for version in terms.versions)
        self._later = None if as_told else LATER
        self._parted = self._on and parted(terms)
        self._of: dict[UUID, Member] = {}

    def did(self, one: Happening, version: Version) -> None:
        """Something that was done may count."""
        if not self._on or one.activity is None:
            return
        done = one.activity
        day = one.own_day or local(version.zone, done.occurred_at).day
        member = self._of.setdefault(done.member_id, Member())
        insort(member.done, (done.occurred_at, done.activity_id, day))
        self._watch(member, one.now, done.occurred_at)

    def came_back(self, sale: Sale, now: datetime) -> None:
        """Something that was done counts less."""
        member = self._of.get(sale.activity.member_id)
        if member is not None:
            self._watch(member, now, sale.activity.occurred_at)

    def _watch(self, member: Member, now: datetime, since: datetime) -> None:
        if member.due_at is None and self._later is not None:
            member.due_at = now + self._later
        if member.since is not None:
            member.since = min(member.since, since)

    def look_again(self, member_ids: Iterable[UUID], now: datetime) -> None:
        """Two became one, or are two again: all of it is told anew."""
        for member_id in member_ids:
            member = self._of.get(member_id)
            if member is not None:
                member.since = None
                member.due_at = None if self._later is None else now + self._later

    def said(self, one: Happening) -> None:
        """Somebody took part in a challenge, or had a prize elsewhere before they came here."""
        member = self._of.setdefault(one.member_id, Member())
        if one.what == "play":
            member.parts.setdefault(one.kind, []).append(one.at)
            return
        game, _, name = one.kind.partition(" ")
        member.has.append(_elsewhere(one, "streak" if game == "streak" else "challenge", name))

    def next_look(self, member_id: UUID) -> datetime | None:
        """When this member's prizes are settled next, by the clock."""
        member = self._of.get(member_id)
        return None if member is None else member.due_at

    def settle(self, looked: Looked, tally: Tally) -> None:
        """Give what is due by now and not there, and take back what is there and not due."""
        changes, state, kin, sales, now = looked
        mine = [self._of[id_] for id_ in sorted(kin) if id_ in self._of]
        if not self._on or not mine:
            return
        told, cut = self._told(mine)
        done = [Done(sales[id_].activity, day, sales[id_]) for _, id_, day in told if id_ in sales]
        has = [one for each in mine for one in each.has if cut is None or cut.has(one)]
        parts = _parts(mine)
        wanted = [_in_books(one) for one in prizes.due(self.terms, done, parts, cut, has)]
        settled = Settled()
        hangs = hanging(self.terms, [one.own_day for one in done])
        prizes.settle((self.terms, changes, settled, {}), state, wanted, has, now, hangs)
        self._of.setdefault(state.member_id, Member()).has += settled.given
        gone = {prize_id for prize_id, _ in settled.undone}
        day = local(self.terms.at(now).zone, now).day
        for one in settled.given:
            tally.prize(f"{one.game} {one.name}", day, one.units)
        for one in has:
            if one.prize_id in gone:
                tally.prize(f"{one.game} {one.name}", day, -one.units, back=True)
        for each in mine:
            each.has = [one for one in each.has if one.prize_id not in gone]
            each.due_at, each.since = None, _AHEAD

    def _told(self, mine: list[Member]) -> tuple[list[tuple[datetime, UUID, int]], Cut | None]:
        """What has to be told anew, and from where on."""
        done = sorted(one for each in mine for one in each.done)
        since = [each.since for each in mine]
        if not self._parted or not done or None in since:
            return done, None
        when = min(one for one in since if one is not None)
        if when == _AHEAD:
            when = done[-1][0]
        deeds = [Deed(_NOBODY, id_, at, day) for at, id_, day in done]
        cut = cut_at(self.terms, when, deeds)
        begin = day_starts_at(self.terms.versions[0].zone, cut.day)
        return [one for one in done if one[0] >= begin or one[2] >= cut.day], cut


def plays_alone(version: Version) -> bool:
    """Whether a program has a game whose prizes follow from what each did alone."""
    program = version.program
    return bool(program.streaks) or any(one.together is None for one in program.challenges)


def _parts(mine: Iterable[Member]) -> dict[str, list[datetime]]:
    """When they said that they take part in which challenge."""
    found: dict[str, list[datetime]] = {}
    for each in mine:
        for name, since in each.parts.items():
            found[name] = sorted([*found.get(name, ()), *since])
    return found


def _in_books(one: Due) -> Due:
    """A prize as far as it moves points: shelves and doors of rewards are not played again."""
    if one.promise.reward is None:
        return one
    return one._replace(promise=replace(one.promise, reward=None))


def _elsewhere(one: Happening, game: Game, name: str) -> Prize:
    """A prize that somebody had before they came here; it stays."""
    return Prize(
        member_id=one.member_id, prize_id=one.cause_id, game=game, name=name, began_on=one.period,
        place=one.units, version=0, deed_id=None, reached_at=one.at, wallet=None, units=0,
        entry_id=None, grant_id=None, badge="", given_at=one.now, came=True,
    )  # fmt: skip

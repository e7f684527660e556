"""From where on games are told anew, where what came since cannot change what was before.

A challenge by the calendar begins anew with each period; a streak without freezes with each day,
week or month before which nothing was done. Other games hang together over all of a member's life,
and with one of them in a program everything is told anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.engine.calendar import day_starts_at, local, stretch_of
from regulars.engine.rewarding.gaming import challenges, streaks
from regulars.engine.terms import Terms
from regulars.records.rewards.prizes.types import Deed, Game, Prize
from regulars.records.rewards.teams.types import Team


class Cut(Struct, frozen=True):
    """The first day of each game that is told anew, by its name; what began before stays."""

    days: Mapping[tuple[Game, str], int]

    def has(self, prize: Prize) -> bool:
        """Whether a prize belongs to what is told anew."""
        day = self.days.get((prize.game, prize.name))
        return day is not None and prize.began_on >= day

    @property
    def day(self) -> int:
        """The first day of all."""
        return min(self.days.values())


class TeamCut(NamedTuple):
    """From where on the challenges of teams are told anew, and what is needed for it."""

    days: Mapping[str, int]
    """The first day by challenge; one that is not here is told anew as a whole."""
    needed: Mapping[UUID, datetime]
    """Whose deeds are needed, and since when."""

    def has(self, name: str, began_on: int) -> bool:
        """Whether a prize of this challenge and period belongs to what is told anew."""
        return began_on >= self.days.get(name, 0)


def team_cut(terms: Terms, since: datetime | None, teams: Sequence[Team]) -> TeamCut:
    """Where the challenges of these teams are cut so that everything since an instant is in the
    later part; nothing for an instant where all of it has to be told anew.

    Keeps: what somebody did before they came into a team is never needed, nor what those did who
    left before the cut.
    Example: something was bought on the ninth, and the challenge is one of each month: from the
    first on, however long the team is there.
    """
    zone = terms.versions[0].zone
    days = {
        name: stretch_of(_every(terms, name), local(zone, since).day).start
        for name in {team.challenge for team in teams}
        if since is not None and _alike(terms) and _challenge_parts(terms, name)
    }
    needed: dict[UUID, datetime] = {}
    for who, at in _needed(terms, days, teams):
        needed[who] = min(at, needed.get(who, at))
    return TeamCut(days, needed)


def only_in_teams(terms: Terms, name: str) -> bool:
    """Whether a challenge was for teams in every version that has it."""
    said = (challenges.promise_of(version, name) for version in terms.versions)
    return all(one is None or one.together is not None for one in said)


def _needed(
    terms: Terms, days: Mapping[str, int], teams: Sequence[Team]
) -> Iterator[tuple[UUID, datetime]]:
    """Each place that reaches beyond the cut of its challenge, and since when what was done in it
    is needed."""
    zone = terms.versions[0].zone
    begins = {name: day_starts_at(zone, day) for name, day in days.items()}
    for team in teams:
        cut = begins.get(team.challenge)
        for place in team.places:
            if cut is None or place.until is None or place.until > cut:
                yield place.member_id, place.since if cut is None else max(place.since, cut)


def parted(terms: Terms) -> bool:
    """Whether all games of a program, in all its versions, fall into parts by the calendar."""
    return _alike(terms) and all(
        _challenge_parts(terms, name) for name in challenges.names(terms)
    ) and all(_streak_parts(terms, name) for name in streaks.names(terms))  # fmt: skip


def cut_at(terms: Terms, since: datetime, deeds: Sequence[Deed]) -> Cut:
    """Where each game is cut so that everything since an instant is in the later part.

    Assumes: the games are `parted`; `deeds` has all of the member's deeds, where there are streaks.
    Example: a coffee that came back on Thursday has the week told anew, from Monday on.
    """
    own = {deed.own_day for deed in deeds}
    touched = [deed.own_day for deed in deeds if deed.occurred_at >= since]
    return cut_on(terms, since, own, touched)


def cut_on(terms: Terms, since: datetime, own: set[int], touched: Collection[int]) -> Cut:
    """The same by days: all on which the member did something, and those of what they did since."""
    days: dict[tuple[Game, str], int] = {}
    zone = terms.versions[0].zone
    here = local(zone, since).day
    for name in challenges.names(terms):
        days["challenge", name] = stretch_of(_every(terms, name), here).start
    for name in streaks.names(terms):
        days["streak", name] = _streak_begins(terms, name, own, min([here, *touched]))
    return Cut(days)


def starts_at(terms: Terms, since: datetime) -> datetime | None:
    """The instant before which no deed is needed; nothing where streaks ask for all days."""
    if streaks.names(terms):
        return None
    cut = cut_at(terms, since, ())
    return day_starts_at(terms.versions[0].zone, cut.day)


def hanging(terms: Terms, days: Collection[int]) -> Callable[[str, int, int], bool]:
    """Says whether two days of a streak hang together by something done in all units between.

    Where games do not fall into parts, any two days may.
    """
    if not parted(terms):
        return lambda _name, _one, _other: True
    own = set(days)

    def hangs(name: str, one: int, other: int) -> bool:
        if 0 in (one, other):
            return True
        first, last = sorted((one, other))
        return _streak_begins(terms, name, own, last) <= first

    return hangs


def _alike(terms: Terms) -> bool:
    """Whether days are the same ones in all versions."""
    return len({version.zone.key for version in terms.versions}) == 1


def _challenge_parts(terms: Terms, name: str) -> bool:
    said = [one for v in terms.versions if (one := challenges.promise_of(v, name)) is not None]
    plain = all(
        one.every is not None
        and one.within is None
        and one.in_all is None
        and one.overshoot != "carried"
        for one in said
    )
    return plain and len({one.every for one in said}) == 1


def _streak_parts(terms: Terms, name: str) -> bool:
    said = [one for v in terms.versions if (one := streaks.promise_of(v, name)) is not None]
    plain = all(one.freezes is None and one.again == "each_streak" for one in said)
    return plain and len({one.every for one in said}) == 1


def _every(terms: Terms, name: str) -> str:
    found = (one for v in terms.versions if (one := challenges.promise_of(v, name)) is not None)
    every = next(found).every
    assert every is not None, name
    return every


def _streak_begins(terms: Terms, name: str, days: set[int], day: int) -> int:
    """The first day of the units that hang together with a day by something in each of them."""
    found = (one for v in terms.versions if (one := streaks.promise_of(v, name)) is not None)
    every = next(found).every
    units = {streaks.unit_of(every, one) for one in days}
    unit = streaks.unit_of(every, day)
    while unit - 1 in units:
        unit -= 1
    return streaks.first_day(every, unit)

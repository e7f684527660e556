"""Prizes of challenges and streaks, decided anew while a history goes by.

What somebody is to have follows from what they did alone, so a draft's challenges give what they
would have given. What depends on others stays a given fact: challenges of teams, places on boards.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.replaying.tally import Tally
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.gaming import challenges, prizes
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.giving import Due, Settled
from regulars.engine.rewarding.gaming.since import Cut, cut_on, hanging, parted
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.happening import Happening
from regulars.records.ledger.types import Account, Entry
from regulars.records.rewards.prizes.types import Game, Prize

LATER: Final = timedelta(minutes=1)
"""So long after somebody did something their prizes are settled, where the history does not say
when they were: the worker does it within seconds."""
_FEW: Final = 16
"""So many deeds are told anew after each further one; whoever did more is looked at less often, so
that an account with 200,000 deeds does not have each of them told 200,000 times."""
_LATEST: Final = timedelta(days=1)
"""And nobody later than this."""
_ZONES: Final = timedelta(days=2)
"""By less than this two days of one date lie apart, wherever on earth they are."""
_NOTHING_NEW: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Since when something happened of whom nothing did since they were looked at."""
_ALL_ANEW: Final = datetime(1, 1, 1, tzinfo=UTC)
"""The same of whom all is told anew, whatever happened when."""

Deed = tuple[datetime, UUID, int]
"""When something happened, what, and on which day where its member lived."""


class Member(Struct):
    """What one member did, and what they have for it."""

    done: list[Deed] = []
    """In order."""
    days: set[int] = set()
    """The days on which they did anything, whether or not a game counts it."""
    parts: dict[str, list[datetime]] = {}
    has: list[Prize] = []
    due_at: datetime | None = None
    """When they are looked at, if nobody did before."""
    told: int = 0
    """How many of their deeds the last look told anew."""
    since: datetime = _NOTHING_NEW
    """The earliest of what happened since they were looked at."""


class Looked(NamedTuple):
    """Who is looked at, how everybody stands, and what is known of their sales."""

    changes: Changes
    state: MemberState
    states: Mapping[UUID, MemberState]
    sales: Mapping[UUID, Sale]
    now: datetime


class Games:
    """The games of everybody in a history under these terms.

    Shape: `as_told` looks at members only when that was done in the history, as the books did;
    else they are looked at a minute after what they did, too.
    """

    def __init__(self, terms: Terms, *, as_told: bool = False) -> None:
        self.terms = terms
        self._on = any(pays_alone(version) for version in terms.versions)
        self._kinds = _kinds(terms) if self._on else frozenset[str]()
        self._later = None if as_told else LATER
        self._parted = self._on and parted(terms)
        self._linked = self._parted and any(one.program.streaks for one in terms.versions)
        self._of: dict[UUID, Member] = {}
        self._under: dict[UUID, list[UUID]] = {}

    def did(self, one: Happening, version: Version) -> None:
        """Something that was done may count.

        Keeps: what no game counts is not told anew, but its day links those of streaks, as in the
        books: a prize stays with a streak that begins elsewhere, where something was done between.
        """
        done = one.activity
        if done is None:
            return
        counts = done.kind in self._kinds
        if not counts and not self._linked:
            return
        day = one.own_day or local(version.zone, done.occurred_at).day
        member = self._of.setdefault(done.member_id, Member())
        member.days.add(day)
        if counts:
            insort(member.done, (done.occurred_at, done.activity_id, day))
            self._watch(member, one.now, done.occurred_at)

    def came_back(self, sale: Sale, whose: UUID, now: datetime) -> None:
        """Something that was done counts less; it is looked at whoever it belongs to by now."""
        if sale.activity.kind in self._kinds and sale.activity.member_id in self._of:
            member = self._of.setdefault(whose, Member())
            self._watch(member, now, sale.activity.occurred_at)

    def _watch(self, member: Member, now: datetime, since: datetime) -> None:
        if member.due_at is None and self._later is not None:
            wait = self._later * max(1, member.told // _FEW)
            member.due_at = now + min(wait, _LATEST)
        member.since = min(member.since, since)

    def united(self, one: Happening) -> None:
        """Two became one, or are two again: all of it is told anew, of whoever stands by now."""
        merged, root = one.member_id, one.other_id
        assert root is not None, one
        under = self._under.setdefault(root, [])
        if one.what == "merge":
            under.append(merged)
        elif merged in under:
            under.remove(merged)
        if merged not in self._of and root not in self._of:
            return
        for id_ in (merged, root):
            member = self._of.setdefault(id_, Member())
            member.since = _ALL_ANEW
            alone = id_ == root or one.what == "part"
            member.due_at = one.now + self._later if alone and self._later is not None else None

    def _kin(self, root: UUID) -> list[UUID]:
        """A member, and everybody who was merged into them, whatever way."""
        found = [root]
        for one in found:
            found += self._under.get(one, ())
        return found

    def said(self, one: Happening) -> None:
        """Somebody took part in a challenge, or had a prize elsewhere before they came here."""
        if not self._on:
            return
        member = self._of.setdefault(one.member_id, Member())
        if one.what == "play":
            member.parts.setdefault(one.kind, []).append(one.at)
            return
        game, _, name = one.kind.partition(" ")
        member.has.append(_elsewhere(one, "streak" if game == "streak" else "challenge", name))

    def as_played(self, one: Happening) -> Happening:
        """A prize in the books as it is under these terms: given as it was to what is for teams,
        and a look at its member where each plays alone."""
        if one.what not in ("game", "adjust") or not one.kind:
            return one
        played = how(self.terms.at(one.earned_at or one.at), one.kind)
        if played == "together" and one.what == "game":
            return replace(one, what="adjust")
        return replace(one, what="game") if played == "alone" else one

    def next_look(self, member_id: UUID) -> datetime | None:
        """When this member's prizes are settled next, by the clock."""
        member = self._of.get(member_id)
        return None if member is None else member.due_at

    def looked(self, member_id: UUID) -> None:
        """Their turn came, whether or not anybody was there to look at."""
        self._of[member_id].due_at = None

    def settle(self, looked: Looked, tally: Tally) -> None:
        """Give what is due by now and not there, and take back what is there and not due."""
        changes, state, states, sales, now = looked
        kin = self._kin(state.member_id)
        mine = [self._of[id_] for id_ in sorted(kin) if id_ in self._of]
        if not self._on or not mine:
            return
        told, cut = self._told(mine)
        done = [Done(sales[id_].activity, day, sales[id_]) for _, id_, day in told if id_ in sales]
        has = [one for each in mine for one in each.has if cut is None or cut.has(one)]
        parts = _parts(mine)
        wanted = [_in_books(one) for one in prizes.due(self.terms, done, parts, cut, has)]
        settled = Settled()
        hangs = hanging(self.terms, set().union(*(each.days for each in mine)))
        lapsed = _lapsed(has, [states[id_] for id_ in kin[1:]])
        before = len(changes.entries)
        prizes.settle((self.terms, changes, settled, lapsed), state, wanted, has, now, hangs)
        self._of.setdefault(state.member_id, Member()).has += settled.given
        self._count(tally, settled, has, changes.entries[before:], now)
        gone = {prize_id for prize_id, _ in settled.undone}
        for each in mine:
            each.has = [one for one in each.has if one.prize_id not in gone]
            each.due_at, each.since, each.told = None, _NOTHING_NEW, len(told)

    def _count(
        self,
        tally: Tally,
        settled: Settled,
        has: Iterable[Prize],
        entries: Iterable[Entry],
        now: datetime,
    ) -> None:
        """Tell of prizes as they were booked: of one that had lapsed nothing is taken back."""
        day = local(self.terms.at(now).zone, now).day
        for one in settled.given:
            tally.prize(f"{one.game} {one.name}", day, one.units)
        names = {one.prize_id: f"{one.game} {one.name}" for one in has}
        booked = {one.entry_id: one.postings for one in entries}
        for prize_id, back in settled.undone:
            postings = booked[back] if back is not None else ()
            taken = sum(one.amount for one in postings if one.account == Account.ADJUSTED)
            tally.prize(names[prize_id], day, -taken, back=True)

    def _told(self, mine: list[Member]) -> tuple[Sequence[Deed], Cut | None]:
        """What has to be told anew, and from where on.

        Keeps: where games fall into parts nothing is asked of what was done before the part.
        """
        when = min(each.since for each in mine)
        if not self._parted or when == _ALL_ANEW or not any(each.done for each in mine):
            return sorted(one for each in mine for one in each.done), None
        if when == _NOTHING_NEW:
            when = max(each.done[-1][0] for each in mine if each.done)
        touched = [one[2] for each in mine for one in _since(each.done, when)]
        cut = cut_on(self.terms, when, set().union(*(each.days for each in mine)), touched)
        begin = day_starts_at(self.terms.versions[0].zone, cut.day)
        near = sorted(one for each in mine for one in _since(each.done, begin - _ZONES))
        return [one for one in near if one[0] >= begin or one[2] >= cut.day], cut


def _since(done: Sequence[Deed], when: datetime) -> Sequence[Deed]:
    """What was done at an instant and after it."""
    return done[bisect_left(done, when, key=itemgetter(0)) :]


def _lapsed(has: Iterable[Prize], merged: Iterable[MemberState]) -> dict[UUID, dict[int, int]]:
    """What lapsed of these prizes with whoever had them before they were merged; what lapsed since
    is known of whom they stand as."""
    found: dict[UUID, dict[int, int]] = {}
    gave = {one.entry_id for one in has} - {None}
    for state in merged:
        for (cause, code), points in state.lapsed.items():
            if cause in gave:
                mine = found.setdefault(cause, {})
                mine[code] = mine.get(code, 0) + points
    return found


def pays_alone(version: Version) -> bool:
    """Whether some game gives points for what each did alone.

    Keeps: badges, benefits and rewards move no sum, so a program that has no other prizes is not
    played again, and stays with the kernel.
    """
    program = version.program
    prizes = [one.prize for one in program.challenges if one.together is None]
    prizes += [each.prize for one in program.streaks for each in one.milestones]
    return any(one.wallet is not None for one in prizes)


def _kinds(terms: Terms) -> frozenset[str]:
    """The kinds of deeds that some game counts; no other is told."""
    programs = [version.program for version in terms.versions]
    counts = [one.counts.on for program in programs for one in program.challenges]
    return frozenset(counts + [one.counts.on for program in programs for one in program.streaks])


def how(version: Version, called: str) -> Literal["alone", "together", ""]:
    """Who plays a game, such as `challenge coffees`, under a version; nobody what it has not."""
    game, _, name = called.partition(" ")
    if game == "streak":
        return "alone" if any(one.id == name for one in version.program.streaks) else ""
    found = challenges.promise_of(version, name) if game == "challenge" else None
    if found is None:
        return ""
    return "alone" if found.together is None else "together"


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

"""Leaderboards that pay: which periods are over, who has what for a place, what stays theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.calendar import add_span, day_starts_at, local, stretch_of
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.gaming.giving import Due
from regulars.engine.rewarding.milestones import judged
from regulars.engine.terms import Terms, Version
from regulars.records.program.parts.gaming import BoardPrize, Leaderboard, Prize, won_by
from regulars.records.standing.boards.types import End, Paid, Ranked

Key = tuple[str, str, int]
"""A board, its store, and the first day of a period."""


class Over(NamedTuple):
    """A period of a board that is over and is to be paid, by the version whose promise it is."""

    version: Version
    stone: Stone
    key: Key

    @property
    def promise(self) -> Leaderboard:
        """The board as it was promised."""
        assert isinstance(self.stone.promise, Leaderboard), self.stone
        return self.stone.promise

    @property
    def period(self) -> int:
        """The number under which the period counts."""
        return self.stone.period(self.key[2])

    @property
    def ends_at(self) -> datetime:
        """When the period was over."""
        return day_starts_at(self.version.zone, stretch_of(self.stone.per, self.key[2]).end)

    def end(self, paid: int, now: datetime) -> End:
        """That it is closed now, and how many have something."""
        board, store, began_on = self.key
        return End(board, store, began_on, self.version.number, paid, now)


def store_of(stone: Stone) -> str:
    """The store a board is of; empty where it is of all of the program."""
    promise = stone.promise
    of_store = isinstance(promise, Leaderboard) and promise.stores
    return stone.counts.stores[0] if of_store else ""


def over(terms: Terms, closed: Collection[Key], now: datetime) -> list[Over]:
    """Every period of a board with prizes that is to be paid by now and is not closed yet.

    Order: by their first days, then as in the file.
    Keeps: a period has what was promised when it began; of one in which the board came to be, the
    first promise. It is paid although a later version has the board no more.
    """
    found: dict[Key, Over] = {}
    for one in _begun(terms, now):
        if one.key not in closed and one.promise.prizes and _pays_at(one) <= now:
            found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: one.key[2])


def _begun(terms: Terms, now: datetime) -> Iterator[Over]:
    for version, until in _ruling(terms, now):
        for stone in version.stones:
            promise = stone.promise
            if isinstance(promise, Leaderboard) and promise.per != "ever":
                yield from _periods(terms, version, stone, until)


def _ruling(terms: Terms, now: datetime) -> Iterator[tuple[Version, datetime]]:
    """The versions that ruled, each with when the next one began, or now."""
    ruling = [one for one in terms.versions if terms.at(one.effective_from) is one]
    ends = [one.effective_from for one in ruling[1:]] + [now]
    for version, end in zip(ruling, ends, strict=True):
        yield version, min(end, now)


def _periods(terms: Terms, version: Version, stone: Stone, until: datetime) -> Iterator[Over]:
    """The periods that began while a version ruled, and the one in which it began to."""
    day = local(version.zone, version.effective_from).day
    while day_starts_at(version.zone, day) < until:
        stretch = stretch_of(stone.per, day)
        judge, promised = judged(terms, stone, version, stretch.start)
        promise = promised.promise
        assert isinstance(promise, Leaderboard), promise
        yield Over(judge, promised, (promise.id, store_of(promised), stretch.start))
        day = stretch.end


def _pays_at(one: Over) -> datetime:
    """When a period is paid: at its end, or so long after it."""
    after = one.promise.pays_after
    return one.ends_at if after is None else add_span(one.version.zone, one.ends_at, after)


def counted_here(
    terms: Terms, one: Over, known: Mapping[int, datetime], moved: datetime | None
) -> bool:
    """Whether these books counted a period while it ran, and so know who has which place.

    Shape: `known` is when each version was published, `moved` when what members had elsewhere was
    last brought over.
    Keeps: a period that ended before its board was published here, or before its counts came, was
    paid elsewhere or by nobody.
    """
    begun = min(known[v.number] for v in terms.versions if _counts(v, one.stone.counter))
    return one.ends_at > (begun if moved is None else max(begun, moved))


def _counts(version: Version, counter: int) -> bool:
    return any(stone.counter == counter for stone in version.stones)


def awarded(one: Over, ranked: Sequence[Ranked]) -> list[Paid]:
    """What there is for whom, by the places as they are; nobody below `at_least` has anything.

    Shape: `ranked` are the first places, in order, one more than may have something.
    Keeps: a place by which more than `most` would have something pays nothing, nor does one behind
    it, so all who share a place fare alike.
    Example: two share place 2, prizes are 30, 20 and 10 points: divided, each has 15.
    """
    groups = [list(group) for _, group in groupby(ranked, key=lambda each: each.rank)]
    least = _least(one)
    awards: list[tuple[int, int] | None] = []
    seen = 0
    for group in groups:
        seen += len(group)
        fits = seen <= one.promise.most and group[0].score >= least
        awards.append(_award(one, group[0].rank, len(group)) if fits else None)
    found = []
    for place, (group, award) in enumerate(zip(groups, awards, strict=True)):
        if award is not None:
            after = zip(groups[place + 1 :], awards[place + 1 :], strict=True)
            behind = next((other[0].score for other, what in after if what != award), 0)
            found += [_paid(one, each, award, max(behind, least)) for each in group]
    return found


def _paid(one: Over, who: Ranked, award: tuple[int, int], needs: int) -> Paid:
    board, store, began_on = one.key
    prize, worth = award
    return Paid(who.member_id, board, store, began_on, who.rank, who.score, prize, worth, needs)


def _least(one: Over) -> int:
    """So much it takes at least to have something."""
    spend = one.promise.measure == "spend"
    scale = decimals(one.version.program.currency) if spend else 0
    return max(units(one.promise.at_least, scale), 1)


def _award(one: Over, rank: int, many: int) -> tuple[int, int] | None:
    """Which prize so many who share a place have, and how many points each; nothing, if none.

    Keeps: what cannot be divided evenly is left, so that nobody has more than who did as much.
    """
    if one.promise.ties == "each":
        place = _prize_at(one.promise, rank)
        return None if place is None else (place, _points(one, one.promise.prizes[place]))
    taken = [_prize_at(one.promise, rank + further) for further in range(many)]
    there = [place for place in taken if place is not None]
    if not there:
        return None
    prizes = one.promise.prizes
    worth = sum(_points(one, prizes[place]) for place in there) // many
    return (there[0], worth) if worth or prizes[there[0]].badge else None


def _prize_at(promise: Leaderboard, rank: int) -> int | None:
    """Which of the prizes there is for a place."""
    for place, prize in enumerate(promise.prizes):
        last = prize.place if prize.to is None else prize.to
        if prize.place <= rank <= last:
            return place
    return None


def _points(one: Over, prize: BoardPrize) -> int:
    if prize.wallet is None:
        return 0
    return units(prize.points, one.version.program.wallets[prize.wallet].scale)


def due_by_places(
    terms: Terms,
    counters: Mapping[tuple[int, int], int],
    places: Sequence[tuple[Paid, End]],
) -> Iterator[Due]:
    """What a member is to have for the places they had.

    Shape: `counters` are all of theirs, by counter and period.
    Keeps: where the promise takes back, somebody has it no more once they have less than somebody
    behind them had who got less; nobody moves up. What is told late gives it back.
    """
    for place, end in places:
        version = terms.numbered(end.version)
        stone = next(each for each in version.stones if _is(each, place))
        promise = stone.promise
        assert isinstance(promise, Leaderboard), promise
        together = counters.get((stone.counter, stone.period(place.began_on)), 0)
        if promise.returned == "taken_back" and together < place.needs:
            continue
        prize = _won(promise, place)
        yield Due(
            "board",
            place.board,
            place.began_on,
            place.rank,
            version,
            prize,
            None,
            end.closed_at,
            place.store,
            place.units,
            f"{promise.name}: place {place.rank}",
            place.member_id,
        )


def _won(promise: Leaderboard, place: Paid) -> Prize:
    """What somebody has for a place.

    Keeps: who shares a place that has no points has those of the places behind; where points are
    divided all of them are in one wallet.
    """
    prize = won_by(promise.prizes[place.prize])
    if not place.units or prize.wallet is not None:
        return prize
    return replace(prize, wallet=next(one.wallet for one in promise.prizes if one.wallet))


def _is(stone: Stone, place: Paid) -> bool:
    promise = stone.promise
    return (
        isinstance(promise, Leaderboard)
        and promise.id == place.board
        and store_of(stone) == place.store
    )

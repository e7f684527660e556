"""How far a member is with a challenge, and how often they reached it: told anew from their deeds.

Nothing is kept between two looks but the deeds themselves, so what comes late and what comes back
ends where it would have ended in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.faults import Refused
from regulars.base.money import decimals
from regulars.engine.calendar import LAST_DAY, Days, add_span, day_starts_at, local, stretch_of
from regulars.engine.rewarding.gaming.deeds import Done, Worth, worth
from regulars.engine.terms import Terms, Version
from regulars.records.program.parts.gaming import Challenge
from regulars.records.rewards.prizes.types import Prize

_FIRST, _LAST = date(2000, 1, 1).toordinal(), LAST_DAY
"""Where a period without a beginning begins, and one without an end ends."""


class Turn(NamedTuple):
    """One period of a challenge, and the version whose promise it is."""

    version: Version
    promise: Challenge
    begins: datetime
    ends: datetime | None
    """Exclusive; nothing when it never ends."""
    began_on: int
    """By which day its prizes are told apart; 0 where it begins with the member."""


class Hit(NamedTuple):
    """A challenge was reached: in which period, the how-manieth time, by what."""

    turn: Turn
    place: int
    deed_id: UUID
    at: datetime


class Course(Struct):
    """A member's way through a challenge."""

    turn: Turn | None = None
    running: int = 0
    """How far they are in the period; in minor units where money counts."""
    times: int = 0
    """How often they reached it in the period."""
    surplus: int = 0
    """What counts in the next period already."""
    seen: set[str] = set()
    hits: list[Hit] = []
    elsewhere: Mapping[int, int] = {}
    """How often they had reached it before they came here, by the first day of the period."""


def promise_of(version: Version, id_: str) -> Challenge | None:
    """The challenge as this version promises it."""
    return next((one for one in version.program.challenges if one.id == id_), None)


def unknown_challenge(challenge: str) -> Refused:
    """Nobody can take part in what is not there, or is over."""
    says = "there is no such challenge now"
    return Refused("unknown_challenge", says, {"challenge": challenge})


def is_over(version: Version, promise: Challenge, now: datetime) -> bool:
    """Whether the last day of a challenge is over."""
    today = now.astimezone(version.zone).date().isoformat()
    return promise.until_on is not None and promise.until_on <= today


def names(terms: Terms) -> list[str]:
    """Every challenge there ever was."""
    return list(dict.fromkeys(one.id for v in terms.versions for one in v.program.challenges))


def target_of(turn: Turn) -> int:
    """How much it takes."""
    spend = turn.promise.measure == "spend"
    return units(turn.promise.target, decimals(turn.version.program.currency) if spend else 0)


def elsewhere(id_: str, has: Sequence[Prize], done: Sequence[Done]) -> dict[int, int]:
    """How often somebody reached a challenge by what they did before they came here, per period.

    Shape: a prize whose deed came along too is found by that, and not counted beside it.
    """
    here, often = {one.activity.occurred_at for one in done}, dict[int, int]()
    for one in has:
        if one.came and (one.game, one.name) == ("challenge", id_) and one.reached_at not in here:
            often[one.began_on] = often.get(one.began_on, 0) + 1
    return often


def course(
    terms: Terms,
    id_: str,
    done: Sequence[Done],
    parts: Sequence[datetime],
    had: Mapping[int, int] | None = None,
) -> Course:
    """How far somebody is with a challenge by what they did, in the order in which it happened.

    Shape: `parts` are the instants at which they said they take part, `had` how often they had
    reached it `elsewhere`.
    Example: three of ten coffees that come back leave seven.
    """
    way = Course(elsewhere=had or {})
    for one in done:
        at = one.activity.occurred_at
        turn = turn_at(terms, id_, at, way.turn, parts)
        if turn is None or not _takes_part(turn, at, parts):
            continue
        worth_of_it = worth(terms, turn.version, turn.promise.counts, one)
        if worth_of_it is not None:
            _enter(way, turn)
            _count(way, turn, one, worth_of_it)
    return way


def turn_at(
    terms: Terms, id_: str, at: datetime, open_: Turn | None, parts: Sequence[datetime]
) -> Turn | None:
    """The period of a challenge that an instant lies in, by the promise it began under.

    Order: a period keeps the terms that were in force when it began, or where the challenge was
    new then, those that brought it; who began under them ends under them.
    """
    if open_ is not None and _goes_on(terms, open_, at):
        return open_
    version = _latest_with(terms, id_, at)
    if version is None:
        return None
    promise = promise_of(version, id_)
    assert promise is not None, id_
    if promise.within is not None or (open_ is not None and open_.promise.within is not None):
        return _with_member(terms, (version, promise), at, open_, parts)
    return _by_calendar(terms, id_, version, at)


def _goes_on(terms: Terms, open_: Turn, at: datetime) -> bool:
    """Whether an instant lies in the period that is open, where nothing else may have begun: asked
    of each deed, most of which lie in the same one."""
    promise = open_.promise
    plain = promise.within is None and promise.from_on is None and promise.until_on is None
    return (
        len(terms.versions) == 1 and plain and open_.ends is not None
        and open_.begins <= at < open_.ends
    )  # fmt: skip


def progress(way: Course, turn: Turn) -> tuple[int, int]:
    """How far somebody is in this period, and how often they reached it in it."""
    if way.turn is not None and _same(way.turn, turn):
        return way.running, way.times
    ahead = Course(way.turn, way.running, way.times, way.surplus, elsewhere=way.elsewhere)
    _enter(ahead, turn)
    return ahead.running, ahead.times


def _same(one: Turn, other: Turn) -> bool:
    return (one.begins, one.began_on) == (other.begins, other.began_on)


def _latest_with(terms: Terms, id_: str, at: datetime) -> Version | None:
    """The last version up to an instant that promises this challenge."""
    there = [v for v, start in zip(terms.versions, terms.starts, strict=True) if start <= at]
    return next((v for v in reversed(there) if promise_of(v, id_) is not None), None)


def _with_member(
    terms: Terms,
    said: tuple[Version, Challenge],
    at: datetime,
    open_: Turn | None,
    parts: Sequence[datetime],
) -> Turn | None:
    if open_ is not None and open_.ends is not None and open_.begins <= at < open_.ends:
        return open_
    version, promise = said
    if promise_of(terms.at(at), promise.id) is None or promise.within is None:
        return None  # no new one begins under terms without it
    begins = at
    if promise.joins == "opt_in":
        since = [one for one in parts if one <= at]
        begins = since[-1] if since else at
    ends = add_span(version.zone, begins, promise.within)
    inside = _inside(version, promise, at) and begins <= at < ends
    return Turn(version, promise, begins, ends, 0) if inside else None


def _by_calendar(terms: Terms, id_: str, version: Version, at: datetime) -> Turn | None:
    promise = promise_of(version, id_)
    assert promise is not None, id_
    first = _stretch(version, promise, at)
    judge = terms.at(day_starts_at(version.zone, first.start))
    if judge.effective_from > at or promise_of(judge, id_) is None:
        later = (
            v for v, start in zip(terms.versions, terms.starts, strict=True)
            if day_starts_at(version.zone, first.start) < start <= at
            and promise_of(v, id_) is not None
        )  # fmt: skip
        found = next(later, None)
        if found is None:
            return None
        judge = found
    # A period that was made longer meanwhile goes on by the terms that made it so.
    for one in (judge, version):
        promise = promise_of(one, id_)
        if promise is None or promise.within is not None or not _inside(one, promise, at):
            continue
        days = _stretch(one, promise, at)
        if days.end >= _LAST and promise_of(terms.at(at), id_) is None:
            return None  # what has no end of its own ends when it is taken out of the program
        ends = None if days.end >= _LAST else day_starts_at(one.zone, days.end)
        return Turn(one, promise, day_starts_at(one.zone, days.start), ends, days.start)
    return None


def _stretch(version: Version, promise: Challenge, at: datetime) -> Days:
    if promise.every is not None:
        return stretch_of(promise.every, local(version.zone, at).day)
    start = date.fromisoformat(promise.from_on).toordinal() if promise.from_on else _FIRST
    end = date.fromisoformat(promise.until_on).toordinal() if promise.until_on else _LAST
    return Days(start, end)


def _inside(version: Version, promise: Challenge, at: datetime) -> bool:
    day = local(version.zone, at).date_text
    after = promise.from_on is None or promise.from_on <= day
    return after and (promise.until_on is None or day < promise.until_on)


def _takes_part(turn: Turn, at: datetime, parts: Sequence[datetime]) -> bool:
    if at < turn.version.effective_from or turn.promise.together is not None:
        return False  # what a team reaches is told by `teams`
    return turn.promise.joins == "automatic" or any(since <= at for since in parts)


def _enter(way: Course, turn: Turn) -> None:
    """Begin the period when it is another than the one before."""
    before = way.turn
    if before is not None and _same(before, turn):
        return
    full = before is not None and way.times >= before.promise.in_period
    carried = turn.promise.overshoot == "carried" and (full or before is None)
    way.running = way.surplus if carried else 0
    times = way.elsewhere.get(turn.began_on, 0) if turn.began_on else 0
    way.turn, way.times, way.surplus, way.seen = turn, times, 0, set()


def _count(way: Course, turn: Turn, one: Done, counted: Worth) -> None:
    promise, target = turn.promise, target_of(turn)
    if way.times >= promise.in_period or _over(way, promise):
        return
    way.running = _running(way, turn, one, counted)
    while way.running >= target and way.times < promise.in_period and not _over(way, promise):
        way.times += 1
        place = way.times if turn.began_on else len(way.hits) + 1 + way.elsewhere.get(0, 0)
        did = one.activity
        way.hits.append(Hit(turn, place, did.activity_id, did.occurred_at))
        way.running = way.running - target if promise.overshoot == "carried" else 0
        way.seen = set()
    if way.times >= promise.in_period:
        way.running, way.surplus = 0, way.running


def _over(way: Course, promise: Challenge) -> bool:
    often = len(way.hits) + sum(way.elsewhere.values())
    return promise.in_all is not None and often >= promise.in_all


def _running(way: Course, turn: Turn, one: Done, counted: Worth) -> int:
    measure, did = turn.promise.measure, one.activity
    if measure in ("deeds", "spend", "items"):
        more = {"deeds": 1, "spend": counted.minor, "items": counted.pieces}[measure]
        return way.running + more
    if measure == "days":
        way.seen.add(str(local(turn.version.zone, did.occurred_at).day))
    elif measure == "stores":
        way.seen |= {did.store} - {""}
    else:
        way.seen |= counted.categories
    return len(way.seen)

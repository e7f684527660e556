"""Challenges and streaks against a reading of their own, by whole periods and unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.rewarding.gaming import challenges, prizes, streaks
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.giving import Key
from regulars.engine.rewarding.gaming.since import hanging
from regulars.engine.terms import Terms, terms_of
from regulars.records.activity.types import Activity, Body
from regulars.records.program.parts.gaming import Challenge, Deed, Freezes, Prize, Reached, Streak
from regulars.records.program.reading import read_program
from regulars.records.rewards.prizes.types import Prize as Kept

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = read_program(
    "regulars: 1\nprogram: p\nname: P\ncurrency: EUR\nzone: UTC\nwallets: {points: {}}\n"
)
BADGE = Prize(badge="B")
Visit = tuple[int, str]
"""So many hours after the beginning, in which store."""
visits = st.lists(st.tuples(st.integers(0, 24 * 120), st.sampled_from("abc")), max_size=40)


def terms_with(**parts: Any) -> Terms:
    compiled = compile_program(replace(PLAIN, **parts))
    codes = {name: place for place, name in enumerate(code_names(compiled))}
    return terms_of(1, "p", [(1, BEGAN, compiled)], codes)


def told(found: Sequence[Visit]) -> list[Done]:
    """Visits as deeds, in the order in which they happened."""
    done = []
    for n, (hours, store) in enumerate(sorted(found)):
        at = BEGAN + timedelta(hours=hours)
        act = Activity(
            UUID(int=n + 1), UUID(int=9), "visit", "", "", None, at, store, "", 0, Body(), ""
        )
        done.append(Done(act, at.date().toordinal()))
    return done


def period(every: str, day: date) -> object:
    return {"day": day, "week": day.isocalendar()[:2], "month": (day.year, day.month)}[every]


def counted(promise: Challenge, done: Sequence[Done]) -> list[UUID]:
    """What reached the challenge, by cutting each period into stretches that suffice."""
    hits: list[UUID] = []

    def which(one: Done) -> object:
        return period(promise.every or "", one.activity.occurred_at.date())

    for _, group in groupby(done, which):
        rest, times = list(group), 0
        while times < promise.in_period:
            enough = next((n for n in range(1, len(rest) + 1) if _suffice(promise, rest[:n])), None)
            if enough is None:
                break
            hits.append(rest[enough - 1].activity.activity_id)
            rest, times = rest[enough:], times + 1
    return hits[: promise.in_all]


def _suffice(promise: Challenge, some: Sequence[Done]) -> bool:
    each = {
        "deeds": [one.activity.activity_id for one in some],
        "days": [one.activity.occurred_at.date() for one in some],
        "stores": [one.activity.store for one in some],
    }[promise.measure]
    return len(set(each)) >= int(promise.target)


@settings(max_examples=80, deadline=None)
@given(
    visits,
    st.sampled_from(["deeds", "days", "stores"]),
    st.sampled_from(["day", "week", "month"]),
    st.tuples(st.integers(1, 4), st.integers(1, 3), st.none() | st.integers(1, 4)),
)
def test_a_challenge_is_reached_where_counting_whole_periods_says(
    found: list[Visit], measure: Any, every: Any, numbers: tuple[int, int, int | None]
) -> None:
    target, in_period, in_all = numbers
    promise = Challenge(
        "c", "C", target, BADGE, counts=Deed(on="visit"), measure=measure, every=every,
        in_period=in_period, in_all=in_all,
    )  # fmt: skip
    done = told(found)
    way = challenges.course(terms_with(challenges=(promise,)), "c", done, ())
    assert [hit.deed_id for hit in way.hits] == counted(promise, done)
    keys = [(hit.turn.began_on, hit.place) for hit in way.hits]
    assert len(keys) == len(set(keys))


def units(every: str, first: date, last: date) -> list[date]:
    """The first day of every unit from one day to another."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [next(group) for _, group in groupby(days, lambda day: period(every, day))]


def begins(every: str, day: date) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


@settings(max_examples=80, deadline=None)
@given(
    visits,
    st.sampled_from([("day", "week"), ("day", "month"), ("week", "month"), ("month", "year")]),
    st.integers(0, 3),
)
def test_a_streak_is_as_long_as_walking_unit_by_unit_says(
    found: list[Visit], spans: tuple[Any, Any], times: int
) -> None:
    every, per = spans
    promise = Streak(
        "s", "S", every, (Reached(1, BADGE),), counts=Deed(on="visit"),
        freezes=Freezes(per, times) if times else None,
    )  # fmt: skip
    done, today = told(found), (BEGAN + timedelta(days=121)).date()
    terms = terms_with(streaks=(promise,))
    run = streaks.run(terms, terms.versions[0], promise, done)
    with_deed = {period(every, one.activity.occurred_at.date()) for one in done}
    length, lengths, used = 0, [], dict[object, int]()
    for first in units(every, BEGAN.date(), today):
        where = (
            begins(every, first).year,
            period("week" if per == "week" else "month", begins(every, first)),
        )
        pot = where[0] if per == "year" else where[1]
        if period(every, first) in with_deed:
            length += 1
            lengths.append(length)
        elif length and period(every, first) != period(every, today):
            used[pot] = used.get(pot, 0) + 1
            length = length if used[pot] <= times else 0
    assert [mark.length for mark in run.marks] == lengths
    assert run.best == max(lengths, default=0)
    streaks.pass_on(run, lambda _: promise, streaks.unit_of(every, today.toordinal()))
    assert run.length == length


@settings(max_examples=40, deadline=None)
@given(visits, st.randoms())
def test_settled_after_each_deed_in_any_order_ends_where_settling_once_does(
    found: list[Visit], chance: Any
) -> None:
    promise = Challenge("c", "C", 3, BADGE, counts=Deed(on="visit"), every="month", in_period=2)
    often = Streak(
        "s", "S", "week", (Reached(2, BADGE),), counts=Deed(on="visit"), again="each_streak"
    )
    terms, done = terms_with(challenges=(promise,), streaks=(often,)), told(found)
    shuffled, has = list(done), list[Key]()
    chance.shuffle(shuffled)
    for n in range(len(shuffled) + 1):
        so_far = sorted(shuffled[:n], key=lambda one: one.activity.activity_id)
        hangs = hanging(terms, [one.own_day for one in so_far])
        missing, surplus = prizes._compared(list(prizes.due(terms, so_far, {})), _kept(has), hangs)
        gone = [(one.game, one.name, one.about, one.began_on, one.place) for one in surplus]
        has = [one for one in has if one not in gone] + [one.key for one in missing]
        assert len(has) == len(set(has))
    ends = [one.key for one in prizes.due(terms, done, {})]
    assert sorted(_place(one) for one in has) == sorted(_place(one) for one in ends)


def _place(key: Key) -> tuple[str, int, int]:
    """A streak keeps a prize also where it turns out to have begun on another day."""
    game, _, _, began_on, place = key
    return (game, began_on if game == "challenge" else 0, place)


def _kept(keys: Sequence[Key]) -> list[Kept]:
    return [
        Kept(
            UUID(int=9), UUID(int=n), key[0], key[1], key[3], key[4], 1, UUID(int=1), BEGAN,
            None, 0, None, None, "B", BEGAN,
        )
        for n, key in enumerate(keys)
    ]  # type: ignore[misc]  # fmt: skip

"""Prizes of milestones and of places: the engine against the plain and slow way."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from tests.model.in_memory import InMemory

from regulars.engine.facts import Facts
from regulars.engine.reference.milestones import milestone_gifts, places_paid
from regulars.engine.rewarding.gaming.gifts import due_by_sums
from regulars.engine.rewarding.gaming.paying import Over, awarded, counted_here, due_by_places, over
from regulars.records.program.reading import read_program
from regulars.records.standing.boards.types import Ranked

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEAD = """
regulars: 1
program: paying
name: Paying
currency: EUR
zone: Europe/Berlin
wallets: {points: {scale: 1}}
"""


def board(rng: Random) -> str:
    """A board with prizes that may have gaps, shared by either rule."""
    place, prizes = 0, []
    for number in range(rng.randrange(1, 4)):
        place += rng.randrange(1, 3)
        to = place + rng.choice((0, 0, 2))
        prizes.append(f"{{place: {place}, to: {to}, wallet: points, points: {40 - 7 * number}}}")
        place = to
    ties, least, most = (
        rng.choice(("divided", "each")),
        rng.randrange(4),
        rng.randrange(place, place + 3),
    )
    return (
        f"leaderboards: [{{id: b, name: B, ties: {ties}, at_least: {least}, most: {most},"
        f" prizes: [{', '.join(prizes)}]}}]\n"
    )


def shop_of(source: str) -> InMemory:
    return InMemory(HEAD + source, NOON)


def ended(shop: InMemory, weeks: int = 1) -> list[Over]:
    return over(shop.terms, (), NOON + timedelta(weeks=weeks))


@pytest.mark.parametrize("seed", range(60))
def test_each_place_has_what_the_plain_way_says(seed: int) -> None:
    rng = Random(seed)
    source = board(rng)
    (one,) = ended(shop_of(source))
    had = {UUID(int=n): rng.randrange(1, 6) for n in range(1, rng.randrange(2, 14))}
    ranked = sorted(
        (1 + sum(other > score for other in had.values()), who, score) for who, score in had.items()
    )
    paid = awarded(one, [Ranked(*each) for each in ranked[: one.promise.most + 1]])
    program = read_program(HEAD + source)
    plain = places_paid(
        program, program.leaderboards[0], {str(who): Fraction(n) for who, n in had.items()}
    )
    assert {str(each.member_id): Fraction(each.units, 10) for each in paid} == plain
    for each in paid:  # whoever needs more than they have had would lose it at once
        less = [
            score for who, score in had.items() if plain.get(str(who)) != plain[str(each.member_id)]
        ]
        behind = [score for score in less if score < each.score]
        assert each.needs == max([*behind, int(one.promise.at_least), 1])


def test_a_period_is_paid_so_long_after_its_end_and_each_store_by_itself() -> None:
    shop = shop_of(
        "leaderboards:\n"
        "  - {id: day, name: D, per: day, stores: [a, b], pays_after: 1 day,\n"
        "     prizes: [{place: 1, wallet: points, points: 1}]}\n"
        "  - {id: month, name: M, per: month, prizes: [{place: 1, badge: Best}]}\n"
        "  - {id: free, name: F}\n"
    )
    berlin = datetime(2026, 3, 3, 23, tzinfo=UTC)  # midnight there
    first = NOON.date().toordinal()
    assert over(shop.terms, (), berlin - timedelta(seconds=1)) == []
    keys = [one.key for one in over(shop.terms, (), berlin)]
    assert keys == [("day", "a", first), ("day", "b", first)]
    later = over(shop.terms, keys[:1], berlin + timedelta(days=1))
    assert [one.key for one in later] == [keys[1], ("day", "a", first + 1), ("day", "b", first + 1)]
    april = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert ("month", "", datetime(2026, 3, 1, tzinfo=UTC).toordinal()) in [
        one.key for one in over(shop.terms, (), april)
    ]


def test_who_has_less_than_who_came_behind_loses_it_and_gets_it_back() -> None:
    shop = shop_of(
        "leaderboards: [{id: b, name: B, returned: taken_back, prizes:"
        " [{place: 1, wallet: points, points: 5}]}]\n"
    )
    (one,) = ended(shop)
    place, *rest = awarded(one, [Ranked(1, UUID(int=1), 7), Ranked(2, UUID(int=2), 4)])
    assert (rest, place.needs) == ([], 4)
    end = one.end(1, NOON)
    for has, stays in ((7, True), (4, True), (3, False), (0, False)):
        counters = {(one.stone.counter, one.period): has}
        found = list(due_by_places(shop.terms, counters, [(place, end)]))
        assert [each.units for each in found] == ([50] if stays else [])


GIFTS = """
rewards: [{id: mug, name: Mug, price: {points: 5}}]
milestones:
  - {id: v, name: V, wallet: points, counts: {on: visit}, per: PER,
     steps: [{at: 2, reward: mug, again: true}, {at: 3, points: 1}, {at: 5, badge: Five,
      points: 2}]}
"""


@pytest.mark.parametrize("per", ["day", "week", "month", "year", "ever"])
def test_each_step_gives_as_often_as_the_plain_way_says(per: str) -> None:
    rng, source = Random(7), GIFTS.replace("PER", per)
    shop, first = shop_of(source), NOON.date().toordinal()
    (stone,) = shop.terms.versions[0].stones
    for _ in range(20):
        days = [first + rng.randrange(60) for _ in range(rng.randrange(12))]
        counters = Counter((stone.counter, stone.period(day)) for day in days)
        found = list(due_by_sums(shop.terms, dict(counters), NOON))
        assert len({one.key for one in found}) == len(found)
        times = Counter(("v", 0 if one.promise.reward else 2) for one in found)
        deeds = [Facts("visit", day, 0, 0) for day in days]
        assert dict(times) == {
            key: n for key, n in milestone_gifts(read_program(HEAD + source), deeds).items() if n
        }
        begins = {one.began_on for one in found}
        assert all(one == 0 if per == "ever" else stone.period(one) for one in begins)


@pytest.mark.parametrize(
    ("published", "moved", "here"),
    [(-1, None, True), (6, None, True), (8, None, False), (-1, 6, True), (-1, 8, False)],
)
def test_a_period_that_was_over_before_it_was_counted_here_is_not_paid(
    published: int, moved: int | None, here: bool
) -> None:
    shop = shop_of("leaderboards: [{id: b, name: B, prizes: [{place: 1, badge: Best}]}]\n")
    (one,) = ended(shop)  # Monday to Monday, and it is Monday, noon
    known = {1: NOON + timedelta(days=published), 2: NOON + timedelta(days=300)}
    brought = None if moved is None else NOON + timedelta(days=moved)
    assert counted_here(shop.terms, one, known, brought) is here


def test_who_shares_a_place_with_a_badge_has_the_points_behind_it_too() -> None:
    shop = shop_of(
        "leaderboards: [{id: b, name: B, prizes: [{place: 1, badge: Champion},"
        " {place: 2, wallet: points, points: 2}]}]\n"
    )
    (one,) = ended(shop)
    places = awarded(one, [Ranked(1, UUID(int=n), 7) for n in (1, 2)])
    due = list(due_by_places(shop.terms, {}, [(each, one.end(2, NOON)) for each in places]))
    had = [(each.promise.badge, each.promise.wallet, each.units) for each in due]
    assert had == [("Champion", "points", 10)] * 2

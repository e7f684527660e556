"""Ladders beside the tiers over a rolling window or reached by waiting, and what is told late."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from tests.flows.tiers.further.test_further import CLUB, PLAIN, RULE, books, club, on
from tests.flows.tiers.further.test_further_changeovers import Club, day
from tests.flows.tiers.houses import ADA, at_wall
from tests.makers import Shop, brings_back, buys
from tests.model.events import Happens, Joins, Returns
from tests.model.in_memory import InMemory
from tests.planted.replay.checks import differences

from regulars.engine.deciding.tiering import review
from regulars.engine.state import Changes
from regulars.records.program.reading import problems_of, read

Open = Callable[[str], Shop]
HERE = PLAIN
DAY = timedelta(days=1)
HOW = "\n    window: rolling\n    rolling_days: 10\n    valid: window_end"
LATELY = RULE + CLUB.replace("MORE", HOW)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(HERE)
    shop.joined("ada", "ben")
    return shop


def has(shop: Shop) -> int:
    sql = "select coalesce(sum(available), 0)::int from balance where program_id = $1"
    return int(shop.rows(sql)[0][0])


def test_what_was_bought_after_a_late_visit_earns_on_the_step_it_reaches(shop: Shop) -> None:
    monday = shop.now
    for _ in range(4):
        shop.now += DAY
        shop.record(buys(ADA, 100))
    assert (on(shop), has(shop)) == ("regular", 4 + 100)
    (late,) = shop.record(buys(ADA, 100, occurred_at=monday))
    assert (late.earned, has(shop)) == ({"points": 1}, 5 + 200)
    assert shop.told().count("points.restated") == 1
    assert differences(shop) == []


def test_a_late_visit_sees_the_club_as_it_was_then(shop: Shop) -> None:
    monday = shop.now
    shop.now += DAY
    shop.record(*(buys(ADA, 100) for _ in range(3)))
    (late,) = shop.record(buys(ADA, 100, occurred_at=monday))
    assert (late.earned, on(shop)) == ({"points": 1}, "regular")


def test_a_return_told_late_takes_back_what_the_club_gave_since(shop: Shop) -> None:
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    tuesday = shop.now + DAY
    shop.now += 2 * DAY
    shop.record(buys(ADA, 100))
    assert has(shop) == 4 + 100
    shop.record(brings_back("R0", occurred_at=tuesday))
    assert has(shop) == 3
    assert differences(shop) == []


def test_the_books_are_right_after_all_of_it(open_shop: Open) -> None:
    for test in (
        test_what_was_bought_after_a_late_visit_earns_on_the_step_it_reaches,
        test_a_late_visit_sees_the_club_as_it_was_then,
        test_a_return_told_late_takes_back_what_the_club_gave_since,
    ):
        shop = open_shop(PLAIN)
        shop.joined("ada")
        test(shop)
    test_days_that_roll_as_read_off_from_what_is_left(open_shop, 3)
    books(shop)


def test_ten_days_later_it_is_looked_at_again(open_shop: Open) -> None:
    shop = open_shop(LATELY)
    shop.joined("ada")
    begun = shop.now
    for days in (0, 1, 2, 5):
        shop.now = begun + days * DAY
        shop.record(buys(ADA, 100))
    found = club(shop)
    assert at_wall(shop, found.until or begun)[:10] == f"{begun + 12 * DAY:%Y-%m-%d}"
    assert found.outlook is not None
    assert (found.outlook.reached, found.outlook.projected) == (4, "guest")
    assert found.outlook.to_stay is not None
    assert found.outlook.to_stay.credit == 2
    shop.now = begun + 12 * DAY
    assert on(shop) == "guest"


@pytest.mark.parametrize("seed", [1])
def test_days_that_roll_as_read_off_from_what_is_left(open_shop: Open, seed: int) -> None:
    chance = random.Random(seed)
    shop = open_shop(LATELY.replace("Europe/Berlin", "UTC"))
    shop.joined("ada")
    joined, came = shop.now, dict[str, datetime]()
    for number in range(25):
        shop.now += timedelta(days=chance.choice((0, 1, 4)), hours=chance.randint(1, 9))
        gone = chance.choice(sorted(came)) if came and chance.random() < 0.2 else ""
        if gone:
            shop.record(brings_back(gone))
            del came[gone]
        else:
            at = max(joined, shop.now - timedelta(hours=chance.choice((0, 0, 30, 200))))
            shop.record(buys(ADA, 100, receipt=f"R{number}", occurred_at=at))
            came[f"R{number}"] = at
        assert on(shop) == day_by_day(joined, shop.now, list(came.values())), (seed, number)
    assert differences(shop) == []


def day_by_day(joined: datetime, now: datetime, came: list[datetime]) -> str:
    """The step by hand: each day looks whether its step is over, and then counts ten days back."""
    days = [each.date().toordinal() for each in came]
    step, over = 0, joined.date().toordinal() + 10 * 400
    for today in range(joined.date().toordinal(), now.date().toordinal() + 1):
        before, with_it = (
            _step(sum(today - 10 < day <= last for day in days)) for last in (today - 1, today)
        )
        if step and over <= today:
            step, over = min(before, step), today + 10
        if with_it > step:
            step, over = with_it, today + 10
    return ("guest", "regular", "friend")[step]


def _step(often: int) -> int:
    return 2 if often >= 5 else 1 if often >= 3 else 0


ASIDE = RULE.replace("Europe/Berlin", "UTC")
STEPS = "steps: [{id: guest, at: 0}, {id: regular, at: 3}, {id: friend, at: 5}]\n"
SAID = (
    "credit_after_days: 14",
    "credit_after_days: 3, valid: window_end, grace_days: 4",
    "credit_after_days: 5, window: rolling, rolling_days: 20, valid: window_end",
    "reached: at_window_end, valid: window_end",
    "reached: at_window_end, valid: window_end, window: anniversary, downgrade: one_step",
    "credit_after_days: 9, reached: at_window_end, valid: for_ever",
)


def club_of(said: str) -> str:
    return ASIDE + CLUB.replace("MORE", "".join(f"\n    {one}" for one in said.split(", ")))


def tiers_of(said: str) -> str:
    lines = ("measure: visits", "returned_credit: revoke_now", *said.split(", "))
    return ASIDE + "tiers:\n" + "".join(f"  {one}\n" for one in lines) + f"  {STEPS}"


def comings(chance: random.Random) -> Iterator[datetime]:
    now = day("2026-03-02T12:00")
    for _ in range(25):
        now += timedelta(days=chance.choice((0, 1, 4, 11, 40, 160)), hours=1)
        yield now


@pytest.mark.parametrize("said", SAID)
def test_a_club_stands_where_the_same_ladder_would_as_tiers(said: str) -> None:
    stood = set()
    for seed in range(4):
        club, tiers = Club(club_of(said)), InMemory(tiers_of(said), day("2026-03-02T12:00"))
        tiers.do(day("2026-03-02T12:00"), Joins("ada"))
        for number, now in enumerate(comings(random.Random(seed))):
            club.comes(1, now)
            tiers.do(now, Happens("purchase", "ada", f"R{number}", amount=100))
            for days in (0, 3, 15, 60):
                at = now + timedelta(days=days) if days else now
                if days and number < 24:
                    continue
                state = tiers.state("ada")
                review(Changes(tiers.new_id), state, tiers.terms.at(at), at)
                assert club.on(at) == state.tier, (said, seed, number, days)
                stood.add(state.tier)
    assert len(stood) > 1, "nobody ever went up"


def test_credit_of_a_club_counts_when_nothing_can_come_back_any_more() -> None:
    club = Club(club_of("credit_after_days: 14"))
    club.comes(3, day("2026-03-02T12:00"))
    assert club.on(day("2026-03-15T23:59")) == "guest"
    assert club.on(day("2026-03-16")) == "regular"
    club.shop.do(day("2026-03-15T12:00"), Returns("R3", receipt="B3"))
    assert club.on(day("2026-03-16")) == "guest"


def test_a_step_of_a_club_is_reached_when_its_year_is_over() -> None:
    club = Club(club_of("reached: at_window_end, valid: window_end"))
    club.comes(4, day("2026-03-02T12:00"))
    assert club.on(day("2026-12-31T23:59")) == "guest"
    assert club.on(day("2027-01-01")) == "regular"
    assert club.on(day("2027-12-31T23:59")) == "regular"
    assert club.on(day("2028-01-01")) == "guest"


def test_nobody_is_told_before_a_step_is_lost_that_waiting_reaches() -> None:
    (problem,) = problems_of(read(club_of("credit_after_days: 14, notice_days: 10")))
    assert problem.path == "ladders.club.notice_days"

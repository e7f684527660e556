"""A club that looks at what came back when its time is over: a step that was reached stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.flows.tiers.further.test_further import CLUB, RULE, books, on
from tests.flows.tiers.further.test_further_changeovers import Club, day
from tests.flows.tiers.houses import ADA, BEN
from tests.makers import Shop, brings_back, buys, named
from tests.model.events import Happens, Joins, Returns
from tests.model.in_memory import InMemory
from tests.planted.replay.checks import differences

from regulars.engine.deciding.tiering import review
from regulars.engine.ladder.kept import days_of, period_of
from regulars.engine.state import Changes

Open = Callable[[str], Shop]
LATER = "\n    returned_credit: at_period_end\n    valid: window_end"
HERE = RULE + CLUB.replace("MORE", LATER)
APART = HERE.replace("Europe/Berlin", "UTC")
MARCH = day("2026-03-02T12:00")
DAY = timedelta(days=1)
SAID = (
    "",
    "valid: window_end, grace_days: 4",
    "window: rolling, rolling_days: 20, valid: window_end",
    "window: rolling, rolling_days: 45, downgrade: one_step",
    "window: anniversary, valid: window_end, downgrade: one_step",
    "window: ever",
    "credit_after_days: 5, valid: window_end",
    "reached: at_window_end, valid: window_end",
)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(HERE)
    shop.joined("ada", "ben")
    return shop


def test_a_step_stays_until_its_year_is_over_and_then_counts_what_is_left(shop: Shop) -> None:
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    assert on(shop) == "regular"
    shop.now += DAY
    shop.record(brings_back("R0"))
    assert on(shop) == "regular"
    assert shop.record(buys(ADA, 100, receipt="R3"))[0].earned == {"points": 101}
    shop.record(brings_back("R3"), brings_back("R1"))
    shop.at("2026-12-31T23:59")
    assert on(shop) == "regular"
    shop.at("2027-01-01T00:00")
    assert on(shop) == "guest"
    assert shop.told().count("ladder.changed") == 1
    books(shop)


def test_what_came_back_helps_nobody_up(shop: Shop) -> None:
    shop.record(buys(ADA, 100, receipt="R0"), buys(ADA, 100, receipt="R1"))
    shop.now += DAY
    shop.record(brings_back("R0"), buys(ADA, 100, receipt="R2"))
    assert on(shop) == "guest"
    shop.now += DAY
    shop.record(buys(ADA, 100))
    assert on(shop) == "regular"
    books(shop)


def test_what_came_back_on_its_day_never_counted(shop: Shop) -> None:
    shop.now += DAY
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    shop.record(brings_back("R0"))
    assert on(shop) == "guest"
    assert shop.told().count("ladder.changed") == 2


def test_whoever_is_merged_keeps_the_step_until_its_time_is_over(shop: Shop) -> None:
    shop.record(*(buys(BEN, 100, receipt=f"R{n}") for n in range(3)))
    shop.now += DAY
    shop.record(brings_back("R0"))
    ben = member_id(shop, "ben")
    merge(shop, BEN, ADA)
    assert on(shop) == "regular"
    unmerge(shop, ben)
    assert (on(shop), on(shop, "ben")) == ("guest", "regular")
    books(shop)


def test_a_club_that_was_strict_before_forgives_what_was_bought_since(shop: Shop) -> None:
    strict = named(HERE.replace("at_period_end", "revoke_now"), shop.terms.slug)
    shop.now += DAY
    shop.publish(strict.replace("    steps", "    changeover: {members: keep}\n    steps"))
    shop.now += DAY
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    shop.now += DAY
    kind = named(HERE, shop.terms.slug)
    shop.publish(kind.replace("    steps", "    changeover: {members: keep}\n    steps"))
    shop.now += DAY
    shop.record(*(buys(BEN, 100, receipt=f"S{n}") for n in range(3)))
    shop.now += DAY
    shop.record(brings_back("R0"), brings_back("S0"))
    assert (on(shop), on(shop, "ben")) == ("guest", "regular")
    books(shop)


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_whatever_is_told_first_ends_in_the_same_place(order: tuple[int, ...]) -> None:
    """Three visits, the first comes back before a fourth; told in any order."""
    club = Club(APART)
    did = [
        Happens("purchase", "ada", "R1", at=MARCH, amount=100),
        Happens("purchase", "ada", "R2", at=MARCH + DAY, amount=100),
        Returns("R1", receipt="B1", at=MARCH + 2 * DAY),
        Happens("purchase", "ada", "R3", at=MARCH + 3 * DAY, amount=100),
    ]
    for place in order:
        club.shop.do(MARCH + 9 * DAY, did[place])
    assert club.on(MARCH + 9 * DAY) == "guest"
    club.comes(1, MARCH + 10 * DAY)
    assert club.on(MARCH + 10 * DAY) == "regular"


def tiers_of(said: str) -> str:
    lines = ("measure: visits", "returned_credit: at_period_end", *filter(None, said.split(", ")))
    steps = "steps: [{id: guest, at: 0}, {id: regular, at: 3}, {id: friend, at: 5}]\n"
    return RULE.replace("Europe/Berlin", "UTC") + "tiers:\n" + "".join(
        f"  {one}\n" for one in (*lines, steps.strip())
    )  # fmt: skip


def club_of(said: str) -> str:
    more = ("returned_credit: at_period_end", *filter(None, said.split(", ")))
    return RULE.replace("Europe/Berlin", "UTC") + CLUB.replace(
        "MORE", "".join(f"\n    {one}" for one in more)
    )


@pytest.mark.parametrize("said", SAID)
def test_a_club_stands_where_the_same_ladder_would_as_tiers(said: str) -> None:
    """The tiers keep what they decided on the way; the club works it out from what is kept."""
    stood, saved = set(), 0
    for seed in range(6):
        chance, now = Random(seed), MARCH
        club, tiers = Club(club_of(said)), InMemory(tiers_of(said), MARCH)
        strict = Club(club_of(said).replace("at_period_end", "revoke_now"))
        tiers.do(MARCH, Joins("ada"))
        there: list[str] = []
        for number in range(30):
            now += timedelta(days=chance.choice((1, 1, 4, 11, 40, 160)))
            # As its nights do: somebody looks at what began to count before it comes back.
            review(Changes(tiers.new_id), tiers.state("ada"), tiers.terms.at(now), now)
            event: Happens | Returns
            if there and chance.random() < 0.35:
                event = Returns(there.pop(chance.randrange(len(there))), receipt=f"B{number}")
            else:
                there.append(f"R{number}")
                event = Happens("purchase", "ada", there[-1], amount=100)
            for one in (club.shop, tiers, strict.shop):
                one.do(now, event)
            for days in (0, 1, 9):
                at = now + timedelta(days=days)
                if days and number < 29:
                    continue
                state = tiers.state("ada")
                review(Changes(tiers.new_id), state, tiers.terms.at(at), at)
                assert club.on(at) == state.tier, (said, seed, number, days)
                stood.add(state.tier)
                saved += club.on(at) != strict.on(at)
    assert len(stood) > 1, "nobody ever went up"
    waits = "credit_after_days" in said or "at_window_end" in said
    assert saved or waits, "nothing was ever kept that had come back"


@pytest.mark.parametrize("seed", range(3))
def test_late_visits_and_returns_leave_the_books_right(open_shop: Open, seed: int) -> None:
    chance, shop = Random(seed), open_shop(HERE.replace("window_end", "next_window_end"))
    shop.joined("ada")
    there: list[str] = []
    for number in range(25):
        shop.now += timedelta(days=chance.choice((0, 1, 4, 30)), hours=chance.randint(1, 9))
        late = timedelta(hours=chance.choice((0, 0, 40, 200)))
        if there and chance.random() < 0.35:
            shop.record(brings_back(there.pop(0), occurred_at=shop.now - late / 2))
        else:
            at = max(shop.now - late, MARCH)
            shop.record(buys(ADA, 100, receipt=f"R{number}", occurred_at=at))
            there.append(f"R{number}")
    assert differences(shop) == []
    books(shop)


def test_a_late_visit_sees_the_club_as_it_forgave_then(shop: Shop) -> None:
    """Told late, between a return and the next visit: then the step still stood."""
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    shop.now += DAY
    shop.record(brings_back("R0"))
    wednesday = shop.now + DAY
    shop.now += 2 * DAY
    shop.record(buys(ADA, 100, receipt="R9"))
    shop.record(brings_back("R1"), brings_back("R2"))
    shop.now += DAY
    (late,) = shop.record(buys(ADA, 100, occurred_at=wednesday))
    assert late.earned == {"points": 101}
    books(shop)


@pytest.mark.parametrize("since", [719_000, 719_163, 739_677, 980_000])
@pytest.mark.parametrize("lag", [1, 40, 8_191])
def test_two_days_stand_in_one_number(since: int, lag: int) -> None:
    period = period_of(since, since + lag)
    assert days_of(period) == (since, since + lag)
    assert -(2**31) <= period < 2**31

"""Challenges and streaks: prizes for what was kept, taken back when it was not, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import member_id, merge
from tests.makers import Shop, asked, brings_back, buys, line, named

from regulars.base.faults import Refused
from regulars.flows.commands import RecordActivity, Redeem, Settle
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import BenefitUsed, UseBenefit
from regulars.flows.points.gaming.answers import Games
from regulars.flows.points.gaming.commands import PartTaken, TakePart
from regulars.flows.points.gaming.show_games import show_games
from regulars.flows.points.gaming.take_part import take_part
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
PLAY = """
regulars: 1
program: play
name: Play
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rewards: [{id: mug, name: A mug, price: {points: 50}}]
benefits: [{id: lounge, name: The lounge, by: grant}]
challenges:
  - {id: ten-coffees, name: Ten coffees, target: 10, measure: items, counts: {categories: [coffee]},
     every: month, overshoot: carried, prize: {wallet: points, points: 50, badge: Coffee lover}}
  - {id: three-stores, name: Three stores, target: 3, measure: stores, in_all: 1,
     prize: {badge: Explorer, benefit: lounge, uses: 2}}
  - {id: sprint, name: Sprint, target: "30.00", measure: spend, within: 7 days, joins: opt_in,
     prize: {wallet: points, points: 7}}
streaks:
  - id: weekly
    name: Every week
    every: week
    freezes: {per: month, times: 1}
    milestones:
      - {length: 2, prize: {wallet: points, points: 5}}
      - {length: 3, prize: {badge: Regular}}
"""


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


def points(shop: Shop, name: str = "ada") -> int:
    available, _, debt = shop.balances(name).get("points", (0, 0, 0))
    return available - debt


def prizes(shop: Shop) -> list[tuple[str, int, bool]]:
    """Each prize ever given: of what, which place, and whether it still stands."""
    return shop.rows(  # type: ignore[return-value]
        "select name, place, undone_at is null from prize where program_id = $1"
        " order by given_at, name, place"
    )


def coffees(shop: Shop, pieces: int, receipt: str = "", who: str = "ada", **more: Any) -> None:
    shop.record(buys(ref(who), line(300 * pieces, "coffee", pieces), receipt=receipt, **more))


def night(shop: Shop) -> int:
    return shop.night("settle_prizes")["settle_prizes"]


def seen(shop: Shop, name: str = "ada") -> Games:
    ((who,),) = shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", name
    )
    return shop.do(lambda tx, terms: show_games(tx, terms, who))


def progress(shop: Shop, challenge: str) -> tuple[int, int, int]:
    one = next(c for c in seen(shop).challenges if c.promise.id == challenge)
    return one.running, one.target, one.times


def streak(shop: Shop) -> tuple[int, int, int, bool, int | None]:
    (one,) = seen(shop).streaks
    return one.length, one.best, one.freezes_left, one.safe, one.next_length


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(PLAY))


def met(shop: Shop) -> Shop:
    """Ada and Ben are members; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben")
    return shop


def again(shop: Shop, source: str) -> None:
    """Publish another version of the same program."""
    shop.publish(named(source, shop.terms.slug))


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_the_prize_comes_with_the_tenth_coffee_and_once_in_the_month(shop: Shop) -> None:
    coffees(shop, 9)
    assert night(shop) == 1
    assert (points(shop), progress(shop, "ten-coffees")) == (0, (9, 10, 0))
    coffees(shop, 1)
    night(shop)
    assert points(shop) == 50
    coffees(shop, 20)
    night(shop)
    assert points(shop) == 50
    assert prizes(shop) == [("ten-coffees", 1, True)]
    assert night(shop) == 0
    assert shop.told().count("prize.given") == 1
    assert [one.badge for one in seen(shop).prizes] == ["Coffee lover"]
    books(shop)


def test_what_the_reaching_deed_brings_beyond_the_target_counts_next_month(shop: Shop) -> None:
    coffees(shop, 13)
    night(shop)
    assert progress(shop, "ten-coffees") == (0, 10, 1)
    shop.at("2026-04-01 00:00")
    assert progress(shop, "ten-coffees") == (3, 10, 0)
    coffees(shop, 6)
    night(shop)
    assert points(shop) == 50 + 0
    coffees(shop, 1)
    night(shop)
    assert [name for name, _, _ in prizes(shop)].count("ten-coffees") == 2
    books(shop)


def test_unfinished_progress_is_not_carried(shop: Shop) -> None:
    coffees(shop, 9)
    shop.at("2026-04-01 00:00")
    assert progress(shop, "ten-coffees") == (0, 10, 0)
    coffees(shop, 9)
    night(shop)
    assert "ten-coffees" not in [name for name, _, _ in prizes(shop)]


def test_a_return_takes_the_prize_back_once_and_reaching_it_again_gives_it_once(shop: Shop) -> None:
    coffees(shop, 10, "r1")
    night(shop)
    shop.record(brings_back("r1", (0, 1)))
    night(shop)
    assert (points(shop), progress(shop, "ten-coffees")) == (0, (9, 10, 0))
    assert seen(shop).prizes == []
    shop.record(brings_back("r1", (0, 1)))
    assert night(shop) == 1
    assert points(shop) == 0
    coffees(shop, 2)
    night(shop)
    assert points(shop) == 50
    assert prizes(shop) == [("ten-coffees", 1, False), ("ten-coffees", 1, True)]
    told = [type_ for type_ in shop.told() if type_.startswith("prize.")]
    assert told == ["prize.given", "prize.taken_back", "prize.given"]
    books(shop)


def test_points_that_were_spent_are_owed_when_the_prize_is_taken_back(shop: Shop) -> None:
    coffees(shop, 10, "r1")
    night(shop)
    (held,) = shop.redeem(Redeem(ref("ada"), "mug"))
    shop.settle(Settle(held.redemption_id, "captured"))
    shop.record(brings_back("r1"))
    night(shop)
    assert points(shop) == -50
    books(shop)


def test_what_is_told_late_counts_in_its_own_month(shop: Shop) -> None:
    coffees(shop, 9)
    shop.at("2026-04-03 09:00")
    coffees(shop, 1, occurred_at=datetime(2026, 3, 20, 10, tzinfo=UTC))
    night(shop)
    assert ("ten-coffees", 1, True) in prizes(shop)
    assert progress(shop, "ten-coffees") == (0, 10, 0)
    books(shop)


def test_what_is_told_in_another_order_ends_the_same(shop: Shop) -> None:
    for day in (5, 4):
        shop.at("2026-04-06 12:00")
        coffees(shop, 7, occurred_at=datetime(2026, 4, day, 10, tzinfo=UTC))
    coffees(shop, 1, occurred_at=datetime(2026, 3, 31, 10, tzinfo=UTC))
    shop.at("2026-05-01 12:00")
    night(shop)
    assert progress(shop, "ten-coffees") == (4, 10, 0)
    ((began_on,),) = shop.rows("select began_on from prize where program_id = $1 and units = 50")
    assert began_on == date(2026, 4, 1).toordinal()


def test_different_stores_count_once_each_and_the_benefit_ends_with_the_prize(shop: Shop) -> None:
    for store in ("north", "north", "south"):
        shop.record(buys(ref("ada"), 100, store=store))
    night(shop)
    assert prizes(shop) == []
    shop.record(buys(ref("ada"), 100, receipt="west", store="west"))
    night(shop)
    assert prizes(shop) == [("three-stores", 1, True)]
    (grant,) = shop.rows("select benefit, times, actor from benefit_grant where program_id = $1")
    assert grant == ("lounge", 2, "game")
    assert may(shop)
    shop.record(brings_back("west"))
    night(shop)
    assert prizes(shop) == [("three-stores", 1, False)]
    assert not may(shop)
    books(shop)


def may(shop: Shop) -> bool:
    """Whether Ada may use the lounge now."""
    (outcome,) = shop.ask(use_benefits, UseBenefit(ref("ada"), "lounge"))
    return isinstance(outcome, BenefitUsed)


def test_other_goods_do_not_count(shop: Shop) -> None:
    coffees(shop, 9)
    shop.record(buys(ref("ada"), line(500, "cake", 5), line(0, "", 5)))
    night(shop)
    assert (points(shop), progress(shop, "ten-coffees")) == (0, (9, 10, 0))


def part(shop: Shop, challenge: str = "sprint", key: str = "") -> Any:
    wish = TakePart(ref("ada"), challenge, asked(key) if key else asked(""))
    return shop.ask(take_part, wish)[0]


def test_who_takes_part_has_seven_days_from_then_on(shop: Shop) -> None:
    shop.record(buys(ref("ada"), 3_000))
    night(shop)
    assert prizes(shop) == []
    shop.at("2026-03-02 14:01")
    taken = part(shop, key="k1")
    assert isinstance(taken, PartTaken)
    assert part(shop, key="k1").part_id == taken.part_id
    assert part(shop).part_id == taken.part_id
    shop.at("2026-03-09 14:00")
    shop.record(buys(ref("ada"), 2_900))
    shop.at("2026-03-09 14:01")
    shop.record(buys(ref("ada"), 5_000))
    night(shop)
    assert ("sprint", 1, True) not in prizes(shop)
    shop.at("2026-03-09 14:02")
    assert part(shop).part_id != taken.part_id
    shop.record(buys(ref("ada"), 3_000))
    night(shop)
    assert ("sprint", 1, True) in prizes(shop)
    assert points(shop) == 7 + 5
    books(shop)


def test_only_what_asks_for_it_is_taken_part_in(shop: Shop) -> None:
    before = shop.counts()
    no, nowhere = part(shop, "ten-coffees"), part(shop, "nothing")
    assert isinstance(no, Refused)
    assert (no.code, nowhere.code) == ("no_part_needed", "unknown_challenge")
    assert shop.counts() == before


def test_a_streak_bridges_one_missed_week_a_month_and_ends_at_the_second(shop: Shop) -> None:
    shop.record(buys(ref("ada"), 100))
    assert streak(shop) == (1, 1, 1, True, 2)
    shop.at("2026-03-17 12:00")
    assert streak(shop) == (1, 1, 0, False, 2)
    shop.record(buys(ref("ada"), 100, receipt="two"))
    night(shop)
    assert (points(shop), streak(shop)) == (5, (2, 2, 0, True, 3))
    shop.at("2026-03-23 00:00")
    shop.record(buys(ref("ada"), 100, receipt="three"))
    night(shop)
    assert [one.badge for one in seen(shop).prizes] == ["", "Regular"]
    shop.at("2026-04-14 12:00")
    assert streak(shop) == (0, 3, 1, False, None)
    books(shop)


def test_a_return_breaks_the_streak_and_takes_its_milestones(shop: Shop) -> None:
    for day, receipt in (("02", "one"), ("09", "two"), ("16", "three")):
        shop.at(f"2026-03-{day} 15:00")
        shop.record(buys(ref("ada"), 100, receipt=receipt))
    night(shop)
    assert points(shop) == 5
    shop.record(brings_back("two"))
    night(shop)
    assert streak(shop)[:2] == (2, 2)
    assert prizes(shop) == [("weekly", 2, True), ("weekly", 3, False)]
    shop.record(brings_back("one"))
    night(shop)
    assert points(shop) == 0
    books(shop)


def test_the_week_ends_where_the_member_lives(shop: Shop) -> None:
    shop.joined("kai", zone="Pacific/Auckland")
    shop.joined("eve")
    shop.at("2026-03-08 13:00")  # Sunday here, Monday in Auckland
    for name in ("kai", "eve"):
        shop.record(buys(ref(name), 100))
    shop.at("2026-03-10 13:00")
    for name in ("kai", "eve"):
        shop.record(buys(ref(name), 100))
    night(shop)
    assert (points(shop, "kai"), points(shop, "eve")) == (0, 5)


def test_any_kind_of_activity_can_count_and_only_kept_ones(shop: Shop) -> None:
    source = PLAY + "".join(
        "  - {id: reader, name: Reader, every: day, counts: {on: review},"
        " milestones: [{length: 1, prize: {wallet: points, points: 3}}]}\n"
    )
    again(shop, source)
    shop.record(RecordActivity(kind="review", member=ref("ada"), source="web", external_id="v"))
    night(shop)
    assert points(shop) == 3
    books(shop)


def test_a_month_that_has_begun_keeps_its_terms(shop: Shop) -> None:
    coffees(shop, 5)
    shop.at("2026-03-10 12:00")
    again(shop, PLAY.replace("target: 10, measure: items", "target: 5, measure: items"))
    night(shop)
    coffees(shop, 1)
    night(shop)
    assert progress(shop, "ten-coffees") == (6, 10, 0)
    shop.at("2026-04-02 12:00")
    coffees(shop, 5)
    night(shop)
    assert ("ten-coffees", 1, True) in prizes(shop)
    books(shop)


def test_two_who_become_one_keep_what_each_had_and_count_together(shop: Shop) -> None:
    for who in ("ada", "ben"):
        coffees(shop, 10, f"of-{who}", who)
    night(shop)
    assert (points(shop), points(shop, "ben")) == (50, 50)
    merge(shop, ref("ben"), ref("ada"))
    night(shop)
    assert points(shop) == 100
    shop.record(brings_back("of-ada"))
    night(shop)
    assert points(shop) == 100
    shop.record(brings_back("of-ben", (0, 1)))
    night(shop)
    assert points(shop) == 0
    books(shop)


def test_two_halves_that_become_one_reach_it_together(shop: Shop) -> None:
    coffees(shop, 5)
    coffees(shop, 5, who="ben")
    night(shop)
    assert merge(shop, ref("ben"), ref("ada")).state == "merged"
    night(shop)
    assert points(shop) == 50
    books(shop)


def test_who_was_merged_is_shown_as_whom_they_stand(shop: Shop) -> None:
    coffees(shop, 4, who="ben")
    coffees(shop, 3)
    gone = member_id(shop, "ben")
    merge(shop, ref("ben"), ref("ada"))
    found = shop.do(lambda tx, terms: show_games(tx, terms, gone))
    assert found.member_id == member_id(shop, "ada")
    assert [one.running for one in found.challenges if one.promise.id == "ten-coffees"] == [7]


def test_two_at_once_give_the_prize_once(shop: Shop) -> None:
    from regulars.flows.points.gaming.settle_prizes import settle_prizes

    coffees(shop, 10)
    shop.together(*[lambda tx, terms: settle_prizes(tx, terms, 10) for _ in range(2)])
    assert prizes(shop) == [("ten-coffees", 1, True)]
    assert points(shop) == 50


def test_a_program_without_games_keeps_and_asks_nothing(open_shop: Open) -> None:
    text = PLAY[: PLAY.index("challenges:")]
    shop = met(open_shop(text))
    shop.record(buys(ref("ada"), 100))
    assert night(shop) == 0
    assert [shop.counts()[t] for t in ("deed", "prize_clock", "prize")] == [0, 0, 0]
    assert seen(shop).challenges == []

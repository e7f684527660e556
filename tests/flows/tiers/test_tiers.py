"""Tiers: up on the purchase that reaches them, down only when their time is over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.makers import Shop, brings_back, buys, line

from regulars.flows.membership.tiers.show_moves import show_moves
from regulars.records.program.templates import load_template

Open = Callable[[str], Shop]
LADDER = """
regulars: 1
program: ladder
name: Ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: WINDOW
  rolling_days: 30
  valid: VALID
  downgrade: HOW
  returned_credit: CREDIT
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]
"""


def ladder(
    window: str = "calendar_year", valid: str = "next_window_end", how: str = "full",
    credit: str = "at_period_end",
) -> str:  # fmt: skip
    text = LADDER.replace("WINDOW", window).replace("VALID", valid)
    return text.replace("HOW", how).replace("CREDIT", credit)


def tier(shop: Shop, who: str = "ada") -> tuple[str | None, datetime | None]:
    sql = """select tier, tier_until from standing where program_id = $1 and member_id =
             (select member_id from identifier where program_id = $1 and value = $2)"""
    return shop.rows(sql, who)[0]  # type: ignore[return-value]


def berlin(year: int, month: int, day: int) -> datetime:
    """Midnight of a winter's day in Berlin."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)


def test_what_a_year_reached_holds_for_it_and_the_next(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    assert tier(shop) == ("gold", berlin(2028, 1, 1))
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, 12_000, receipt="r2"))
    shop.at("2027-12-31 23:59:59")
    assert shop.night()["review_tiers"] == 0
    shop.at("2028-01-01 00:00")
    assert shop.night()["review_tiers"] == 1
    # 2027 reached silver, for 2027 and 2028.
    assert tier(shop) == ("silver", berlin(2029, 1, 1))
    shop.at("2029-01-01 00:00")
    shop.night()
    assert tier(shop) == (None, None)
    moves = (
        "select from_tier, to_tier, reason from tier_move where program_id = $1 order by move_id"
    )
    assert shop.rows(moves) == [
        (None, "gold", "reached"), ("gold", "silver", "lost"), ("silver", None, "lost"),
    ]  # fmt: skip


def test_what_is_valid_to_the_window_s_end_ends_with_it(open_shop: Open) -> None:
    shop = open_shop(ladder(valid="window_end"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    assert tier(shop) == ("gold", berlin(2027, 1, 1))
    shop.at("2027-01-01 00:00")
    shop.night()
    assert tier(shop) == (None, None)


def test_a_till_whose_clock_is_ahead_ends_no_tier_before_its_time(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    shop.at("2027-12-31 23:00")
    tomorrow = shop.now + timedelta(hours=2)
    (early,) = shop.record(buys(ada, 100, receipt="r2", occurred_at=tomorrow))
    assert (early.tier_before, early.tier) == ("silver", "silver")
    shop.now = tomorrow
    shop.night()
    assert tier(shop) == (None, None)


def test_a_soft_landing_is_one_step_a_window(open_shop: Open) -> None:
    shop = open_shop(ladder(how="one_step"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.at("2028-02-01 00:00")
    shop.night()
    assert tier(shop) == ("silver", berlin(2029, 1, 1))
    shop.at("2029-02-01 00:00")
    shop.night()
    assert tier(shop) == (None, None)


def test_who_was_never_looked_at_comes_down_as_if_somebody_had(open_shop: Open) -> None:
    shop = open_shop(ladder(how="one_step"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.at("2031-02-01 00:00")
    (next_,) = shop.record(buys(ada, 100, receipt="r2"))
    assert (next_.tier_before, next_.tier) == ("gold", None)
    when = "select occurred_at from tier_move where program_id = $1 order by move_id"
    assert shop.rows(when)[1:] == [(berlin(2028, 1, 1),), (berlin(2029, 1, 1),)]


def test_a_rolling_tier_ends_when_its_credit_has_rolled_out(open_shop: Open) -> None:
    shop = open_shop(ladder(window="rolling", valid="window_end"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    shop.at("2026-03-20 12:00")
    shop.record(buys(ada, 9_900, receipt="r2"))
    assert tier(shop)[0] == "silver"
    shop.at("2026-04-01 00:00")
    shop.night()
    assert tier(shop) == (None, None)


def test_credit_that_is_returned_takes_the_tier_it_helped_to_reach(open_shop: Open) -> None:
    shop = open_shop(ladder(window="rolling", credit="revoke_now"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 6_000, receipt="r1"))
    shop.now += timedelta(days=4)
    (second,) = shop.record(buys(ada, 5_000, receipt="r2"))
    assert second.tier == "silver"
    shop.now += timedelta(days=1)
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert (back.tier_before, back.tier) == ("silver", None)


def test_a_tier_stays_when_what_is_left_would_have_reached_it(open_shop: Open) -> None:
    shop = open_shop(ladder(window="rolling", credit="revoke_now"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    shop.now += timedelta(days=4)
    shop.record(buys(ada, 12_000, receipt="r2"))
    shop.now += timedelta(days=40)
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert back.tier == "silver"


@pytest.mark.parametrize(("credit", "after"), [("at_period_end", "silver"), ("never", "silver")])
def test_credit_that_is_returned_waits_for_the_period_s_end(
    open_shop: Open, credit: str, after: str
) -> None:
    shop = open_shop(ladder(credit=credit))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, line(10_000, quantity=2), receipt="r1"))
    shop.record(brings_back("r1", (0, 1), receipt="b1"))
    assert tier(shop)[0] == after
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, line(10_000, quantity=2), receipt="r2"))
    shop.record(brings_back("r2", (0, 1), receipt="b2"))
    shop.at("2028-01-01 00:00")
    shop.night()
    assert tier(shop)[0] == (None if credit == "at_period_end" else "silver")


def test_a_ladder_that_is_gone_strips_nobody_and_ends_the_night(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="r1"))
    source = ladder().replace("program: ladder", f"program: {shop.terms.slug}")
    shop.publish(source[: source.index("tiers:")])
    shop.at("2028-06-01 12:00")
    assert shop.night()["review_tiers"] == 1
    assert tier(shop) == ("silver", None)


def test_a_downgrade_waits_for_the_days_of_grace(open_shop: Open) -> None:
    shop = open_shop(load_template("bronze-silver-gold"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 60_000, receipt="r1"))
    new_york = datetime(2028, 1, 31, 5, 0, tzinfo=UTC)
    assert tier(shop) == ("silver", new_york)
    shop.now = new_york - timedelta(seconds=1)
    assert shop.night()["review_tiers"] == 0
    shop.now = new_york
    assert shop.night()["review_tiers"] == 1
    # Bronze takes nothing, so the year that runs reaches it again.
    assert tier(shop) == ("bronze", datetime(2030, 1, 31, 5, 0, tzinfo=UTC))


def test_credit_of_the_days_of_grace_keeps_the_tier(open_shop: Open) -> None:
    shop = open_shop(load_template("bronze-silver-gold"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 60_000, receipt="r1"))
    shop.at("2028-01-20 12:00")
    shop.record(buys(ada, 50_000, receipt="r2"))
    shop.at("2028-02-01 12:00")
    shop.night()
    assert tier(shop) == ("silver", datetime(2030, 1, 31, 5, 0, tzinfo=UTC))


def test_whoever_fell_is_told_what_the_tier_takes_that_they_lost(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, 12_000, receipt="r2"))
    shop.at("2028-01-01 00:00")
    shop.night()
    who = shop.rows("select member_id from standing where program_id = $1")[0][0]
    fell, rose = shop.do(lambda tx, terms: show_moves(tx, terms, who))
    assert (fell.move.from_tier, fell.move.to_tier, fell.needed) == ("gold", "silver", 30_000)
    assert (rose.move.to_tier, rose.needed) == ("gold", 30_000)
    shop.at("2029-01-01 00:00")
    shop.night()
    out, *_ = shop.do(lambda tx, terms: show_moves(tx, terms, who))
    assert (out.move.to_tier, out.needed) == (None, 10_000)


def test_what_a_change_was_decided_by_stays_whatever_comes_back_afterwards(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 31_000, receipt="r1"))
    shop.at("2026-05-01 12:00")
    shop.record(brings_back("r1", receipt="b1"))
    who = shop.rows("select member_id from standing where program_id = $1")[0][0]
    (rose,) = shop.do(lambda tx, terms: show_moves(tx, terms, who))
    assert (rose.credit, rose.move.counted) == (31_000, 31_000)
    shop.at("2028-01-01 00:00")
    shop.night()
    out, *_ = shop.do(lambda tx, terms: show_moves(tx, terms, who))
    assert (out.move.to_tier, out.credit) == (None, 0)


def test_whoever_fell_is_told_what_counted_in_the_time_that_was_judged(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.at("2027-06-01 12:00")
    shop.record(buys(ada, 12_000, receipt="r2"))
    shop.at("2028-01-01 00:00")
    shop.night()
    who = shop.rows("select member_id from standing where program_id = $1")[0][0]
    fell, rose = shop.do(lambda tx, terms: show_moves(tx, terms, who))
    assert (rose.credit, fell.credit, fell.needed) == (30_000, 12_000, 30_000)

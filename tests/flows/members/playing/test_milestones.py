"""Milestones in the books: given with the deed, taken back with the return, each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import merge, unmerge
from tests.makers import Shop, brings_back, buys

from regulars.base.faults import Refused
from regulars.flows.commands import Recorded
from regulars.flows.points.gaming.show_milestones import show_milestones
from regulars.flows.recording.preview_activities import preview_activities
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
WAYS = """
regulars: 1
program: ways
name: Ways
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt, expiry: {after: 60 days}}}
milestones:
  - {id: third, name: Every third, wallet: points, steps: [{at: 3, points: 50, again: true}]}
  - {id: year, name: The year, wallet: points, measure: spend, per: year,
     steps: [{at: "50.00", points: 10}, {at: "90.00", points: 100}, {at: "190.00", points: 500}]}
"""
ADA, BEN = MemberRef(external="ada"), MemberRef(external="ben")


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(WAYS))


def met(shop: Shop) -> Shop:
    """Ada and Ben are members; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben")
    return shop


def bought(shop: Shop, minor: int, receipt: str, who: MemberRef = ADA, **more: Any) -> Recorded:
    (answer,) = shop.record(buys(who, minor, receipt=receipt, **more))
    assert isinstance(answer, Recorded), answer
    return answer


def points(shop: Shop, name: str = "ada") -> int:
    available, _, debt = shop.balances(name).get("points", (0, 0, 0))
    return available - debt


def seen(shop: Shop, who: Recorded) -> list[tuple[int, int, int | None]]:
    found = shop.do(lambda tx, terms: show_milestones(tx, terms, who.member_id))
    return [(one.together, one.given, one.next_at) for one in found.milestones]


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_the_third_purchase_says_what_it_reached_and_its_return_takes_it_back(shop: Shop) -> None:
    bought(shop, 2_000, "a1")
    bought(shop, 2_000, "a2")
    (tried,) = shop.ask(preview_activities, buys(ADA, 5_500))
    third = bought(shop, 5_500, "a3")
    assert tried.milestones == third.milestones == {"third": 50, "year": 110}
    assert (third.earned, points(shop)) == ({}, 160)
    assert seen(shop, third) == [(3, 50, 6), (9_500, 110, 19_000)]
    (back,) = shop.record(brings_back("a3", (0, 501), receipt="b3"))
    assert (back.milestones, points(shop)) == ({"year": -100}, 60)
    (back,) = shop.record(brings_back("a3", receipt="c3"))
    assert (back.milestones, points(shop)) == ({"third": -50, "year": -10}, 0)
    assert shop.told()[-4:] == [
        "points.returned", "milestone.taken_back", "milestone.taken_back", "points.returned",
    ]  # fmt: skip
    books(shop)


def test_what_was_told_twice_or_late_counts_once_and_for_its_own_year(shop: Shop) -> None:
    for receipt in ("a1", "a2", "a3"):
        bought(shop, 1_700, receipt)
    assert points(shop) == 60
    again = bought(shop, 1_700, "a3")
    assert (again.replayed, points(shop)) == (True, 60)
    late = bought(shop, 9_999, "a4", occurred_at=shop.local("2025-12-31 23:59"))
    assert (late.milestones, seen(shop, late)) == (
        {"year": 110}, [(4, 50, 6), (5_100, 10, 9_000)],
    )  # fmt: skip
    books(shop)


def test_what_had_lapsed_is_not_owed_and_what_was_spent_is(shop: Shop) -> None:
    for receipt in ("a1", "a2", "a3"):
        bought(shop, 1_000, receipt)
    shop.now += timedelta(days=90)
    shop.night()
    shop.record(brings_back("a3", receipt="b3"))
    assert points(shop) == 0
    bought(shop, 1_000, "a4")
    assert points(shop) == 50
    shop.now += timedelta(days=90)
    shop.record(brings_back("a4", receipt="b4"), brings_back("a2", receipt="b2"))
    assert points(shop) == 0, "that lapsed as well, and is not owed either"
    books(shop)


def test_what_had_lapsed_before_two_became_one_is_not_owed(shop: Shop) -> None:
    for receipt in ("a1", "a2", "a3"):
        bought(shop, 1_000, receipt)
    assert points(shop) == 50
    shop.now += timedelta(days=90)
    shop.night()
    bought(shop, 1, "b1", BEN)
    merge(shop, ADA, BEN)
    shop.record(brings_back("a3", receipt="ra3"), brings_back("a2", receipt="ra2"))
    assert points(shop, "ben") == 0, "the 50 had lapsed with Ada"
    books(shop)


def both(shop: Shop) -> Recorded:
    """Ada and Ben buy for 90.00 each in two purchases, and Ben once more; then they become one."""
    for name, who in (("a", ADA), ("b", BEN)):
        for number in range(2):
            bought(shop, 4_500, f"{name}{number}", who)
    ben = bought(shop, 1, "b2", BEN)
    assert (points(shop), points(shop, "ben")) == (110, 160)
    merge(shop, BEN, ADA)
    return ben


def test_two_who_become_one_reach_it_together_and_keep_what_each_had(shop: Shop) -> None:
    both(shop)
    sixth = bought(shop, 1_000, "a2")
    assert sixth.milestones == {"third": 50, "year": 390}, "both had 110 of the 610 before"
    assert points(shop) == 710
    shop.record(brings_back("b2", receipt="rb2"))
    assert points(shop) == 660, "five are left, which is one time three"
    books(shop)


def test_who_is_parted_again_has_what_they_had(shop: Shop) -> None:
    ben = both(shop)
    assert not isinstance(unmerge(shop, ben.member_id), Refused)
    assert (points(shop), points(shop, "ben")) == (110, 160)
    shop.record(brings_back("b2", receipt="rb2"))
    assert (points(shop), points(shop, "ben")) == (110, 110)
    books(shop)


LIVES = WAYS.replace("after: 60 days}", "after: 10 days}, comes_late: {days: 6}")


def test_what_is_reached_by_something_late_lives_for_a_while_too(open_shop: Open) -> None:
    shop = met(open_shop(LIVES))
    begun = shop.now
    bought(shop, 100, "a1")
    bought(shop, 100, "a2")
    shop.at("2026-03-20 14:00")
    late = bought(shop, 100, "a3", occurred_at=begun)
    assert late.milestones == {"third": 50}
    shop.at("2026-03-26 23:00")
    shop.night()
    assert points(shop) == 50
    shop.at("2026-03-27 00:00")
    shop.night()
    assert points(shop) == 0
    books(shop)


def test_what_had_lapsed_with_who_was_merged_is_not_owed(shop: Shop) -> None:
    for n in range(3):
        bought(shop, 100, f"b{n}", who=BEN)
    shop.at("2026-05-02 14:00")
    shop.night()
    assert points(shop, "ben") == 0
    merge(shop, BEN, ADA)
    bought(shop, 5_000, "a1")
    assert points(shop) == 10
    shop.record(brings_back("b0", receipt="back"), brings_back("b1", receipt="back-too"))
    assert points(shop) == 10, "the 50 had lapsed with Ben"
    books(shop)

"""Two memberships of one person, as their two accounts become one, and two again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.books import assert_books_right
from tests.flows.plans.houses import ADA, BEN, ROASTERY, may, start, turn, until
from tests.flows.points.sharing import merge, unmerge
from tests.makers import Shop

from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import EraseMember

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Ada and Ben joined; it is the first of April, three in the afternoon."""
    shop = open_shop(ROASTERY)
    shop.joined("ada", "ben")
    shop.at("2027-04-01T15:00")
    return shop


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_two_that_run_go_on_beside_each_other_and_no_third_begins(shop: Shop) -> None:
    plus, club = start(shop), start(shop, BEN, plan="club")
    merge(shop, BEN, ADA)
    assert (may(shop, "ada", "delivery"), may(shop, "ben", "tasting")) == ("yes", "yes")
    assert start(shop, plan="year").code == "has_plan"
    shop.at("2027-05-01T14:00")
    paid = turn(shop, club, "paid")
    assert (paid.member_id, paid.amount_minor, until(shop, paid)) == (
        plus.member_id, 2_500, "2027-06-01T15:00",
    )  # fmt: skip
    shop.at("2027-05-09T15:00")
    shop.night("renew_plans")
    assert (may(shop, "ada", "delivery"), may(shop, "ada", "tasting")) == ("no_plan", "yes")
    books(shop)


def test_points_that_came_before_a_merge_go_with_a_refund_after_it(shop: Shop) -> None:
    start(shop)
    plus = start(shop, BEN)
    merge(shop, BEN, ADA)
    assert shop.balances("ada")["points"][0] == 200
    back = turn(shop, plus, "refunded", amount_minor=500)
    assert (back.paid_minor, shop.balances("ada")["points"][0]) == (500, 150)
    books(shop)


def test_two_again_each_has_their_own(shop: Shop) -> None:
    start(shop)
    club = start(shop, BEN, plan="club")
    merge(shop, BEN, ADA)
    unmerge(shop, club.member_id)
    assert (may(shop, "ada", "tasting"), may(shop, "ben", "tasting")) == ("no_plan", "yes")
    assert turn(shop, club, "refunded").member_id == club.member_id
    books(shop)


def test_a_refund_after_a_change_is_of_the_plan_it_changed_to(shop: Shop) -> None:
    begun = start(shop)
    shop.at("2027-04-16T15:00")
    turn(shop, begun, "changed", plan="club", at="now")
    back = turn(shop, begun, "refunded", amount_minor=1_250)
    assert (back.state, back.paid_minor, shop.balances("ada")["points"][0]) == ("active", 500, 50)
    last = turn(shop, begun, "refunded")
    assert (last.state, last.amount_minor) == ("ended", -500)
    assert "points" not in shop.balances("ada")
    books(shop)


def test_whoever_is_forgotten_takes_along_what_ran_of_those_they_were_one_with(shop: Shop) -> None:
    """The books took it for one that nobody looks at: who was merged is called merged for ever."""
    plus, _ = start(shop), start(shop, BEN, plan="club")
    merge(shop, BEN, ADA)
    books(shop)
    shop.ask(erase_members, EraseMember(plus.member_id))
    assert shop.rows("select count(*) from membership_clock where program_id = $1") == [(0,)]
    books(shop)

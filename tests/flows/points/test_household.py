"""Households: points stay with their owners, and all can spend what lapses soonest."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import (
    SHARING,
    block,
    enter,
    household,
    leave,
    member_id,
    take_together,
    totals,
)
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.base.faults import NotFound
from regulars.flows.commands import Redeemed
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.redeem_together import redeem_together
from regulars.records.members.types import EraseMember

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(SHARING)


def points(shop: Shop, name: str) -> list[tuple[int, Any]]:
    return [(lot[1], lot[3]) for lot in shop.lots(name) if lot[0] == "points"]


def test_the_pool_spends_what_lapses_soonest_whoever_owns_it(shop: Shop) -> None:
    ada, ben, cem = shop.joined("ada", "ben", "cem")
    home = household(shop, ada, ben, cem)
    shop.record(buys(ben, 1_200))
    shop.now += timedelta(days=1)
    shop.record(buys(ada, 1_000))
    shop.now += timedelta(days=1)
    shop.record(buys(cem, 5_000))
    before = totals(shop)[0][1]
    taken = take_together(shop, home, ada, "cup")
    assert isinstance(taken, Redeemed)
    assert (taken.state, taken.price) == ("captured", {"points": 30})
    assert [sum(n for n, _ in points(shop, who)) for who in ("ada", "ben", "cem")] == [0, 0, 42]
    assert totals(shop)[0][1] == before - 30
    owners = shop.rows(
        "select m.member_id, -sum(m.delta)::bigint from lot_move m join entry e using "
        "(program_id, member_id, entry_id) where program_id = $1 and e.kind = 'pool' "
        "and m.delta < 0 group by 1"
    )
    assert dict(owners) == {member_id(shop, "ben"): 12, member_id(shop, "cem"): 8}
    assert shop.told().count("points.pooled") == 4


def test_at_a_tie_the_takers_own_points_go_first(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ben, 2_000), buys(ada, 2_000))
    take_together(shop, home, ben, "cup")
    assert (shop.balances("ada")["points"], shop.balances("ben").get("points")) == (
        (10, 0, 0),
        None,
    )


def test_too_little_together_is_refused_and_nothing_is_handed_over(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 1_000), buys(ben, 1_900))
    before = shop.counts()
    no = take_together(shop, home, ada, "cup")
    assert (no.code, no.facts["available"]) == ("not_enough_points", 29)
    assert shop.counts() == before


def test_who_owes_or_is_blocked_lends_nothing(shop: Shop) -> None:
    ada, ben, cem = shop.joined("ada", "ben", "cem")
    home = household(shop, ada, ben, cem)
    shop.record(buys(ada, 1_000), buys(ben, 5_000), buys(cem, 5_000))
    block(shop, ben)
    assert isinstance(take_together(shop, home, ada, "cup"), Redeemed)
    assert shop.balances("ben")["points"] == (50, 0, 0)
    assert take_together(shop, home, ben, "mug").code == "member_blocked"
    assert shop.balances("cem")["points"] == (30, 0, 0)
    assert take_together(shop, home, ada, "unheard-of").code == "unknown_reward"


def test_joining_and_leaving_moves_no_point(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 1_000), buys(ben, 2_000))
    lots, before = [shop.lots("ada"), shop.lots("ben")], totals(shop)
    home = household(shop, ada)
    done = enter(shop, home, ben)
    assert (done.role, done.members) == ("member", 2)
    assert leave(shop, home, ben).role is None
    assert ([shop.lots("ada"), shop.lots("ben")], totals(shop)) == (lots, before)
    assert isinstance(take_together(shop, home, ben, "mug"), NotFound)


def test_a_household_has_one_head_who_hands_over_before_leaving(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    assert leave(shop, home, ada).code == "head_stays"
    assert enter(shop, home, ada, "member").code == "head_stays"
    assert enter(shop, home, ben, "head").role == "head"
    assert leave(shop, home, ada).members == 1
    assert leave(shop, home, ben).members == 0
    roles = "select role, left_at is null from household_member where program_id = $1 order by 1, 2"
    assert shop.rows(roles) == [("head", False)] * 2 + [("member", False)] * 2


def test_a_household_that_nobody_is_left_in_is_over(shop: Shop) -> None:
    """There is nobody to answer for who comes: they found one of their own."""
    ada, ben, cem = shop.joined("ada", "ben", "cem")
    left, forgotten = household(shop, ada), household(shop, ben)
    assert leave(shop, left, ada).members == 0
    shop.ask(erase_members, EraseMember(member_id(shop, "ben")))
    for home in (left, forgotten):
        for role in ("member", "head"):
            assert isinstance(enter(shop, home, cem, role), NotFound)
    assert enter(shop, household(shop, ada), cem).members == 2


def test_nobody_belongs_to_two_and_a_household_can_be_full(shop: Shop) -> None:
    ada, ben, cem, dan = shop.joined("ada", "ben", "cem", "dan")
    home = household(shop, ada, ben, cem)
    assert enter(shop, home, dan).code == "household_full"
    other = household(shop, dan)
    assert enter(shop, other, ben).code == "in_household"
    shop.record(buys(by(card="C1"), 100))
    assert enter(shop, other, by(card="C1")).code == "not_registered"
    assert isinstance(enter(shop, member_id(shop, "ada"), ben), NotFound)
    assert enter(shop, home, ben).members == 3


def test_only_the_head_spends_where_the_program_says_so(open_shop: Open) -> None:
    shop = open_shop(SHARING.replace("most_members: 3", "most_members: 3, spends: head"))
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ben, 5_000))
    assert take_together(shop, home, ben, "cup").code == "head_only"
    assert isinstance(take_together(shop, home, ada, "cup"), Redeemed)


def test_a_program_without_households_has_none(open_shop: Open) -> None:
    shop = open_shop(SHARING.replace("household: {most_members: 3}\n", ""))
    (ada,) = shop.joined("ada")
    with pytest.raises(AttributeError):
        household(shop, ada)  # the refusal has no household


def test_a_return_takes_from_who_bought_also_after_the_points_were_shared(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ben, 3_000, receipt="b1"))
    take_together(shop, home, ada, "cup")
    shop.record(brings_back("b1"))
    assert shop.balances("ben")["points"] == (0, 0, 30)


def test_a_shared_reward_happens_once_also_when_asked_at_once(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 2_000), buys(ben, 1_500))

    def act(whom: Any, key: str) -> Any:
        wish = RedeemTogether(home, whom, "cup", asked=asked(key))
        return lambda tx, terms: redeem_together(tx, terms, [wish])

    answers = shop.together(act(ada, "k1"), act(ada, "k1"), act(ben, "k2"), act(ben, "k3"))
    assert not [one for one in answers if isinstance(one, BaseException)], answers
    taken = {one[0].redemption_id for one in answers if isinstance(one[0], Redeemed)}
    assert len(taken) == 1
    assert totals(shop)[0][1] == 5


def test_the_books_are_right_after_all_of_it(database: Any) -> None:
    asyncio.run(assert_books_right(database.owner_dsn))


def test_of_two_servers_the_one_behind_spends_from_a_pool_that_just_began(shop: Shop) -> None:
    """Clocks differ by seconds; the books say so, and nothing is wrong with them."""
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ben, 5_000))
    shop.now += timedelta(hours=1)
    home = household(shop, ada, ben)
    shop.now -= timedelta(seconds=2)
    assert isinstance(take_together(shop, home, ada, "cup"), Redeemed)
    leave(shop, home, ben)
    asyncio.run(assert_books_right(shop.made.owner_dsn))

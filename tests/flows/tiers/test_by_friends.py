"""Tiers by friends who were brought and stayed: up when they stay, down when it is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.members.test_referrals import BRING, books, brought, met, names, ref, states
from tests.flows.points.sharing import merge
from tests.flows.tiers.further.test_further import on
from tests.flows.tiers.test_tiers import tier
from tests.makers import Shop, asked, brings_back, buys, named

from regulars.base.faults import Fault, Invalid
from regulars.flows.commands import RecordActivity
from regulars.records.activity.types import FRIEND_STAYED, SaleRef

Open = Callable[[str], Shop]
STEPS = "[{id: friend, at: 1}, {id: ambassador, at: 2}]"
LADDER = f"""
  measure: friends
  window: rolling
  rolling_days: 90
  returned_credit: revoke_now
  steps: {STEPS}
"""
BY_FRIENDS = f"{BRING}tiers:{LADDER}"
CLUB = f"""{BRING}ladders:
  club:
    measure: visits
    or_by: {{measure: friends}}
    returned_credit: revoke_now
    steps: [{{id: regular, at: 9, or_at: 2}}]
"""
TOLD = """
select a.kind, m.external_id, a.actor, a.sale_id is not null from activity a
  join lateral (select i.value as external_id from identifier i
                 where i.program_id = a.program_id and i.member_id = a.member_id
                   and i.kind = 'external') m on true
 where a.program_id = $1 and a.actor = 'referral' order by a.activity_id
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(BY_FRIENDS))


def told(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(TOLD)


def stayed(shop: Shop, *friends: str) -> None:
    """Ada brings these on 2 March, and they keep what they bought."""
    brought(shop, *friends)
    shop.at("2026-03-17 00:05")
    shop.night("settle_referrals")


def test_a_friend_counts_once_they_stayed_and_not_while_they_may_bring_things_back(
    shop: Shop,
) -> None:
    brought(shop, "ben", "cem")
    assert states(shop) == [("qualified", ""), ("qualified", "")]
    assert (told(shop), tier(shop, "ada")[0]) == ([], None)
    shop.at("2026-03-17 00:05")
    shop.night("settle_referrals")
    assert told(shop) == [(FRIEND_STAYED, "ada", "referral", False)] * 2
    assert tier(shop, "ada")[0] == "ambassador"
    shop.night("settle_referrals")
    assert len(told(shop)) == 2
    books(shop)


def test_who_brings_a_third_friend_in_a_month_gets_no_points_and_the_tier_counts_them(
    open_shop: Open,
) -> None:
    steps = STEPS.replace("at: 2", "at: 3")
    shop = met(open_shop(BY_FRIENDS.replace(STEPS, steps)))
    stayed(shop, "ben", "cem", "dan")
    assert shop.balances("ada")["points"][0] == 1_100
    assert tier(shop, "ada")[0] == "ambassador"


def test_what_comes_back_later_takes_the_tier_along(shop: Shop) -> None:
    stayed(shop, "ben", "cem")
    shop.at("2026-04-20 12:00")
    shop.record(brings_back("of-ben"))
    shop.at("2026-04-21 00:05")
    shop.night("settle_referrals")
    assert told(shop)[2:] == [("return", "ada", "referral", True)]
    assert tier(shop, "ada")[0] == "friend"
    shop.night("settle_referrals")
    assert len(told(shop)) == 3
    books(shop)


def test_friends_of_a_window_that_is_over_count_no_more(shop: Shop) -> None:
    stayed(shop, "ben", "cem")
    shop.at("2026-09-20 00:05")
    shop.night("review_tiers")
    assert tier(shop, "ada")[0] is None


def test_a_further_ladder_counts_friends_as_its_second_measure(open_shop: Open) -> None:
    shop = met(open_shop(CLUB))
    stayed(shop, "ben", "cem")
    assert on(shop) == "regular"
    shop.record(brings_back("of-ben"))
    shop.at("2026-03-19 00:05")
    shop.night("settle_referrals")
    assert on(shop) is None
    books(shop)


def test_where_no_ladder_counts_friends_nothing_is_told(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    stayed(shop, "ben")
    assert states(shop) == [("rewarded", "")]
    assert told(shop) == []


def test_friends_who_stayed_before_the_ladder_do_not_count_and_can_be_undone(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BRING))
    stayed(shop, "ben")
    shop.publish(named(BY_FRIENDS, shop.terms.slug))
    assert names(shop, "cem", "ada").state == "named"
    shop.record(buys(ref("cem"), 2_500, receipt="of-cem"), brings_back("of-ben"))
    shop.at("2026-04-03 00:05")
    shop.night("settle_referrals")
    shop.night("settle_referrals")
    assert states(shop)[0][0] == "retracted"
    assert tier(shop, "ada")[0] == "friend"


def test_who_became_one_since_keeps_the_friends_of_both(shop: Shop) -> None:
    shop.joined("eve")
    brought(shop, "ben")
    assert names(shop, "cem", "eve").state == "named"
    shop.at("2026-03-03 12:00")
    shop.record(buys(ref("cem"), 2_500, receipt="of-cem"))
    shop.night("settle_referrals")
    shop.at("2026-03-18 00:05")
    shop.night("settle_referrals")
    assert (tier(shop, "ada")[0], tier(shop, "eve")[0]) == ("friend", "friend")
    assert not isinstance(merge(shop, ref("eve"), ref("ada")), Fault)
    assert tier(shop, "ada")[0] == "ambassador"
    books(shop)


def test_nobody_says_of_themselves_that_a_friend_stayed(shop: Shop) -> None:
    wish = RecordActivity(kind=FRIEND_STAYED, member=ref("ada"), asked=asked("k"))
    (outcome,) = shop.record(wish)
    assert isinstance(outcome, Invalid), outcome
    assert outcome.field == "/kind"
    assert told(shop) == []


def test_nobody_brings_a_friend_back_who_stayed(shop: Shop) -> None:
    stayed(shop, "ben")
    ((friend,),) = shop.rows(
        f"select activity_id from activity where program_id = $1 and kind = '{FRIEND_STAYED}'"
    )
    wish = RecordActivity(kind="return", sale=SaleRef(id=friend), asked=asked("k"))
    (outcome,) = shop.record(wish)
    assert getattr(outcome, "field", "") == "/sale/id", outcome
    assert tier(shop, "ada")[0] == "friend"

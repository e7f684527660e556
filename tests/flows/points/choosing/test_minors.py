"""Minors earn as everybody and spend what they may; a household draws as its program says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.flows.points.sharing import give, member_id
from tests.makers import Shop, buys

from regulars.base.faults import Refused
from regulars.engine.moving.pool import in_proportion
from regulars.engine.rewarding.paying import Basket
from regulars.flows.commands import Redeem, Settle
from regulars.flows.membership.commands import EnterHousehold, FoundHousehold
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
FAMILY = """
regulars: 1
program: family
name: Family
currency: EUR
zone: Europe/Berlin
wallets: {points: {transfers: {}}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
  - {id: bike, name: A bike, price: {points: 100}}
  - {id: film, name: A film, price: {points: 100}, or: [{price: {points: 40}, money: "2.00"}]}
paying: {wallet: points, points: 10, per: "1.00"}
household: {most_members: 4}
"""
MINORS = FAMILY.replace(
    "{most_members: 4}", "{most_members: 4, minors: {points: {points: 60}, per: month}}"
)
EVA, KIM, LOU = (MemberRef(external=name) for name in ("eva", "kim", "lou"))


def home(shop: Shop, *others: tuple[MemberRef, Any]) -> UUID:
    shop.joined("eva", "kim", "lou")
    (founded,) = shop.ask(found_households, FoundHousehold(EVA))
    for member, role in others:
        shop.ask(enter_households, EnterHousehold(founded.household_id, member, role))
    return UUID(str(founded.household_id))


def take(shop: Shop, member: MemberRef, reward: str, **more: Any) -> Any:
    (outcome,) = shop.ask(redeem_rewards, Redeem(member, reward, **{"capture": True, **more}))
    return outcome


def together(shop: Shop, household: UUID, member: MemberRef, reward: str) -> Any:
    (outcome,) = shop.ask(redeem_together, RedeemTogether(household, member, reward))
    return outcome


def has(shop: Shop) -> dict[str, int]:
    found = {}
    for name in ("eva", "kim", "lou"):
        rows = shop.rows(
            "select available from balance where program_id = $1 and member_id = $2",
            member_id(shop, name),
        )
        found[name] = rows[0][0] if rows else 0
    return found


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return family(open_shop(MINORS))


def family(shop: Shop) -> Shop:
    """Eva is the head, Kim a minor with 200 points, Lou of age."""
    shop.home = home(shop, (KIM, "minor"), (LOU, "member"))  # type: ignore[attr-defined]
    shop.record(buys(KIM, 20_000), buys(LOU, 20_000))
    return shop


def test_a_minor_earns_and_spends_so_much_in_a_month(shop: Shop) -> None:
    assert [take(shop, KIM, "cup").state for _ in range(2)] == ["captured", "captured"]
    no = take(shop, KIM, "cup")
    assert (no.code, no.facts) == ("minor_limit", {"points": 0})
    assert has(shop) == {"eva": 0, "kim": 140, "lou": 200}
    shop.at("2026-03-31T23:59:59")
    assert take(shop, KIM, "cup").code == "minor_limit"
    shop.at("2026-04-01T00:00")
    assert take(shop, KIM, "cup").state == "captured"


def test_of_one_batch_the_limit_holds_too(shop: Shop) -> None:
    done = shop.ask(redeem_rewards, *[Redeem(KIM, "cup") for _ in range(3)])
    said = [one.code if isinstance(one, Refused) else one.state for one in done]
    assert said == ["held", "held", "minor_limit"]


def test_what_was_given_back_may_be_spent_again(shop: Shop) -> None:
    held = [take(shop, KIM, "cup", capture=False) for _ in range(2)]
    assert take(shop, KIM, "cup").code == "minor_limit"
    shop.ask(redeem_rewards, Settle(redemption_id=held[0].redemption_id, outcome="voided"))
    assert take(shop, KIM, "cup").state == "captured"
    # The other one was left too long; nobody has written that down yet.
    shop.now += timedelta(minutes=16)
    assert take(shop, KIM, "cup").state == "captured"


def test_with_the_household_s_points_the_limit_is_the_minor_s_own(shop: Shop) -> None:
    household: Any = shop.home  # type: ignore[attr-defined]
    assert together(shop, household, KIM, "bike").code == "minor_limit"
    assert together(shop, household, LOU, "bike").state == "captured"


def test_of_several_prices_the_one_within_the_limit_is_taken(shop: Shop) -> None:
    household: Any = shop.home  # type: ignore[attr-defined]
    assert take(shop, KIM, "film").state == "captured"
    assert has(shop)["kim"] == 160
    assert together(shop, household, KIM, "film").code == "minor_limit"


def test_of_a_basket_as_much_is_paid_as_the_limit_lets(shop: Shop) -> None:
    paid = take(shop, KIM, "", pay=Basket(10_000))
    assert (paid.state, has(shop)["kim"]) == ("captured", 140)
    assert take(shop, KIM, "", pay=Basket(10_000)).code == "minor_limit"
    assert take(shop, LOU, "", pay=Basket(10_000)).state == "captured"
    assert has(shop)["lou"] == 0


def test_a_reservation_that_lapsed_counts_no_more_before_anybody_wrote_it(shop: Shop) -> None:
    for _ in range(2):
        assert take(shop, KIM, "cup", capture=False).state == "held"
    shop.now += timedelta(minutes=15)
    assert take(shop, KIM, "cup").state == "captured"


def test_nobody_under_age_walks_round_the_limit_by_giving_points_away(shop: Shop) -> None:
    assert give(shop, KIM, LOU, 10).code == "minor_limit"
    assert give(shop, LOU, KIM, 10).units == 10


def test_of_age_they_spend_as_everybody(shop: Shop) -> None:
    household: Any = shop.home  # type: ignore[attr-defined]
    shop.ask(enter_households, EnterHousehold(household, KIM, "member"))
    assert take(shop, KIM, "bike").state == "captured"


@pytest.mark.parametrize(
    ("draws", "left"),
    [
        ("soonest", {"eva": 10, "kim": 101, "lou": 0}),
        ("proportional", {"eva": 32, "kim": 53, "lou": 26}),
        ("oldest", {"eva": 10, "kim": 101, "lou": 0}),
        ("head_first", {"eva": 0, "kim": 101, "lou": 10}),
    ],
)
def test_a_household_draws_as_its_program_says(
    open_shop: Open, draws: str, left: dict[str, int]
) -> None:
    shop = open_shop(FAMILY.replace("{most_members: 4}", f"{{most_members: 4, draws: {draws}}}"))
    household = home(shop, (KIM, "member"), (LOU, "member"))
    for who, euros in ((LOU, 50), (EVA, 60), (KIM, 101)):
        shop.record(buys(who, euros * 100))
        shop.now += shop.local("2026-03-03 00:00") - shop.local("2026-03-02 00:00")
    assert together(shop, household, LOU, "bike").state == "captured"
    assert has(shop) == left


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.data())
def test_parts_add_up_and_nobody_gives_more_than_there_is(have: list[int], data: Any) -> None:
    there = {UUID(int=place + 1): points for place, points in enumerate(have)}
    price = data.draw(st.integers(0, sum(have)))
    parts = in_proportion(there, price)
    assert sum(parts.values()) == price
    for who, points in there.items():
        assert 0 <= parts[who] <= points
        exact = price * points
        assert abs(parts[who] * sum(have) - exact) < max(sum(have), 1)


def test_of_what_was_reserved_only_the_part_that_was_taken_is_spent(shop: Shop) -> None:
    held = take(shop, KIM, "cup", capture=False)
    shop.settle(Settle(held.redemption_id, "captured", {"points": 10}))
    # 10 of 60 are spent: another cup and 20 of the next, not none of it.
    assert take(shop, KIM, "cup").state == "captured"
    assert take(shop, KIM, "cup").facts == {"points": 20}

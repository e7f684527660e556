"""A step at 0 is everybody's from joining; a step that is taken off the ladder is kept for now."""

from __future__ import annotations

from collections.abc import Callable

from tests.flows.tiers.test_tiers import berlin, ladder, tier
from tests.makers import Shop, buys, by, named

from regulars.flows.commands import Redeem
from regulars.flows.show_standing import show_standing

Open = Callable[[str], Shop]
STEPS = 'steps: [{id: silver, at: "100.00"}, {id: gold, at: "300.00"}]'
FROM_ZERO = 'steps: [{id: bronze, at: 0}, {id: silver, at: "100.00"}, {id: gold, at: "300.00"}]'
DOUBLE = """
  - id: double
    on: purchase
    wallet: points
    award: {give: multiply, by: 2}
    when: {if: tier, at_least: bronze}
tiers:"""
REWARD = """
rewards:
  - {id: mug, name: Mug, price: {points: 1}, tier: bronze}
"""


def from_zero(**more: str) -> str:
    return ladder(**more).replace(STEPS, FROM_ZERO)


def shown(shop: Shop, who: str = "ada") -> tuple[str | None, list[str]]:
    """The tier and the rewards in reach that the member's own page shows."""
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    member_id = shop.rows(sql, who)[0][0]
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, member_id))
    reach = [each.reward.id for each in standing.rewards if each.no is None]
    return (standing.tier.id if standing.tier else None), reach


def moves(shop: Shop) -> list[tuple[str | None, str | None, str]]:
    sql = "select from_tier, to_tier, reason from tier_move where program_id = $1 order by move_id"
    return shop.rows(sql)  # type: ignore[return-value]


def test_who_joins_stands_on_the_step_at_0_and_is_told(open_shop: Open) -> None:
    shop = open_shop(from_zero())
    shop.joined("ada")
    assert tier(shop) == ("bronze", berlin(2028, 1, 1))
    assert moves(shop) == [(None, "bronze", "reached")]
    assert shop.told() == ["member.joined", "tier.changed"]


def test_bronze_and_above_sees_the_first_purchase(open_shop: Open) -> None:
    shop = open_shop(from_zero().replace("\ntiers:", DOUBLE))
    (ada,) = shop.joined("ada")
    (first,) = shop.record(buys(ada, 1000, receipt="r1"))
    assert first.earned == {"points": 20}
    assert (first.tier_before, first.tier) == ("bronze", "bronze")


def test_a_new_card_stands_on_the_step_at_0_with_its_first_purchase(open_shop: Open) -> None:
    shop = open_shop(from_zero().replace("\ntiers:", DOUBLE))
    (first,) = shop.record(buys(by(card="C1"), 1000, receipt="r1"))
    assert first.earned == {"points": 20}
    assert tier(shop, "C1") == ("bronze", berlin(2028, 1, 1))


def test_members_from_before_the_ladder_stand_on_it_at_once(open_shop: Open) -> None:
    shop = open_shop(ladder() + REWARD.replace(", tier: bronze", ""))
    ada, _ = shop.joined("ada", "ben")
    shop.record(buys(ada, 500, receipt="r1"))
    assert tier(shop) == (None, None)
    shop.publish(named(from_zero().replace("\ntiers:", DOUBLE) + REWARD, shop.terms.slug))
    assert shown(shop) == ("bronze", ["mug"])  # before anything was written
    (bought,) = shop.record(buys(ada, 1000, receipt="r2"))
    assert bought.earned == {"points": 20}
    (held,) = shop.redeem(Redeem(ada, "mug"))
    assert held.state == "held"
    assert tier(shop, "ben") == (None, None)
    assert shop.night()["review_tiers"] == 1  # ben, who did nothing
    assert tier(shop, "ben") == ("bronze", berlin(2028, 1, 1))
    assert shop.night()["review_tiers"] == 0


def test_nobody_falls_below_the_step_at_0(open_shop: Open) -> None:
    shop = open_shop(from_zero(valid="window_end"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    assert tier(shop) == ("gold", berlin(2027, 1, 1))
    shop.at("2029-05-01 12:00")
    shop.night()
    assert tier(shop) == ("bronze", berlin(2030, 1, 1))


def test_a_tier_taken_off_the_ladder_is_not_lost_by_a_purchase(open_shop: Open) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    shop.publish(
        named(ladder().replace(STEPS, 'steps: [{id: silver, at: "100.00"}]'), shop.terms.slug)
    )
    (bought,) = shop.record(buys(ada, 1000, receipt="r2"))
    assert (bought.tier_before, bought.tier) == ("gold", "gold")
    assert shown(shop)[0] == "gold"
    shop.at("2028-01-01 00:00")  # its time is over: then the new ladder judges, and says so
    shop.night()
    assert tier(shop) == (None, None)
    assert moves(shop)[-1] == ("gold", None, "lost")


def test_a_tier_taken_off_the_ladder_opens_what_its_spend_would_open(open_shop: Open) -> None:
    from_silver = DOUBLE.replace("bronze", "silver")
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 30_000, receipt="r1"))
    steps = 'steps: [{id: silver, at: "100.00"}, {id: onyx, at: "1000.00"}]'
    shop.publish(
        named(ladder().replace(STEPS, steps).replace("\ntiers:", from_silver), shop.terms.slug)
    )
    (second,) = shop.record(buys(ada, 1000, receipt="r2"))
    assert second.earned == {"points": 20}
    (third,) = shop.record(buys(ada, 69_000, receipt="r3"))
    assert (third.tier_before, third.tier) == ("gold", "onyx")

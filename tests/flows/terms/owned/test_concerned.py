"""Of every promise that changes it is said whom it concerns, and how many that are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.flows.terms.ladders import ladder, named
from tests.makers import Shop, buys

from regulars.flows.commands import Redeem
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, FoundHousehold
from regulars.flows.membership.keep_households import found_households
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.plan_version import plan_version

Open = Callable[[str], Shop]
MORE = """
rewards:
  - {id: cup, name: Cup, price: {points: 100}}
  - {id: bag, name: Bag, price: {points: 300}}
budgets:
  - {id: month, wallet: points, per: month, points: 5000}
milestones:
  - {id: visits, name: Visits, wallet: points, steps: [{at: 3, points: 50}]}
household: {}
"""


def concerned(shop: Shop, text: str) -> dict[str, tuple[str, str, int | None]]:
    """By its place in the file: how it turns, for whom, and how many these are."""
    file = named(shop, text)
    plan = shop.do(lambda tx, _terms: plan_version(tx, file))
    return {one.path: (one.turn, one.whom.of, plan.touched.get(one.whom)) for one in plan.changes}


def lived(open_shop: Open) -> Shop:
    """Ada bought long ago, Ben for 320.00, Cem for 150.00; Cem had a cup, Dan never was here."""
    shop = open_shop(ladder() + MORE)
    ada, ben, cem, dan = shop.joined("ada", "ben", "cem", "dan")
    shop.record(buys(ada, 9_000, receipt="a"))
    shop.now += timedelta(days=400)
    shop.record(buys(ben, 32_000, receipt="b"), buys(cem, 15_000, receipt="c"))
    shop.ask(redeem_rewards, Redeem(cem, "cup", capture=True))
    shop.ask(found_households, FoundHousehold(ben, actor="till"))
    shop.ask(block_members, BlockMember(dan, True, reason="x", actor="till"))
    shop.now += timedelta(hours=1)
    return shop


def test_who_earns_is_whoever_earned_and_was_there_within_a_year(open_shop: Open) -> None:
    shop = lived(open_shop)
    found = concerned(shop, (ladder() + MORE).replace("points: 1, per", "points: 2, per"))
    assert found == {"rules.euro.award": ("better", "who_collects", 2)}


def test_a_reward_is_of_whoever_took_it_or_has_enough(open_shop: Open) -> None:
    shop = lived(open_shop)
    dearer = MORE.replace("points: 100", "points: 150").replace("points: 300", "points: 290")
    dearer = dearer.replace("budgets:", "  - {id: hat, name: Hat, price: {points: 125}}\nbudgets:")
    assert concerned(shop, ladder() + dearer) == {
        "rewards.cup.price": ("worse", "who_saves", 2),
        "rewards.bag.price": ("better", "who_saves", 1),
        "rewards.hat": ("better", "who_saves", 1),
    }
    without = MORE.replace("  - {id: cup, name: Cup, price: {points: 100}}\n", "")
    gone = concerned(shop, ladder() + without)
    assert gone == {"rewards.cup": ("worse", "who_saves", 2)}


def test_budgets_households_and_blocks_are_counted(open_shop: Open) -> None:
    shop = lived(open_shop)
    text = MORE.replace("points: 5000", "points: 4000").replace("{}", "{most_members: 4}")
    found = concerned(shop, ladder() + text + "blocked: {may_earn: true}\n")
    assert found == {
        "budgets.month": ("worse", "who_collects", 2),
        "household": ("worse", "in_household", 1),
        "blocked": ("better", "blocked", 1),
    }


def test_who_has_come_somewhere_in_a_game_is_counted(open_shop: Open) -> None:
    shop = lived(open_shop)
    found = concerned(shop, ladder() + MORE.replace("points: 50}", "points: 60}"))
    assert found == {"milestones.visits": ("better", "who_plays", 3)}


def test_what_is_not_frozen_with_points_concerns_whoever_has_some(open_shop: Open) -> None:
    shop = lived(open_shop)
    found = concerned(shop, (ladder() + MORE).replace("points: {}", "points: {transfers: {}}"))
    assert found == {"wallets.points.transfers": ("better", "who_has", 3)}

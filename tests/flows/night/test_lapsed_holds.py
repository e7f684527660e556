"""A hold that was not captured in time is over at that instant, whether or not a duty ran."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.flows.points.sharing import give, household, merge, take_together
from tests.makers import Shop, brings_back, buys
from tests.planted.replay.checks import differences

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import Adjust, Redeem
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.show_standing import show_standing

Open = Callable[[str], Shop]
CORNER = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}, hold_for: 15 minutes}
  - {id: mug, name: A mug, price: {points: 30}, stock: 1, hold_for: 15 minutes,
     limit: {times: 1, per: day}}
"""


def ada_holds(open_shop: Open, reward: str, program: str = CORNER) -> tuple[Shop, Any]:
    """Ada has 30 points, all of them reserved for a quarter of an hour."""
    shop = open_shop(program)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000, receipt="r1"))
    (held,) = shop.redeem(Redeem(ada, reward))
    assert held.state == "held"
    return shop, ada


def test_points_behind_a_lapsed_hold_can_be_spent_at_once(open_shop: Open) -> None:
    shop, ada = ada_holds(open_shop, "cup")
    shop.now += timedelta(minutes=15) - timedelta(seconds=1)
    (no,) = shop.redeem(Redeem(ada, "cup"))
    assert no.code == "not_enough_points"
    shop.now += timedelta(seconds=1)
    (second,) = shop.redeem(Redeem(ada, "cup"))
    assert second.state == "held"
    assert shop.balances("ada") == {"points": (0, 30, 0)}
    states = "select state from redemption where program_id = $1 order by redemption_id"
    assert shop.rows(states) == [("lapsed",), ("held",)]
    assert shop.told()[-2:] == ["reward.lapsed", "reward.held"]
    assert shop.night()["lapse_holds"] == 0


def test_the_last_piece_and_the_day_s_chance_come_back_with_it(open_shop: Open) -> None:
    shop, ada = ada_holds(open_shop, "mug")
    shop.now += timedelta(minutes=15)
    (second,) = shop.redeem(Redeem(ada, "mug"))
    assert second.state == "held"
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(0,)]


def test_a_return_finds_them_free(open_shop: Open) -> None:
    refuses = CORNER.replace("points: {}", "points: {negative: refuse}")
    shop, _ = ada_holds(open_shop, "mug", refuses)
    (no,) = shop.record(brings_back("r1", receipt="b1"))
    shop.now += timedelta(minutes=15)
    assert no.code == "points_reserved"
    assert datetime.fromisoformat(no.facts["until"]) == shop.now
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert (back.earned, shop.balances("ada")) == ({"points": -30}, {})
    assert shop.rows("select state from redemption where program_id = $1") == [("lapsed",)]
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(1,)]
    assert shop.told()[-2:] == ["reward.lapsed", "points.returned"]
    assert shop.night()["lapse_holds"] == 0
    assert differences(shop) == []


def test_a_preview_of_a_return_finds_them_free_and_leaves_them(open_shop: Open) -> None:
    refuses = CORNER.replace("points: {}", "points: {negative: refuse}")
    shop, _ = ada_holds(open_shop, "mug", refuses)
    shop.now += timedelta(minutes=15)
    before = shop.counts()
    (back,) = shop.ask(preview_activities, brings_back("r1", receipt="b1"))
    assert back.earned == {"points": -30}
    assert shop.counts() == before


def test_a_return_that_waited_for_its_sale_finds_them_free(open_shop: Open) -> None:
    shop = open_shop(CORNER.replace("points: {}", "points: {negative: refuse}"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000, receipt="r1"))
    shop.redeem(Redeem(ada, "cup"))
    shop.record(brings_back("r2", receipt="b2"))
    shop.now += timedelta(minutes=15)
    shop.record(buys(ada, 3_000, receipt="r2"))
    assert shop.balances("ada") == {"points": (30, 0, 0)}
    states = "select state from redemption where program_id = $1"
    assert shop.rows(states) == [("lapsed",)]


def test_they_can_be_taken_by_hand(open_shop: Open) -> None:
    shop, ada = ada_holds(open_shop, "mug")
    shop.now += timedelta(minutes=15)
    (done,) = shop.adjust(Adjust(ada, "points", -30, "never hers", "mia"))
    assert done.balances == {"points": 0}
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(1,)]


def test_the_member_s_page_shows_them_free(open_shop: Open) -> None:
    shop, _ = ada_holds(open_shop, "mug")
    shop.now += timedelta(minutes=15)
    before = shop.counts()
    member = shop.rows("select member_id from member where program_id = $1")[0][0]
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, member))
    points = standing.balances["points"]
    assert (points.available, points.held) == (30, 0)
    assert {each.reward.id: each.no for each in standing.rewards} == {"cup": None, "mug": None}
    assert shop.counts() == before


def test_of_two_who_ask_at_once_one_ends_the_hold(open_shop: Open) -> None:
    from regulars.flows.redeem_rewards import redeem_rewards

    shop, ada = ada_holds(open_shop, "mug")
    shop.now += timedelta(minutes=15)
    answers = shop.together(
        *[lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "mug")])] * 3
    )
    states = sorted(getattr(one[0], "state", "no") for one in answers)
    assert states == ["held", "no", "no"]
    lapsed = "select count(*) from redemption where program_id = $1 and state = 'lapsed'"
    assert shop.rows(lapsed) == [(1,)]


def given_away(shop: Shop, ada: Any, ben: Any) -> Any:
    return give(shop, ada, ben, 30)


def spent_together(shop: Shop, ada: Any, ben: Any) -> Any:
    return take_together(shop, household(shop, ada, ben), ben, "cup")


def brought_along(shop: Shop, ada: Any, ben: Any) -> Any:
    return merge(shop, ada, ben)


@pytest.mark.parametrize(
    ("move", "code", "left"),
    [
        (given_away, "not_enough_points", 30),
        (spent_together, "not_enough_points", 0),
        (brought_along, "holds_open", 30),
    ],
)
def test_points_behind_it_move_at_once(
    open_shop: Open, move: Callable[[Shop, Any, Any], Any], code: str, left: int
) -> None:
    """One second before, they are reserved; from then on they go wherever points may go."""
    shared = CORNER.replace("points: {}", "points: {transfers: {}}") + "household: {}\n"
    shop, ada = ada_holds(open_shop, "mug", shared)
    (ben,) = shop.joined("ben")
    shop.now += timedelta(minutes=15) - timedelta(seconds=1)
    if move is not spent_together:
        assert move(shop, ada, ben).code == code
    shop.now += timedelta(seconds=1)
    done = move(shop, ada, ben)
    assert not isinstance(done, Fault | Refused), done
    assert shop.balances("ben").get("points", (0, 0, 0)) == (left, 0, 0)
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(1,)]
    states = "select reward, state from redemption where program_id = $1 order by redemption_id"
    assert shop.rows(states)[0] == ("mug", "lapsed")

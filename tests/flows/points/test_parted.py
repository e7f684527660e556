"""What ended, lived again or was given back while two were one, is theirs to whom it came."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.points.sharing import SHARING, member_id, merge, unmerge, write_off
from tests.flows.points.test_courtesy import reinstate
from tests.flows.points.test_merge import two
from tests.makers import Shop, brings_back, by

from regulars.flows.commands import Adjust

Open = Callable[[str], Shop]
_LAPSED_LOTS = """
select lot_id from lot where program_id = $1 and member_id = $2 and wallet = 1
   and remaining = 0 order by earned_at, lot_id
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(SHARING)


def one_for_a_while(shop: Shop, days: int = 10) -> UUID:
    """Ada is Ben for so many days, and what ends meanwhile is let go; who she is."""
    ada, ben = two(shop)
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    shop.now += timedelta(days=days)
    shop.night()
    return gone


def points(shop: Shop, *names: str) -> list[Any]:
    return [shop.balances(name).get("points", (0, 0, 0)) for name in names]


def test_what_lapsed_while_they_were_one_is_not_taken_again(shop: Shop) -> None:
    unmerge(shop, one_for_a_while(shop))
    shop.now += timedelta(days=1)
    shop.night()
    shop.record(brings_back("a1", receipt="x1"), brings_back("b1", receipt="x2"))
    assert points(shop, "ada", "ben") == [(0, 0, 0), (0, 0, 0)]


def test_what_lapsed_with_one_they_were_merged_on_into_is_not_taken_again(shop: Shop) -> None:
    ada, ben = two(shop)
    (cem,) = shop.joined("cem")
    second = member_id(shop, "ben")
    merge(shop, ada, ben)
    merge(shop, ben, cem)
    shop.now += timedelta(days=10)
    shop.night()
    unmerge(shop, second)
    shop.record(brings_back("a1", receipt="x1"))
    assert points(shop, "ada", "cem") == [(25, 0, 0), (0, 0, 0)]


def test_merged_twice_what_lapsed_the_first_time_counts_once(shop: Shop) -> None:
    gone = one_for_a_while(shop)
    unmerge(shop, gone)
    ada, ben = (by(external=name) for name in ("ada", "ben"))
    merge(shop, ada, ben)
    shop.record(brings_back("a1", (0, 2_000), receipt="x1"))
    shop.record(brings_back("a1", receipt="x2"))
    assert points(shop, "ben") == [(25, 0, 0)]


def test_what_lives_again_meanwhile_goes_back_with_whom_it_came(shop: Shop) -> None:
    gone = one_for_a_while(shop)
    stays = member_id(shop, "ben")
    reinstate(shop, by(external="ben"), next(lot for (lot,) in shop.rows(_LAPSED_LOTS, stays)))
    assert points(shop, "ben") == [(66, 0, 0)]
    shop.now += timedelta(hours=1)
    unmerge(shop, gone)
    assert points(shop, "ada", "ben") == [(41, 0, 0), (25, 0, 0)]
    shop.now += timedelta(hours=1)
    shop.record(brings_back("a1", receipt="x1"))
    assert points(shop, "ada", "ben") == [(0, 0, 0), (25, 0, 0)]


def test_what_lives_again_and_lapses_again_is_not_taken(shop: Shop) -> None:
    gone = one_for_a_while(shop)
    stays = member_id(shop, "ben")
    reinstate(shop, by(external="ben"), next(lot for (lot,) in shop.rows(_LAPSED_LOTS, stays)))
    shop.now += timedelta(days=15)
    shop.night()
    unmerge(shop, gone)
    shop.now += timedelta(hours=1)
    shop.record(brings_back("a1", receipt="x1"))
    assert points(shop, "ada", "ben") == [(0, 0, 0), (0, 0, 0)]


def test_points_that_live_again_and_paid_what_the_other_owed_are_spent_together(
    shop: Shop,
) -> None:
    ada, ben = two(shop)
    shop.adjust(Adjust(ben, "points", -25, "spent", "Olga"))
    shop.record(brings_back("b1"))
    gone, stays = member_id(shop, "ada"), member_id(shop, "ben")
    merge(shop, ada, ben)
    shop.now += timedelta(days=10)
    shop.night()
    lot_id = next(lot for (lot,) in shop.rows(_LAPSED_LOTS, stays))
    reinstate(shop, ben, lot_id)
    assert points(shop, "ben") == [(16, 0, 0)]
    shop.now += timedelta(hours=1)
    assert unmerge(shop, gone).code == "spent_together"


def test_an_old_debt_that_came_along_and_was_forgiven_is_forgiven(shop: Shop) -> None:
    ada, ben = two(shop)
    shop.adjust(Adjust(ada, "points", -41, "spent", "Olga"))
    shop.record(brings_back("a1"))
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    write_off(shop, ben)
    assert points(shop, "ben") == [(25, 0, 0)]
    shop.now += timedelta(hours=1)
    done = unmerge(shop, gone)
    assert done.member_id == gone, done
    assert points(shop, "ada", "ben") == [(0, 0, 0), (25, 0, 0)]

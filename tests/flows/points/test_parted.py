"""What ended, lived again or was given back while two were one, is theirs to whom it came."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.points.sharing import SHARING, member_id, merge, unmerge, write_off
from tests.flows.points.test_courtesy import reinstate
from tests.flows.points.test_merge import two
from tests.makers import Shop, brings_back, buys, by
from tests.planted.replay.checks import differences

from regulars.flows.commands import Adjust
from regulars.records.members.types import MemberRef

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


def owes_along(shop: Shop) -> tuple[MemberRef, UUID]:
    """Ada owes 41 and is Ben now, who has nothing; he, and who she is."""
    ada, ben = two(shop)
    shop.adjust(Adjust(ada, "points", -41, "spent", "Olga"))
    shop.adjust(Adjust(ben, "points", -25, "spent", "Olga"))
    shop.record(brings_back("a1"))
    gone = member_id(shop, "ada")
    shop.now += timedelta(hours=1)
    merge(shop, ada, ben)
    shop.now += timedelta(hours=1)
    return ben, gone


def test_what_was_paid_in_part_and_forgiven_with_more_is_spent_together(shop: Shop) -> None:
    """Ben paid 30 of it; what he owed himself made what was forgiven large enough."""
    ben, gone = owes_along(shop)
    shop.record(buys(ben, 3_000, receipt="b2"))
    shop.now += timedelta(hours=1)
    shop.adjust(Adjust(ben, "points", -50, "gone", "Olga", owing=True))
    shop.now += timedelta(hours=1)
    assert points(shop, "ben") == [(0, 0, 61)]
    write_off(shop, ben)
    shop.now += timedelta(hours=1)
    assert unmerge(shop, gone).code == "spent_together"
    shop.adjust(Adjust(ben, "points", -50, "gone", "Olga", owing=True))
    assert unmerge(shop, gone).code == "spent_together"


def test_what_is_owed_after_it_was_forgiven_is_their_own_in_a_replay_too(shop: Shop) -> None:
    ben, gone = owes_along(shop)
    shop.adjust(Adjust(ben, "points", -9, "gone", "Olga", owing=True))
    shop.record(buys(ben, 600, receipt="b2"))
    shop.now += timedelta(hours=1)
    write_off(shop, ben)
    shop.now += timedelta(hours=1)
    shop.adjust(Adjust(ben, "points", -25, "gone", "Olga", owing=True))
    shop.now += timedelta(hours=1)
    assert unmerge(shop, gone).member_id == gone
    assert points(shop, "ada", "ben") == [(0, 0, 0), (0, 0, 25)]
    shop.now += timedelta(days=1)
    shop.night()
    assert differences(shop) == []


def test_what_was_forgiven_two_merges_up_is_forgiven(shop: Shop) -> None:
    ada, _ = two(shop)
    shop.adjust(Adjust(ada, "points", -41, "spent", "Olga"))
    shop.record(brings_back("a1"))
    dan, cem = shop.joined("dan", "cem")
    gone, second = member_id(shop, "ada"), member_id(shop, "dan")
    for one, other in ((ada, dan), (dan, cem)):
        shop.now += timedelta(hours=1)
        merge(shop, one, other)
    shop.now += timedelta(hours=1)
    write_off(shop, cem)
    shop.now += timedelta(hours=1)
    assert unmerge(shop, second).member_id == second
    shop.adjust(Adjust(by(external="dan"), "points", -5, "gone", "Olga", owing=True))
    shop.now += timedelta(hours=1)
    done = unmerge(shop, gone)
    assert getattr(done, "member_id", done) == gone
    assert points(shop, "ada", "dan", "cem") == [(0, 0, 0), (0, 0, 5), (0, 0, 0)]
    shop.now += timedelta(days=1)
    shop.night()
    assert differences(shop) == []

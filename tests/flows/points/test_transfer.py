"""Points given away: nothing is lost, nothing lives longer, and nobody gives what they may not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import SHARING, block, give, member_id, totals
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.base.faults import Invalid, UnknownMember
from regulars.flows.points.commands import Transfer, Transferred
from regulars.flows.points.transfer_points import transfer_points

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(SHARING)


def test_points_come_with_their_end_their_age_and_their_origin(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 2_000, receipt="r1"))
    shop.now += timedelta(days=3)
    shop.record(buys(ada, 4_000, receipt="r2"))
    before = shop.lots("ada")
    said = shop.rows(
        "select cause_id, version, earned_at from lot where program_id = $1 and wallet = 1 "
        "order by lot_id"
    )
    shop.now += timedelta(days=2)
    done = give(shop, ada, ben, 25)
    assert isinstance(done, Transferred)
    assert (done.giver_balances["points"], done.taker_balances["points"]) == (35, 25)
    points = [lot for lot in shop.lots("ben") if lot[0] == "points"]
    ends = [lot[3] for lot in before if lot[0] == "points"]
    assert [(lot[1], lot[3]) for lot in points] == [(20, ends[0]), (5, ends[1])]
    got = shop.rows(
        "select cause_id, version, earned_at from lot where program_id = $1 and wallet = 1 "
        "and member_id = $2 order by lot_id",
        member_id(shop, "ben"),
    )
    assert got == said
    assert shop.told()[-2:] == ["points.transferred", "points.transferred"]


def test_handing_points_round_makes_them_live_no_day_longer(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 2_000))
    ends = {lot[3] for lot in shop.lots("ada") if lot[0] == "points"}
    for giver, taker in ((ada, ben), (ben, ada), (ada, ben)):
        shop.now += timedelta(days=2)
        assert isinstance(give(shop, giver, taker, 20), Transferred)
    assert {lot[3] for lot in shop.lots("ben") if lot[0] == "points"} == ends
    shop.now += timedelta(days=5)
    assert give(shop, ben, ada, 20).code == "not_enough_points"


def test_the_sum_stays(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 6_000), buys(ben, 1_000))
    before = totals(shop)
    give(shop, ada, ben, 17)
    give(shop, ben, ada, 9)
    assert totals(shop) == before


@pytest.mark.parametrize(
    ("units", "code"),
    [(4, "too_few_points"), (101, "too_many_points"), (80, "not_enough_points")],
)
def test_bounds_are_refused_and_nothing_is_clipped(shop: Shop, units: int, code: str) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 7_900))
    before = shop.counts()
    assert give(shop, ada, ben, units).code == code
    assert shop.counts() == before


def test_the_limit_of_a_month_counts_what_was_given(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 50_000))
    assert isinstance(give(shop, ada, ben, 100), Transferred)
    no = give(shop, ada, ben, 21)
    assert (no.code, no.facts["left"]) == ("limit_reached", 20)
    assert no.says == "at most 120 per month; 20 are left"
    assert isinstance(give(shop, ada, ben, 20), Transferred)
    shop.at("2026-04-01 00:00")
    shop.record(buys(ada, 1_000))
    assert isinstance(give(shop, ada, ben, 10), Transferred)


def test_a_wallet_that_says_nothing_lets_nobody_give(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 7_900))
    assert give(shop, ada, ben, 5, "drops").code == "transfers_not_allowed"


def test_who_owes_gives_nothing_and_what_one_gets_pays_first(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 2_000, receipt="r1"), buys(ben, 5_000))
    give(shop, ada, ben, 15)
    shop.record(brings_back("r1"))
    assert shop.balances("ada")["points"] == (0, 0, 15)
    assert give(shop, ada, ben, 5).code == "debt_first"
    done = give(shop, ben, ada, 40)
    assert done.taker_balances["points"] == 25
    assert shop.balances("ada")["points"] == (25, 0, 0)


def test_a_card_without_a_person_neither_gives_nor_gets(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000), buys(by(card="C1"), 2_000))
    assert give(shop, ada, by(card="C1"), 10).code == "not_registered"
    assert give(shop, by(card="C1"), ada, 10).code == "not_registered"


def test_the_blocked_neither_give_nor_get_unless_the_program_lets_them(open_shop: Open) -> None:
    shop = open_shop(SHARING)
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 4_000), buys(ben, 4_000))
    block(shop, ben)
    assert give(shop, ada, ben, 10).code == "member_blocked"
    assert give(shop, ben, ada, 10).code == "member_blocked"
    slug = f"program: {shop.terms.slug}\n"
    said = SHARING.replace("program: sharing\n", slug) + "blocked: {may_transfer: true}\n"
    shop.publish(said)
    assert isinstance(give(shop, ben, ada, 10), Transferred)


def test_nobody_gives_to_themselves_or_to_nobody(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 2_000))
    itself = give(shop, ada, by(id=member_id(shop, "ada")), 10)
    assert isinstance(itself, Invalid)
    assert itself.field == "/to"
    unknown = give(shop, ada, by(external="nobody"), 10)
    assert isinstance(unknown, UnknownMember)
    assert unknown.field == "/to/external"
    assert give(shop, ada, by(external="ada"), 0).field == "/units"
    assert give(shop, ada, ada, 10, "gold").field == "/wallet"


def test_a_transfer_happens_once(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 9_000))
    wish = Transfer(ada, ben, "points", 20, asked=asked("k1"))
    first, second = shop.ask(transfer_points, wish, wish)
    (third,) = shop.ask(transfer_points, wish)
    assert (first.replayed, second.replayed, third.replayed) == (False, True, True)
    assert shop.balances("ben")["points"] == (20, 0, 0)
    (other,) = shop.ask(transfer_points, Transfer(ada, ben, "points", 21, asked=asked("k1")))
    assert other.code == "key_reused"


def test_two_who_give_each_other_at_once_both_do(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 9_000), buys(ben, 9_000))

    def act(giver: Any, taker: Any) -> Any:
        wish = Transfer(giver, taker, "points", 20)
        return lambda tx, terms: transfer_points(tx, terms, [wish])

    answers = shop.together(*[act(ada, ben), act(ben, ada)] * 3)
    assert [type(one[0]) for one in answers] == [Transferred] * 6
    assert shop.balances("ada")["points"] == (90, 0, 0)


def test_the_books_are_right_after_all_of_it(database: Any) -> None:
    asyncio.run(assert_books_right(database.owner_dsn))


def test_what_lapsed_with_others_is_owed_whoever_brings_something_back_beside(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 2_000, receipt="r1"), buys(ben, 1_000, receipt="r2"))
    give(shop, ada, ben, 20)
    shop.now += timedelta(days=11)
    shop.night()
    shop.record(brings_back("r1"), brings_back("r2"))
    assert (shop.balances("ada")["points"], shop.balances("ben").get("points")) == (
        (0, 0, 20),
        None,
    )

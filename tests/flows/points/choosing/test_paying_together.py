"""A household pays for a basket: each member's own points, and what comes back goes to each."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, enter, household, leave, member_id
from tests.makers import Shop, asked, brings_back, buys, line, named

from regulars.base.faults import Fault
from regulars.engine.moving.paying import split
from regulars.engine.rewarding.paying import Basket
from regulars.flows.commands import Adjust, Redeemed, Settle
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.redeem_together import redeem_together
from regulars.records.activity.types import Payment
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
HOME = """
regulars: 1
program: at-home
name: At home
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, expiry: {after: 100 days}}
  credit: {kind: gift, scale: 2}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
paying: {wallet: points, points: 100, per: "1.00", at_most_percent: 50}
household: {most_members: 3, draws: proportional, minors: {points: {points: 60}, per: month}}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(HOME)


@pytest.fixture
def three(shop: Shop) -> tuple[UUID, list[MemberRef]]:
    return people(shop)


def people(shop: Shop) -> tuple[UUID, list[MemberRef]]:
    """A household in which Ada has 50 points, Ben 50 and Cem 101."""
    three = list(shop.joined("ada", "ben", "cem"))
    for whom, points in zip(three, (50, 50, 101), strict=True):
        shop.adjust(Adjust(whom, "points", points, "as a start", "mia"))
    return household(shop, *three), three


def pay(shop: Shop, home: UUID, whom: MemberRef, *basket: int | None, **more: Any) -> Any:
    wish = RedeemTogether(home, whom, pay=Basket(*basket), **more)  # type: ignore[arg-type]
    return shop.ask(redeem_together, wish)[0]


def have(shop: Shop) -> list[tuple[int, ...]]:
    return [shop.balances(who).get("points", (0, 0, 0)) for who in ("ada", "ben", "cem")]


def payments(done: Redeemed) -> dict[str, Any]:
    return {
        "payments": tuple(
            Payment("points", one.value_minor, one.redemption_id) for one in done.parts
        )
    }


def test_all_pay_in_proportion_and_a_return_gives_each_back_their_own_lots(
    shop: Shop, three: Any
) -> None:
    home, (ada, *_) = three
    lots = [shop.lots(who) for who in ("ada", "ben", "cem")]
    done = pay(shop, home, ada, 200)
    assert isinstance(done, Redeemed), done
    assert (done.price, done.told["value_minor"], done.state) == ({"points": 100}, 100, "captured")
    assert sorted((one.price["points"], one.value_minor) for one in done.parts) == [
        (25, 25), (25, 25), (50, 50),
    ]  # fmt: skip
    assert have(shop) == [(25, 0, 0), (25, 0, 0), (51, 0, 0)]
    (sale,) = shop.record(buys(ada, line(200, quantity=2), receipt="s", basket=payments(done)))
    assert sale.earned == {"points": 1}
    (half,) = shop.record(brings_back("s", (0, 1), receipt="r1"))
    assert (half.refunded, half.paid_back_minor) == ({"points": 12}, 49)
    assert have(shop) == [(37, 0, 0), (37, 0, 0), (76, 0, 0)]
    (rest,) = shop.record(brings_back("s", (0, 1), receipt="r2"))
    assert (rest.refunded, rest.paid_back_minor) == ({"points": 13}, 51)
    assert have(shop) == [(50, 0, 0), (50, 0, 0), (101, 0, 0)]
    assert [shop.lots(who)[:1] for who in ("ada", "ben", "cem")] == [one[:1] for one in lots]
    assert shop.told().count("points.refunded") == 4


def test_what_is_reserved_and_never_taken_is_free_again_with_each(shop: Shop, three: Any) -> None:
    home, (ada, *_) = three
    done = pay(shop, home, ada, 200, reserves=True, asked=asked("k"))
    assert have(shop) == [(25, 25, 0), (25, 25, 0), (51, 50, 0)]
    assert pay(shop, home, ada, 200, reserves=True, asked=asked("k")).parts == done.parts
    shop.now += timedelta(hours=1)
    shop.night()
    assert have(shop) == [(50, 0, 0), (50, 0, 0), (101, 0, 0)]


def test_what_was_quoted_is_taken_and_nothing_else(shop: Shop, three: Any) -> None:
    home, (ada, *_) = three
    before = shop.counts()
    no = pay(shop, home, ada, 200, quoted=99)
    assert (no.code, no.facts) == ("payment_changed", {"points": 100, "value_minor": 100})
    assert pay(shop, home, ada, 1_000, 0, 202).code == "not_enough_points"
    assert pay(shop, home, ada, 200, 0, 101).code == "share_exceeded"
    assert isinstance(pay(shop, home, ada, 0), Fault)
    assert shop.counts() == before
    assert isinstance(pay(shop, home, ada, 200, quoted=100), Redeemed)


def test_a_minor_pays_so_much_with_whosever_points(shop: Shop, three: Any) -> None:
    home, (ada, ben, _) = three
    enter(shop, home, ben, "minor")
    assert pay(shop, home, ben, 1_000, 0, 61).code == "minor_limit"
    done = pay(shop, home, ben, 1_000, 0, 40)
    assert {one.member_id for one in done.parts} == {
        member_id(shop, who) for who in ("ada", "ben", "cem")
    }
    assert pay(shop, home, ben, 1_000, 0, 21).code == "minor_limit"
    # What others pay with a minor's points counts against nothing of theirs.
    assert isinstance(pay(shop, home, ada, 1_000, 0, 30), Redeemed)
    assert isinstance(pay(shop, home, ben, 1_000, 0, 20), Redeemed)
    leave(shop, home, three[1][2])
    assert pay(shop, home, ben, 1_000, 0, 1).code == "minor_limit"


def test_who_is_blocked_or_owes_lends_nothing(shop: Shop, three: Any) -> None:
    home, (ada, ben, cem) = three
    shop.record(buys(cem, 5_000, receipt="c"))
    shop.adjust(Adjust(cem, "points", -151, "spent elsewhere", "mia"))
    shop.record(brings_back("c"))
    assert have(shop)[2] == (0, 0, 50)
    block(shop, ben)
    no = pay(shop, home, ada, 1_000, 0, 51)
    assert (no.code, no.facts["available"]) == ("not_enough_points", 50)
    done = pay(shop, home, ada, 1_000)
    assert [one.member_id for one in done.parts] == [member_id(shop, "ada")]
    assert have(shop) == [(0, 0, 0), (50, 0, 0), (0, 0, 50)]


def test_only_the_head_pays_where_the_program_says_so(open_shop: Open) -> None:
    shop = open_shop(HOME.replace("most_members: 3", "most_members: 3, spends: head"))
    home, (ada, ben, _) = people(shop)
    assert pay(shop, home, ben, 200).code == "head_only"
    assert isinstance(pay(shop, home, ada, 200), Redeemed)


def test_values_add_up_to_what_is_paid(shop: Shop, three: Any) -> None:
    home, (ada, *_) = three
    done = pay(shop, home, ada, 1_000, 0, 10)
    assert sum(one.value_minor for one in done.parts) == 10
    assert sum(one.price["points"] for one in done.parts) == 10
    third, whole = Fraction(1, 3), {UUID(int=n): Fraction(n, 3) for n in (1, 2, 4)}
    assert split(whole, 10) == {UUID(int=1): 1, UUID(int=2): 3, UUID(int=4): 6}
    assert split(dict.fromkeys((UUID(int=9), UUID(int=3)), third), 3) == {
        UUID(int=9): 2, UUID(int=3): 1,
    }  # fmt: skip


def test_in_one_batch_a_minor_pays_no_more_than_they_may(shop: Shop, three: Any) -> None:
    home, (_, ben, _) = three
    enter(shop, home, ben, "minor")
    wishes = [RedeemTogether(home, ben, pay=Basket(1_000, 0, 40)) for _ in range(2)]
    first, second = shop.ask(redeem_together, *wishes)
    assert isinstance(first, Redeemed)
    assert (second.code, second.facts) == ("minor_limit", {"points": 20})


def test_nobody_elses_points_pay_but_those_reserved_for_this_member(shop: Shop, three: Any) -> None:
    home, (ada, ben, _) = three
    done = pay(shop, home, ada, 200)
    (no,) = shop.record(buys(ben, line(200), receipt="s", basket=payments(done)))
    assert isinstance(no, Fault)
    assert no.field.startswith("/payments/")
    (sale,) = shop.record(buys(ada, line(200), receipt="s", basket=payments(done)))
    assert not isinstance(sale, Fault), sale
    (again,) = shop.record(buys(ada, line(200), receipt="t", basket=payments(done)))
    assert isinstance(again, Fault)


def test_one_part_is_given_back_by_itself(shop: Shop, three: Any) -> None:
    home, (ada, *_) = three
    done = pay(shop, home, ada, 200, reserves=True)
    ben = next(one for one in done.parts if one.member_id == member_id(shop, "ben"))
    shop.settle(Settle(ben.redemption_id, "voided"))
    assert have(shop) == [(25, 25, 0), (50, 0, 0), (51, 50, 0)]
    (no,) = shop.record(buys(ada, line(200), receipt="s", basket=payments(done)))
    assert isinstance(no, Fault)


def test_a_gift_balance_pays_for_its_owner_alone(shop: Shop, three: Any) -> None:
    home, (ada, *_) = three
    assert pay(shop, home, ada, 200, 0, None, "credit").code == "not_stored_value"


def test_points_that_keep_an_earlier_worth_pay_by_it_whoever_has_them(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.adjust(Adjust(ben, "points", 50, "as a start", "mia"))
    shop.now += timedelta(days=1)
    dearer = HOME.replace("points: 100, per", "points: 200, step: 2, per")
    shop.publish(named(dearer + "changeover: {worth: keep}\n", shop.terms.slug))
    shop.adjust(Adjust(ada, "points", 50, "as a start", "mia"))
    home = household(shop, ada, ben)
    done = pay(shop, home, ada, 1_000)
    assert (done.price, done.told["value_minor"]) == ({"points": 100}, 75)
    assert {one.member_id: one.value_minor for one in done.parts} == {
        member_id(shop, "ada"): 25, member_id(shop, "ben"): 50,
    }  # fmt: skip


def test_the_books_are_right_after_all_of_it(database: Any) -> None:
    asyncio.run(assert_books_right(database.owner_dsn))

"""What comes late beside returns: later sales came back in between, in part or whole, and some
were paid with points. Told in whatever order, everything ends the same."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.two_times.test_late import books, ladder, net, standing
from tests.makers import Shop, brings_back, buys, by, line

from regulars.flows.commands import Adjust, Redeem
from regulars.records.activity.types import Payment

Open = Callable[[str], Shop]
ENDS = """  - {id: gift, on: purchase, wallet: points, expiry: {after: 1 month},
     award: {give: per_amount, points: 1, per: "3.00", stage: bonus},
     when: {if: tier, at_least: silver}}
tiers:"""
PAYS = """rewards:
  - {id: voucher, name: Five off, price: {points: 50}, limit: {times: 1, per: ever}}
"""
SOURCE = ladder(credit="revoke_now").replace("tiers:", ENDS) + PAYS
SOURCE = SOURCE.replace("award: {give: multiply, by: 2}", 'award: {give: multiply, by: "1.5"}')


def told(spent: Any) -> dict[str, Any]:
    """A week of Ada, by its names: `late` makes her silver, the rest is of the days after."""
    ada, pays = by(external="ada"), (Payment("points", 500, spent),)
    coffees = (line(2_000, "coffee", 2), line(1_000, "tea"))
    paid = buys(ada, *coffees, receipt="r2", basket={"payments": pays})
    return {
        "late": ("2026-03-02 12:00", buys(ada, 10_000, receipt="r1")),
        "paid": ("2026-03-04 12:00", paid),
        "whole": ("2026-03-04 13:00", buys(ada, 2_100, receipt="r3")),
        "part back": ("2026-03-05 12:00", brings_back("r2", (0, 1), receipt="b2")),
        "all back": ("2026-03-05 13:00", brings_back("r3", receipt="b3")),
        "after": ("2026-03-06 12:00", buys(ada, 4_000, receipt="r4")),
        "rest back": ("2026-03-07 12:00", brings_back("r2", (0, 1), (1, 1), receipt="b4")),
        "late back": ("2026-03-05 18:00", brings_back("r1", receipt="b1")),
    }


def week(shop: Shop, *order: str, now: str = "2026-03-10 12:00", lapse: int = 99) -> Any:
    """Where Ada stands who was told of in this order, one after the other; a night of some weeks
    later falls after so many of them."""
    shop.at("2026-03-01 12:00")
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 60, "welcome", "Olga"))
    (taken,) = shop.redeem(Redeem(ada, "voucher", capture=True))
    shop.at(now)
    things = told(taken.redemption_id)
    for number, name in enumerate(order):
        if number == lapse:
            shop.at("2026-04-20 12:00")
            shop.night()
        at, command = things[name]
        (outcome,) = shop.record(replace(command, occurred_at=shop.local(at)))
        assert hasattr(outcome, "activity_id"), (name, outcome)
    return net(shop), standing(shop)


MOST = ("late", "paid", "whole", "part back", "all back", "after")
ALL = (*MOST[:5], "late back", "after", "rest back")


@pytest.mark.parametrize(
    "order",
    [
        ("paid", "whole", "part back", "all back", "after", "late"),
        ("whole", "all back", "paid", "part back", "late", "after"),
        ("part back", "all back", "after", "late", "paid", "whole"),
    ],
    ids=lambda order: order[0].replace(" ", "-"),
)
def test_what_came_back_before_a_late_purchase_was_told_ends_as_told_in_order(
    open_shop: Open, order: tuple[str, ...]
) -> None:
    wanted = week(open_shop(SOURCE), *MOST)
    shop = open_shop(SOURCE)
    assert week(shop, *order) == wanted
    books(shop)


@pytest.mark.parametrize(
    "order",
    [
        ("late", "paid", "whole", "after", "late back", "rest back", "all back", "part back"),
        ("paid", "part back", "rest back", "after", "late", "late back", "whole", "all back"),
        ("after", "paid", "late back", "all back", "rest back", "late", "whole", "part back"),
        ("late", "paid", "whole", "after", "part back", "all back", "rest back", "late back"),
    ],
    ids=["late-back-first", "empty-before-late", "return-before-its-sale", "late-back-last"],
)
def test_what_came_back_whole_leaves_nothing_whatever_tier_it_was_seen_at(
    open_shop: Open, order: tuple[str, ...]
) -> None:
    wanted = week(open_shop(SOURCE), *ALL)
    assert wanted[0] == {"r4": {"points": 40}}
    shop = open_shop(SOURCE)
    assert week(shop, *order) == wanted
    books(shop)


def test_what_lapsed_before_its_tier_was_taken_back_is_not_taken_twice(open_shop: Open) -> None:
    """Thirteen of silver lapsed by their own end; the twenty that still live go."""
    shop = open_shop(SOURCE)
    has = week(shop, "late", "after", "late back", lapse=2)
    assert has[0] == {"r4": {"points": 40 + 13}}
    assert shop.balances("ada") == {"points": (10 + 40, 0, 0)}
    books(shop)


def test_what_is_told_after_its_end_and_taken_back_is_not_taken_twice(open_shop: Open) -> None:
    shop = open_shop(SOURCE)
    has = week(shop, "late", "after", "late back", lapse=1)
    assert has[0] == {"r4": {"points": 40 + 13}}
    assert shop.balances("ada") == {"points": (10 + 40, 0, 0)}
    books(shop)

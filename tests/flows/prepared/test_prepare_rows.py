"""Prepared rows follow the books whatever happens in them, and are what plain Python folds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.flows.prepared.following import SHOP, follows
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Adjust, Redeem
from regulars.records.activity.types import Line
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]


def bought(shop: Shop, name: str, minor: int, receipt: str, **more: str) -> None:
    shop.record(buys(MemberRef(external=name), minor, receipt=receipt, **more))


def test_rows_follow_the_books(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    shop.joined("ada", "ben")
    bought(shop, "ada", 1_000, "a1", store="mitte")
    bought(shop, "ada", 500, "a2", store="mitte")
    lines = (Line(1_000, category="tea", quantity=3), Line(300, category="cake"))
    shop.record(
        buys(MemberRef(external="ben"), *lines, receipt="b1", basket={"order_discount_minor": 100})
    )
    shop.record(buys(None, 700, receipt="n1"))
    kept = follows(shop)
    assert [(row.orders, row.sales, row.net_minor) for row in kept.member_day] == [
        (1, 2, 1_500), (1, 1, 1_200),
    ]  # fmt: skip
    shop.now += timedelta(days=3)
    shop.record(brings_back("b1", (0, 2), receipt="rb1"), brings_back("n1", receipt="rn1"))
    (held,) = shop.redeem(Redeem(MemberRef(external="ada"), "mug", capture=True))
    assert held.state == "captured", held
    kept = follows(shop)
    # 3 teas of 10.00 less their part of the discount 0.76: one is left of 9.23, and a cake.
    (ben,) = (row for row in kept.member_day if row.returns == 0 and row.pieces == 2)
    assert (ben.orders, ben.paid_minor, ben.net_minor) == (1, 1_200, 307 + 276 + 1)
    shop.adjust(Adjust(MemberRef(external="ada"), "points", 50, "sorry", "owner"))
    shop.now += timedelta(days=60)
    shop.night()
    bought(shop, "ada", 1_000, "a3")
    kept = follows(shop)
    assert [(c.first_month, c.month, c.buyers) for c in kept.cohort_month] == [
        (date(2026, 3, 1), date(2026, 3, 1), 2), (date(2026, 3, 1), date(2026, 5, 1), 1),
    ]  # fmt: skip

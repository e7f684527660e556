"""Which rewards are open to whom, and who is in the tenth that pays most: by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.flows.points.sharing import merge
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_tastes import MARCH, MON, basket, rows, table
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.records.members.types import MemberRef
from regulars.surfaces.console.first.reports.opening import opens

Open = Callable[[str], Shop]
OFFERS = """
regulars: 1
program: offers
name: Offers
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, stars: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  steps: [{id: silver, at: "15.00"}, {id: gold, at: "100.00"}]
rewards:
  - {id: mug, name: A mug, price: {points: 5}}
  - {id: tray, name: A tray, price: {points: 12}, or: [{price: {stars: 1}}, {price: {points: 11}}]}
  - {id: vase, name: A vase, price: {points: 100}, tier_prices: {silver: {price: {points: 16}}}}
  - {id: bowl, name: A bowl, price: {points: 1}, tier: gold}
  - {id: cake, name: A cake, price: {points: 1}, for: {job: [nurse]}}
  - {id: past, name: Gone, price: {points: 1}, until_on: 2026-03-01}
  - {id: soon, name: To come, price: {points: 1}, from_on: 2026-05-01}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return offering(open_shop)


def offering(open_shop: Open) -> Shop:
    """m1 to m20 pay 1.00 to 20.00 and get as many points; m15 and above are silver, m3 a nurse."""
    shop = open_shop(OFFERS)
    names = [f"m{n}" for n in range(1, 21)]
    for name in names:
        shop.joined(name, **({"attributes": {"job": "nurse"}} if name == "m3" else {}))
    shop.at(MON)
    shop.record(*(basket(one, one, coffee=100 * n) for n, one in enumerate(names, 1)))
    return shop


def test_what_is_open_to_each_tenth_is_what_they_could_take_today(shop: Shop) -> None:
    found = told(shop, "fairness", **MARCH)
    # m1, m2 | m3 (a cake), m4 | m5, m6 (a mug) | … | m11, m12 (mug, tray) | m13, m14 |
    # m15 (mug, tray), m16 (and the vase, as silver) | m17, m18 | m19, m20
    each = [(row[0], row[2], row[3], row[4]) for row in table(found, "open_by_tenth")]
    assert each == [
        ("1", 5, 0, 0), ("2", 5, 0.5, 1), ("3", 5, 1, 2), ("4", 5, 1, 2), ("5", 5, 1, 2),
        ("6", 5, 2, 2), ("7", 5, 2, 2), ("8", 5, 2.5, 2), ("9", 5, 3, 2), ("10", 5, 3, 2),
    ]  # fmt: skip
    assert [row[:2] for row in table(found, "open_by_tier")] == [("", 14), ("silver", 6)]
    assert [row[:5] for row in table(found, "open_by_tenure")] == [("new", 20, 5, 1.6, 17)]
    assert len(rows(shop, "offers_open", "tenure:new")) == 20
    assert rows(shop, "offers_open", "tenure:long") == []
    one = found.figure("offers_open")
    assert one is not None
    assert (one.part, one.whole) == (17, 20)
    who = rows(shop, "offers_open")
    assert (sum(each.counted for each in who), len(who)) == (17, 20)


_OFFERED = """
insert into offer_member (program_id, offer_id, member_id, state, why, how, offered_at, until_on)
select $1, gen_random_uuid(), member_id, $3, '', 'hand', $4::timestamptz, '2026-05-01'
  from identifier where program_id = $1 and value = $2
"""


def _id(shop: Shop, name: str) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, name)[0][0]


def test_offers_of_their_own_lie_between_newcomers_and_others(shop: Shop) -> None:
    """m1 had two, of which one is gone; m2 was held out; m3's was in April; nat never bought."""
    shop.joined("nat")
    for name, state, on in (("m1", "offered", 3), ("m1", "gone", 3), ("m2", "held_out", 3),
                            ("m3", "offered", 4), ("nat", "offered", 3)):  # fmt: skip
        shop.rows(_OFFERED, name, state, datetime(2026, on, 9, tzinfo=UTC))
    found = told(shop, "fairness", **MARCH, compare="previous")
    assert table(found, "offered_by_tenure") == [
        ("new", 1, 2, 2 / 3, 20), ("none", 1, 1, 1 / 3, 0),
    ]  # fmt: skip
    figures = (found.figure("offers_given"), found.figure_before("offers_given"))
    assert [one and one.value for one in figures] == [2, 0]
    for group, orders in (("", [0, 1]), ("tenure:new", [1]), ("tenure:long", [])):
        assert sorted(one.orders for one in rows(shop, "offers_given", group)) == orders
    with pytest.raises(Invalid):
        rows(shop, "offers_given", "tier:gold")
    # nat is m2 now, who was given hers with the merge.
    (nat, m2) = (_id(shop, name) for name in ("nat", "m2"))
    shop.rows("update offer_member set state = 'gone' where program_id = $1 and state = 'held_out'")
    merge(shop, MemberRef(id=nat), MemberRef(id=m2))
    found = told(shop, "fairness", **MARCH)
    assert table(found, "offered_by_tenure") == [("new", 2, 4, 1, 20)]
    assert [one.member_id for one in rows(shop, "offers_given")] == sorted([m2, _id(shop, "m1")])


def test_who_is_in_the_tenth_that_pays_most_can_be_listed(shop: Shop) -> None:
    found = told(shop, "fairness", **MARCH)
    top = found.figure("top_tenth_spend")
    assert top is not None
    who = rows(shop, "top_tenth_spend")
    assert len(who) == 20
    assert sum(one.net_minor for one in who if one.counted) == top.part == 3_900
    third: list[Any] = rows(shop, "top_tenth_spend", "3")
    assert sum(one.net_minor for one in third if one.counted) == 1_100
    curve = found.table("lorenz")
    for at, row in enumerate(curve.rows, 1):
        opened = parse_qs(urlsplit(opens("points", found, curve, row)).query)
        assert (opened["metric"], opened["group"]) == (["top_tenth_spend"], [f"upto:{at}"])
    for wrong in ("upto:", "upto:x", "abc", "0", "11"):
        with pytest.raises(Invalid):
            rows(shop, "top_tenth_spend", wrong)
    upto = rows(shop, "top_tenth_spend", "upto:3")
    assert sum(one.net_minor for one in upto if one.counted) == 2_100

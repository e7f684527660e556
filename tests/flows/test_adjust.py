"""Corrections by hand: exact, with a reason and a name, never more than is there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.base.faults import Refused
from regulars.base.money import LARGEST
from regulars.flows.commands import Adjust, Adjusted, Redeem
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
DEBT = """
regulars: 1
program: debt
name: Debt
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""


def corrects(who: MemberRef, units: int, wallet: str = "points", **more: Any) -> Adjust:
    told = {"reason": "it was wrong", "actor": "Olga"} | more
    return Adjust(who, wallet, units, **told)


def test_points_are_given_with_reason_and_name(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    (given,) = cafe.adjust(corrects(ada, 50))
    assert isinstance(given, Adjusted)
    assert (given.units, given.balances) == (50, {"points": 50})
    kept = "select entry_id, kind, actor, reason from entry where program_id = $1"
    assert cafe.rows(kept) == [(given.entry_id, "adjust", "Olga", "it was wrong")]
    sides = "select account, amount from posting where program_id = $1 order by line"
    assert cafe.rows(sides) == [(14, -50), (1, 50)]
    assert cafe.told() == ["member.joined", "points.adjusted"]
    assert [row[:3] for row in cafe.lots("ada")] == [("points", 50, 0)]


def test_points_are_taken_from_the_soonest(open_shop: Open) -> None:
    shop = open_shop(DEBT)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 1_000, receipt="r1"))
    shop.now += timedelta(days=1)
    shop.record(buys(ada, 1_000, receipt="r2"))
    (taken,) = shop.adjust(corrects(ada, -15))
    assert taken.balances == {"points": 5}
    assert [row[1] for row in shop.lots("ada")] == [5]


def test_more_than_is_there_is_refused_and_nothing_is_clipped(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(ada, 1_000))
    before = cafe.counts()
    (no,) = cafe.adjust(corrects(ada, -11))
    assert isinstance(no, Refused)
    assert (no.code, no.facts) == ("not_enough_points", {"wallet": "points", "available": 10})
    assert cafe.counts() == before


def test_reserved_points_cannot_be_taken(open_shop: Open) -> None:
    shop = open_shop(DEBT)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4_000))
    shop.redeem(Redeem(ada, "cup"))
    (no,) = shop.adjust(corrects(ada, -11))
    assert no.facts == {"wallet": "points", "available": 10}


def test_what_is_given_pays_what_is_owed_first(open_shop: Open) -> None:
    shop = open_shop(DEBT)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000, receipt="r1"))
    shop.redeem(Redeem(ada, "cup", capture=True))
    shop.record(brings_back("r1"))
    assert shop.balances("ada") == {"points": (0, 0, 30)}
    shop.adjust(corrects(ada, 30))
    assert (shop.balances("ada"), shop.lots("ada")) == ({}, [])
    shop.adjust(corrects(ada, 1))
    assert shop.balances("ada") == {"points": (1, 0, 0)}


def test_lapsed_points_cannot_be_taken_night_or_no_night(open_shop: Open) -> None:
    shop = open_shop(DEBT)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000))
    shop.at("2026-03-13 00:00")
    (no,) = shop.adjust(corrects(ada, -1))
    assert no.facts == {"wallet": "points", "available": 0}
    # What had lapsed left the books although the correction was refused.
    assert shop.balances("ada") == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"wallet": "dust"}, "/wallet"),
        ({"units": 0}, "/units"),
        ({"units": LARGEST + 1}, "/units"),
        ({"reason": "  "}, "/reason"),
        ({"actor": ""}, "/actor"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    cafe: Shop, change: dict[str, Any], field: str
) -> None:
    (ada,) = cafe.joined("ada")
    before = cafe.counts()
    (no,) = cafe.adjust(corrects(ada, **({"units": 5} | change)))
    assert (no.code, no.field) == ("invalid", field)
    (no,) = cafe.adjust(corrects(by(external="nobody"), 5))
    assert no.code == "unknown_member"
    assert cafe.counts() == before


def test_a_balance_never_passes_the_largest(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.adjust(corrects(ada, LARGEST))
    before = cafe.counts()
    (no,) = cafe.adjust(corrects(ada, 1))
    assert no.code == "invalid"
    (no,) = cafe.record(buys(ada, 100))
    assert no.code == "invalid"
    assert cafe.counts() == before
    cafe.redeem(Redeem(ada, "free-coffee"))
    (no,) = cafe.adjust(corrects(ada, 1))
    assert no.code == "invalid"


def test_the_same_key_corrects_once(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    first, second = cafe.adjust(*[corrects(ada, 5, asked=asked("k1"))] * 2)
    (third,) = cafe.adjust(corrects(ada, 5, asked=asked("k1")))
    (no,) = cafe.adjust(corrects(ada, 6, asked=asked("k1")))
    assert (first.replayed, second.replayed, third.replayed) == (False, True, True)
    assert no.code == "key_reused"
    assert cafe.balances("ada") == {"points": (5, 0, 0)}

"""What somebody has is not made something else by a word in the file: its decimals, its currency,
what it is, and that it is there at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.flows.terms.owned.houses import Open, asked, given, house, opened, planned, refused
from tests.makers import buys

from regulars.records.members.types import MemberRef

REWARD = "rewards: [{id: off, name: Off, price: {points: 100}, worth: '10.00'}]"
SCALED = house("points: {scale: 2}", "paying: {wallet: points, points: 1, per: '0.10'}")
PLAIN = house("points: {}", "paying: {wallet: points, points: 1, per: '0.10'}")
CASH = house(
    "points: {}, cash: {kind: cashback, scale: 2}", "paying_out: {wallet: cash, minimum: '10.00'}"
)
STAMPS = house(
    "points: {}, stamps: {kind: stamps}",
    "rewards: [{id: cup, name: A cup, price: {stamps: 9}, worth: '3.00'}]",
)


@pytest.mark.parametrize(("before", "after"), [(SCALED, PLAIN), (PLAIN, SCALED)])
def test_decimals_of_a_wallet_in_use_stay(open_shop: Open, before: str, after: str) -> None:
    """12.40 points were 1240 without a word, and paid a hundred times as much."""
    shop = opened(open_shop, before, points=1_240)
    (says,) = refused(shop, after)
    scale = 2 if before == SCALED else 0
    assert says.startswith(f"what members have of points is kept by `scale: {scale}`")


def test_decimals_stay_though_all_of_it_is_spent(open_shop: Open) -> None:
    """What comes back of a purchase, and what is told late, is in the smallest units of then."""
    shop = opened(open_shop, SCALED, points=1_240)
    given(shop, "points", -1_240)
    assert len(refused(shop, PLAIN)) == 1


def test_a_wallet_nobody_ever_had_anything_of_may_become_anything(open_shop: Open) -> None:
    shop = opened(open_shop, SCALED.replace("points: {scale", "spare: {scale: 3}, points: {scale"))
    assert asked(shop, PLAIN.replace("points: {}", "spare: {kind: stamps}, points: {}")) == {}
    assert asked(shop, PLAIN) == {}


@pytest.mark.parametrize("kind", ["status", "gift", "cashback", "stamps"])
def test_points_do_not_become_something_else(open_shop: Open, kind: str) -> None:
    shop = opened(open_shop, house(), points=5_000)
    (says,) = refused(shop, house(f"points: {{kind: {kind}}}"))
    assert says.startswith("what members have of points is kept by `kind: points`")


def test_money_does_not_become_another_currency(open_shop: Open) -> None:
    """EUR 50.00 of a gift card paid KWD 5.000, some EUR 14."""
    before = house("points: {}, gift: {kind: gift, scale: 2}")
    shop = opened(open_shop, before, gift=5_000)
    after = house("points: {}, gift: {kind: gift, scale: 3}", currency="KWD").replace("1.00", "1")
    says = refused(shop, after)
    assert says[0].startswith("all that is kept as money is in EUR")
    assert len(says) == 2, "its decimals are refused besides"


def test_what_was_spent_keeps_the_currency_too(open_shop: Open) -> None:
    """Who spent 500.00 is half way to gold: of which money is kept nowhere but in the file."""
    before = house().replace("on: purchase", "on: visit").replace(', per: "1.00"', "")
    before = before.replace("per_amount", "fixed")
    shop = opened(open_shop, before)
    shop.record(buys(MemberRef(external="ada"), 50_000))
    (says,) = refused(shop, before.replace("currency: EUR", "currency: TRY"))
    assert says.startswith("all that is kept as money is in EUR")


def test_before_anything_is_recorded_the_currency_is_free(open_shop: Open) -> None:
    shop = opened(open_shop, house())
    assert planned(shop, house(currency="TRY")).errors == []


def test_a_wallet_with_members_money_stays(open_shop: Open) -> None:
    shop = opened(open_shop, CASH, cash=5_000)
    (says,) = refused(shop, house())
    assert says == "members have something of cash, or owe some (1), and here is no such wallet"


def test_a_wallet_goes_with_its_reward_no_more_than_without(open_shop: Open) -> None:
    """Only the reward left out was asked about; the wallet left out with it was not."""
    shop = opened(open_shop, STAMPS, stamps=5)
    assert len(refused(shop, house())) == 1
    only = house("points: {}, stamps: {kind: stamps}")
    assert list(asked(shop, only)) == ["worth:stamps"]


def test_a_wallet_goes_once_nobody_has_any_of_it(open_shop: Open) -> None:
    shop = opened(open_shop, STAMPS, stamps=5)
    given(shop, "stamps", -5)
    assert asked(shop, house()) == {}


def test_money_that_is_paid_out_no_more_is_asked_about(open_shop: Open) -> None:
    shop = opened(open_shop, CASH, cash=5_000)
    kept = house("points: {}, cash: {kind: cashback, scale: 2}")
    found = asked(shop, kept)
    assert list(found) == ["worth:cash"]
    assert "by paying_out" in found["worth:cash"]


def test_a_wallet_that_is_there_again_is_what_it_was(open_shop: Open) -> None:
    """Dropped and brought back as a gift card of two decimals, 1240 of history were 12.40."""
    spare = house("points: {}, spare: {}")
    shop = opened(open_shop, spare, spare=1_240)
    given(shop, "spare", -1_240)
    assert asked(shop, house()) == {}
    says = refused(shop, house("points: {}, spare: {kind: gift, scale: 2}"))
    assert [one.partition(", and")[0] for one in says] == [
        "what members have of spare is kept by `kind: points`",
        "what members have of spare is kept by `scale: 0`",
    ]
    assert asked(shop, spare) == {}


def test_a_dearer_reward_is_asked_about_once_anybody_has_points(open_shop: Open) -> None:
    """A price that was put right on the first day was asked about, with no member at all."""
    shop = opened(open_shop, house("points: {}", REWARD))
    dearer = house("points: {}", REWARD.replace("100}", "200}"))
    assert [one.code for one in planned(shop, dearer).problems if one.code] == []
    later = planned(shop, dearer, shop.now + timedelta(days=30))
    assert [one.code for one in later.problems if one.code] == ["worth:points"]
    given(shop, "points", 5)
    assert list(asked(shop, dearer)) == ["worth:points"]

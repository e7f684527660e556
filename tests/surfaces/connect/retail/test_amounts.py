"""Prices and minutes are exact."""

from datetime import UTC, datetime

import polars as pl
import pytest
from tests.surfaces.connect.retail.shop_makers import local

from regulars.base.faults import Invalid
from regulars.surfaces.connect.retail.amounts import amount_minor, instant, whole_pence


def test_a_price_that_binary_numbers_cannot_hold_is_exact_through_its_text():
    price = pl.Series([2.55], dtype=pl.Float32).cast(pl.String)[0]
    # The 32-bit number nearest to 2.55 is 2.5499999523…, a thousand of them 2549.99.
    assert amount_minor(price, 1_000) == 255_000


@pytest.mark.parametrize(
    ("price", "quantity", "pence"),
    [
        ("0.001", 1, 0),
        ("0.005", 1, 1),
        ("0.335", 3, 101),
        ("0.0", 5, 0),
        ("11062.06", 1, 1_106_206),
        ("12", 2, 2_400),
    ],
)
def test_pieces_are_multiplied_first_and_rounded_once(price, quantity, pence):
    assert amount_minor(price, quantity) == pence


def test_only_a_fraction_of_a_penny_is_not_whole():
    assert [whole_pence(p) for p in ("0.001", "0.01", "1.5", "0.0")] == [False, True, True, True]


@pytest.mark.parametrize("price", ["NaN", "inf", "1e-7", "", "1,5", "0.0000000001"])
def test_what_is_no_plain_price_is_refused(price):
    with pytest.raises(Invalid):
        amount_minor(price, 1)


@pytest.mark.parametrize(
    ("clock", "utc"),
    [
        ((2011, 1, 10, 9, 0), (2011, 1, 10, 9, 0)),
        ((2011, 7, 10, 9, 0), (2011, 7, 10, 8, 0)),
        ((2011, 3, 27, 1, 30), (2011, 3, 27, 1, 30)),  # the clock skipped it: 02:30 in summer
        ((2011, 10, 30, 1, 30), (2011, 10, 30, 0, 30)),  # the clock showed it twice: the first
    ],
)
def test_the_shops_clock_is_london(clock, utc):
    assert instant(local(*clock)) == datetime(*utc, tzinfo=UTC)

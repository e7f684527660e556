"""A return takes back the latest earlier sale that fits, or says why none does."""

from collections import Counter

import pytest
from tests.surfaces.connect.retail.shop_makers import REAL, line, needs_real_file

from regulars.surfaces.connect.retail.lines import read_lines
from regulars.surfaces.connect.retail.matching import Found, Shelf, Why
from regulars.surfaces.connect.retail.receipts import What, told


@pytest.fixture
def shelf() -> Shelf:
    """Member 1 bought six lanterns, later four, then one at another price."""
    shelf = Shelf()
    shelf.sell(line(1, "LANTERN", 6), "first", 2)
    shelf.sell(line(1, "LANTERN", 4), "second", 0)
    shelf.sell(line(1, "LANTERN", 1, price="0.95"), "third", 0)
    return shelf


def test_the_latest_sale_with_enough_pieces_is_taken(shelf):
    assert shelf.take_back(line(1, "LANTERN", -4)) == Found("second", 0)
    assert shelf.take_back(line(1, "LANTERN", -1)) == Found("first", 2)


def test_a_large_return_goes_past_a_later_smaller_sale(shelf):
    assert shelf.take_back(line(1, "LANTERN", -5)) == Found("first", 2)


def test_a_return_is_not_spread_over_two_sales(shelf):
    assert shelf.take_back(line(1, "LANTERN", -10)) is Why.FEWER_PIECES
    assert shelf.take_back(line(1, "LANTERN", -6)) == Found("first", 2)


def test_pieces_come_back_once(shelf):
    assert shelf.take_back(line(1, "LANTERN", -6)) == Found("first", 2)
    assert shelf.take_back(line(1, "LANTERN", -6)) is Why.CAME_BACK


@pytest.mark.parametrize(
    ("back", "why"),
    [
        (line(2, "LANTERN", -1), Why.NEVER_BOUGHT),
        (line(1, "LANTERN ", -1), Why.NEVER_BOUGHT),
        (line(1, "LANTERN", -1, price="1.65"), Why.OTHER_PRICE),
        (line(None, "LANTERN", -1), Why.NOBODY),
    ],
)
def test_a_return_that_fits_no_sale_says_why(shelf, back, why):
    assert shelf.take_back(back) is why


def test_every_reason_has_a_sentence():
    assert all(why.says for why in Why)


@needs_real_file
@pytest.mark.slow
def test_the_real_shop_is_counted_to_the_line():
    lines = read_lines(REAL)
    assert len(lines) == 541_909
    assert sum(one.member is None for one in lines) == 135_080
    counted, why, keys = Counter(), Counter(), set()
    for one in told(lines):
        counted[one.what] += one.lines
        why[one.why] += one.lines
        keys.add((one.command.kind, one.command.external_id))
    assert counted == {
        What.SALE: 531_282,
        What.RETURN: 7_068,
        What.PARKED: 3_556,
        What.CORRECTION: 3,
    }
    # Of the members' return lines 1,801 find no earlier sale of so many pieces at all. The 36
    # would fit one whose pieces have come back already; nothing comes back twice.
    assert sum(count for w, count in why.items() if w and w.finds_no_sale) == 1_801
    assert why[Why.CAME_BACK] == 36
    assert counted[What.RETURN] + counted[What.PARKED] - why[Why.NOBODY] == 8_905
    assert why[Why.NOBODY] == 1_719
    assert len(keys) == 27_540

"""What must hold of any purchases and any returns: nothing is left, nothing is lost."""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.events import Basket, Happens, Joins, Night, Returns, Sold
from tests.model.in_memory import InMemory
from tests.model.makings import BASKETS, STARTS
from tests.model.programs import AWKWARD, NAMES, TEMPLATES, source_of

from regulars.records.program.reading import read_program

LARGEST = 2**53 - 1
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)
BASKET = st.integers(0, len(BASKETS) - 1).map(BASKETS.__getitem__)


def waits_and_keeps(name: str) -> bool:
    """A wallet that keeps remainders of points that wait: a return may take one point more than
    its sale gave (semantics D3), and from another sale's waiting points nothing is taken."""
    wallets = read_program(source_of(name, "Europe/Berlin")).wallets.values()
    return any(
        one.pending is not None and (one.rounding.carry or one.rounding.scope == "day")
        for one in wallets
    )


@cache
def plain() -> list[str]:
    """The others; drawn up by the first test that asks, as it takes seconds."""
    return [name for name in NAMES if not waits_and_keeps(name)]


def shop(name: str) -> InMemory:
    opened = InMemory(source_of(name, "Europe/Berlin"), STARTS[0])
    opened.do(opened.now, Joins("ada"))
    return opened


@pytest.mark.in_turns(2)
@QUICK
@given(
    name=st.deferred(lambda: st.sampled_from(plain())),
    baskets=st.lists(BASKET, min_size=1, max_size=4),
    order=st.integers(0, 2**32),
)
def test_parts_that_empty_the_baskets_in_any_order_leave_nothing(
    name: str, baskets: list[Basket], order: int
) -> None:
    """Points, limits, kept remainders and credit: all as if nothing had been bought (D2, D5)."""
    till, rng = shop(name), Random(order)
    pieces = []
    for number, basket in enumerate(baskets):
        sale = Happens("purchase", "ada", f"r{number}", basket=basket)
        assert till.do(till.now, sale).what == "recorded"
        pieces += [
            (f"r{number}", place)
            for place, line in enumerate(basket.lines)
            for _ in range(line.quantity)
        ]
    rng.shuffle(pieces)
    for number, (sale, place) in enumerate(pieces):
        back = till.do(till.now, Returns(sale, ((place, 1),), f"b{number}"))
        assert back.what == "recorded", (sale, place, back)
    picture = till.pictures()["ada"]
    assert picture.balances == ()
    assert picture.lots == ()
    assert [kept for kept in picture.counters if not kept[0].startswith("credit:")] == []
    if "never" not in _credit_policies(till):
        assert picture.counters == ()


def _credit_policies(till: InMemory) -> set[str]:
    """What becomes of credit that comes back, on the tiers and on each ladder beside them."""
    program = till.terms.versions[0].program
    ladders = [*filter(None, [program.tiers]), *program.ladders.values()]
    return {ladder.returned_credit for ladder in ladders}


@QUICK
@given(name=st.sampled_from((*TEMPLATES, *AWKWARD)), basket=BASKET, night=st.booleans())
def test_a_sale_and_its_whole_return_are_nothing(name: str, basket: Basket, night: bool) -> None:
    till = shop(name)
    given_ = till.do(till.now, Happens("purchase", "ada", "r", basket=basket))
    if night:
        till.do(till.now, Night())
    back = till.do(till.now, Returns("r", (), "b"))
    assert dict(back.earned) == {wallet: -points for wallet, points in given_.earned}
    if night:
        till.do(till.now, Night())  # prizes of games are given and taken back by the night
    assert till.pictures()["ada"].balances == ()


@QUICK
@given(
    amounts=st.lists(
        st.sampled_from((0, 1, 99, 100, 101, 2**31, 2**31 + 1, 2**52)) | st.integers(0, 10**7),
        min_size=2,
        max_size=2,
    )
)
def test_more_is_never_less_and_splitting_costs_at_most_one_point(amounts: list[int]) -> None:
    till = shop("coffee-shop")
    one, other = amounts

    def earned(number: int, *lines: int) -> int:
        basket = Basket(tuple(Sold(line) for line in lines))
        answer = till.do(till.now, Happens("purchase", "ada", f"r{number}", basket=basket))
        points = dict(answer.earned).get("points", 0)
        till.do(till.now, Returns(f"r{number}", (), f"b{number}"))
        return points

    apart = earned(1, one) + earned(2, other)
    together = earned(3, one, other)
    assert apart <= together <= apart + 1
    assert together == (one + other) // 100
    assert earned(4, max(one, other)) >= earned(5, min(one, other))


def test_the_largest_amount_earns_and_comes_back_exactly() -> None:
    till = shop("coffee-shop")
    given_ = till.do(till.now, Happens("purchase", "ada", "r", amount=LARGEST))
    assert given_.earned == (("points", LARGEST // 100),)
    half = till.do(till.now, Returns("r", ((0, LARGEST // 2),), "b1"))
    assert half.earned == (("points", -(LARGEST // 100 - (LARGEST - LARGEST // 2) // 100)),)
    till.do(till.now, Returns("r", (), "b2"))
    assert till.pictures()["ada"].balances == ()

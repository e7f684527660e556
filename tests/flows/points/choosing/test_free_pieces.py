"""Which pieces of a basket are free, what they are worth, and what comes back of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import NOON, Shop, brings_back, buys
from tests.planted.replay.checks import differences

from regulars.base.faults import Fault, Refused
from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.facts import FactLine, Facts
from regulars.engine.qualify import after_returns
from regulars.engine.rewarding.freeing import Goods, freed
from regulars.engine.rewarding.paying import Basket
from regulars.engine.terms import terms_of
from regulars.flows.commands import Adjust, Redeem
from regulars.flows.points.quote_reward import quote_reward
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine
from regulars.records.members.types import MemberRef
from regulars.records.program.reading import read_program

Open = Callable[[str], Shop]
STAMPS = """
regulars: 1
program: stamps
name: Stamps
currency: EUR
zone: Europe/Berlin
wallets:
  stamps: {kind: stamps}
  points: {}
  gift: {kind: gift, scale: 2}
rules:
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1, categories: [tea]}}
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: cheap
    name: The cheapest
    price: {stamps: 10}
    limit: {times: 1, per: ever}
    gives: {kind: free_pieces, categories: [tea], skus: [bun], pieces: 2, up_to: "4.00"}
  - id: dear
    name: The dearest
    price: {stamps: 10}
    gives: {kind: free_pieces, which: dearest}
  - id: named
    name: The one named
    price: {stamps: 10}
    gives: {kind: free_pieces, categories: [tea], which: named, pieces: 2}
  - {id: mug, name: A mug, price: {stamps: 1}}
  - id: yearly
    name: One a year
    price: {}
    money: "0.50"
    limit: {times: 1, per: year}
    gives: {kind: free_pieces, categories: [tea]}
"""
TEA = Line(1_000, "green", "tea", 3, 100)
CAKE = Line(400, "cake", "cake")
BUN = Line(250, "bun", "cake")
DEAR = Line(401, "gold", "tea")


def which(reward: str, lines: tuple[Line, ...], *named: tuple[int, int]) -> Any:
    compiled = compile_program(read_program(STAMPS))
    codes = {key: n for n, key in enumerate(code_names(compiled), start=1)}
    (version,) = terms_of(1, "stamps", [(1, NOON, compiled)], codes).versions
    goods = Goods(lines, [ReturnedLine(*one) for one in named])
    found = freed(version, version.rewards[reward], goods)
    if isinstance(found, Refused):
        return found.code, dict(found.facts)
    return [(one.line, one.pieces, one.value_minor) for one in found]


def test_the_cheapest_that_fit_are_free_and_each_line_is_rounded_down_once() -> None:
    # 9.00 for three is 3.00 each; the bun is dearer by the gram and cheaper by the piece.
    assert which("cheap", (TEA, CAKE, BUN, DEAR)) == [(2, 1, 250), (0, 1, 300)]
    assert which("cheap", (Line(1_000, "", "tea", 3),)) == [(0, 2, 666)]
    # Of equal prices the line that was told first goes first.
    assert which("cheap", (Line(300, "a", "tea"), Line(600, "b", "tea", 2))) == [
        (0, 1, 300), (1, 1, 300),
    ]  # fmt: skip


def test_the_dearest_piece_is_free_whatever_its_line_comes_to() -> None:
    assert which("dear", (TEA, CAKE, DEAR)) == [(2, 1, 401)]
    assert which("dear", (CAKE, Line(400, "z"))) == [(0, 1, 400)]


def test_too_few_that_fit_free_nothing() -> None:
    assert which("cheap", (BUN, CAKE, DEAR)) == ("nothing_fits", {"pieces": 2, "fit": 1})
    # What is free already is worth nothing and fits nowhere.
    assert which("dear", (Line(400, "z", "", 1, 400),))[0] == "nothing_fits"


def test_the_till_names_what_is_free_only_where_it_is_asked_to() -> None:
    facts = {"pieces": 2, "lines": [0, 2]}
    assert which("named", (TEA, CAKE, DEAR), (0, 1), (2, 1)) == [(0, 1, 300), (2, 1, 401)]
    assert which("named", (TEA, CAKE)) == [(0, 2, 600)], "one line alone needs no name"
    assert which("named", (TEA, CAKE, DEAR)) == ("name_it", facts)
    assert which("named", (TEA, CAKE, DEAR), (0, 1)) == ("name_it", facts)
    assert which("named", (TEA, CAKE, DEAR), (0, 1), (0, 1)) == ("name_it", facts)
    assert which("named", (TEA, CAKE, DEAR), (0, 1), (1, 1)) == ("nothing_fits", facts)
    assert which("named", (TEA, CAKE, DEAR), (2, 2)) == ("nothing_fits", facts)
    assert which("named", (TEA, CAKE, DEAR), (0, 1), (7, 1)) == ("nothing_fits", facts)
    assert which("cheap", (TEA,), (0, 2)) == ("name_it", {"which": "cheapest"})


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 10_000), st.data())
def test_what_is_free_comes_back_last_and_in_the_end_nothing_is_left(
    pieces: int, free: int, amount: int, data: st.DataObject
) -> None:
    free = min(free, pieces)
    facts = Facts("purchase", 1, 0, 0, lines=(FactLine("", "tea", pieces, (amount,), free),))
    back = data.draw(st.integers(1, pieces))
    (left,) = after_returns(facts, [back]).lines
    paid = pieces - free
    assert (left.quantity, left.free) == (pieces - back, min(free, pieces - back))
    assert left.counted == max(paid - back, 0)
    if paid:
        assert left.amounts == (amount * max(paid - back, 0) // paid,)
    (none,) = after_returns(facts, [pieces]).lines
    assert (none.quantity, none.free, none.amounts) == (0, 0, (0,))


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(STAMPS)


@pytest.fixture
def ada(shop: Shop) -> MemberRef:
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "stamps", 25, "as a start", "mia"))
    return ada


def taken(shop: Shop, who: MemberRef, reward: str, *lines: Line, **more: Any) -> Any:
    return shop.redeem(Redeem(who, reward, capture=True, lines=lines, **more))[0]


def quoted(shop: Shop, command: Redeem) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    ((member_id,),) = shop.rows(sql, "ada")
    assert isinstance(member_id, UUID)
    return shop.do(lambda tx, terms: quote_reward(tx, terms, member_id, command))


def test_a_quote_says_which_are_free_and_changes_nothing(shop: Shop, ada: MemberRef) -> None:
    before = shop.counts()
    found = quoted(shop, Redeem(ada, "cheap", lines=(TEA, BUN)))
    assert [(x.line, x.pieces, x.value_minor) for x in found.promised.free] == [
        (1, 1, 250), (0, 1, 300),
    ]  # fmt: skip
    assert (found.promised.worth_minor, found.promised.cost_minor) == (550, 550)
    assert quoted(shop, Redeem(ada, "cheap", lines=(CAKE,))).code == "nothing_fits"
    with pytest.raises(Fault, match="tell its lines"):
        quoted(shop, Redeem(ada, "cheap"))
    assert shop.counts() == before


def test_an_ill_told_basket_is_a_fault_at_its_field(shop: Shop, ada: MemberRef) -> None:
    before = shop.counts()
    asked = {
        "no lines": taken(shop, ada, "cheap"),
        "another kind": taken(shop, ada, "mug", TEA),
        "too much off": taken(shop, ada, "cheap", Line(100, "", "tea", 1, 101)),
    }
    assert {name: (no.code, no.field) for name, no in asked.items()} == {
        "no lines": ("invalid", "/lines"),
        "another kind": ("invalid", "/lines"),
        "too much off": ("invalid", "/lines/0/discount"),
    }
    assert shop.counts() == before


def test_its_points_and_its_place_under_the_limit_come_back_with_the_last_free_piece(
    shop: Shop, ada: MemberRef
) -> None:
    done = taken(shop, ada, "cheap", TEA, BUN)
    sold = (
        Line(1_000, "green", "tea", 3, 400, free=1, redemption=done.redemption_id),
        Line(250, "bun", "cake", 1, 250, free=1, redemption=done.redemption_id),
    )
    (sale,) = shop.record(buys(ada, *sold, receipt="R"))
    # Two of the three teas are paid, for 6.00.
    assert sale.earned == {"stamps": 2, "points": 6}
    (first,) = shop.record(brings_back("R", (0, 2)))
    assert (first.earned, first.refunded) == ({"stamps": -2, "points": -6}, {})
    (bun,) = shop.record(brings_back("R", (1, 1)))
    assert bun.refunded == {"stamps": 5}
    assert taken(shop, ada, "cheap", TEA).code == "limit_reached"
    (last,) = shop.record(brings_back("R", (0, 1)))
    assert last.refunded == {"stamps": 5}
    assert shop.balances("ada")["stamps"] == (25, 0, 0)
    assert taken(shop, ada, "cheap", TEA).state == "captured"


def begun(open_shop: Open) -> tuple[Shop, MemberRef]:
    shop = open_shop(STAMPS)
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "stamps", 25, "as a start", "mia"))
    return shop, ada


def test_what_paid_for_a_basket_comes_back_with_the_pieces_that_were_paid_for(
    open_shop: Open,
) -> None:
    shop, ada = begun(open_shop)
    shop.adjust(Adjust(ada, "gift", 10_00, "topped up", "mia"))
    done = taken(shop, ada, "dear", Line(9_00, "green", "tea", 3))
    paying = Redeem(ada, "", capture=True, pay=Basket(9_00, 3_00, wallet="gift"))
    (paid,) = shop.redeem(paying)
    line = Line(9_00, "green", "tea", 3, 3_00, free=1, redemption=done.redemption_id)
    shop.record(
        buys(
            ada,
            line,
            receipt="R",
            basket={"payments": (Payment("stored_value", 6_00, paid.redemption_id),)},
        )
    )
    # Each of the two paid pieces was 3.00, and the third was free: not 2.00 for each of three.
    came = [shop.record(brings_back("R", (0, 1)))[0].refunded for _ in range(3)]
    assert came == [{"gift": 3_00}, {"gift": 3_00}, {"stamps": 10}]


def test_what_was_free_for_no_points_stays_taken_until_it_comes_back(open_shop: Open) -> None:
    shop, ada = begun(open_shop)
    done = taken(shop, ada, "yearly", Line(900, "green", "tea", 3))
    line = Line(900, "green", "tea", 3, 300, free=1, redemption=done.redemption_id)
    shop.record(buys(ada, line, receipt="R"))
    shop.record(brings_back("R", (0, 2)))
    assert taken(shop, ada, "yearly", TEA).code == "limit_reached"
    shop.record(brings_back("R"))
    assert taken(shop, ada, "yearly", TEA).state == "captured"


def test_a_replay_knows_too_that_what_was_free_comes_back_last(open_shop: Open) -> None:
    shop, ada = begun(open_shop)
    done = taken(shop, ada, "dear", Line(9_00, "green", "tea", 3))
    line = Line(9_00, "green", "tea", 3, 3_00, free=1, redemption=done.redemption_id)
    shop.record(buys(ada, line, receipt="R"))
    (came,) = shop.record(brings_back("R", (0, 2)))
    assert came.refunded == {}
    assert differences(shop) == []


def test_of_a_basket_without_lines_the_payment_comes_back_whole(open_shop: Open) -> None:
    shop, ada = begun(open_shop)
    shop.adjust(Adjust(ada, "gift", 10_00, "topped up", "mia"))
    paying = Redeem(ada, "", capture=True, pay=Basket(6_00, wallet="gift"))
    (paid,) = shop.redeem(paying)
    payment = Payment("stored_value", 6_00, paid.redemption_id)
    shop.record(buys(ada, 6_00, receipt="R", body=Body(payments=(payment,))))
    (came,) = shop.record(brings_back("R"))
    assert came.refunded == {"gift": 6_00}

"""Pieces told by lines that were not booked: the right amount, in whichever order they come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.ids import id_of
from regulars.engine.returning.sale import Sale, TooMuchReturned, pieces_sold
from regulars.engine.returning.told_otherwise import Article, articles_of, in_its_lines
from regulars.records.activity.types import Activity, Body, Line, ReturnedLine
from regulars.records.trail.types import Steps

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
TEA, CUP = Article("tea", 2, 1000), Article("cup", 1, 1000)


def sale(amount: int, *lines: Line) -> Sale:
    ids = (id_of(bytes(16)), id_of(bytes([1] * 16)))
    sold = Activity(*ids, "purchase", "till", "1", None, AT, "", "", amount, Body(lines), "")
    return Sale(sold, Steps(1, 0, 0, 0, 0, ()))


def back(one: Sale, told: Sequence[Article], *parts: tuple[int, int]) -> dict[int, int]:
    """What comes back of it now, by its own lines; it counts from then on."""
    found = in_its_lines(one, told, [ReturnedLine(*part) for part in parts])
    so_far = list(one.steps.returned or (0,) * len(pieces_sold(one.activity)))
    for part in found:
        so_far[part.line] += part.quantity
    one.steps = replace(one.steps, returned=tuple(so_far))
    return {part.line: part.quantity for part in found}


def test_of_one_amount_pieces_are_their_share() -> None:
    one = sale(2000)
    assert back(one, (TEA, CUP), (1, 1)) == {0: 1000}
    assert back(one, (TEA, CUP), (0, 1)) == {0: 500}
    assert back(one, (TEA, CUP), (0, 1)) == {0: 500}
    with pytest.raises(TooMuchReturned):
        back(one, (TEA, CUP), (0, 1))


def test_whatever_the_order_the_same_is_back_and_the_whole_of_it_piece_by_piece() -> None:
    chance = Random(7)
    for _ in range(300):
        told = [
            Article("", chance.randint(1, 4), chance.choice((0, 333, 1000, 1)))
            for _ in range(chance.randint(1, 4))
        ]
        amount = max(1, sum(one.net_minor for one in told) + chance.randint(0, 300))
        pieces = [at for at, one in enumerate(told) for _ in range(one.quantity)]
        some = pieces[: chance.randint(1, len(pieces))]
        ends = set()
        for _ in range(3):
            chance.shuffle(some)
            one = sale(amount)
            for at in some:
                try:
                    back(one, told, (at, 1))
                except (Invalid, TooMuchReturned):  # a piece that cost nothing, or nothing is left
                    continue
            ends.add(one.steps.returned)
        assert len(ends) == 1, told
        if len(some) == len(pieces):
            assert ends == {(amount,)}, told


def test_of_lines_the_article_says_which() -> None:
    booked = sale(2000, Line(1000, "cup"), Line(400, "tea"), Line(600, "tea"))
    assert back(booked, (TEA, CUP), (1, 1)) == {0: 1}
    assert back(booked, (TEA, CUP), (0, 1)) == {1: 1}
    assert back(booked, (TEA, CUP), (0, 1)) == {2: 1}
    with pytest.raises(TooMuchReturned):
        back(booked, (TEA, CUP), (0, 1))


def test_no_more_comes_back_than_its_source_sold() -> None:
    for told in (sale(2000), sale(2000, Line(1000, "cup"), Line(1000, "tea", quantity=2))):
        for parts, place in (([(1, 2)], 0), ([(0, 1), (1, 1), (1, 1)], 2)):
            with pytest.raises(TooMuchReturned) as why:
                back(told, (TEA, CUP), *parts)
            assert why.value.field == f"/returned/{place}/quantity"
            assert "left" not in why.value.facts, "it is no return that was told before"


def test_of_two_lines_of_one_article_the_one_that_cost_as_much_is_meant() -> None:
    booked = sale(1000, Line(600, "tea"), Line(400, "tea"))
    assert back(booked, (Article("tea", 1, 400), Article("tea", 1, 600)), (0, 1)) == {1: 1}


def test_without_articles_the_one_line_of_the_same_pieces_and_amount_is_meant() -> None:
    booked = sale(2000, Line(700), Line(1300, quantity=2))
    told = (Article("tea", 2, 1300), Article("cup", 1, 700))
    assert back(booked, told, (1, 1), (0, 2)) == {0: 1, 1: 2}


UNKNOWN = [
    (Article("tea", 3, 1000), CUP),  # another number of pieces
    (Article("", 1, 1000), Article("", 1, 1000)),  # either of them
    (Article("", 2000, 2000),),  # one amount of what has lines
]


@pytest.mark.parametrize("told", UNKNOWN)
def test_what_nobody_can_say_is_not_guessed(told: tuple[Article, ...]) -> None:
    booked = sale(2000, Line(1000, "tea", quantity=2), Line(1000, "cup"))
    with pytest.raises(Invalid, match="with other lines"):
        back(booked, told, (0, 1))
    with pytest.raises(TooMuchReturned):
        back(booked, told, (9, 1))


def test_all_of_it_at_once_is_all_of_it() -> None:
    booked = sale(2000, Line(1000, "tea", quantity=2), Line(1000, "cup"))
    assert back(booked, (Article("", 2000, 2000),), (0, 2000)) == {0: 2, 1: 1}


def test_what_cost_nothing_takes_nothing_back() -> None:
    with pytest.raises(Invalid, match="cost nothing"):
        back(sale(1000), (Article("gift", 1, 0), CUP), (0, 1))


def test_a_sale_of_one_amount_is_a_line_of_minor_units() -> None:
    assert articles_of(Body(), 500) == (Article("", 500, 500),)
    assert articles_of(Body((Line(500, "tea", discount_minor=100),)), 0) == (
        Article("tea", 1, 400),
    )

"""Pieces of an order that was edited after it was booked: those that were booked, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from regulars.base.ids import id_of
from regulars.engine.returning.sale import Sale, TooMuchReturned
from regulars.engine.returning.told_anew import (
    anew,
    as_booked,
    in_lines_as_booked,
    stand_as_booked,
)
from regulars.engine.returning.told_otherwise import Article, Unmatched
from regulars.records.activity.types import Activity, Body, Line, PaidIn, ReturnedLine
from regulars.records.trail.types import Steps

TEA, CUP, MUG = Line(3000, "tea", quantity=3), Line(800, "cup"), Line(800, "mug")
WRAP, BAG = Line(300, name="Wrapping"), Line(300, name="Bag")
FOUR_TEAS = Line(4000, "tea", quantity=4)


def sale(*lines: Line, **more: object) -> Sale:
    ids = (id_of(bytes(16)), id_of(bytes([1] * 16)))
    at, amount = datetime(2026, 3, 2, 11, tzinfo=UTC), sum(one.amount_minor for one in lines)
    body = Body(lines, **more)  # type: ignore[arg-type]
    sold = Activity(*ids, "purchase", "web", "1", None, at, "", "", amount, body, "")
    return Sale(sold, Steps(1, 0, 0, 0, 0, (), returned=(0,) * len(lines)))


def back(one: Sale, now: Sequence[Line], *parts: tuple[int, int]) -> dict[int, int]:
    """What comes back by the lines as they are told now; it counts from then on."""
    told = anew(Body(tuple(now)), 0)
    found = in_lines_as_booked(one, told, [ReturnedLine(*part) for part in parts])
    so_far = list(one.steps.returned)
    for part in found:
        so_far[part.line] += part.quantity
    one.steps = replace(one.steps, returned=tuple(so_far))
    return {part.line: part.quantity for part in found}


def test_the_article_says_which_line_it_was_wherever_it_stands_now() -> None:
    one = sale(TEA, CUP, WRAP)
    assert back(one, (CUP, MUG, WRAP), (0, 1)) == {1: 1}, "the tea was taken off before it"
    assert back(one, (BAG, WRAP, TEA), (1, 1)) == {2: 1}, "without a number its name says it"
    assert back(sale(TEA, CUP), (TEA, CUP, MUG), (0, 2), (2, 1)) == {0: 2}, "the mug was added"
    with pytest.raises(Unmatched, match="after it was booked"):
        back(sale(TEA, CUP), (TEA, CUP, MUG), (2, 1))


def test_a_name_that_may_be_somebodys_is_not_kept() -> None:
    told = anew(Body((replace(WRAP, name="Engraving: for Anna"),)), 0)
    assert told != anew(Body((WRAP,)), 0)
    assert b"Anna" not in msgspec.msgpack.encode(told)


def test_of_more_pieces_than_were_booked_those_that_were_come_back_first() -> None:
    one = sale(TEA)
    assert [back(one, (FOUR_TEAS,), (0, 2)) for _ in range(2)] == [{0: 2}, {0: 1}]
    with pytest.raises(TooMuchReturned):
        back(sale(TEA, CUP), (TEA, MUG, CUP), (0, 4))


def test_what_comes_back_whole_is_back_whole() -> None:
    assert back(sale(TEA, CUP), (CUP, MUG), (0, 1), (1, 1)) == {0: 3, 1: 1}


UNSURE: tuple[tuple[tuple[Line, ...], tuple[Line, ...]], ...] = (
    ((TEA,), (MUG, CUP)),
    ((Line(300), CUP), (Line(300), CUP, MUG)),
    ((CUP, replace(CUP, amount_minor=500)), (replace(CUP, amount_minor=700), CUP, CUP, MUG)),
    ((Line(300), Line(400)), (Line(400), Line(300), MUG)),
)


@pytest.mark.parametrize(("booked", "now"), UNSURE)
def test_what_nobody_can_say_is_left(booked: tuple[Line, ...], now: tuple[Line, ...]) -> None:
    with pytest.raises(Unmatched, match="which of them came back"):
        back(sale(*booked), now, (0, 1))


def test_pieces_of_what_was_booked_as_one_amount_are_never_minor_units() -> None:
    one = sale()
    one.activity = replace(one.activity, amount_minor=3000)
    one.steps = replace(one.steps, returned=())
    with pytest.raises(Unmatched, match="booked as one amount"):
        in_lines_as_booked(one, anew(Body((TEA, CUP)), 0), [ReturnedLine(0, 1)])
    now = (Article("", 4000, 4000),)
    assert in_lines_as_booked(one, now, [ReturnedLine(0, 1000)]) == (ReturnedLine(0, 1000),)


def test_lines_stand_as_booked_with_another_number_and_in_the_currency_they_were_paid_in() -> None:
    booked = anew(Body((TEA, CUP)), 0)
    renamed = anew(Body((replace(TEA, sku="tea-2"), CUP)), 0)
    assert stand_as_booked(booked, renamed)
    same = (Line(800, "mug"), CUP)
    assert not stand_as_booked(anew(Body(same), 0), anew(Body(same[::-1]), 0)), (
        "they changed places"
    )
    paid = PaidIn("USD", 1000, 1, 1, lines=((1000, 200, 0),))
    assert as_booked(sale(replace(TEA, quantity=1), paid_in=paid).activity) == (
        Article("tea", 1, 800),
    )

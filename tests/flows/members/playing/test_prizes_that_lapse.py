"""What lapsed of a prize is not owed when the prize is taken back."""

from __future__ import annotations

import pytest
from tests.flows.members.playing.test_games import PLAY, Open, books, coffees, met, night, points
from tests.makers import Shop, brings_back

LAPSING = PLAY.replace(
    "{points: {negative: debt}}", "{points: {negative: debt, expiry: {after: 10 days}}}"
)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(LAPSING))


def won(shop: Shop) -> None:
    coffees(shop, 10, "r1")
    night(shop)
    assert points(shop) == 50


def test_what_had_lapsed_of_a_prize_is_not_owed(shop: Shop) -> None:
    won(shop)
    shop.at("2026-03-20 09:00")
    shop.night()
    assert points(shop) == 0
    shop.record(brings_back("r1", (0, 1)))
    shop.night()
    assert shop.balances("ada") == {}
    books(shop)


def test_what_lapses_with_the_taking_back_is_not_owed(shop: Shop) -> None:
    won(shop)
    shop.at("2026-03-10 09:00")
    shop.record(brings_back("r1", (0, 1)))
    shop.at("2026-03-20 09:00")  # the prize ended meanwhile, and nobody wrote that down yet
    night(shop)
    assert shop.balances("ada") == {}
    books(shop)

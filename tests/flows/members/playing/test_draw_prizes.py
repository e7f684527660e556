"""What a draw gives is booked with it: points, codes and articles, once, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.members.playing.test_draws import announce, books, hold, met, ref, spends
from tests.flows.points.sharing import block
from tests.makers import Shop

from regulars.flows.points.gaming.hold_draws import show_draw
from regulars.flows.points.gaming.show_tickets import show_tickets
from regulars.records.rewards.draws.types import Won
from regulars.surfaces.api.wire.rewarding.draws import draw_shown

Open = Callable[[str], Shop]
PRIZES = """
regulars: 1
program: prizes
name: Prizes
currency: EUR
zone: Europe/Berlin
wallets: {points: {expiry: {after: 1 year}}}
rewards:
  - {id: bike, name: A bicycle, price: {}, by: shop, stock: 1, worth: "900.00", cost: "500.00"}
  - {id: ride, name: A ride, price: {points: 50}, gives: {kind: code, valid_for: 1 year},
     limit: {times: 1, per: ever}}
draws:
  - {id: march, name: March, from_on: 2026-03-01, until_on: 2026-04-01, prize: A bicycle,
     words: the lottery of 1 April, measure: spend, each: "10.00", most: 5, winners: 5,
     gives: [{reward: bike}, {reward: ride}, {wallet: points, points: 500}]}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(PRIZES))


def drawn(shop: Shop) -> dict[int, Won]:
    announce(shop)
    spends(shop, ada=1_000, ben=2_000, cem=3_000, dan=4_000)
    shop.at("2026-04-01 09:00")
    return {one.won: one for one in hold(shop).booked}


def names(shop: Shop) -> dict[Any, str]:
    rows = shop.rows(
        "select member_id, value from identifier where program_id = $1 and kind = 'external'"
    )
    return dict(rows)  # type: ignore[arg-type]


def test_winners_have_what_was_promised_with_the_draw(shop: Shop) -> None:
    booked = drawn(shop)
    assert [(n, one.state, one.reward, one.units) for n, one in sorted(booked.items())] == [
        (1, "given", "bike", 0), (2, "given", "ride", 0), (3, "given", "", 500),
        (4, "given", "", 500),
    ]  # fmt: skip
    who = names(shop)
    for n in (3, 4):
        assert shop.balances(who[booked[n].member_id])["points"][0] == 500
    codes = shop.rows("select member_id, reward, state from reward_code where program_id = $1")
    assert codes == [(booked[2].member_id, "ride", "issued")]
    taken = shop.rows(
        "select reward, state, actor, terms -> 'price' from redemption where program_id = $1"
        " order by reward"
    )
    assert taken == [("bike", "held", "draw", "{}"), ("ride", "captured", "draw", "{}")]
    reasons = shop.rows("select reason from entry where program_id = $1 and kind = 'adjust'")
    assert sorted(reasons) == [("March: prize 3",), ("March: prize 4",)]
    assert shop.told().count("draw.won") == 4
    books(shop)


def test_drawn_again_nothing_is_booked_twice(shop: Shop) -> None:
    booked, counts = drawn(shop), shop.counts()
    again = hold(shop, "other words")
    assert (again.replayed, {one.won: one for one in again.booked}) == (True, booked)
    shown = shop.do(lambda tx, terms: show_draw(tx, terms, "march"))
    assert (shown.booked, shop.counts()) == (again.booked, counts)


def test_what_cannot_be_had_waits_and_is_given_when_it_can(shop: Shop) -> None:
    announce(shop)
    spends(shop, ada=1_000, ben=2_000, cem=3_000, dan=4_000)
    shop.at("2026-04-01 09:00")
    shop.rows("update reward_stock set remaining = 0 where program_id = $1 and reward = 'bike'")
    first = hold(shop).booked[0]
    assert (first.state, first.why, first.redemption_id) == ("waiting", "out_of_stock", None)
    assert shop.told().count("draw.won") == 3
    shop.rows("update reward_stock set remaining = 1 where program_id = $1 and reward = 'bike'")
    winner = names(shop)[first.member_id]
    block(shop, ref(winner))
    counts = shop.counts()
    assert hold(shop).booked[0].why == "member_blocked"
    assert shop.counts() == counts
    block(shop, ref(winner), blocked=False)
    given = hold(shop).booked[0]
    assert (given.state, given.why, given.reward) == ("given", "", "bike")
    assert shop.rows("select remaining from reward_stock where program_id = $1") == [(0,)]
    books(shop)


def test_who_took_the_reward_before_wins_it_all_the_same(shop: Shop) -> None:
    booked = drawn(shop)
    counted = shop.rows(
        "select terms -> 'limit_counter' from redemption where program_id = $1 and reward = 'ride'"
    )
    assert (booked[2].state, counted) == ("given", [("0",)])


def test_whoever_asks_is_shown_what_was_booked(shop: Shop) -> None:
    drawn(shop)
    told = shop.do(lambda tx, terms: show_draw(tx, terms, "march"))
    shown = [one.booked for one in draw_shown(told, shop.terms.wallet_names).winners]
    said = [(one.state, one.reward, one.wallet, one.points) for one in shown if one is not None]
    assert said == [
        ("given", "bike", None, None), ("given", "ride", None, None),
        ("given", None, "points", 500), ("given", None, "points", 500),
    ]  # fmt: skip
    third = told.booked[2]
    (mine,) = shop.do(lambda tx, terms: show_tickets(tx, terms, third.member_id))
    assert (mine.won, mine.booked) == (3, third)

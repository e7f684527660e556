"""A replay decides prizes of challenges and streaks anew; under unchanged rules as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop, brings_back, buys, line
from tests.planted.replay.checks import days, differences, history

from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.tally import Tally
from regulars.flows.commands import RecordActivity, Redeem
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.take_part import take_part
from regulars.records.members.types import MemberRef
from regulars.records.program.reading import read_program
from regulars.runtime.checking.histories import ALWAYS

GAMES = """
regulars: 1
program: games
name: Games
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt, expiry: {after: 9 days, round_up_to: day}}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
challenges:
  - {id: coffees, name: Three coffees, target: 3, measure: items, counts: {categories: [coffee]},
     every: week, prize: {wallet: points, points: 50}}
  - {id: sprint, name: Sprint, target: "20.00", measure: spend, every: week, joins: opt_in,
     prize: {wallet: points, points: 7, badge: Quick}}
streaks:
  - {id: daily, name: Daily, every: day, again: each_streak, counts: {on: visit},
     milestones: [{length: 2, prize: {wallet: points, points: 10}}]}
rewards:
  - {id: cup, name: A cup, price: {points: 40}, worth: "0.50"}
"""


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, GAMES)
    lives_playing(shop)
    yield shop
    shop.close()


def lives_playing(shop: Shop) -> None:
    """Prizes that come, go with what came back, are spent, lapse, and come late or told later."""
    shop.at("2026-03-09 09:00")
    ada, bob, eve, dan = shop.joined("ada", "bob", "eve", "dan")
    shop.ask(take_part, TakePart(bob, "sprint"))
    shop.record(buys(ada, line(900, "coffee", 3), receipt="a1"), buys(bob, 2500, receipt="b1"))
    shop.record(visit(eve, "v1"), buys(dan, line(900, "coffee", 3), receipt="d1"))
    shop.night()
    shop.redeem(Redeem(ada, "cup", capture=True))
    days(shop, 1)
    shop.record(visit(eve, "v2"))
    shop.night()
    shop.record(brings_back("a1", (0, 1), receipt="r1"), buys(ada, 400, receipt="a2"))
    shop.night()
    days(shop, 1)
    shop.record(back("v1"), buys(ada, line(300, "coffee"), receipt="a3"))
    shop.night()
    days(shop, 9)
    shop.record(
        buys(bob, line(600, "coffee", 2), receipt="b2"),
        buys(bob, line(300, "coffee"), receipt="b3", occurred_at=shop.now - timedelta(hours=2)),
        buys(bob, 2100, receipt="b4"),
    )
    # In one look something new and what came back of the week before last.
    shop.record(buys(dan, 100, receipt="d2"), brings_back("d1", receipt="d3"))
    shop.night()
    shop.record(visit(eve, "v3"))
    days(shop, 1)
    shop.record(visit(eve, "v4"))
    shop.now += timedelta(hours=30)  # the worker rested, and what it gave ends a day later
    shop.night()
    days(shop, 9)
    shop.record(buys(bob, 2100, receipt="b5"))
    shop.night()


def visit(who: MemberRef, receipt: str) -> RecordActivity:
    return RecordActivity("visit", who, source="till", external_id=receipt)


def back(receipt: str) -> RecordActivity:
    from regulars.records.activity.types import SaleRef

    return RecordActivity("return", sale=SaleRef(None, "till", receipt, "visit"))


def under(shop: Shop, source: str) -> dict[str, tuple[int, int, int]]:
    """What each game gives in a replay of this shop: how often, how much, how much of it went."""
    compiled = compile_program(read_program(source))
    fold = Fold(alone(compiled, ALWAYS), Tally(0, 10**7)).run(history(shop), shop.now)
    games = {"challenge coffees", "challenge sprint", "streak daily"}
    found = fold.tally.rules.items()
    return {name: (f.times, f.units, f.back) for name, f in found if name in games}


def test_prizes_come_out_as_the_books_say(shop: Shop) -> None:
    assert differences(shop) == []
    booked = [one for one in history(shop) if one.what == "game"]
    assert len(booked) == 11
    assert all(one.earned_at for one in booked)


def test_a_draft_of_the_same_games_gives_the_same_prizes(shop: Shop) -> None:
    given = shop.rows("""select game || ' ' || name, count(*), sum(units)::int,
                                coalesce(sum(taken.amount), 0)::int
                           from prize
                           left join posting taken on taken.program_id = prize.program_id
                                     and taken.entry_id = undone_by and taken.account = 14
                          where prize.program_id = $1 group by 1""")
    assert under(shop, GAMES) == {row[0]: row[1:] for row in map(tuple, given)}


def test_a_draft_whose_point_is_a_challenge_says_what_it_gives(shop: Shop) -> None:
    found = under(
        shop, GAMES.replace("target: 3,", "target: 2,").replace("points: 50", "points: 9")
    )
    assert found["challenge coffees"] == (3, 27, 0)  # it had lapsed
    assert "challenge coffees" not in under(shop, GAMES.replace("[coffee]", "[tea]"))

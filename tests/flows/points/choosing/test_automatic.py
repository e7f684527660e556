"""Rewards that are taken by themselves: once each, whoever is quicker, and given back unused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys, named
from tests.planted.replay.checks import differences

from regulars.flows.commands import Adjust, Redeem
from regulars.flows.points.choosing.take_automatic import take_automatic
from regulars.flows.points.codes.commands import FillPool, UseCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.use_codes import use_codes
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.program.reading import problems_of, read

Open = Callable[[str], Shop]
VOUCHERS = """
regulars: 1
program: vouchers
name: Vouchers
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: voucher
    name: A voucher
    price: {points: 100}
    worth: "5.00"
    automatic: true
    gives: {kind: code}
"""
POOL = VOUCHERS.replace("gives: {kind: code}", "gives: {kind: code, from: pool}")
LAPSING = VOUCHERS.replace(
    "{negative: debt}", "{negative: debt, expiry: {after: 30 days}}"
).replace("    automatic", "    limit: {times: 1, per: year}\n    automatic")
_CODES = "select code, state, reason from reward_code where program_id = $1 order by code_id"
_TAKEN = "select state from redemption where program_id = $1"
_STOCK = "select reward, remaining from reward_stock where program_id = $1"
_CLOCK = "select count(*) from automatic_clock where program_id = $1"


def taken(shop: Shop) -> int:
    return shop.night("take_automatic")["take_automatic"]


def test_two_who_look_at_once_take_it_once_each_and_a_till_is_no_third(open_shop: Open) -> None:
    shop = open_shop(VOUCHERS)
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 250, "as a start", "mia"))
    shop.together(
        *[lambda tx, terms: take_automatic(tx, terms, 10) for _ in range(2)],
        lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "voucher", capture=True)]),
    )
    assert shop.balances("ada")["points"] == (50, 0, 0)
    assert len(shop.rows(_CODES)) == 2
    assert shop.rows(_CLOCK) == [(0,)]


def test_a_used_code_is_never_given_back(open_shop: Open) -> None:
    shop = open_shop(VOUCHERS)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="R"))
    assert taken(shop) == 1
    ((code, _, _),) = shop.rows(_CODES)
    shop.ask(use_codes, UseCode(code))
    shop.record(brings_back("R"))
    taken(shop)
    assert shop.balances("ada")["points"] == (0, 0, 100)
    assert [row[1] for row in shop.rows(_CODES)] == ["used"]


def test_what_was_given_back_is_withdrawn(open_shop: Open) -> None:
    shop = open_shop(VOUCHERS)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 12_000, receipt="R"))
    taken(shop)
    assert shop.balances("ada")["points"] == (20, 0, 0)
    shop.record(brings_back("R"))
    assert shop.balances("ada")["points"] == (0, 0, 100)
    taken(shop)
    assert shop.balances("ada") == {}
    ((code, state, reason),) = shop.rows(_CODES)
    assert (state, reason) == ("withdrawn", "its points were taken back")
    (no,) = shop.ask(use_codes, UseCode(code))
    assert no.code == "code_withdrawn"


def test_a_mug_whose_code_was_given_back_unused_is_on_the_shelf_again(open_shop: Open) -> None:
    shop = open_shop(VOUCHERS.replace("    automatic", "    stock: 1\n    automatic"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="R"))
    assert taken(shop) == 1
    assert shop.rows(_STOCK) == [("voucher", 0)]
    shop.publish(named(VOUCHERS, shop.terms.slug))  # there is no end to them any more
    shop.record(brings_back("R"))
    taken(shop)
    assert shop.rows(_STOCK) == [("voucher", 1)]


def test_a_code_of_a_pool_was_seen_and_is_nobody_elses(open_shop: Open) -> None:
    shop = open_shop(POOL)
    (cem,) = shop.joined("cem")
    shop.ask(fill_pools, FillPool("voucher", ("AAAA-1",), "printed", "mia"))
    shop.record(buys(cem, 10_000, receipt="R"))
    taken(shop)
    shop.record(brings_back("R"))
    taken(shop)
    assert [row[1] for row in shop.rows(_CODES)] == ["withdrawn"]
    assert shop.rows(_STOCK) == [("codes:voucher", 0)]


def test_the_books_know_of_a_piece_that_came_back(open_shop: Open) -> None:
    test_a_mug_whose_code_was_given_back_unused_is_on_the_shelf_again(open_shop)
    shop = open_shop(VOUCHERS.replace("    automatic", "    stock: 1\n    automatic"))
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_is_given_back_goes_to_its_lots_and_keeps_their_ends(open_shop: Open) -> None:
    shop = open_shop(LAPSING)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 6_000, receipt="R1"))
    shop.now += timedelta(days=10)
    shop.record(buys(ada, 6_000, receipt="R2"))
    first, second = [row[3] for row in shop.lots("ada")]
    assert taken(shop) == 1
    shop.record(brings_back("R2"))
    assert shop.balances("ada")["points"] == (0, 0, 40)
    assert taken(shop) == 1
    # 60 and 40 came back; the 40 that were owed were paid from what lapses first.
    lots = [(left, end) for _, left, _, end in shop.lots("ada")]
    assert lots == [(20, first), (40, second)]
    assert shop.rows(_TAKEN) == [("returned",)]
    shop.record(buys(ada, 4_000, receipt="R3"))
    assert taken(shop) == 1, "the only one a year, and its place is free again"


def test_a_replay_knows_what_was_given_back(open_shop: Open) -> None:
    shop = open_shop(LAPSING)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 12_000, receipt="R"))
    taken(shop)
    shop.record(brings_back("R"))
    taken(shop)
    assert differences(shop) == []


def test_a_voucher_whose_points_have_lapsed_meanwhile_stays(open_shop: Open) -> None:
    shop = open_shop(LAPSING)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 10_000, receipt="R"))
    assert taken(shop) == 1
    shop.now += timedelta(days=40)
    shop.record(brings_back("R"))
    taken(shop)
    assert shop.balances("ada")["points"] == (0, 0, 100)
    assert [row[1] for row in shop.rows(_CODES)] == ["issued"]


def test_who_was_merged_gives_back_a_voucher_as_whom_they_stand(open_shop: Open) -> None:
    shop = open_shop(LAPSING)
    ada, bea = shop.joined("ada", "bea")
    shop.record(buys(bea, 12_000, receipt="R"))
    assert taken(shop) == 1
    merge(shop, bea, ada)
    shop.record(brings_back("R"))
    assert shop.balances("ada")["points"] == (0, 0, 100)
    taken(shop)
    assert shop.balances("ada") == {}
    assert [row[1] for row in shop.rows(_CODES)] == ["withdrawn"]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_who_had_enough_before_it_was_promised_has_it_an_hour_later(open_shop: Open) -> None:
    before, _, _ = VOUCHERS.partition("rewards:")
    shop = open_shop(before)
    ada, bea, cleo = shop.joined("ada", "bea", "cleo")
    for who, units in ((ada, 99), (bea, 100), (cleo, 250)):
        shop.adjust(Adjust(who, "points", units, "as a start", "mia"))
    shop.now += timedelta(days=1)
    worthless = VOUCHERS.replace('    worth: "5.00"\n', "")
    shop.publish(named(worthless, shop.terms.slug))
    assert taken(shop) == 0, "somebody may still be served by the version before"
    shop.now += timedelta(hours=1)
    taken(shop)
    left = {who: shop.balances(who).get("points") for who in ("ada", "bea", "cleo")}
    assert left == {"ada": (99, 0, 0), "bea": None, "cleo": (50, 0, 0)}
    walked = shop.now
    shop.now += timedelta(hours=1)
    assert taken(shop) == 0
    # Everybody is looked through once for a version.
    assert shop.rows("select done_at from automatic_walk where program_id = $1") == [(walked,)]


def test_an_empty_pool_is_looked_at_again_later(open_shop: Open) -> None:
    shop = open_shop(POOL)
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 250, "as a start", "mia"))
    shop.ask(fill_pools, FillPool("voucher", ("A-1",), "bought", "mia"))
    assert taken(shop) == 1
    assert shop.balances("ada")["points"] == (150, 0, 0)
    shop.ask(fill_pools, FillPool("voucher", ("A-2",), "bought", "mia"))
    assert taken(shop) == 0, "not yet"
    shop.now += timedelta(hours=6)
    assert taken(shop) == 1
    assert shop.balances("ada")["points"] == (50, 0, 0)
    assert shop.rows(_CLOCK) == [(0,)]


@pytest.mark.parametrize(
    ("instead", "where"),
    [
        ("gives: {kind: item}", "rewards[0].automatic"),
        ('gives: {kind: code}; money: "1.00"', "rewards[0].money"),
        ("gives: {kind: code}; stores: [mitte]", "rewards[0].stores"),
        ("gives: {kind: code}; or: [{price: {points: 100}}]", "rewards[0].or"),
    ],
)
def test_what_cannot_be_taken_by_itself_is_refused(instead: str, where: str) -> None:
    assert wrong(VOUCHERS) == []
    assert wrong(VOUCHERS.replace("gives: {kind: code}", instead.replace("; ", "\n    "))) == [
        ("error", where)
    ]


def test_a_wallet_that_forgives_is_warned_of() -> None:
    forgiving = VOUCHERS.replace("{negative: debt}", "{}")
    assert wrong(forgiving) == [("warning", "rewards[0].automatic")]


def wrong(source: str) -> list[tuple[str, str]]:
    return [(one.severity, one.path) for one in problems_of(read(source))]

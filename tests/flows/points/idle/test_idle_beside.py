"""Points left alone beside what comes late, what was paid with points, and benefits."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.books import assert_books_right
from tests.flows.points.idle.test_idle import ada, inbox, shown
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys, by, line

from regulars.flows.commands import Redeem
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import GrantBenefit, UseBenefit
from regulars.records.activity.types import Payment

Open = Callable[[str], Shop]
LADDER = """
regulars: 1
program: left-ladder
name: Left ladder
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 5 years}}
  thanks:
    notice: {days: 10}
    inactivity: {after: 2 months, reset_by: [earning]}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: thanks, on: purchase, wallet: thanks, award: {give: fixed, points: 5},
     when: {if: tier, at_least: silver}}
tiers:
  window: calendar_year
  valid: next_window_end
  returned_credit: revoke_now
  steps: [{id: silver, at: "100.00"}]
benefits:
  - {id: coffee, name: A coffee, tier: silver, allowance: {times: 2, per: year}}
"""
PAYING = """
regulars: 1
program: left-paying
name: Left paying
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    notice: {days: 10}
    inactivity: {after: 6 months, reset_by: [redeeming]}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""
LASTING = PAYING.replace("days: 10}", "days: 10}\n    comes_back: {days: 14}")
_THANKED = """
select b.last_qualifying_at from balance b
  join program_code c on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
 where b.program_id = $1 and c.name = 'thanks'
"""


def thanked(shop: Shop) -> list[datetime | None]:
    return [at for (at,) in shop.rows(_THANKED)]


def right(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def ladder(open_shop: Open) -> Shop:
    shop = open_shop(LADDER)
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    return shop


def pays(shop: Shop, who: Any, receipt: str) -> None:
    """30 of 40 points pay a part of a sale."""
    shop.record(buys(who, 4000))
    (taken,) = shop.redeem(Redeem(who, "cup", capture=True))
    paid = {"payments": (Payment("points", 300, taken.redemption_id),)}
    shop.record(buys(who, line(3000, quantity=3), receipt=receipt, basket=paid))


def paid(open_shop: Open, source: str) -> Shop:
    """Ada paid on 2 March; of what is left she is told and shown in August."""
    shop = open_shop(source)
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    pays(shop, ada(), "r1")
    shop.at("2026-08-20 10:00")
    shop.night()
    shown(shop, *[message_id for message_id, *_ in inbox(shop)])
    return shop


def test_who_earns_once_it_is_decided_again_was_here_then(open_shop: Open) -> None:
    shop = ladder(open_shop)
    shop.at("2026-03-05 13:00")
    shop.record(buys(ada(), 5000, receipt="r2"))
    assert thanked(shop) == []
    shop.at("2026-03-07 13:00")
    shop.record(buys(ada(), 10_000, receipt="r1", occurred_at=shop.local("2026-03-03 13:00")))
    assert shop.balances("ada")["thanks"] == (5, 0, 0)
    assert thanked(shop) == [shop.local("2026-03-05 13:00")]
    right(shop)


def test_who_earns_no_more_once_it_is_decided_again_was_here_all_the_same(open_shop: Open) -> None:
    shop = ladder(open_shop)
    shop.record(buys(ada(), 10_000, receipt="r1"))
    shop.at("2026-03-05 13:00")
    shop.record(buys(ada(), 5000, receipt="r2"))
    shop.at("2026-03-07 13:00")
    shop.record(brings_back("r1", receipt="b1", occurred_at=shop.local("2026-03-04 13:00")))
    assert "thanks" not in shop.balances("ada")
    assert thanked(shop) == [shop.local("2026-03-05 13:00")]
    right(shop)


def test_what_comes_late_saves_what_no_night_took_also_where_much_is_decided_again(
    open_shop: Open,
) -> None:
    shop = ladder(open_shop)
    shop.record(buys(ada(), 10_000), buys(ada(), 5000))
    shop.at("2026-04-20 10:00")
    shop.night()
    ((message_id, *_),) = inbox(shop)
    shown(shop, message_id)
    shop.at("2026-05-04 10:00")  # over since the third at 0:00, and no night came by
    shop.record(buys(ada(), 1000, occurred_at=shop.local("2026-05-02 10:00")))
    assert shop.balances("ada")["thanks"] == (10, 0, 0)
    right(shop)


def test_a_benefit_that_is_granted_and_used_keeps_nothing_alive(open_shop: Open) -> None:
    shop = ladder(open_shop)
    shop.record(buys(ada(), 10_000), buys(ada(), 5000))
    before = thanked(shop)
    shop.at("2026-04-20 10:00")
    shop.night()
    ((message_id, *_),) = inbox(shop)
    shown(shop, message_id)
    grant = GrantBenefit(ada(), "coffee", reason="kind", actor="Olga")
    shop.ask(grant_benefits, grant)
    shop.ask(use_benefits, UseBenefit(ada(), "coffee"))
    assert thanked(shop) == before
    shop.at("2026-05-03 00:00")
    shop.ask(use_benefits, UseBenefit(ada(), "coffee"))
    shop.night()
    assert "thanks" not in shop.balances("ada")
    right(shop)


def test_what_comes_back_after_its_time_lapses_in_the_same_breath(open_shop: Open) -> None:
    shop = paid(open_shop, PAYING)
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {}
    shop.now = shop.local("2026-09-04 10:00")
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert back.refunded == {"points": 30}
    assert shop.balances("ada") == {}
    right(shop)


def test_what_comes_back_before_its_time_goes_with_the_rest_and_is_no_activity(
    open_shop: Open,
) -> None:
    shop = paid(open_shop, PAYING)
    shop.at("2026-09-01 10:00")
    shop.record(brings_back("r1", receipt="b1"))
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {}
    right(shop)


def test_what_comes_back_lives_its_least_life_whatever_its_member_does(open_shop: Open) -> None:
    shop = paid(open_shop, LASTING)
    shop.at("2026-09-01 10:00")
    shop.record(brings_back("r1", receipt="b1"))
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (30, 0, 0)}
    ((_, kind, points, lapses_at, _),) = inbox(shop)[1:]
    assert (kind, points, lapses_at) == ("idle_notice", 30, shop.local("2026-09-16 00:00"))
    right(shop)


def test_what_comes_back_to_be_left_alone_again_is_spared_for_its_least_life(
    open_shop: Open,
) -> None:
    shop = paid(open_shop, LASTING.replace("days: 14", "days: 400"))
    shop.at("2026-09-03 00:00")
    shop.night()
    shop.record(brings_back("r1", receipt="b1"))
    assert shop.balances("ada") == {"points": (30, 0, 0)}
    until = shop.local("2027-10-09 00:00")
    for day in ("2027-03-04", "2027-03-20", "2027-09-01"):
        shop.at(f"{day} 00:00")
        shop.night()
        shown(shop, *[message_id for message_id, *_ in inbox(shop)])
        assert shop.balances("ada") == {"points": (30, 0, 0)}
    assert shop.rows("select max(to_at) from courtesy where program_id = $1") == [(until,)]
    shop.now = until
    shop.night()
    right(shop)


def test_what_comes_back_to_somebody_merged_is_alive_with_whom_they_are_now(
    open_shop: Open,
) -> None:
    shop = paid(open_shop, PAYING)
    (bob,) = shop.joined("bob")
    shop.at("2026-08-24 10:00")
    pays(shop, bob, "r2")
    merge(shop, ada(), bob)
    shop.at("2026-09-04 10:00")
    before = shop.balances("bob")["points"][0]
    (back,) = shop.record(brings_back("r1", receipt="b1"))
    assert (back.refunded, back.earned) == ({"points": 30}, {"points": -27})
    assert shop.balances("bob")["points"][0] == before + 30 - 27
    assert by(external="bob") == bob
    right(shop)

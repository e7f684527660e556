"""Balances along two times: when it happened, and when we knew it (semantics A13)."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tests.makers import SECOND, Shop, brings_back, buys, ends

from regulars.base.tx import Tx
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.records.ledger import read as book
from regulars.records.ledger.types import Account, Balance
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
Times = tuple[datetime | None, datetime | None]
DAY = timedelta(days=1)
SHORT = """
regulars: 1
program: short
name: Short
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days}, negative: debt}
  gifts: {expiry: {after: 10 days}, pending: {until: event, cancel_after: 5 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gift, on: purchase, wallet: gifts, award: {give: fixed, points: 5}}
rewards:
  - {id: cup, name: A cup, price: {points: 10}, hold_for: 1 hour}
"""


def member_of(shop: Shop, who: str) -> UUID:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, who)[0][0]  # type: ignore[no-any-return]


def held(shop: Shop, who: str, times: Times = (None, None)) -> dict[str, Balance]:
    """What the books say this member held."""
    id_, names = member_of(shop, who), shop.terms.wallet_names

    async def look(tx: Tx, _: Any) -> Mapping[UUID, Mapping[int, Balance]]:
        return await book.balances_at(tx, [id_], as_of=times[0], as_known=times[1])

    return {names[code]: one for code, one in shop.do(look)[id_].items()}


def points(shop: Shop, as_of: datetime, as_known: datetime | None = None) -> int:
    return held(shop, "ada", (as_of, as_known)).get("points", Balance()).available


def test_a_sale_told_late_counts_when_it_happened_once_we_know(open_shop: Open) -> None:
    shop = open_shop(SHORT)
    (ada,) = shop.joined("ada")
    monday = shop.now
    shop.now = wednesday = monday + 2 * DAY
    shop.record(buys(ada, 3000, occurred_at=monday))
    tuesday, thursday = monday + DAY, monday + 3 * DAY
    assert points(shop, tuesday, thursday) == 30
    assert points(shop, tuesday, tuesday) == 0
    assert points(shop, monday - SECOND, thursday) == 0
    assert (points(shop, monday, wednesday), points(shop, monday, wednesday - SECOND)) == (30, 0)


@pytest.mark.parametrize("days_after", [0, 1, 25])
def test_points_are_gone_from_their_end_on_whenever_the_night_ran(
    open_shop: Open, days_after: int
) -> None:
    shop = open_shop(SHORT)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3000))
    ((_, _, _, gone),) = [lot for lot in shop.lots("ada") if lot[0] == "points"]
    shop.now = gone + days_after * DAY
    shop.night()
    expiry = "select occurred_at, recorded_at from entry where program_id = $1 and kind = 'expire'"
    assert shop.rows(expiry) == [(gone, shop.now)]
    assert (points(shop, gone - SECOND), points(shop, gone)) == (30, 0)
    assert points(shop, gone, shop.now - SECOND) == 30  # that is what the books knew


def a_life(shop: Shop, seed: int) -> None:
    """Some weeks of two members, told in time and late, with everything that moves points."""
    rng, refs = Random(seed), shop.joined("ada", "ben")
    receipts: list[str] = []
    for number in range(40):
        shop.now += timedelta(hours=rng.randrange(1, 40))
        one_thing(shop, rng, rng.choice(refs), receipts, number)
        if rng.random() < 0.3:
            shop.night()


def one_thing(shop: Shop, rng: Random, who: MemberRef, receipts: list[str], number: int) -> None:
    sale = rng.choice(receipts) if receipts else ""
    match rng.randrange(7):
        case 0 if sale:
            shop.record(brings_back(sale, occurred_at=shop.now - rng.randrange(3) * DAY))
        case 1 if sale:
            shop.confirm(ends(sale, rng.choice(("confirmed", "cancelled"))))
        case 2:
            (one,) = shop.redeem(Redeem(who, "cup", capture=rng.random() < 0.3))
            if getattr(one, "state", "") == "held" and rng.random() < 0.5:
                shop.settle(Settle(one.redemption_id, rng.choice(("captured", "voided"))))
        case 3:
            shop.adjust(Adjust(who, "points", rng.choice((-5, 7)), "it was wrong", "Olga"))
        case _:
            receipts.append(f"r{number}")
            at = shop.now - rng.randrange(12) * DAY
            amount = rng.randrange(100, 5000)
            shop.record(buys(who, amount, receipt=receipts[-1], occurred_at=at))


def by_hand(shop: Shop, who: str, times: Times) -> dict[str, Counter[int]]:
    """Every posting looked at one by one."""
    sql = """select e.occurred_at, e.recorded_at, p.wallet, p.account, p.amount
               from posting p join entry e using (program_id, member_id, entry_id)
              where p.program_id = $1 and p.member_id = $2"""
    found: dict[str, Counter[int]] = {}
    for happened, known, wallet, account, amount in shop.rows(sql, member_of(shop, who)):
        inside = (times[0] is None or happened <= times[0]) and (
            times[1] is None or known <= times[1]
        )
        if inside:
            sums = found.setdefault(shop.terms.wallet_names[wallet], Counter())
            sums[account] += amount
    return found


def as_balances(sums: dict[str, Counter[int]]) -> dict[str, Balance]:
    return {
        wallet: Balance(
            one[Account.AVAILABLE], one[Account.PENDING], one[Account.HELD],
            -one[Account.DEBT], -one[Account.ISSUED],
        )
        for wallet, one in sums.items()
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_any_two_times_give_what_adding_up_the_entries_gives(open_shop: Open, seed: int) -> None:
    shop = open_shop(SHORT)
    begun = shop.now
    a_life(shop, seed)
    rng, last = Random(seed), shop.now - begun
    for who in ("ada", "ben"):
        for _ in range(12):
            times = (
                begun + last * rng.randrange(110) // 100,
                begun + last * rng.randrange(110) // 100,
            )
            assert held(shop, who, times) == as_balances(by_hand(shop, who, times)), times


@pytest.mark.parametrize("seed", range(4))
def test_as_of_now_as_known_now_is_the_balance(open_shop: Open, seed: int) -> None:
    shop = open_shop(SHORT)
    a_life(shop, seed)
    shop.night()
    sql = """select c.name, b.available, b.pending, b.held, b.debt, b.earned
               from balance b join program_code c using (program_id)
              where b.program_id = $1 and b.member_id = $2 and c.kind = 'wallet'
                and c.code = b.wallet"""
    for who in ("ada", "ben"):
        kept = {name: Balance(*parts) for name, *parts in shop.rows(sql, member_of(shop, who))}
        assert held(shop, who, (shop.now, shop.now)) == held(shop, who)
        assert {w: b for w, b in kept.items() if b != Balance()} == {
            w: b for w, b in held(shop, who).items() if b != Balance()
        }


@pytest.mark.parametrize("seed", range(2))
def test_what_counts_only_grows_along_both_times(open_shop: Open, seed: int) -> None:
    """Whatever has happened and is known by one instant is, by each later one: seen at what was
    issued, in a shop where nothing comes back."""
    shop = open_shop(SHORT)
    (ada,) = shop.joined("ada")
    rng, begun = Random(seed), shop.now
    for _ in range(15):
        shop.now += timedelta(hours=rng.randrange(1, 40))
        shop.record(buys(ada, 100, occurred_at=shop.now - rng.randrange(4) * DAY))
    steps = [begun + (shop.now - begun) * part // 20 for part in range(-6, 21)]
    for fixed in (steps[-1], steps[len(steps) // 2]):
        earned = [
            [held(shop, "ada", times).get("points", Balance()).earned for times in along]
            for along in ([(at, fixed) for at in steps], [(fixed, at) for at in steps])
        ]
        for line in earned:
            assert all(before <= after for before, after in pairwise(line))
            assert line[-1] > line[0] == 0

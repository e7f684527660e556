"""A member with very many lots: a redemption reads what it can take, and takes the right ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop

from regulars.flows.batch import first_lots
from regulars.flows.commands import Adjust, Redeem
from regulars.records.ledger import read as ledger

Open = Callable[[str], Shop]
SOURCE = """
regulars: 1
program: heavy
name: Heavy
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 30 days}, spends: ORDER}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 3}, hold_for: 1 hour}
  - {id: car, name: A car, price: {points: 40, stamps: 2}, hold_for: 1 hour}
"""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five lots are many."""
    monkeypatch.setattr(ledger, "FIRST", 5)


def with_lots(open_shop: Open, order: str, days: int) -> tuple[Shop, Any]:
    """A point a day, the oldest soonest to lapse."""
    shop = open_shop(SOURCE.replace("ORDER", order))
    (ada,) = shop.joined("ada")
    for _ in range(days):
        shop.adjust(Adjust(ada, "points", 1, "a day", "mia"))
        shop.now += timedelta(days=1)
    shop.adjust(Adjust(ada, "stamps", 5, "a start", "mia"))
    return shop, ada


def pinned(shop: Shop) -> list[int]:
    """How many days ago the reserved points were given, oldest first."""
    sql = """select earned_at from lot where program_id = $1 and pinned > 0
              and wallet = (select code from program_code where program_id = $1
                               and kind = 'wallet' and name = 'points') order by 1"""
    return [(shop.now - at).days for (at,) in shop.rows(sql)]


@pytest.mark.parametrize(
    ("order", "taken"),
    [("soonest_expiring", [20, 19, 18]), ("oldest", [20, 19, 18]), ("newest", [3, 2, 1])],
)
@pytest.mark.usefixtures("few")
def test_the_first_ones_are_taken_in_the_wallet_s_order(
    open_shop: Open, order: str, taken: list[int]
) -> None:
    shop, ada = with_lots(open_shop, order, 20)
    (held,) = shop.redeem(Redeem(ada, "cup"))
    assert held.state == "held"
    assert pinned(shop) == taken


@pytest.mark.usefixtures("few")
def test_where_the_first_ones_are_not_enough_all_are_read(open_shop: Open) -> None:
    shop, ada = with_lots(open_shop, "soonest_expiring", 29)
    shop.adjust(Adjust(ada, "points", 15, "more", "mia"))
    (held,) = shop.redeem(Redeem(ada, "car"))
    assert held.state == "held"
    assert shop.balances("ada") == {"points": (4, 40, 0), "stamps": (3, 2, 0)}


@pytest.mark.usefixtures("few")
def test_all_that_lapsed_is_gone_first(open_shop: Open) -> None:
    shop, ada = with_lots(open_shop, "newest", 29)
    shop.now += timedelta(days=25)
    (held,) = shop.redeem(Redeem(ada, "cup"))
    assert held.state == "held"
    assert shop.balances("ada") == {"points": (2, 3, 0), "stamps": (5, 0, 0)}
    shop.now += timedelta(days=3)
    (no,) = shop.redeem(Redeem(ada, "cup"))
    assert no.code == "not_enough_points"


@pytest.mark.usefixtures("few")
def test_several_wishes_in_one_batch_are_added_up(open_shop: Open) -> None:
    shop, ada = with_lots(open_shop, "soonest_expiring", 20)
    answers = shop.redeem(*[Redeem(ada, "cup")] * 4)
    assert [one.state for one in answers] == ["held"] * 4
    assert len(pinned(shop)) == 12


@pytest.mark.usefixtures("few")
def test_a_hold_that_lapsed_gives_back_lots_far_down_the_order(open_shop: Open) -> None:
    shop, ada = with_lots(open_shop, "newest", 8)
    shop.redeem(*[Redeem(ada, "cup")] * 2)
    for _ in range(9):
        shop.adjust(Adjust(ada, "points", 1, "later", "mia"))
    shop.now += timedelta(hours=2)
    (held,) = shop.redeem(Redeem(ada, "cup"))
    assert held.state == "held"
    assert shop.balances("ada") == {"points": (14, 3, 0), "stamps": (5, 0, 0)}


def test_a_redemption_does_not_read_what_it_cannot_take(open_shop: Open) -> None:
    shop, ada = with_lots(open_shop, "soonest_expiring", 2)
    copies = """
    insert into lot select program_id, member_id, wallet, gen_random_uuid(), entry_id, cause_id,
           version, amount, remaining, pinned, earned_at, expires_at
      from (select * from lot where program_id = $1 and amount = 1 limit 1) l,
           generate_series(1, 2000)"""
    shop.rows(copies)
    shop.rows(
        "update balance set available = available + 2000 where program_id = $1 and wallet ="
        " (select code from program_code where program_id = $1 and name = 'points')"
    )
    read: list[int] = []
    real = ledger.first_lots

    async def counting(*args: Any) -> Any:
        found = await real(*args)
        read.append(len(found))
        return found

    first_lots.ledger.first_lots, before = counting, real  # type: ignore[attr-defined]
    try:
        (held,) = shop.redeem(Redeem(ada, "cup"))
    finally:
        first_lots.ledger.first_lots = before  # type: ignore[attr-defined]
    assert held.state == "held"
    assert read == [ledger.FIRST + 1]

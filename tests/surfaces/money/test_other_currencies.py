"""Over HTTP: points that pay in other currencies, rewards with a worth there, and what is told."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem

CARDS = count(1)
QUAY = """
regulars: 1
program: quay
name: Quay
currency: EUR
zone: Europe/Berlin
currencies:
  USD: [{counts: "0.90"}]
  JPY: [{counts: "0.61", per: 100}]
  CHF: [{counts: "1.05", from_on: 2031-01-01}]
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "0.04"}}
paying: {wallet: points, points: 100, per: "1.00", in_currency: {USD: {}, CHF: {}}}
rewards:
  - id: voucher
    name: Five off
    price: {points: 500}
    worth: "5.00"
    money: "1.00"
    gives: {kind: discount, off: "5.00"}
    in_currency: {USD: {off: "5.50", money: "1.10"}}
"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, QUAY))  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def ada(shop: Counter) -> dict[str, Any]:
    """Somebody with 2000 points."""
    card = f"A-{next(CARDS)}"
    shop.joined(card)
    who = {"member": {"card": card}}
    shop.post("/v1/activities", who | {"kind": "purchase", "amount": money(8_000, "EUR")})
    return who


def money(minor: int, currency: str = "USD") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


def test_points_pay_a_part_of_a_basket_in_dollars(shop: Counter, ada: dict[str, Any]) -> None:
    wish = ada | {"pay": {"basket": money(1_000), "want": money(500)}}
    assert shop.post("/v1/redemption-quotes", wish).json() == {
        "wallet": "points", "points": 450, "value": money(500), "discount": money(0),
        "left": money(500), "partly": False, "counts": money(450, "EUR"),
    }  # fmt: skip
    done = shop.post("/v1/redemptions", wish | {"capture": True}).json()
    assert (done["currency"], done["price"]) == ("USD", {"points": 450})
    kept = shop.get(f"/v1/redemptions/{done['id']}").json()
    assert (kept["worth"], kept["value"]) == (money(450, "EUR"), money(500))
    paid = {"kind": "points", "amount": money(500), "redemption": done["id"]}
    sale = ada | {"kind": "purchase", "amount": money(1_000), "payments": [paid]}
    other = sale | {
        "amount": money(1_000, "EUR"),
        "payments": [paid | {"amount": money(500, "EUR")}],
    }
    assert problem(shop.post("/v1/activities", other))[2] == "/payments/0/redemption"
    sold = shop.post("/v1/activities", sale).json()
    assert sold["earned"] == {"points": 112}
    assert "paid_back" not in sold
    back = {"kind": "return", "sale": {"id": sold["id"]}}
    part = back | {"returned": [{"line": 0, "quantity": 333}]}
    assert shop.post("/v1/activities", part).json()["paid_back"] == money(165)
    assert shop.post("/v1/activities", back).json()["paid_back"] == money(335)


@pytest.mark.parametrize(("currency", "off"), [("USD", 550), ("EUR", 500)])
def test_what_a_voucher_paid_comes_back_as_points_and_not_in_money_too(
    shop: Counter, ada: dict[str, Any], currency: str, off: int
) -> None:
    """20.00 of which a voucher pays 5.50, in two halves: 7.25 in money each time, and no more."""
    wish = ada | {"reward": "voucher", "currency": currency, "capture": True}
    taken = shop.post("/v1/redemptions", wish).json()
    paid = {"kind": "points", "amount": money(off, currency), "redemption": taken["id"]}
    basket = {"amount": money(2_000, currency), "payments": [paid]}
    sold = shop.post("/v1/activities", ada | {"kind": "purchase"} | basket).json()
    back = {"kind": "return", "sale": {"id": sold["id"]}}
    half = back | {"returned": [{"line": 0, "quantity": 1_000}]}
    for one in (half, back):
        done = shop.post("/v1/activities", one).json()
        assert done["refunded"] == {"points": 250}
        assert done["paid_back"] == money(off // 2, currency)


@pytest.mark.parametrize(
    ("basket", "more", "field", "says"),
    [
        (money(900, "JPY"), {}, "/pay/basket/currency", "`paying: {in_currency: …}`"),
        (money(900, "CHF"), {}, "/pay/basket/currency", "no rate for CHF on this day"),
        (money(900, "GBP"), {}, "/pay/basket/currency", "counts in EUR"),
        (money(900), {"want": money(5, "EUR")}, "/pay/want/currency", "counts in USD"),
        (money(900), {"wallet": "points"}, "/pay/wallet", "pays for no basket in USD"),
    ],
)
def test_where_points_do_not_pay_it_is_said_why(
    shop: Counter, ada: dict[str, Any], basket: Any, more: Any, field: str, says: str
) -> None:
    wish = ada | {"pay": {"basket": basket, **more}}
    for path in ("/v1/redemption-quotes", "/v1/redemptions"):
        answer = shop.post(path, wish)
        assert problem(answer) == (422, "invalid", field), answer.text
        assert says in answer.text


def test_a_reward_is_had_in_a_currency_in_which_it_has_a_worth(
    shop: Counter, ada: dict[str, Any]
) -> None:
    wish = ada | {"reward": "voucher"}
    quoted = shop.post("/v1/reward-quotes", wish | {"currency": "USD"}).json()
    assert (quoted["gives"], quoted["money"]) == ({"off_minor": 550}, money(110))
    assert (quoted["worth"], quoted["value"]) == (money(500, "EUR"), money(550))
    home = shop.post("/v1/reward-quotes", wish | {"currency": "EUR"}).json()
    assert (home["gives"], home["money"]) == ({"off_minor": 500}, money(100, "EUR"))
    assert "value" not in home
    done = shop.post("/v1/redemptions", wish | {"currency": "USD", "capture": True}).json()
    assert (done["currency"], done["money_minor"]) == ("USD", 110)
    for currency, says in (("JPY", "has no worth in JPY"), ("GBP", "does not know GBP")):
        for path in ("/v1/reward-quotes", "/v1/redemptions"):
            answer = shop.post(path, wish | {"currency": currency})
            assert problem(answer) == (422, "invalid", "/currency"), answer.text
            assert says in answer.text
    both = ada | {"pay": {"basket": money(900)}, "currency": "EUR"}
    assert problem(shop.post("/v1/redemptions", both))[2] == "/currency"

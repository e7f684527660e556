"""Over HTTP: which piece is free, choices, what is taken by itself, buyers, gift balances."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem

MIXED = """
regulars: 1
program: mixed
name: Mixed
currency: EUR
zone: Europe/Berlin
wallets:
  stamps: {kind: stamps}
  points: {negative: debt}
  gift: {kind: gift, scale: 2}
household: {buyers: {points: {points: 50}}}
rules:
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1, categories: [tea]}}
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: tenth, name: A tea, price: {stamps: 2}, gives: {kind: free_pieces, categories: [tea]}}
  - id: voucher
    name: A voucher
    price: {points: 100}
    worth: "5.00"
    gives: {kind: code}
    automatic: true
benefits:
  - {id: ticket, name: A ticket, allowance: {times: 1, per: year}, choose_one: gift}
  - {id: cash, name: Points, allowance: {times: 1, per: year}, choose_one: gift,
     gives: {wallet: points, points: 30}}
"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, MIXED))  # type: ignore[arg-type]
    yield opened
    opened.close()


def euros(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def tea(minor: int, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"category": "tea", "quantity": quantity, "amount": euros(minor), **more}


def test_a_till_asks_which_tea_is_free_takes_it_and_sells_it(shop: Counter) -> None:
    shop.joined("F-1")
    who = {"member": {"card": "F-1"}}
    shop.post("/v1/activities", who | {"kind": "purchase", "lines": [tea(900, 3)]})
    wish = who | {"reward": "tenth", "lines": [tea(700, 2), tea(400)]}
    quoted = shop.post("/v1/reward-quotes", wish).json()
    free = [{"line": 0, "sku": "", "category": "tea", "quantity": 1, "value_minor": 350}]
    assert (quoted["free"], quoted["worth"], quoted["price"]) == (free, euros(350), {"stamps": 2})
    assert problem(shop.post("/v1/reward-quotes", who | {"reward": "tenth"}))[:2] == (
        422,
        "invalid",
    )
    taken = shop.post("/v1/redemptions", wish | {"capture": True}).json()
    assert (taken["free"], taken["balances"]["stamps"]) == (free, 1)
    assert shop.get(f"/v1/redemptions/{taken['id']}").json()["free"] == free
    sold = tea(700, 2, discount=euros(350), free=1, redemption=taken["id"])
    sale = shop.post("/v1/activities", who | {"kind": "purchase", "lines": [sold, tea(400)]}).json()
    assert sale["earned"]["stamps"] == 2
    why = shop.get(f"/v1/activities/{sale['id']}/trail").json()["says"]
    assert why[0] == "Pieces that a reward made free: 1. They count for nothing."
    kept = shop.get(f"/v1/activities/{sale['id']}").json()["lines"][0]
    assert (kept["free"], kept["redemption"]) == (1, taken["id"])


def test_a_choice_is_seen_said_once_and_binds(shop: Counter) -> None:
    member = shop.joined("C-1")
    asked = f"/v1/members/{member}/choices"
    (before,) = shop.get(asked).json()["items"]
    assert (before["chosen"], [one["id"] for one in before["options"]]) == (
        None,
        ["ticket", "cash"],
    )
    said = {"member": {"card": "C-1"}, "choice": "gift", "option": "ticket"}
    first, again = shop.post("/v1/choices", said), shop.post("/v1/choices", said)
    assert (first.status_code, again.json()) == (201, first.json())
    assert problem(shop.post("/v1/choices", said | {"option": "cash"}))[:2] == (
        409, "chosen_otherwise",
    )  # fmt: skip
    assert problem(shop.post("/v1/choices", said | {"choice": "x"}))[:2] == (404, "unknown_choice")
    may = shop.get(f"/v1/members/{member}/benefits/cash").json()
    assert (may["may"], may["why_not"]["code"]) == (False, "chosen_otherwise")
    (after,) = shop.get(asked).json()["items"]
    assert (after["chosen"], after["by"]) == ("ticket", "said")


def test_what_was_taken_by_itself_is_handed_over(shop: Counter) -> None:
    member = shop.joined("A-1")
    who = {"member": {"card": "A-1"}}
    shop.post("/v1/activities", who | {"kind": "purchase", "amount": euros(10_000)})
    asked = f"/v1/members/{member}/automatic-codes"
    assert shop.get(asked).json() == {"items": []}
    shop.shop.night("take_automatic")
    (code,) = shop.get(asked).json()["items"]
    assert (code["reward"], code["worth"]) == ("voucher", euros(500))
    assert shop.post("/v1/code-uses", {"code": code["code"]}).status_code == 201
    assert shop.get(asked).json() == {"items": []}


def test_a_buyer_has_a_limit_of_their_own(shop: Counter) -> None:
    shop.joined("B-1"), shop.joined("B-2")
    home = shop.post("/v1/households", {"head": {"card": "B-1"}}).json()["id"]
    place = {"member": {"card": "B-2"}, "role": "buyer", "limits": {"points": 70}}
    assert shop.post(f"/v1/households/{home}/members", place).status_code == 200
    (_, kept) = shop.get(f"/v1/households/{home}").json()["members"]
    assert (kept["role"], kept["limits"]) == ("buyer", {"points": 70})
    wrong = place | {"role": "member"}
    answer = problem(shop.post(f"/v1/households/{home}/members", wrong))
    assert answer[:2] == (422, "invalid")


def test_a_gift_balance_is_topped_up_spent_and_owed(shop: Counter) -> None:
    shop.joined("G-1")
    who = {"member": {"card": "G-1"}}
    top_up = who | {"wallet": "gift", "amount": euros(5_000), "reference": "till 7"}
    done = shop.post("/v1/gift-topups", top_up)
    assert (done.status_code, done.json()["balance"]) == (201, euros(5_000))
    # Told again under another key it is the same receipt: nobody pays it twice.
    assert shop.post("/v1/gift-topups", top_up).json()["id"] == done.json()["id"]
    dearer = top_up | {"amount": euros(6_000)}
    assert problem(shop.post("/v1/gift-topups", dearer))[:2] == (422, "key_reused")
    assert problem(shop.post("/v1/gift-topups", top_up | {"wallet": "points"}))[:2] == (
        409, "not_stored_value",
    )  # fmt: skip
    assert problem(shop.post("/v1/gift-topups", top_up | {"amount": euros(0)}))[1] == "invalid"
    pay = {"basket": euros(3_000), "want": euros(2_000), "wallet": "gift"}
    quoted = shop.post("/v1/redemption-quotes", who | {"pay": pay}).json()
    assert (quoted["value"], quoted["left"]) == (euros(2_000), euros(1_000))
    taken = shop.post("/v1/redemptions", who | {"pay": pay, "capture": True}).json()
    assert taken["kind"] == "stored_value"
    paid = {"kind": "stored_value", "amount": euros(2_000), "redemption": taken["id"]}
    sale = who | {"kind": "purchase", "amount": euros(3_000), "payments": [paid]}
    assert shop.post("/v1/activities", sale).json()["earned"]["points"] == 30
    assert shop.get("/v1/gift-liability").json()["items"] == [
        {"wallet": "gift", "amount": euros(3_000)}
    ]

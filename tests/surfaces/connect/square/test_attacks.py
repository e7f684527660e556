"""What engineers who know the vendor's clients try: sizes, scripts, fields, two at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.surfaces.connect.square.till import Till, earning, paying

from regulars.base.money import LARGEST
from regulars.surfaces.api.faults import TooManyRequests
from regulars.surfaces.connect.square.errors import failed

SIGNS = ("☕️ 日本語 – اسم – Ünï", "a" * 512, "𐍈𐍉", "\u202eabc", "\\u0000")


def test_a_body_of_ten_megabytes_is_refused_before_it_is_understood(till: Till) -> None:
    body = b'{"idempotency_key":"a","order":{"location_id":"' + b"a" * 10_000_000 + b'"}}'
    answer = till.counter.ask("POST", "/compat/square/v2/orders", body, key=till.key)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (413, "REQUEST_ENTITY_TOO_LARGE")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "EXPECTED_JSON_BODY"),
        (b"{", "EXPECTED_JSON_BODY"),
        (b"[]", "EXPECTED_OBJECT"),
        (b'{"a":1,"a":2}', "EXPECTED_JSON_BODY"),
        (b"[" * 5_000, "EXPECTED_JSON_BODY"),
        (b'{"order":{"location_id":"\xff"}}', "EXPECTED_JSON_BODY"),
        (b'{"order":{"location_id":"main"},"more":1}', "UNKNOWN_BODY_PARAMETER"),
        (b'{"order":{"location_id":"main","id":"ord_1"}}', "UNKNOWN_BODY_PARAMETER"),
        (b'{"order":{"location_id":7}}', "EXPECTED_STRING"),
        (b'{"order":{}}', "MISSING_REQUIRED_PARAMETER"),
    ],
)
def test_what_is_no_order_is_refused_with_their_code(till: Till, body: bytes, code: str) -> None:
    before = till.counter.shop.counts()
    answer = till.counter.ask("POST", "/compat/square/v2/orders", body, key=till.key)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (400, code), error
    assert till.counter.shop.counts() == before


@pytest.mark.parametrize("points", [0, -1, LARGEST + 1, 2**63, 2**70, 1.5, "7", True, None])
def test_points_beyond_what_can_be_counted_are_refused(till: Till, points: Any) -> None:
    account = f"mem_{'0' * 31}1"
    body = {"accumulate_points": {"points": points}, "location_id": "main"}
    assert till.bad(f"/loyalty/accounts/{account}/accumulate", body)[0] == 400


def test_the_largest_number_is_told_as_it_is(till: Till) -> None:
    """Clients for Node read it as a bigint; as a float it would be another one."""
    account = till.joined("+12125550170")
    till.given(account, LARGEST)
    assert till.account(account)["balance"] == LARGEST
    more = {"accumulate_points": {"points": 1}, "location_id": "main"}
    assert till.bad(f"/loyalty/accounts/{account}/accumulate", more)[0] == 400
    assert till.account(account)["balance"] == LARGEST


def test_nobody_is_made_to_owe_what_cannot_be_counted(till: Till) -> None:
    """The second of these was answered with 500: the books hold no such debt."""
    account, shop = till.joined("+12125550169"), till.counter.shop
    path = f"/loyalty/accounts/{account}/adjust"
    body = {"adjust_points": {"points": -LARGEST // 2}, "allow_negative_balance": True}
    assert till.bad(path, dict(body))[:2] == (400, "INVALID_VALUE")
    body["adjust_points"] = {"points": -(LARGEST // 2)}
    till.good("POST", path, dict(body))
    before = shop.counts()
    body["adjust_points"] = {"points": -1}
    assert till.bad(path, dict(body))[:2] == (400, "INVALID_VALUE")
    assert till.account(account)["balance"] == -(LARGEST // 2)
    assert shop.counts() == before


def test_signs_of_every_script_come_back_as_they_were_sent(till: Till) -> None:
    money = {"amount": 100, "currency": "USD"}
    lines = [{"quantity": "1", "base_price_money": money, "name": one} for one in SIGNS]
    order = {"location_id": "main", "line_items": lines}
    made = till.good("POST", "/orders", {"order": order})["order"]
    assert tuple(one["name"] for one in made["line_items"]) == SIGNS
    zero = {"given_name": "a\0b", "email_address": "zero@example.com"}
    assert till.bad("/customers", zero)[0] == 400


def test_two_clients_at_once_take_one_reward_and_give_one_refund(till: Till) -> None:
    account = till.joined("+12125550171")
    till.given(account, 5)
    order = till.ordered(2_000, customer_id=account)
    payment = till.good("POST", "/payments", paying(order, 2_000))["payment"]["id"]
    till.good("POST", *earning(account, order))
    back = {"payment_id": payment, "amount_money": {"amount": 2_000, "currency": "USD"}}
    wanted = {"reward": {"loyalty_account_id": account, "reward_tier_id": "five-off"}}

    def both(path: str, body: Any) -> list[int]:
        return sorted(
            one.status_code
            for one in till.counter.at_once(
                [
                    lambda n=n: till.counter.send(
                        "POST", f"/compat/square/v2{path}",
                        body | {"idempotency_key": f"{path} {n}"}, key=till.key,
                    )
                    for n in range(2)
                ]
            )
        )  # fmt: skip

    assert both("/loyalty/rewards", wanted) == [200, 400]
    assert both("/refunds", back) == [200, 400]
    assert till.account(account)["balance"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "/customers?limit=0", "/customers?limit=101", "/customers?cursor=%00", "/refunds?limit=101",
        "/customers?cursor=bm90aGluZw", "/webhooks/subscriptions?limit=101", "/customers?more=1",
        "/webhooks/subscriptions?cursor=x", "/refunds?begin_time=soon", "/catalog/list?types=",
        "/loyalty/programs/main/promotions?limit=31",
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_and_never_our_mistake(till: Till, path: str) -> None:
    answer = till.ask("GET", path, key=till.counter.key)
    assert answer.status_code in (200, 400), answer.text
    if "types" not in path:
        assert answer.status_code == 400


def test_a_token_that_asks_too_often_hears_so_in_their_words(till: Till) -> None:
    slow = TooManyRequests("slow down", per_minute=60, retry_after_seconds=7)
    told = failed(slow, "/compat/square/v2/x", lambda *_: None)
    assert (b"retry-after", b"7") in told.headers
    (error,) = json.loads(told.body)["errors"]
    assert (told.status, error["category"], error["code"]) == (
        429, "RATE_LIMIT_ERROR", "RATE_LIMITED",
    )  # fmt: skip


def test_somebody_is_enrolled_when_anything_is_first_booked_and_has_one_account(
    till: Till,
) -> None:
    account = till.joined("+12125550172")
    assert "enrolled_at" not in till.account(account)
    till.given(account, 1)
    assert till.account(account)["enrolled_at"]
    mapping = {"phone_number": "+12125550172"}
    twice = {"loyalty_account": {"program_id": "main", "mapping": mapping}}
    assert till.bad("/loyalty/accounts", twice)[:2] == (400, "BAD_REQUEST")

"""Who may do what: every operation of the table with every kind of wrong token (T15).

The cases are made from the table, so a new operation is asked too; one that takes a body says in
`BODIES` what a good one is, or the test fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.till import ALL_DAY, SPEND, Till, paying
from tests.surfaces.counter import Counter

from regulars.flows.access.api_keys import revoke_keys
from regulars.records.access.staff.types import By
from regulars.surfaces.api.call import Operation
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.table import SQUARE_OPERATIONS

PHONE = "+12125550190"
MONEY = {"amount": 1000, "currency": "USD"}
ORDER = {"location_id": "main", "line_items": [{"quantity": "1", "base_price_money": MONEY}]}
PROMOTION = {
    "name": "More",
    "incentive": {"type": "POINTS_ADDITION", "points_addition_data": {"points_addition": 1}},
    "available_time": {"time_periods": [ALL_DAY]},
}
_NEWEST = "select key_id from api_key where program_id = $1 order by key_id desc"
HEARS = {"event_types": ["loyalty.event.created"], "notification_url": "https://hooks.example/in"}


class Two(Till):
    """Two programs, things of the first one, and a token of the other."""

    def __init__(self, counter: Counter, other: Counter) -> None:
        super().__init__(counter)
        all_of_it = ("square:read", "square:write", "square:promote", "webhooks:write")
        self.key = counter.made_key(*all_of_it)
        self.others = other.made_key(*all_of_it)
        self.lacks, self.revoked = counter.made_key("members:read"), counter.made_key("all")
        ids = [row[0] for row in counter.shop.rows(_NEWEST)]
        counter.shop.do(lambda tx, _: revoke_keys(tx, ids[:1], By(words="t15")))
        account = self.joined(PHONE)
        self.given(account, 40)
        order = self.ordered(1000, customer_id=account)
        paid = self.good("POST", "/payments", paying(self.ordered(1000), 1000))
        back = {"payment_id": paid["payment"]["id"], "amount_money": MONEY}
        refund = self.good("POST", "/refunds", back)["refund"]["id"]
        promoted = self.good(
            "POST", "/loyalty/programs/main/promotions", {"loyalty_promotion": PROMOTION}
        )
        hears = self.good("POST", "/webhooks/subscriptions", {"subscription": HEARS})
        self.ids = {
            "program_id": counter.shop.terms.slug,
            "account_id": account,
            "customer_id": account,
            "reward_id": self.rewarded(account),
            "order_id": order,
            "promotion_id": promoted["loyalty_promotion"]["id"],
            "subscription_id": hears["subscription"]["id"],
            "location_id": "main",
            "object_id": "off-five-off",
            "refund_id": refund,
            "payment_id": paid["payment"]["id"],
            "merchant_id": counter.shop.terms.slug,
        }
        self.bodies = bodies(account, order, paid["payment"]["id"])


def bodies(account: str, order: str, payment: str) -> dict[str, Any]:
    """A good body for every operation that takes one."""
    at, here = {"location_id": "main"}, {"idempotency_key": "t15"}
    wanted = {"loyalty_account_id": account, "reward_tier_id": "five-off"}
    return {
        "square_create_account": here
        | {"loyalty_account": {"program_id": "main", "mapping": {"phone_number": "+12125550191"}}},
        "square_search_accounts": {"query": {"customer_ids": [account]}},
        "square_accumulate_points": here | at | {"accumulate_points": {"points": 1}},
        "square_adjust_points": here | {"adjust_points": {"points": 1}},
        "square_calculate_points": {"order_id": order},
        "square_search_events": {
            "query": {"filter": {"loyalty_account_filter": {"loyalty_account_id": account}}}
        },
        "square_create_reward": here | {"reward": wanted},
        "square_search_rewards": {"query": {"loyalty_account_id": account}},
        "square_redeem_reward": here | at,
        "square_create_promotion": here | {"loyalty_promotion": PROMOTION},
        "square_create_customer": here | {"given_name": "Eve"},
        "square_search_customers": {"query": {"filter": {"phone_number": {"exact": PHONE}}}},
        "square_update_customer": {"given_name": "Eve"},
        "square_batch_retrieve_catalog": {"object_ids": ["off-nothing"]},
        "square_search_catalog": {},
        "square_create_order": here | {"order": ORDER | {"customer_id": account}},
        "square_calculate_order": {"order": ORDER},
        "square_batch_retrieve_orders": {"order_ids": [order]},
        "square_search_orders": {
            "location_ids": ["main"],
            "query": {"filter": {"customer_filter": {"customer_ids": [account]}}},
        },
        "square_update_order": here | {"order": {"version": 1, "reference_id": "table 4"}},
        "square_pay_order": here,
        "square_create_payment": here
        | {"source_id": "CASH", "amount_money": MONEY, "order_id": order,
           "cash_details": {"buyer_supplied_money": MONEY}},
        "square_create_subscription": here | {"subscription": HEARS},
        "square_update_subscription": {"subscription": {"enabled": False}},
        "square_update_signature_key": {},
        "square_test_subscription": {},
        "square_retrieve_token_status": {},
        "square_obtain_token": {"client_id": "app", "grant_type": "refresh_token",
                                "refresh_token": "reg_live_nothing"},
        "square_revoke_token": {"access_token": "reg_live_nothing"},
        "square_upsert_catalog_object": here
        | {"object": {"type": "CATEGORY", "id": "#c", "category_data": {"name": "tea"}}},
        "square_refund_payment": here | {"payment_id": payment, "amount_money": MONEY},
    }  # fmt: skip


@pytest.fixture(scope="module")
def two(database: Made) -> Iterator[Two]:
    counter = Counter(Shop.open(database, SPEND))
    other = Counter.open(database)
    yield Two(counter, other)
    other.close()
    counter.close()


def asked(two: Two, operation: Operation, key: str) -> Any:
    path = re.sub(r"\{(\w+)\}", lambda found: two.ids[found[1]], operation.path)
    body = two.bodies[operation.name] if operation.sent is not None else None
    return two.counter.ask(operation.method, path, body, key=key)


named = pytest.mark.parametrize("operation", SQUARE_OPERATIONS, ids=lambda one: one.name)


@named
def test_nothing_is_done_without_a_good_token(two: Two, operation: Operation) -> None:
    before = two.counter.shop.counts()
    for key in ("", "reg_live_nothing", f"{two.key[:-2]}zz", two.revoked):
        answer = asked(two, operation, key)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["category"], error["code"]) == (
            401, "AUTHENTICATION_ERROR", "UNAUTHORIZED",
        ), key  # fmt: skip
    lacks = asked(two, operation, two.lacks)
    (error,) = lacks.json()["errors"]
    assert (lacks.status_code, error["code"]) == (403, "INSUFFICIENT_SCOPES")
    assert two.counter.shop.counts() == before


@named
def test_a_token_of_another_program_finds_nothing_of_this_one(
    two: Two, operation: Operation
) -> None:
    before = two.counter.shop.counts()
    answer = asked(two, operation, two.others)
    assert answer.status_code in (200, 400, 404), answer.text
    assert PHONE not in answer.text
    names = re.findall(r"\{(\w+)\}", operation.path)
    shared = {"location_id", "object_id"}  # both programs have a main store and this reward
    if [name for name in names if name not in shared]:
        assert answer.status_code == 404, answer.text
    mine = [two.ids[name] for name in ("account_id", "order_id", "reward_id", "subscription_id")]
    told = answer.json()
    told.pop("errors", None)
    assert not [one for one in mine if one in str(told)]
    assert two.counter.shop.counts() == before


def test_every_address_lives_under_the_same_root() -> None:
    assert all(one.path.startswith(f"{PREFIX}/") for one in SQUARE_OPERATIONS)

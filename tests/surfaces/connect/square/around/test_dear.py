"""Above the worth a program names, a till of Square is told no, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.published import Published
from tests.surfaces.connect.square.till import SPEND, Till
from tests.surfaces.counter import Counter

DEAR = SPEND.replace("program: spend", "program: dear") + (
    '  - {id: ten-off, name: Ten off, price: {points: 5}, gives: {kind: discount, off: "10.00"}}\n'
    'spending_proof: {card_above: "5.00"}\n'
)


@pytest.fixture(scope="module")
def dear(database: Made, published: Published | None) -> Iterator[Till]:
    counter = Counter(Shop.open(database, DEAR))
    yield Till(counter, published)
    counter.close()


def test_above_the_bound_a_reward_is_refused_in_their_form_with_what_to_do(dear: Till) -> None:
    account = dear.joined("+12125550261")
    dear.given(account, 20)
    order = dear.ordered(3_000, customer_id=account)
    wish = {"loyalty_account_id": account, "reward_tier_id": "ten-off", "order_id": order}
    answer = dear.ask("POST", "/loyalty/rewards", {"reward": wish})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["category"], error["code"]) == ("INVALID_REQUEST_ERROR", "BAD_REQUEST")
    assert "hand it over at a till of this house" in error["detail"]
    assert dear.account(account)["balance"] == 20


def test_up_to_the_bound_it_is_handed_over(dear: Till) -> None:
    account = dear.joined("+12125550262")
    dear.given(account, 20)
    order = dear.ordered(3_000, customer_id=account)
    wish = {"loyalty_account_id": account, "reward_tier_id": "five-off", "order_id": order}
    dear.good("POST", "/loyalty/rewards", {"reward": wish})
    assert dear.account(account)["balance"] == 15

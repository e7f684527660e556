"""A sale that was told first with other lines, and what comes back of it in another batch."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from tests.surfaces.connect.feeds.test_same_sale import AT, TILL
from tests.surfaces.connect.inlets.sender import Sender, returned
from tests.surfaces.counter import Counter

from regulars.flows.recording.catch_up import catch_up_returns

MAPPING = f"""\
mapping: lined
title: A web shop that tells lines
source: web-shop
unknown: card
events:
  order.paid:
    gives:
      - kind: {{constant: purchase}}
        external_id: data.id
        told_by: [{TILL}]
        occurred_at: data.paid_at
        card: {{column: data.customer, prefix: shop-}}
        lines: {{each: data.lines, sku: sku, quantity: pieces, price: each}}
  order.returned:
    gives:
      - kind: {{constant: return}}
        external_id: data.id
        occurred_at: data.at
        sale_id: data.order
        returned: {{each: data.lines, line: line, quantity: pieces, first: 1}}
"""
LINES = [{"sku": "tea", "pieces": 2, "each": "5.00"}, {"sku": "cup", "pieces": 1, "each": "10.00"}]


class Way:
    """A till that knows amounts only, or its own order of lines, and a shop that tells its own."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.hook = counter, Sender(counter, MAPPING)

    def till(self, number: str, *skus: str) -> None:
        money = {"tea": (2, 1000), "cup": (1, 1000)}
        lines = [
            {"sku": one, "quantity": money[one][0], "amount": {"minor": 1000, "currency": "EUR"}}
            for one in skus
        ]
        said: dict[str, Any] = {"amount": {"minor": 2000, "currency": "EUR"}}
        answer = self.counter.post("/v1/activities", {
            "kind": "purchase", "source": TILL, "external_id": number, "occurred_at": AT,
            "member": {"card": f"shop-{number}"}, **({"lines": lines} if skus else said),
        })  # fmt: skip
        assert answer.status_code == 201, answer.text

    def shop(self, number: str) -> None:
        data = {"id": number, "paid_at": AT, "customer": number, "lines": LINES}
        self.hook.send(f"evt-{number}", {"type": "order.paid", "data": data})
        self.hook.book()

    def back(self, number: str, line: int, pieces: int = 1) -> None:
        part = {"line": line, "pieces": pieces}
        id_ = f"{number}-{line}"
        self.hook.send(f"evt-{id_}", returned(number, id_, lines=[part]))
        self.hook.book()

    def waits_no_more(self) -> None:
        self.counter.shop.do(lambda tx, terms: catch_up_returns(tx, terms, 100))

    def points(self, number: str) -> int:
        return self.hook.points(f"shop-{number}")


@pytest.fixture(scope="module")
def way(counter: Counter) -> Way:
    return Way(counter)


def test_in_any_order_its_pieces_take_back_what_they_cost(way: Way) -> None:
    for skus in ((), ("cup", "tea")):
        for order in permutations(("till", "shop", "back")):
            number = "-".join((*order, *skus))
            tell: dict[str, Callable[[str], None]] = {
                "till": lambda n, skus=skus: way.till(n, *skus),  # type: ignore[misc]
                "shop": way.shop,
                "back": lambda n: way.back(n, 1, 2),
            }
            for one in order:
                tell[one](number)
            way.waits_no_more()
            assert way.points(number) == 10, number
            way.back(number, 2)
            assert way.points(number) == 0, number


def test_what_nobody_can_say_is_refused_and_shown(way: Way) -> None:
    way.till("unlike", "cup", "cup")
    way.shop("unlike")
    way.back("unlike", 1)
    assert way.hook.states()[-1][:2] == ("refused", "invalid")
    assert way.points("unlike") == 20
    (one, *_) = way.counter.get(f"{way.hook.place}/events?limit=1").json()["items"]
    assert (one["field"], "with other lines" in one["reason"]) == ("data.lines", True)

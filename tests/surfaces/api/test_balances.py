"""Balances of the past over HTTP, and what cannot be asked."""

from datetime import timedelta

import pytest
from tests.surfaces.counter import Counter, buys, problem


def test_a_balance_is_shown_as_of_and_as_known(counter: Counter) -> None:
    member = counter.joined("A-1")
    told = counter.shop.now
    happened = told - timedelta(days=3)
    counter.post("/v1/activities", buys("A-1", 3000) | {"occurred_at": happened.isoformat()})
    path = f"/v1/members/{member}/balances"
    everything = counter.get(path).json()
    assert everything["wallets"]["points"] == {
        "available": 30, "pending": 0, "held": 0, "debt": 0, "earned": 30,
    }  # fmt: skip
    assert (everything["as_of"], everything["as_known"]) == (None, None)
    for as_of, as_known, points in (
        (happened, told, 30),
        (happened - timedelta(seconds=1), told, 0),
        (told, told - timedelta(seconds=1), 0),
    ):
        asked = f"as_of={as_of:%Y-%m-%dT%H:%M:%SZ}&as_known={as_known:%Y-%m-%dT%H:%M:%SZ}"
        said = counter.get(f"{path}?{asked}").json()
        assert said["wallets"]["points"]["available"] == points, asked
        assert said["wallets"]["stamps"]["available"] == 0
        assert said["as_of"] == f"{as_of:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2026-03-01", "as_of"),
        ("as_known=2026-03-01T10:00:00", "as_known"),
        ("as_of=0001-01-01T00:00:00%2B14:00", "as_of"),
        ("as_known=9999-12-31T23:59:59Z", "as_known"),
        ("as_off=2026-03-01T10:00:00Z", "as_off"),
    ],
)
def test_what_is_no_instant_is_named(counter: Counter, query: str, field: str) -> None:
    member = counter.joined(f"A-{field}-{len(query)}")
    answer = counter.get(f"/v1/members/{member}/balances?{query}")
    assert problem(answer) == (400, "bad_parameter", field)


def test_nobody_has_no_balances(counter: Counter) -> None:
    answer = counter.get(f"/v1/members/mem_{'1' * 32}/balances")
    assert problem(answer)[:2] == (404, "unknown_member")

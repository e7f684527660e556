"""Webhooks over the API: made, shown with their secret, changed, looked at, sent again."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.counter import Counter, problem

WISH = {"url": "https://warehouse.example/in", "types": ["points.earned"], "name": "Warehouse"}


@pytest.fixture
def hook(counter: Counter) -> Any:
    return counter.post("/v1/webhooks", WISH).json()


def test_a_webhook_is_made_once_for_each_key(counter: Counter) -> None:
    one = counter.post("/v1/webhooks", WISH, **{"idempotency-key": "w-1"})
    again = counter.post("/v1/webhooks", WISH, **{"idempotency-key": "w-1"})
    assert (one.status_code, one.json()) == (201, again.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert one.json()["secret"].startswith("whsec_")
    other = counter.post("/v1/webhooks", WISH | {"name": "B"}, **{"idempotency-key": "w-1"})
    assert problem(other)[:2] == (422, "key_reused")
    shown = counter.get(f"/v1/webhooks/{one.json()['id']}").json()
    assert shown == one.json()["webhook"]
    assert (shown["state"], shown["types"]) == ("active", ["points.earned"])
    assert shown in counter.get("/v1/webhooks").json()["items"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://warehouse.example/in", "only https"),
        ("https://127.0.0.1/in", "not on the public internet"),
        ("https://[::ffff:10.0.0.1]/in", "not on the public internet"),
        ("https://169.254.169.254/latest", "not on the public internet"),
        ("https://user:pass@warehouse.example/", "name or password"),
        ("https://warehouse.example:25/", "port 25"),
        ("ftp://warehouse.example/", "only https"),
        ("https://", "no whole address"),
        ("https://warehouse.example/ü", "no whole address"),
    ],
)
def test_an_address_that_must_not_be_called_is_refused(
    counter: Counter, url: str, why: str
) -> None:
    before = counter.shop.counts()
    answer = counter.post("/v1/webhooks", WISH | {"url": url})
    assert problem(answer)[:2] == (422, "invalid")
    assert why in answer.text
    assert counter.shop.counts() == before


def test_types_nobody_knows_are_refused(counter: Counter) -> None:
    answer = counter.post("/v1/webhooks", WISH | {"types": ["points.melted"]})
    assert problem(answer)[:2] == (422, "invalid")
    assert "points.melted" in answer.text
    types = counter.get("/v1/event-types").json()["items"]
    assert {"points.earned", "member.erased"} <= {one["type"] for one in types}


def test_a_secret_is_another_and_the_one_before_is_good_for_a_while(
    counter: Counter, hook: Any
) -> None:
    place = f"/v1/webhooks/{hook['id']}"
    key = {"idempotency-key": "rotate"}
    after = counter.post(f"{place}/secret", {"overlap_hours": 1}, **key).json()
    assert after["secret"] != hook["secret"]
    assert after["webhook"]["secret_overlap_until"] is not None
    again = counter.post(f"{place}/secret", {"overlap_hours": 1}, **key).json()
    assert again == after == counter.get(f"{place}/secret").json()


def test_a_webhook_is_paused_and_deleted(counter: Counter, hook: Any) -> None:
    place = f"/v1/webhooks/{hook['id']}"
    paused = counter.ask("PATCH", place, {"state": "paused", "types": ["reward.held"]})
    assert (paused.json()["state"], paused.json()["types"]) == ("paused", ["reward.held"])
    assert counter.ask("PATCH", place, {"url": "https://10.0.0.1/"}).status_code == 422
    assert counter.ask("DELETE", place).json()["state"] == "deleted"
    assert problem(counter.get(place))[:2] == (404, "not_found")
    assert problem(counter.ask("DELETE", place))[:2] == (404, "not_found")


def test_deliveries_that_are_not_there_are_not_found(counter: Counter, hook: Any) -> None:
    place = f"/v1/webhooks/{hook['id']}"
    page = counter.get(f"{place}/deliveries?state=dead").json()
    assert page == {"items": [], "has_more": False, "next_cursor": None}
    none = f"evt_{1:032x}"
    assert counter.get(f"{place}/deliveries/{none}").status_code == 404
    assert counter.post(f"{place}/deliveries/{none}/again", None).status_code == 404
    assert counter.post(f"{place}/replay", {}).status_code == 422
    assert counter.post(f"{place}/replay", {"event_id": none}).status_code == 404
    asked = counter.post(f"{place}/replay", {"since": "2026-03-01T00:00:00Z"})
    assert asked.status_code == 202
    assert asked.json()["replaying"]["moved"] == 0
    assert counter.get(place).json()["replaying"] == asked.json()["replaying"]

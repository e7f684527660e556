"""Whatever a device signs, its hand-in is answered: no text of its own stops a till for good."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device, newcomer, sale

from regulars.runtime.storage.migrator import read_migrations


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    """The counter with its clock at noon, and left so."""
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def deep() -> Any:
    found: Any = 1
    for _ in range(5_000):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("kind", "content", "instead"),
    [
        ("activity", sale("nul"), {"cashier": "a\0b"}),
        ("activity", sale("nul-\0"), {}),
        ("activity", sale("nul-b", attributes={"till": "\0"}), {}),
        ("join", newcomer("nul-\0"), {}),
        ("join", newcomer("nul-c") | {"given_name": "\0"}, {}),
        ("activity", sale("far"), {"device_at": "2999-12-31T23:59:59Z", "offset_ms": 2**50}),
        ("activity", sale("year"), {"device_at": "2999-12-31T23:59:59Z", "offset_ms": 3 * 10**12}),
        ("void", {"sale": {"source": "\0", "external_id": "x"}}, {}),
        ("redeem", {"redemption": "\0"}, {}),
    ],
)
def test_no_content_stops_a_till(
    shop: Counter, kind: str, content: dict[str, Any], instead: dict[str, Any]
) -> None:
    device = Device(shop)
    bad = device.records(kind, content, **instead)
    good = device.records("activity", sale("after"))
    results = device.hands_in(bad, good)
    assert results[1]["outcome"] == "applied"
    assert (results[0]["outcome"], results[0]["reason"]) in {
        ("quarantined", "malformed"), ("applied", "")
    }  # fmt: skip


@pytest.mark.parametrize("depth", [40, 3_000])
def test_nor_does_a_content_without_end(shop: Counter, depth: int) -> None:
    device = Device(shop)
    text = device.records("activity", {"x": 1})["signed"]
    bad = device.signs(text.replace('{"x": 1}', '{"x": ' + "[" * depth + "]" * depth + "}"))
    assert device.outcomes(bad) == [("quarantined", "malformed")]


def test_a_name_that_stands_twice_is_no_record(shop: Counter) -> None:
    device = Device(shop)
    text = device.records("activity", sale("twice"))["signed"]
    bad = device.signs(text.replace('"kind":', '"kind": "join", "kind":'))
    assert device.outcomes(bad) == [("quarantined", "malformed")]


def test_what_another_till_recorded_is_not_booked_when_it_is_tried_again(shop: Counter) -> None:
    """A device that was paired anew with the key it had hands in what it recorded before."""
    old = Device(shop, "old")
    record = old.records("activity", sale("moved"))
    assert old.outcomes(record) == [("applied", "")]
    code = shop.post("/v1/stores/main-street/codes").json()["code"]
    token = old.pair(code, "anew").json()["token"]
    sent = shop.post("/v1/till/records", {"records": [record]}, key=token).json()["results"]
    assert [(one["outcome"], one["reason"]) for one in sent] == [("quarantined", "malformed")]
    again = shop.post(f"/v1/till-records/{sent[0]['id']}", {"outcome": "retry"})
    assert again.json().get("outcome") != "applied", again.text


def test_a_till_that_was_paired_before_redeems_as_a_till_alone_after_the_upgrade(
    shop: Counter,
) -> None:
    device, kept = Device(shop, "before"), shop.made_key("redemptions:write")
    more = "update api_key set scopes = scopes || array['redemptions:write'] where key_id in "
    shop.shop.rows(more + "(select key_id from till where program_id = $1)")
    (step,) = [one for one in read_migrations() if one.name == "old_sessions"]
    sql = "update api_key" + step.sql.partition("\nupdate api_key")[2].rpartition(";")[0]
    shop.shop.rows(f"{sql} and k.program_id = $1")
    path = "/v1/redemptions"
    assert shop.post(path, {}, key=device.token).status_code == 403
    assert shop.post(path, {}, key=kept).status_code == 422
    assert shop.get("/v1/till/snapshot", key=device.token).status_code == 200


def test_the_token_of_a_till_opens_nothing_of_the_house(shop: Counter) -> None:
    device = Device(shop)
    for path in ("/v1/stores", "/v1/tills", "/v1/till-records", "/v1/keys", "/v1/books/owed"):
        assert shop.get(path, key=device.token).status_code in (403, 404), path
    turned = shop.ask("PATCH", f"/v1/tills/{device.id}", {"state": "suspended", "reason": "lost"})
    assert turned.status_code == 200
    member = shop.get("/v1/members", key=device.token)
    assert member.status_code == 403
    assert shop.get("/v1/till/snapshot", key=device.token).status_code == 410
    shop.shop.now += timedelta(minutes=1)
    record = device.records("activity", sale("late"))
    assert device.outcomes(record) == [("quarantined", "suspended")]

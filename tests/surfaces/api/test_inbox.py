"""A member's inbox over HTTP: what lies there, and that it was shown."""

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem

TOLD = """
regulars: 1
program: told
name: Told
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 3 months}, notice: {days: 10}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, TOLD))  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_a_notice_lies_in_the_inbox_and_is_delivered_once(shop: Counter) -> None:
    member = shop.joined("P-1")
    shop.post("/v1/activities", buys("P-1", 4000))
    assert shop.get(f"/v1/members/{member}/messages").json()["items"] == []
    shop.shop.at("2026-05-20 10:00")
    shop.shop.night()
    (message,) = shop.get(f"/v1/members/{member}/messages").json()["items"]
    assert (message["kind"], message["wallet"], message["points"]) == (
        "expiry_notice",
        "points",
        40,
    )
    assert (message["lapses_at"], message["delivered_at"]) == ("2026-06-02T22:00:00Z", None)
    where = f"/v1/messages/{message['id']}/delivered"
    first = shop.post(where, {"by": "receipt"})
    assert first.status_code == 200
    assert first.json() == {
        "id": message["id"],
        "member_id": member,
        "delivered_at": "2026-05-20T08:00:00Z",
        "delivered_by": "receipt",
    }
    shop.shop.at("2026-05-30 10:00")
    assert shop.post(where, {"by": "card"}).json() == first.json()
    (message,) = shop.get(f"/v1/members/{member}/messages").json()["items"]
    assert message["delivered_at"] == "2026-05-20T08:00:00Z"


def test_a_message_that_is_not_here_is_not_found(shop: Counter) -> None:
    answer = shop.post(f"/v1/messages/msg_{1:032x}/delivered", {})
    assert problem(answer)[:2] == (404, "not_found")

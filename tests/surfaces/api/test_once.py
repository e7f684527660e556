"""Once: the same request again gives the first answer, whoever lost the connection."""

from functools import partial
from typing import Any

import pytest
from tests.surfaces.counter import Counter, buys, coffee, problem


def test_the_same_key_at_once_from_twenty_tills_has_one_effect(counter: Counter) -> None:
    sent = coffee("C-once", cups=4)
    request = partial(counter.send, "POST", "/v1/activities", sent, idempotency_key="k-20")
    answers = counter.at_once([request] * 20)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert replayed.count(None) == 1
    assert replayed.count("true") == 19
    assert counter.shop.balances("C-once") == {"points": (14, 0, 0), "stamps": (4, 0, 0)}


def test_the_same_receipt_under_other_keys_is_one_receipt(counter: Counter) -> None:
    sent = coffee("C-receipt", source="till", external_id="r-1")
    first = counter.post("/v1/activities", sent)
    for key in ("a", '"b"', ""):
        more = {"idempotency_key": key} if key else {}
        again = counter.post("/v1/activities", sent, **more)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotent-replayed"] == "true"
    assert counter.shop.balances("C-receipt")["points"] == (3, 0, 0)


def test_a_key_is_the_same_with_and_without_quotes(counter: Counter) -> None:
    first = counter.post("/v1/activities", coffee("C-q"), idempotency_key="q-1")
    again = counter.post("/v1/activities", coffee("C-q"), idempotency_key='"q-1"')
    assert again.content == first.content


def test_a_key_with_other_content_is_refused_and_nothing_is_done(counter: Counter) -> None:
    counter.post("/v1/activities", buys("C-other", 500), idempotency_key="other")
    before = counter.shop.counts()
    answer = counter.post("/v1/activities", buys("C-other", 600), idempotency_key="other")
    assert problem(answer)[:2] == (422, "key_reused")
    assert counter.shop.counts() == before


def test_a_receipt_with_other_content_is_a_conflict(counter: Counter) -> None:
    receipt = {"source": "till", "external_id": "r-conflict"}
    counter.post("/v1/activities", buys("C-conflict", 500, **receipt))
    before = counter.shop.counts()
    answer = counter.post("/v1/activities", buys("C-conflict", 600, **receipt))
    assert problem(answer) == (409, "receipt_reused", "/external_id")
    assert counter.shop.counts() == before


def test_without_key_and_receipt_two_requests_are_two(counter: Counter) -> None:
    for _ in range(2):
        assert counter.post("/v1/activities", buys("C-two", 500)).status_code == 201
    assert counter.shop.balances("C-two") == {"points": (10, 0, 0)}


def test_two_callers_may_use_the_same_key(counter: Counter) -> None:
    other = counter.made_key("activities:write")
    for key in (counter.key, other):
        answer = counter.post(
            "/v1/activities", buys("C-callers", 500), key=key, idempotency_key="mine"
        )
        assert "idempotent-replayed" not in answer.headers
    assert counter.shop.balances("C-callers") == {"points": (10, 0, 0)}


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 129, '"x', "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused(counter: Counter, key: str) -> None:
    for path, body in (
        ("/v1/activities", buys("C-bad", 500)),
        ("/v1/members", {"given_name": "A"}),
    ):
        headers: Any = {b"idempotency-key": key.encode()}
        answer = counter.shop.run(
            counter.client.post(
                path,
                json=body,
                headers={b"authorization": f"Bearer {counter.key}".encode(), **headers},
            )
        )
        assert problem(answer)[:2] == (400, "bad_idempotency_key")


def test_a_refusal_is_not_kept_and_the_same_key_works_later(counter: Counter) -> None:
    member = counter.joined("C-later")
    wish = {"member": {"id": member}, "reward": "free-coffee"}
    refused = counter.post("/v1/redemptions", wish, idempotency_key="later")
    assert problem(refused)[:2] == (409, "not_enough_points")
    assert refused.json()["facts"] == {"wallet": "points", "price": 100, "available": 0}
    counter.post("/v1/activities", buys("C-later", 10_000))
    assert counter.post("/v1/redemptions", wish, idempotency_key="later").status_code == 201


def test_every_write_gives_its_first_answer_again(counter: Counter) -> None:
    member = counter.joined("C-all")
    counter.post("/v1/activities", buys("C-all", 50_000))
    hold = counter.post("/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"})
    red, hold2 = (
        hold.json()["id"],
        counter.post("/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"}),
    )
    writes: list[tuple[str, str, Any]] = [
        ("POST", "/v1/members", {"given_name": "Bo"}),
        ("PATCH", f"/v1/members/{member}", {"locale": "de"}),
        ("POST", f"/v1/members/{member}/identifiers", {"link": [{"kind": "card", "value": "N"}]}),
        ("DELETE", f"/v1/members/{member}/identifiers?kind=card&value=N", None),
        ("POST", "/v1/redemptions", {"member": {"id": member}, "reward": "free-coffee"}),
        ("POST", f"/v1/redemptions/{red}/capture", None),
        ("POST", f"/v1/redemptions/{hold2.json()['id']}/void", {}),
        (
            "POST",
            "/v1/adjustments",
            {"member": {"id": member}, "wallet": "points", "units": 5, "reason": "sorry"},
        ),
        ("POST", "/v1/activities", {"kind": "return", "sale": {"external_id": "later"}}),
    ]
    for place, (method, path, body) in enumerate(writes):
        first = counter.ask(method, path, body, idempotency_key=f"all-{place}")
        before = counter.shop.counts()
        again = counter.ask(method, path, body, idempotency_key=f"all-{place}")
        assert first.status_code in (200, 201, 202), (path, first.text)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotent-replayed"] == "true", path
        assert counter.shop.counts() == before


def test_an_api_key_is_made_once_and_shown_once(counter: Counter) -> None:
    sent = {"name": "Till 9", "scopes": ["activities:write"]}
    first = counter.post("/v1/api-keys", sent, idempotency_key="key-1")
    before = counter.get("/v1/api-keys").json()
    again = counter.post("/v1/api-keys", sent, idempotency_key="key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json() | {"key": None}
    assert counter.get("/v1/api-keys").json() == before
    assert first.json()["key"].encode() not in b"".join(
        row[0] for row in counter.shop.rows("select answer from once where program_id = $1")
    )
    other = counter.post("/v1/api-keys", sent | {"name": "Till 10"}, idempotency_key="key-1")
    assert problem(other)[:2] == (422, "key_reused")


def test_one_key_asked_for_by_two_at_once_is_one(counter: Counter) -> None:
    sent = {"name": "Till 11", "scopes": ["activities:write"]}

    def ask() -> Any:
        return counter.send("POST", "/v1/api-keys", sent, idempotency_key="key-2")

    answers = counter.at_once([ask, ask, ask])
    assert [one.status_code for one in answers] == [201, 201, 201]
    assert len({one.json()["id"] for one in answers}) == 1
    assert sum(one.json()["key"] is not None for one in answers) == 1


def test_a_version_is_published_once(counter: Counter) -> None:
    source = counter.get("/v1/programs/versions/1").json()["source"] + "# a remark\n"
    sent = {"source": source}
    first = counter.post("/v1/programs/versions", sent, idempotency_key="version-1")
    further = counter.post("/v1/programs/versions", {"source": source + "# and another\n"})
    again = counter.post("/v1/programs/versions", sent, idempotency_key="version-1")
    assert (first.status_code, further.json()["version"]) == (201, first.json()["version"] + 1)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = counter.post("/v1/programs/check", sent, idempotency_key="version-1")
    assert other.json()["ok"] is True


def test_a_batch_sent_again_does_nothing_again(counter: Counter) -> None:
    sent = {
        "activities": [
            coffee("C-b1"),
            coffee("C-b2", source="till", external_id="b-2"),
            {"kind": "nothing right"},
        ]
    }
    first = counter.post("/v1/activities/batch", sent, idempotency_key="batch").json()["results"]
    before = counter.shop.counts()
    again = counter.post("/v1/activities/batch", sent, idempotency_key="batch").json()["results"]
    assert [one["status"] for one in first] == [201, 201, 422]
    assert [one.get("body") for one in again] == [one.get("body") for one in first]
    assert [one.get("replayed") for one in again] == [True, True, None]
    assert counter.shop.counts() == before

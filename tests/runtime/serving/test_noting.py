"""What was asked is found afterwards by its key, without a word of what it said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.surfaces.counter import Counter, buys

from regulars.flows.telling.keep_requests import forget_requests
from regulars.records.access.requests.types import Noted as Asked
from regulars.records.access.requests.types import unpacked
from regulars.runtime.serving import noting as module
from regulars.runtime.serving.noting import Noting
from regulars.surfaces.app import build

EVERYTHING = "select noted from request_page where program_id = $1"


class Noted:
    """A counter that takes down what it is asked, when it is told to."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.noting = Noting(counter.shop.database)
        counter.given = replace(counter.given, noted=self.noting.note)
        app = build(counter.given, later=True)
        counter.client._transport.app = app  # type: ignore[attr-defined]

    def found(self, query: str = "") -> list[dict[str, Any]]:
        self.counter.shop.run(self.noting.write())
        answer = self.counter.get(f"/v1/requests{query}")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database)
    yield opened
    opened.close()


@pytest.fixture
def noted(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Noted:
    monkeypatch.setattr(module, "EVERY_S", 60.0)
    counter.shop.rows("delete from request_page where program_id = $1 returning 1")
    return Noted(counter)


def test_a_request_is_found_by_its_key_with_what_came_of_it(noted: Noted) -> None:
    counter = noted.counter
    secret = "ada@example.org-4930901820"
    body = buys("C-1", 4_000, source="till", external_id="r1")
    made = counter.post("/v1/activities", body, idempotency_key=secret).json()
    counter.post("/v1/activities", body, idempotency_key=secret)
    again = counter.post("/v1/activities", buys("C-1", 7), idempotency_key=secret)
    counter.post("/v1/redemptions", {"member": {"card": "C-1"}, "reward": "free-coffee"})
    counter.get("/v1/rewards")  # whoever only looks is not noted
    found = noted.found(f"?idempotency_key={secret}")
    assert [(one["operation"], one["status"], one["code"], one["made"]) for one in found] == [
        ("record_activity", 422, "key_reused", None),
        ("record_activity", 201, None, made["id"]),
        ("record_activity", 201, None, made["id"]),
    ]
    assert again.status_code == 422
    assert [one["operation"] for one in noted.found()] == [
        "redeem_reward",
        *["record_activity"] * 3,
    ]
    assert noted.found("?outcome=failed")[0]["code"] == "not_enough_points"
    assert noted.found("?idempotency_key=other") == []


def test_a_request_of_a_square_till_is_noted_as_its_till_heard_it(noted: Noted) -> None:
    """Their questions, sent by POST, were noted as changes; and their codes as our `invalid`."""
    counter = noted.counter
    key = counter.made_key("square:read", "square:write")
    account = f"mem_{'0' * 31}1"

    def ask(path: str, body: Any) -> int:
        to = f"/compat/square/v2/loyalty{path}"
        return int(counter.ask("POST", to, body, key=key).status_code)

    assert ask("/accounts/search", {}) == 200
    assert ask("/events/search", {"limit": 0}) == 400
    assert ask("/rewards/search", {}) == 200
    assert ask("/programs/main/calculate", {}) == 400
    wrong = {"accumulate_points": {}, "location_id": "main", "idempotency_key": "a"}
    assert ask(f"/accounts/{account}/accumulate", wrong) == 400
    wrong["accumulate_points"] = {"points": 0}
    assert ask(f"/accounts/{account}/accumulate", wrong) == 400
    wrong["accumulate_points"] = {"points": 1}
    assert ask(f"/accounts/{account}/accumulate", wrong) == 404
    mapping = {"phone_number": "+4915123456787"}
    mine = {"loyalty_account": {"program_id": "main", "mapping": mapping}, "idempotency_key": "b"}
    assert ask("/accounts", mine) == 200
    (joined,) = noted.found("?idempotency_key=b")
    at, mine = "/compat/square/v2/loyalty/accounts/search", {"query": {"mappings": [mapping]}}
    account = counter.ask("POST", at, mine, key=key).json()["loyalty_accounts"][0]["id"]
    less = {"adjust_points": {"points": -1}, "idempotency_key": "c"}
    assert ask(f"/accounts/{account}/adjust", less) == 400
    assert [(one["operation"], one["code"]) for one in noted.found()] == [
        ("square_adjust_points", "not_enough_points"),
        ("square_create_account", None),
        ("square_accumulate_points", "NOT_FOUND"),
        ("square_accumulate_points", "VALUE_TOO_LOW"),
        ("square_accumulate_points", "MISSING_REQUIRED_PARAMETER"),
    ]
    assert joined["operation"] == "square_create_account"


def test_nothing_of_what_was_said_is_kept(noted: Noted) -> None:
    counter = noted.counter
    names = [{"kind": "email", "value": "ada@example.org"}]
    wish = {"identifiers": names, "given_name": "Adalovelace"}
    counter.post("/v1/members", wish, idempotency_key="join-ada@example.org")
    counter.shop.run(noted.noting.write())
    ((page,),) = counter.shop.rows(EVERYTHING)
    kept = repr(unpacked(page))
    assert "join-ada" in kept
    assert "example.org" not in kept
    assert "Adalovelace" not in kept


def test_pages_follow_each_other_and_a_strange_cursor_is_refused(noted: Noted) -> None:
    counter = noted.counter
    for number in range(5):
        counter.shop.now += timedelta(seconds=1)
        counter.post("/v1/activities", buys(f"C-{number}", 100))
        if number % 2:
            counter.shop.run(noted.noting.write())
    counter.shop.run(noted.noting.write())
    seen, cursor = [], ""
    while cursor is not None:
        page = counter.get(f"/v1/requests?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [one["at"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (len(seen), seen) == (5, sorted(seen, reverse=True))
    assert counter.get("/v1/requests?cursor=abc").json()["code"] == "bad_cursor"


def test_what_is_too_old_is_forgotten_and_what_cannot_be_kept_stops_nobody(
    noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = noted.counter
    counter.post("/v1/activities", buys("C-1", 100))
    counter.shop.run(noted.noting.write())
    counter.shop.now += timedelta(days=7, seconds=1)
    counter.post("/v1/activities", buys("C-1", 100))
    assert len(noted.found()) == 2
    until = counter.shop.now - timedelta(days=7)
    counter.shop.do(lambda tx, terms: forget_requests(tx, terms, 1, until=until))
    assert len(noted.found()) == 1
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    assert counter.post("/v1/activities", buys("C-1", 100)).status_code == 201
    assert len(noted.found()) == 1


def test_who_stops_while_a_page_is_written_loses_nothing_of_it(
    noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY_S", 0.0)
    database, begun = noted.counter.shop.database, asyncio.Event()

    class Slow:
        """Takes its time before it writes, as a database does that is busy."""

        @asynccontextmanager
        async def transaction(self, program_id: int) -> AsyncIterator[Any]:
            async with database.transaction(program_id) as tx:
                begun.set()
                await asyncio.sleep(0.05)
                yield tx

    async def stopped() -> None:
        noting = Noting(Slow())  # type: ignore[arg-type]
        asked = Asked(noted.counter.shop.now, None, "make_store", "", 201, "", 3)
        noting.note(noted.counter.shop.program_id, asked)
        await begun.wait()
        await noting.stop()

    noted.counter.shop.run(stopped())
    assert len(noted.counter.shop.rows(EVERYTHING)) == 1


def test_a_request_of_a_square_till_is_found_by_the_key_that_the_till_said(noted: Noted) -> None:
    counter = noted.counter
    key = counter.made_key("square:read", "square:write")
    base, said = "/compat/square/v2/loyalty/accounts", {"idempotency_key": "sale-77"}
    account = {"program_id": "main", "mapping": {"phone_number": "+4930901829"}}
    made = counter.ask(
        "POST", base, {"loyalty_account": account, "idempotency_key": "join-77"}, key=key
    ).json()["loyalty_account"]["id"]
    body = said | {"accumulate_points": {"points": 3}, "location_id": "nowhere"}
    counter.ask("POST", f"{base}/{made}/accumulate", body, key=key)
    assert [
        (one["operation"], one["status"]) for one in noted.found("?idempotency_key=sale-77")
    ] == [("square_accumulate_points", 400)]
    assert [one["status"] for one in noted.found("?idempotency_key=join-77")] == [200]

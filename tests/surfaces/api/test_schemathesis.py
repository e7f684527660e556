"""The whole API asked by a machine that reads its OpenAPI document: thousands of good and bad
requests per run, none of which may end in a 5xx, in an answer the document does not know, or in
anything but 401 where the key is missing."""

from __future__ import annotations

import json
import os
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.books import assert_books_right
from tests.surfaces.counter import Counter, coffee

from regulars.surfaces.api import openapi

pytestmark = pytest.mark.slow
# A case costs a fifteenth of a second, most of it to make it up; three thousand take minutes.
CASES: Final = {"pr": 800, "nightly": 30_000, "release": 200_000}
SIZE: Final = CASES[os.environ.get("REGULARS_TEST_SIZE", "pr")]
SEED: Final = int(os.environ.get("REGULARS_SEED") or 1)
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA: Final = schemathesis.openapi.from_dict(json.loads(openapi.text()))
OPERATIONS: Final = [found.ok() for found in SCHEMA.get_all_operations()]
CHOSEN: Final = int(os.environ.get("REGULARS_SCHEMATHESIS_CASES") or SIZE)
EACH: Final = max(CHOSEN // len(OPERATIONS), 1)


class Desk:
    """A counter with things that exist, so that good requests find something."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.shares: dict[str, Tally[int]] = {}
        self.sent = 0
        member = counter.joined("C-desk")
        sale = counter.post("/v1/activities", coffee("C-desk", 200, 90_000)).json()
        wish = {"member": {"id": member}, "reward": "free-coffee"}
        held = counter.post("/v1/redemptions", wish).json()
        spare = counter.post("/v1/api-keys", {"name": "spare", "scopes": ["books:read"]}).json()
        self.known = {
            "member_id": member,
            "activity_id": sale["id"],
            "redemption_id": held["id"],
            "key_id": spare["id"],
            "version": "1",
        }

    def ask(self, case: Any, key: str) -> httpx.Response:
        """Send a case with this API key, or with none."""
        told = case.as_transport_kwargs(base_url="http://shop.test")
        headers = {
            name: value
            for name, value in told.pop("headers").items()
            if name.lower() not in ("authorization", "user-agent", "x-schemathesis-testcaseid")
        }
        if key:
            headers["authorization"] = f"Bearer {key}"
        told.pop("cookies", None)
        content = told.pop("data", None)
        request = self.counter.client.request(
            told["method"],
            told["url"],
            params=told.get("params") or None,
            headers=headers,
            **({"content": content} if content is not None else {}),
            **({"json": told["json"]} if "json" in told else {}),
        )
        self.sent += 1
        return self.counter.shop.run(request)

    def judge(self, case: Any, label: str) -> None:
        """The answer is one the document knows, and without a key it is always 401."""
        answer = self.ask(case, self.counter.key)
        self.shares.setdefault(label, Tally())[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)
        if self.sent % 5 == 0:
            assert self.ask(case, "").status_code == 401, label

    def helped(self, case: Any) -> Any:
        """The same request about somebody and something that exist."""
        for name in case.path_parameters or {}:
            if name in self.known:
                case.path_parameters[name] = self.known[name]
        if isinstance(case.body, dict) and "member" in case.body:
            case.body["member"] = {"id": self.known["member_id"]}
        return case

    def share(self, label: str) -> float:
        """How many of the answers of an operation were 2xx."""
        tally = self.shares[label]
        good = sum(count for status, count in tally.items() if 200 <= status < 300)
        return good / max(sum(tally.values()), 1)


@pytest.fixture(scope="module")
def desk(database: Any) -> Iterator[Desk]:
    counter = Counter.open(database)
    yield Desk(counter)
    counter.close()


def play(operation: Any, mode: GenerationMode, cases: int, judge: Any) -> None:
    """So many cases of one operation, always the same for one seed."""

    @seed(SEED)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def played(case: Any) -> None:
        judge(case)

    played()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_is_answered_outside_the_document(desk: Desk, operation: Any) -> None:
    label, good = operation.label, EACH * 6 // 10
    play(operation, GenerationMode.POSITIVE, good // 3, lambda case: desk.judge(case, label))
    play(
        operation,
        GenerationMode.POSITIVE,
        good - good // 3,
        lambda case: desk.judge(desk.helped(case), label),
    )
    play(operation, GenerationMode.NEGATIVE, EACH - good, lambda case: desk.judge(case, label))


def test_the_run_reached_what_is_behind_the_door(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nschemathesis, seed {SEED}: {desk.sent} requests, 2xx share per operation")
        for label, tally in desk.shares.items():
            print(f"  {desk.share(label):4.0%} {label}: {dict(sorted(tally.items()))}")
    assert len(desk.shares) == len(OPERATIONS)
    reached = [label for label in desk.shares if desk.share(label) > 0.2]
    assert len(reached) >= 0.4 * len(OPERATIONS), sorted(set(desk.shares) - set(reached))


def test_the_books_are_right_after_all_of_it(desk: Desk) -> None:
    desk.counter.shop.run(assert_books_right(desk.counter.shop.made.owner_dsn))


def test_control_an_answer_outside_the_document_is_noticed(desk: Desk) -> None:
    operation = next(one for one in OPERATIONS if one.path == "/v1/programs/current")

    def teapot(case: Any) -> None:
        answer = httpx.Response(418, json={}, request=httpx.Request("GET", "http://shop.test"))
        answer.elapsed = timedelta(0)
        case.validate_response(answer, checks=CHECKS)

    with pytest.raises(BaseException, match="418"):
        play(operation, GenerationMode.POSITIVE, 1, teapot)

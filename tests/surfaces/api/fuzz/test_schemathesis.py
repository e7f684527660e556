"""The whole API asked by a machine that reads its OpenAPI document: thousands of good and bad
requests per run, none of which may end in a 5xx, in an answer the document does not know, or in
anything but 401 where the key is missing. What the document does not describe is refused."""

from __future__ import annotations

import json
import os
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from tests.books import assert_books_right
from tests.surfaces.api.fuzz.house import House, Said, nothing_more
from tests.surfaces.api.fuzz.scenes.all import SCENES
from tests.surfaces.counter import coffee
from tests.telling import Telling

from regulars.surfaces.api import openapi
from regulars.surfaces.api.operations.table import OPERATIONS as TABLE

pytestmark = pytest.mark.slow
# A case costs a thirtieth of a second, most of it to make it up.
CASES: Final = {"pr": 3_400, "nightly": 30_000, "release": 200_000}
SIZE: Final = CASES[os.environ.get("REGULARS_TEST_SIZE", "pr")]
SEED: Final = int(os.environ.get("REGULARS_SEED") or 1)
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    allow_header_conformance,
]
SCHEMA: Final = schemathesis.openapi.from_dict(json.loads(openapi.text()))
OPERATIONS: Final = [found.ok() for found in SCHEMA.get_all_operations()]
CHOSEN: Final = int(os.environ.get("REGULARS_SCHEMATHESIS_CASES") or SIZE)
EACH: Final = max(CHOSEN // len(OPERATIONS), 1)


EXAMPLES: Final = {
    f"{one.method} {one.path}": msgspec.to_builtins(one.example) for one in TABLE if one.sent
}
QUERIES: Final = {
    f"{one.method} {one.path}": set(one.query.__struct_fields__) if one.query else set()
    for one in TABLE
}
WITHOUT_KEY: Final = {f"{one.method} {one.path}" for one in TABLE if one.open is not None}
"""Where whoever signs is let in; connect/inlets/test_forged.py tries who does not."""
_KINDS: Final = {
    "mem_": "member_id", "act_": "activity_id", "red_": "redemption_id", "lot_": "lot_id",
    "key_": "key_id", "hou_": "household_id",
}  # fmt: skip


TOO_LARGE: Final = (413,)
"""A refusal too, though their list of refusals does not have it."""
BESIDES: Final = {"POST /v1/activities/batch": (*TOO_LARGE, 200)}
"""What else may be answered to something ill: of a batch each item is judged alone, and an ill one
is refused within the answer."""
WITHOUT_ILL: Final = [one for one in CHECKS if one is not negative_data_rejection]


def ill_said(case: Any) -> bool:
    """Whether a case says something ill but for its headers, of which we send our own."""
    if case.meta is None:
        return False
    parts = case.meta.components.items()
    ill = [at for at, part in parts if part.mode is GenerationMode.NEGATIVE]
    return any(at is not ParameterLocation.HEADER for at in ill)


class Desk:
    """A counter with things that exist, so that good requests find something."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.counter = house.counter
        self.shares: dict[str, Tally[int]] = {}
        self.sent = 0
        self.helps = 0
        self.scene: Iterator[Said] = iter(())
        self.key = ""
        """Of the scene, where it plays in another program than the counter's."""

    def renew(self, label: str) -> None:
        """Somebody and something of their own for one operation."""
        self.house.meet()
        if "{webhook_id}" in label:
            self.house.listens()
        if "{inlet_id}" in label:
            self.house.is_told()
        self.scene = SCENES.get(label, nothing_more)(self.house)

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
        answer = self.ask(case, self.key or self.counter.key)
        self.key = ""
        self.shares.setdefault(label, Tally())[answer.status_code] += 1
        ill = ill_said(case) and answer.status_code not in BESIDES.get(label, TOO_LARGE)
        case.validate_response(answer, checks=CHECKS if ill else WITHOUT_ILL)
        if self.sent % 5 == 0 and label not in WITHOUT_KEY:
            assert self.ask(case, "").status_code == 401, label

    def helped(self, case: Any, label: str) -> Any:
        """The same request about somebody and something that exist; two of three times as the
        operation wants it, with the document's own example as its body."""
        known = self.house.known
        for name in case.path_parameters or {}:
            if name in known:
                case.path_parameters[name] = known[name]
        self.helps += 1
        if self.helps % 3:
            return self.played(case, label)
        if isinstance(case.body, dict) and "member" in case.body:
            case.body["member"] = self.house.me
        return case

    def played(self, case: Any, label: str) -> Any:
        """The same request in the scene of its operation."""
        said = next(self.scene)
        self.key = said.get("key", "")
        for name in case.path_parameters or {}:
            if name in said.get("path", {}):
                case.path_parameters[name] = said["path"][name]
        case.query = {n: v for n, v in said.get("query", {}).items() if n in QUERIES[label]}
        if label in EXAMPLES:
            case.body = self.meant(EXAMPLES[label]) | said.get("body", {})
        elif "body" in said:  # whoever judges for themselves who asks reads it as it came
            case.body = said["body"]
        return case

    def meant(self, told: Any, name: str = "") -> Any:
        """An example about those who are here."""
        if name in ("member", "from", "head"):
            return self.house.me
        if name in ("to", "into"):
            return {"id": self.house.known["other_id"]}
        if isinstance(told, dict):
            return {one: self.meant(value, one) for one, value in told.items()}
        if isinstance(told, list):
            return [self.meant(value) for value in told]
        kind = told[:4] if isinstance(told, str) else ""
        return self.house.known.get(_KINDS.get(kind, ""), told)


def share(tally: Tally[int]) -> float:
    """How many of the answers of an operation were 2xx."""
    good = sum(count for status, count in tally.items() if 200 <= status < 300)
    return good / max(sum(tally.values()), 1)


def reached(shares: Mapping[str, Tally[int]]) -> set[str]:
    """The operations that said yes to more than a fifth of what they were asked."""
    return {label for label, tally in shares.items() if share(tally) > 0.2}


@pytest.fixture(scope="module")
def desk(database: Any) -> Iterator[Desk]:
    desk = Desk(House(database, channels=frozenset({"sms", "email"})))
    yield desk
    desk.counter.close()


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


@pytest.mark.in_turns(6)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_is_answered_outside_the_document(desk: Desk, operation: Any) -> None:
    label, good = operation.label, EACH * 6 // 10
    desk.renew(label)
    play(operation, GenerationMode.POSITIVE, good // 3, lambda case: desk.judge(case, label))
    play(
        operation,
        GenerationMode.POSITIVE,
        good - good // 3,
        lambda case: desk.judge(desk.helped(case, label), label),
    )
    play(operation, GenerationMode.NEGATIVE, EACH - good, lambda case: desk.judge(case, label))


def test_the_run_reached_what_is_behind_the_door(
    desk: Desk, tell: Telling, request: pytest.FixtureRequest
) -> None:
    """By day of the operations whose turn it is."""
    lines = [f"schemathesis, seed {SEED}: {desk.sent} requests, 2xx share per operation"]
    for label, tally in desk.shares.items():
        lines.append(f"  {share(tally):4.0%} {label}: {dict(sorted(tally.items()))}")
    tell("\n".join(lines))
    asked = {label_of(one) for one in request.session.items if one.path == request.path}
    assert set(desk.shares) == asked - {""}
    there = {one.label for one in OPERATIONS}
    assert set(SCENES) <= there, "a scene of an operation that is not there"
    # Only the key of a till opens these; tests/surfaces/tills and tests/offline ask them.
    of_tills = {f"{one.method.upper()} {one.path}" for one in OPERATIONS if "/till/" in one.path}
    missed = sorted(set(desk.shares) - reached(desk.shares) - of_tills)
    assert len(missed) <= 0.2 * len(set(desk.shares) - of_tills), missed


def label_of(item: pytest.Item) -> str:
    """The operation that this test asks, if it is one that asks one."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    return str(params["operation"].label) if "operation" in params else ""


def test_the_books_are_right_after_all_of_it(desk: Desk) -> None:
    desk.counter.shop.run(assert_books_right(desk.counter.shop.made.owner_dsn))


def test_control_an_operation_that_only_says_no_is_not_reached() -> None:
    shares = {"no": Tally({404: 30}), "hardly": Tally({200: 6, 404: 24}), "yes": Tally({201: 9})}
    assert reached(shares) == {"yes"}


def test_control_an_answer_outside_the_document_is_noticed(desk: Desk) -> None:
    operation = next(one for one in OPERATIONS if one.path == "/v1/programs/current")

    def teapot(case: Any) -> None:
        answer = httpx.Response(418, json={}, request=httpx.Request("GET", "http://shop.test"))
        answer.elapsed = timedelta(0)
        case.validate_response(answer, checks=CHECKS)

    with pytest.raises(BaseException, match="418"):
        play(operation, GenerationMode.POSITIVE, 1, teapot)


def test_control_what_is_taken_though_the_document_does_not_describe_it_is_noticed(
    desk: Desk,
) -> None:
    operation = next(one for one in OPERATIONS if one.path == "/v1/activities/preview")
    good = desk.counter.post("/v1/activities/preview", coffee("C-1"))
    assert good.status_code == 200, good.text

    def taken(case: Any) -> None:
        answer = httpx.Response(200, json=good.json(), request=good.request)
        answer.elapsed = timedelta(0)
        checks = CHECKS if ill_said(case) else WITHOUT_ILL
        case.validate_response(answer, checks=checks)

    with pytest.raises(BaseException, match="Schema-violating request accepted"):
        play(operation, GenerationMode.NEGATIVE, 5, taken)

"""The OpenAPI document: what is committed is what the source says, and its examples fit."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.surfaces.counter import Counter

from regulars.base import faults
from regulars.surfaces.api import openapi
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.api.operations.table import OPERATIONS, TAGS
from regulars.surfaces.api.problems import Problem
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.queries import schema_of

COMMITTED = Path(__file__).parents[4] / "docs" / "reference" / "openapi.json"


def named(operations: Any) -> Any:
    return pytest.mark.parametrize("operation", operations, ids=lambda one: one.name)


def test_the_committed_document_is_what_the_source_says() -> None:
    assert COMMITTED.read_text("utf-8") == openapi.text(), (
        "run: python -m regulars.surfaces.api.openapi > docs/reference/openapi.json"
    )


def test_the_served_document_is_the_committed_one(counter: Counter) -> None:
    answer = counter.get("/openapi.json", key="")
    assert answer.text == COMMITTED.read_text("utf-8")
    assert answer.headers["content-type"] == "application/json"


def test_every_part_of_the_reference_says_what_it_is_about() -> None:
    assert list(TAGS) == list(dict.fromkeys(one.tag for one in OPERATIONS))


@named(OPERATIONS)
def test_examples_fit_their_shapes(operation: Operation) -> None:
    assert operation.answer_example is not None
    for kind in operation.answers.values():
        fitted = msgspec.convert(operation.answer_example, kind)
        again = msgspec.to_builtins(fitted)
        assert set(again) == set(operation.answer_example)
    if operation.sent is not None:
        assert operation.example is not None
        msgspec.json.decode(msgspec.json.encode(operation.example), type=operation.sent)


def test_every_reference_leads_somewhere() -> None:
    schemas = openapi.document()["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/([^"]+)"', openapi.text()):
        assert name in schemas


def test_every_body_is_closed_to_fields_nobody_knows() -> None:
    schemas = openapi.document()["components"]["schemas"]
    for operation in OPERATIONS:
        if operation.sent is not None:
            assert schemas[operation.sent.__name__]["additionalProperties"] is False


@named(OPERATIONS)
def test_every_operation_says_its_problems_its_scopes_and_its_key(operation: Operation) -> None:
    said = openapi.document()["paths"][operation.path][operation.method.lower()]
    assert set(openapi.codes_of(operation)) <= CATALOGUE.keys()
    is_word = operation.name == "answer_challenge"  # a word is said back to anybody
    known = {"405", "503"} if is_word else {"401", "405", "503"}
    assert known <= said["responses"].keys()
    assert ("403" in said["responses"]) == bool(operation.scopes), "a signature has no scope"
    if operation.sent is not None:
        assert {"400", "413", "415", "422"} <= said["responses"].keys()
    assert said["x-scopes"] == list(operation.scopes)
    takes_key = "Idempotency-Key" in [one.get("name") for one in said["parameters"]]
    assert takes_key == operation.keyed
    if operation.method != "GET" and operation.open is None:
        assert takes_key != ("takes no `Idempotency-Key`" in said["description"])
    assert ("key_reused" in openapi.codes_of(operation)) == (
        operation.keyed and operation.once is Once.KEY
    )


def test_names_and_addresses_of_operations_are_their_own() -> None:
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)


def all_faults(kind: type[faults.Fault] = faults.Fault) -> set[str]:
    found = {one.code for one in kind.__subclasses__()}
    return found.union(*(all_faults(one) for one in kind.__subclasses__()))


def test_every_fault_there_is_has_its_page(counter: Counter) -> None:
    assert all_faults() - {"fault"} <= CATALOGUE.keys()


def test_every_refusal_there_is_has_its_page(counter: Counter) -> None:
    found = set()
    for file in (Path(openapi.__file__).parents[2]).glob("*/**/*.py"):
        found |= set(re.findall(r'Refused\(\s*"([a-z_]+)"', file.read_text("utf-8")))
    assert {"not_enough_points", "hold_lapsed"} <= found
    assert found <= CATALOGUE.keys()


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_can_be_looked_up(counter: Counter, code: str) -> None:
    answer = counter.get(f"/docs/problems/{code}", key="")
    assert answer.status_code == 200
    assert CATALOGUE[code].title in answer.text.replace("&#39;", "'")
    assert len(CATALOGUE[code].means) > 10
    assert len(CATALOGUE[code].mend) > 5


def test_a_problem_fits_its_own_shape(counter: Counter) -> None:
    answer = counter.post("/v1/activities", {"kind": "visit", "luck": 1})
    found = msgspec.json.decode(answer.content, type=Problem)
    assert found.instance == "/v1/activities"
    assert msgspec.json.encode(found) == answer.content


def test_whatever_comes_in_pages_says_that_a_strange_cursor_is_refused() -> None:
    asked = [one for one in OPERATIONS if one.query is not None]
    paged = [one for one in asked if "cursor" in schema_of(one.query)["properties"]]
    assert len(paged) > 20
    assert [one.name for one in paged if "bad_cursor" not in one.codes] == []

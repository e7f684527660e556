"""About somebody who was erased, every operation answers as its document says."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests.surfaces.counter import Counter, coffee

from regulars.surfaces.api import openapi
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations.table import OPERATIONS

DOCUMENT = json.loads(openapi.text())
ABOUT_A_MEMBER = [
    one
    for one in OPERATIONS
    if "{member_id}" in one.path or "member" in msgspec.to_builtins(one.example or {})
]


@pytest.fixture(scope="module")
def erased(counter: Counter) -> str:
    """A member who bought, and was erased."""
    member = counter.joined("C-gone")
    assert counter.post("/v1/activities", coffee("C-gone", 3)).status_code == 201
    assert counter.ask("DELETE", f"/v1/members/{member}").status_code == 200
    return member


def _about(operation: Operation, member: str) -> tuple[str, Any]:
    """The operation's own example, told of this member."""
    path = operation.path.replace("{member_id}", member)
    body = msgspec.to_builtins(operation.example)
    if isinstance(body, dict) and "member" in body:
        body["member"] = {"id": member}
    if operation.name == "unlink_identifier":
        path += "?kind=card&value=C-gone"
    return path, body


@pytest.mark.parametrize("operation", ABOUT_A_MEMBER, ids=lambda one: one.name)
def test_it_answers_in_the_words_of_its_document(
    counter: Counter, erased: str, operation: Operation
) -> None:
    path, body = _about(operation, erased)
    answer = counter.ask(operation.method, path, body)
    known = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    assert str(answer.status_code) in known, answer.text
    if answer.status_code >= 400:
        assert answer.json()["code"] in json.dumps(known[str(answer.status_code)]), answer.text


def test_many_of_them_say_that_the_person_is_gone(counter: Counter, erased: str) -> None:
    said = []
    for operation in ABOUT_A_MEMBER:
        path, body = _about(operation, erased)
        said.append(counter.ask(operation.method, path, body).json().get("code"))
    # Others look only, or are about a thing that an example names and that is not here.
    assert said.count("member_erased") >= 15, said

"""What the README tells people to send is what the API takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.api.wire.activities import ActivitySent
from regulars.surfaces.api.wire.members import MemberSent

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
_CURL = re.compile(r"curl \$URL(/\S+).*?-d '(.*?)'", re.S)
BODIES = {"/v1/members": MemberSent, "/v1/activities": ActivitySent}


def test_each_request_of_the_readme_fits_the_api() -> None:
    sent = _CURL.findall(README)
    assert {path for path, _ in sent} == BODIES.keys()
    for path, body in sent:
        msgspec.convert(json.loads(body), BODIES[path])
        assert any(each.path == path and each.method == "POST" for each in OPERATIONS), path


def test_a_request_that_does_not_fit_would_be_noticed() -> None:
    ((path, body), *_) = _CURL.findall(README)
    sent = json.loads(body) | {"surname": "Lovelace"}
    with pytest.raises(msgspec.ValidationError, match="surname"):
        msgspec.convert(sent, BODIES[path])


def test_what_the_readme_promises_for_it_is_what_the_template_gives() -> None:
    from regulars.engine.checking.cases import Trial
    from regulars.engine.compiling.compile import compile_program
    from regulars.records.program.reading import read_program
    from regulars.records.program.templates import load_template

    purchase = json.loads(dict(_CURL.findall(README))["/v1/activities"])
    trial = Trial(compile_program(read_program(load_template("coffee-shop"))))
    earned = trial.run({**purchase, "at": "2026-03-02T08:15"}).units
    assert f'"earned": {json.dumps(earned)}' in README


GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").rglob("*.md"))
_ANY_CURL = re.compile(r"^curl [^\n]*(?:\n {2,}[^\n]*)*", re.M)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_can_be_found_from_the_list_of_documents(guide: Path) -> None:
    docs = Path(__file__).parents[2] / "docs"
    listed = (docs / "README.md").read_text("utf-8")
    assert f"({guide.relative_to(docs)})" in listed


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_body_that_a_guide_sends_is_said_to_be_json(guide: Path) -> None:
    for request in _ANY_CURL.findall(guide.read_text("utf-8")):
        assert " -d " not in request or "Content-Type: application/json" in request, request

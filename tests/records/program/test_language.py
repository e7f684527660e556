"""The language described: schema, page, and the law that a right file stays right."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from regulars.records.program.notes import NOTES
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.published.examples import EXAMPLES
from regulars.records.program.published.language import Language, broken, language, structs
from regulars.records.program.published.page import reference_files
from regulars.records.program.published.schema import notes_of, schema

ROOT = Path(__file__).parents[3]
PUBLISHED = Path(__file__).with_name("language.json")


def published() -> Language:
    return json.loads(PUBLISHED.read_text("utf-8"))


def test_nothing_published_was_removed_or_changed() -> None:
    assert broken(published(), language()) == []


def test_what_was_added_is_published_too() -> None:
    """An addition is kept from the day it is there: write `language()` into language.json."""
    added = json.loads(json.dumps(language()))
    assert added == published()


def hurt(what: str, now: Language) -> None:
    """One way to break the law."""
    rule, wallet = now["Rule"]["fields"], now["Wallet"]["fields"]
    if what == "field removed":
        del rule["needs_base"]
    elif what == "part removed":
        del now["Multiply"]
    elif what == "tag renamed":
        now["Fixed"]["tag"] = "give: flat"
    elif what == "choice removed":
        wallet["kind"]["holds"].remove("= gift")
    elif what == "default changed":
        wallet["scale"]["unless_said"] = 2
    elif what == "made needed":
        rule["says"]["unless_said"] = "needed"
    elif what == "needed field added":
        rule["owner"] = {"holds": ["str"], "unless_said": "needed"}
    elif what == "bound narrowed":
        rule["limits"]["holds"] = ["list (max_length 2) of Limit"]


@pytest.mark.parametrize(
    "what",
    [
        "field removed",
        "part removed",
        "tag renamed",
        "choice removed",
        "default changed",
        "made needed",
        "needed field added",
        "bound narrowed",
    ],
)
def test_the_law_notices_a_language_that(what: str) -> None:
    now = deepcopy(published())
    hurt(what, now)
    assert len(broken(published(), now)) == 1


def test_growing_is_allowed() -> None:
    now = deepcopy(published())
    now["Rule"]["fields"]["owner"] = {"holds": ["str"], "unless_said": ""}
    now["Wallet"]["fields"]["kind"]["holds"].append("= minutes")
    now["Later"] = {"tag": "give: later", "fields": {}}
    assert broken(published(), now) == []


@pytest.mark.parametrize("name", sorted(reference_files()))
def test_the_reference_is_fresh(name: str) -> None:
    """Stale? `make docs` writes it anew."""
    assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == reference_files()[name]


@pytest.mark.parametrize("name", sorted(structs()))
def test_every_field_has_a_sentence_and_every_part_an_example(name: str) -> None:
    shape = structs()[name]
    fields = {field.encode_name for field in shape.fields}
    assert fields <= set(notes_of(name))
    assert set(NOTES.get(name, {})) <= fields
    value = parse(EXAMPLES[name]).value
    assert isinstance(msgspec.convert(value, shape.cls, strict=True), shape.cls)


def test_the_schema_knows_every_part_and_closes_each() -> None:
    whole: dict[str, Any] = schema()
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(whole["$defs"]) == set(structs())
    assert all(part["additionalProperties"] is False for part in whole["$defs"].values())
    for part in whole["$defs"].values():
        tags = {"if", "give", "until", "kind"} & set(part["properties"])
        described = {name for name, shape in part["properties"].items() if "description" in shape}
        assert described | tags == set(part["properties"])

"""The catalogue of events has every type there is, and says of each what it carries."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import regulars
from regulars.records.outbox.events.catalogue import EVENTS, outward, wrong_in
from regulars.records.outbox.events.fields import payload_schema
from regulars.surfaces.api import openapi

HOME = Path(regulars.__file__).parent
KIND = re.compile(r"[a-z]+\.[a-z_]+")
TELLERS = frozenset({"Event", "Told", "tell", "_tell", "_event"})


def told_in_source() -> Iterator[str]:
    """Every type that a call which tells of something names."""
    paths = [path for stage in ("engine", "flows") for path in (HOME / stage).rglob("*.py")]
    for node in (one for path in paths for one in ast.walk(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Call) and _name(node.func) in TELLERS:
            said = [one.value for one in node.args if isinstance(one, ast.Constant)]
            yield from (str(one) for one in said if KIND.fullmatch(str(one)))


def _name(node: ast.expr) -> str:
    return ast.unparse(node).rsplit(".", 1)[-1]


def test_every_type_the_source_tells_of_is_in_the_catalogue() -> None:
    found = set(told_in_source())
    assert len(found) > 30
    assert found <= EVENTS.keys()


def test_the_books_know_the_same_types() -> None:
    check = HOME / "insight" / "verify" / "checks" / "told" / "events_in_order.sql"
    known = set(re.findall(r"'([a-z]+\.[a-z_]+)'", check.read_text("utf-8")))
    assert known == EVENTS.keys()


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_each_example_fits_its_own_schema(kind: str) -> None:
    one = EVENTS[kind]
    assert wrong_in(kind, one.example) == []
    assert outward(kind, one.example) == one.example
    schema = payload_schema(one)
    for name, says in schema["properties"].items():
        if "pattern" in says and one.example[name] is not None:
            assert re.fullmatch(says["pattern"].strip("^$"), one.example[name]), name
    assert openapi.document()["webhooks"][kind]["post"]["summary"] == one.says


@pytest.mark.parametrize(
    ("payload", "wrong"),
    [
        ({"reward": "cup"}, ["reward.captured.redemption_id is missing"]),
        ({"reward": 1, "redemption_id": "x"}, ["reward.captured.reward is 1"]),
        ({"reward": "c", "redemption_id": "x", "more": 1},
         ["reward.captured.more is not in the catalogue"]),
    ],
)  # fmt: skip
def test_a_payload_that_is_not_as_the_catalogue_says_is_noticed(payload: Any, wrong: Any) -> None:
    assert wrong_in("reward.captured", payload) == wrong
    assert wrong_in("points.melted", {}) == ["points.melted is not in the catalogue"]

"""The published JSON Schema of program files, made from their types.

The result is committed as `docs/reference/program.schema.json`; a test fails when it is stale.
"""

from __future__ import annotations

import ast
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from regulars.records.program.notes import NOTES
from regulars.records.program.types import Program

_TYPES: Final = (
    "wallets.py", "parts/conditions.py", "parts/awards.py", "parts/rewards.py", "parts/ladders.py",
    "parts/changing.py", "parts/belonging.py", "parts/currencies.py",
    "parts/proving.py", "types.py",
)  # fmt: skip
SCHEMA_FILE: Final = "program.schema.json"


def schema_text() -> str:
    """The JSON Schema of a program file (draft 2020-12), for editors and other tools."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema as a tree, with a sentence for each part and field."""
    made = msgspec.json.schema(Program)
    for name, part in made["$defs"].items():
        part["description"] = " ".join(part.get("description", "").split())
        for field, shape in part["properties"].items():
            sentence = notes_of(name).get(field)
            if sentence:
                part["properties"][field] = {"description": sentence, **shape}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Regulars program file, edition 1",
        "description": "What a shop promises its regulars: rules, tiers and rewards.",
    }
    return {**head, **made}


@cache
def notes_of(struct: str) -> dict[str, str]:
    """A sentence for each field of one part: from beside the field, else from the notes."""
    return {**NOTES.get(struct, {}), **_beside().get(struct, {})}


@cache
def _beside() -> dict[str, dict[str, str]]:
    """The texts that stand under the fields in the files of types."""
    room = files("regulars.records.program")
    sources = [room.joinpath(name).read_text("utf-8") for name in _TYPES]
    bodies = (part for source in sources for part in ast.parse(source).body)
    parts = [part for part in bodies if isinstance(part, ast.ClassDef)]
    return {part.name: _texts(part) for part in parts}


def _texts(part: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, text in zip(part.body, part.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            found[ast.unparse(field.target)] = " ".join(str(ast.literal_eval(text.value)).split())
    return found

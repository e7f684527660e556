"""Square's published document, where it lies beside the project, and answers held against it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

_BESIDE = Path(__file__).resolve().parents[5] / "shared" / "contracts"
WHERE = Path(os.environ.get("REGULARS_CONTRACTS", _BESIDE)) / "square-openapi.json"
ABSENT = "Square's published document is not beside the project (../shared/contracts)"


class Published:
    """The document; remembers what was held against it."""

    def __init__(self, path: Path = WHERE) -> None:
        self._document = _plain(json.loads(path.read_text()))
        self._paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", one) + r"\Z"), methods)
            for one, methods in self._document["paths"].items()
        ]
        self.seen: set[tuple[str, str]] = set()

    def hold(self, answer: httpx.Response) -> None:
        """Fail where an answer is not what the document says."""
        path = answer.request.url.path.removeprefix("/compat/square")
        method = answer.request.method.lower()
        for pattern, methods in self._paths:
            if pattern.match(path) and method in methods:
                schema = self._schema(methods[method], answer.status_code)
                jsonschema_rs.validate(schema, answer.json())
                self.seen.add((method, pattern.pattern))
                return

    def hold_object(self, name: str, found: Any) -> None:
        """Fail where a thing is not what the document says such a thing is."""
        schema = {
            "$ref": f"#/components/schemas/{name}",
            "components": self._document["components"],
        }
        jsonschema_rs.validate(schema, found)

    def _schema(self, operation: dict[str, Any], status: int) -> dict[str, Any]:
        good = operation["responses"]["200"]["content"]["application/json"]["schema"]
        whole: dict[str, Any] = {"components": self._document["components"], **good}
        if status != 200:
            assert answer_is_wrong(whole)
        return whole


def answer_is_wrong(schema: dict[str, Any]) -> bool:
    """Answers of any status have the same shape there: errors beside everything else."""
    return "$ref" in schema


def _plain(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: what may be null may be null; an enum is of texts."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _plain(one) for name, one in value.items() if name != "nullable"}
    if value.get("nullable") and "$ref" not in value:
        return {"anyOf": [made, {"type": "null"}]}
    return made

"""Klaviyo's published document, where it lies beside the project, and requests held against it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jsonschema_rs

_BESIDE = Path(__file__).resolve().parents[5] / "shared" / "contracts"
WHERE = Path(os.environ.get("REGULARS_CONTRACTS", _BESIDE)) / "klaviyo-openapi.json"
ABSENT = "Klaviyo's published document is not beside the project (../shared/contracts)"
NOT_IN_IT = {("POST", "/api/data-privacy-deletion-jobs")}
"""The document beside the project is cut and has no deletions; its SDK's models have."""

MAY_LACK = "/api/profile-bulk-import-jobs"
"""Held against the document where it has jobs of many profiles, and against the SDK's models.
Where it has none, each profile of a job is held against what a profile alone has to be."""
PROFILE = "ProfileUpsertQueryResourceObject"
MOST_OF_A_JOB = 10_000


class Published:
    """The document; remembers what was held against it."""

    def __init__(self, path: Path = WHERE) -> None:
        self._document = _plain(json.loads(path.read_text()))
        self._paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", one) + r"\Z"), methods)
            for one, methods in self._document["paths"].items()
        ]
        self.seen: set[tuple[str, str]] = set()

    @property
    def revision(self) -> str:
        """Of what it tells."""
        return str(self._document["info"]["version"])

    def hold(self, method: str, path: str, query: str, said: Any) -> None:
        """Fail where a request is not what the document says: its path, what is asked for, its
        body, and that no field of it is one nobody knows."""
        if (method, path) in NOT_IN_IT:
            return
        for pattern, methods in self._paths:
            if pattern.match(path) and method.lower() in methods:
                operation = methods[method.lower()]
                self._asked(operation, query)
                if "requestBody" in operation:
                    content = operation["requestBody"]["content"]["application/vnd.api+json"]
                    whole = {"components": self._document["components"], **content["schema"]}
                    jsonschema_rs.validate(whole, said)
                self.seen.add((method, pattern.pattern))
                return
        assert path.startswith(MAY_LACK), f"the document has no {method} {path}"
        if method == "POST":
            self._profiles(said)

    def _profiles(self, said: Any) -> None:
        """A job, of which the document has the profiles."""
        rows = said["data"]["attributes"]["profiles"]["data"]
        attributes = {"profiles": {"data": rows}}
        assert said == {"data": {"type": "profile-bulk-import-job", "attributes": attributes}}
        assert 0 < len(rows) <= MOST_OF_A_JOB
        schemas = self._document["components"]
        whole = {"components": schemas, "$ref": f"#/components/schemas/{PROFILE}"}
        for row in rows:
            jsonschema_rs.validate(whole, row)

    def _asked(self, operation: dict[str, Any], query: str) -> None:
        known = {
            one["name"]: one["schema"] for one in operation["parameters"] if one["in"] == "query"
        }
        for name, (found,) in parse_qs(query).items():
            assert name in known, f"nobody asks by {name}"
            schema = known[name]
            if schema.get("type") == "array":
                jsonschema_rs.validate(schema, found.split(","))
            elif schema.get("type") == "integer":
                jsonschema_rs.validate(schema, int(found))
            else:
                jsonschema_rs.validate(schema, found)


def _plain(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: what may be null may be null, and where the fields of a thing are
    named there are no others."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _plain(one) for name, one in value.items() if name != "nullable"}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    if value.get("nullable") and "$ref" not in value:
        return {"anyOf": [made, {"type": "null"}]}
    return made

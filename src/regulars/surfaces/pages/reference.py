"""The API reference as a page, made from the OpenAPI document."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.api.openapi import codes_of, document
from regulars.surfaces.api.operations.table import OPERATIONS


@lru_cache(maxsize=1)
def operations() -> list[dict[str, Any]]:
    """Every operation with what a reader needs to see of it."""
    said = document()
    schemas, shared = said["components"]["schemas"], said["components"].get("parameters", {})
    found = []
    for one in OPERATIONS:
        operation = said["paths"][one.path][one.method.lower()]
        sent = one.sent.__name__ if one.sent is not None else ""
        found.append(
            {
                "tag": one.tag,
                "name": one.name,
                "method": one.method,
                "path": one.path,
                "says": one.says,
                "notes": one.notes,
                "scopes": [str(scope) for scope in one.scopes],
                "parameters": [_parameter(shared, one) for one in operation["parameters"]],
                "about": schemas[sent].get("description", "") if sent else "",
                "fields": fields(schemas, sent) if sent else [],
                "example": pretty(one.example) if one.sent is not None else "",
                "answer": pretty(one.answer_example),
                "statuses": ", ".join(str(status) for status in one.answers),
                "codes": codes_of(one),
            }
        )
    return found


def _parameter(shared: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """One parameter; the same one of many operations is written once and referred to."""
    if "$ref" in said:
        said = shared[str(said["$ref"]).rpartition("/")[2]]
    return {
        "name": said["name"],
        "in": said["in"],
        "must": "required" if said.get("required") else "",
        "says": said.get("description") or said["schema"].get("description", ""),
    }


def by_tag() -> dict[str, list[dict[str, Any]]]:
    """The operations under their headings."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in operations():
        found.setdefault(one["tag"], []).append(one)
    return found


def fields(schemas: dict[str, Any], name: str) -> list[dict[str, str]]:
    """The fields of a body: name, kind, whether it must be there, and its meaning."""
    schema = schemas[name]
    required = schema.get("required", [])
    return [
        {
            "name": field,
            "kind": kind_in_words(kind),
            "shape": _shape(schemas, kind_in_words(kind)),
            "must": "required" if field in required else "",
            "says": kind.get("description", ""),
        }
        for field, kind in schema.get("properties", {}).items()
    ]


def _shape(schemas: dict[str, Any], kind: str) -> str:
    """The shape a kind ends with, when there is one to look at."""
    name = kind.rpartition(" ")[2]
    return name if schemas.get(name, {}).get("properties") else ""


def kind_in_words(schema: dict[str, Any]) -> str:
    """A JSON schema as short as a reader needs it."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        kinds = [kind_in_words(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " or ".join(f'"{one}"' for one in schema["enum"])
    return _plain_kind(schema, str(schema.get("type", "any")))


def _plain_kind(schema: dict[str, Any], kind: str) -> str:
    if kind == "array":
        return f"list of {kind_in_words(schema['items'])}" if "items" in schema else "list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {kind_in_words(schema['additionalProperties'])}"
    if schema.get("format") == "date-time":
        return "instant"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)


@lru_cache(maxsize=1)
def shapes() -> list[dict[str, Any]]:
    """The shapes that bodies are made of."""
    schemas = document()["components"]["schemas"]
    return [
        {"name": name, "says": schema.get("description", ""), "fields": fields(schemas, name)}
        for name, schema in schemas.items()
        if schema.get("properties")
    ]


def problems() -> list[dict[str, Any]]:
    """Every kind of problem."""
    return [{"code": code, **entry._asdict()} for code, entry in CATALOGUE.items()]


def pretty(example: Any) -> str:
    """An example to read."""
    return json.dumps(example, indent=2, ensure_ascii=False)

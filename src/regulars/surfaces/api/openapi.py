"""The OpenAPI 3.1 document, made from the table of operations; nothing in it is written twice."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

import msgspec
from msgspec import Struct

from regulars import __version__
from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.api.operations.table import OPERATIONS, TAGS
from regulars.surfaces.api.problems import Problem
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.queries import schema_of
from regulars.surfaces.senders.hooks.described import headers, webhooks

_REFS: Final = "#/components/schemas/{name}"
_ALWAYS: Final = (
    "unauthorized",
    "missing_scope",
    "method_not_allowed",
    "too_many_requests",
    "unavailable",
)
_WITH_BODY: Final = (
    "malformed_json",
    "duplicate_name",
    "too_deep",
    "unknown_field",
    "body_too_large",
    "body_too_slow",
    "unsupported_media_type",
    "invalid",
)
_WITHOUT: Final = ("unexpected_body", "body_too_large", "body_too_slow")
_OPEN: Final = (
    "method_not_allowed", "not_found", "unavailable", "malformed_json", "duplicate_name",
    "too_deep", "body_too_large", "body_too_slow", "unsupported_media_type", "invalid",
)  # fmt: skip
"""What an address can answer that judges by itself who asks."""
_PARAMETER: Final = re.compile(r"\{([a-z_]+)\}")
_ID_WORDS: Final = {
    "entry_id": "An id of an entry in the books: ent_ and 32 digits from 0 to f.",
    "member_alert_id": "An id of an alert about a member: alt_ and 32 digits from 0 to f.",
    "member_task_id": "An id of something to be done: tsk_ and 32 digits from 0 to f.",
    "member_id": "A member's id: mem_ and 32 digits from 0 to f.",
    "activity_id": "An activity's id: act_ and 32 digits from 0 to f.",
    "device_id": "An id of a device that is told: dvc_ and 32 digits from 0 to f.",
    "message_id": "A message's id: msg_ and 32 digits from 0 to f.",
    "redemption_id": "A redemption's id: red_ and 32 digits from 0 to f.",
    "household_id": "A household's id: hou_ and 32 digits from 0 to f.",
    "webhook_id": "A webhook's id: hok_ and 32 digits from 0 to f.",
    "code_id": "An id of a code to spend with: spc_ and 32 digits from 0 to f.",
    "event_id": "An event's id: evt_ and 32 digits from 0 to f.",
    "import_id": "The id of an import: imp_ and 32 digits from 0 to f.",
    "inlet_id": "The id of a source of events: inl_ and 32 digits from 0 to f.",
    "arrival_id": "The id of an event that came in: arr_ and 32 digits from 0 to f.",
    "key_id": "A key's id: key_ and 32 digits from 0 to f.",
    "use_id": "A use's id: use_ and 32 digits from 0 to f.",
    "grant_id": "The id of a tier given by hand: tgr_ and 32 digits from 0 to f.",
    "referral_id": "A referral's id: ref_ and 32 digits from 0 to f.",
    "membership_id": "The id of a membership: mbs_ and 32 digits from 0 to f.",
    "partner": "A partner's short name.",
    "number": "The number of a settlement: the first one of a partner is 1.",
    "contract_id": "The id of a contract: con_ and 32 digits from 0 to f.",
    "claim_id": "The id of a claim: clm_ and 32 digits from 0 to f.",
    "dispute_id": "The id of a dispute: dis_ and 32 digits from 0 to f.",
    "run_id": "The id of a run of pay-outs: por_ and 32 digits from 0 to f.",
    "store": "The code of a store, as activities name it.",
    "staff_id": "The id of somebody who works here: staff_ and 32 digits from 0 to f.",
    "till_id": "The id of a till: til_ and 32 digits from 0 to f.",
    "record_id": "The id of a record of a till: rec_ and 32 digits from 0 to f.",
    "tier": "The short name of a tier in the program file.",
    "draw": "The short name of a draw in the program file.",
    "board": "The short name of a leaderboard in the program file.",
    "benefit": "The short name of a benefit in the program file.",
    "version": "The number of a version.",
    "name": "The short name of a draft: small letters, digits and hyphens.",
    "segment": "The code of a segment: small letters, digits and hyphens.",
    "survey": "The code of a survey: small letters, digits and hyphens.",
    "invitation_id": "The id of an invitation to a survey: inv_ and 32 digits from 0 to f.",
    "offer_choice": "The code of a choice among offers: small letters, digits and hyphens.",
    "offer": "The code of an offer: small letters, digits and hyphens.",
    "club": "The code of a club: small letters, digits and hyphens.",
    "lesson": "The code of a lesson: small letters, digits and hyphens.",
    "post_id": "The id of a review or a story: pst_ and 32 digits from 0 to f.",
    "case_id": "The id of a service case: cas_ and 32 digits from 0 to f.",
    "reference_id": "The id of a request for a reference: rfr_ and 32 digits from 0 to f.",
    "gathering": "The code of a gathering: small letters, digits and hyphens.",
    "campaign": "The code of a campaign: small letters, digits and hyphens.",
    "journey": "The code of a journey: small letters, digits and hyphens.",
    "step": "The short name of a step of a journey, such as hello.",
    "code": "The code of an experiment: small letters, digits and hyphens.",
}
ABOUT: Final = """\
Activities go in, the program decides, the books record, the member's standing follows.

Money is whole minor units with its currency, quantities are whole units at the wallet's scale,
instants are RFC 3339 in UTC. Lists come in pages: send `next_cursor` as `cursor` while `has_more`.
A request that books something takes an `Idempotency-Key`: sent again with the same content it
gives the first answer with `Idempotent-Replayed: true`, with other content it is refused. What
takes none says why, and leaves aside one that is sent. Where no body is taken one is refused; an
empty object is as good as none. What goes wrong is a problem (RFC 9457)
with a stable `code`. A key may be made with a limit of requests a minute: its answers say what is
left of it in `RateLimit-Policy` and `RateLimit`, and `429` comes with `Retry-After`.
"""


@cache
def document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regulars API",
            "version": "1",
            "summary": "Loyalty that is right to the last point.",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "x-release": __version__,
        },
        "servers": [{"url": "/"}],
        "security": [{"api_key": []}],
        "tags": [{"name": tag, "description": says} for tag, says in TAGS.items()],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "schemas": _schemas(OPERATIONS),
            "parameters": headers(),
            "securitySchemes": {
                "api_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "reg_live_… or reg_test_…",
                    "description": "An API key; it knows its program and what it may do.",
                }
            },
        },
    }


@cache
def text() -> str:
    """The document as it is committed and served."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def codes_of(operation: Operation) -> list[str]:
    """Every problem this operation can answer with."""
    if operation.open is not None:
        return [*_OPEN, *operation.codes]
    codes = [*_ALWAYS, *operation.codes]
    if operation.sent is not None:
        codes += _WITH_BODY
    else:
        codes += _WITHOUT
    if operation.query is not None or operation.method == "GET":
        codes.append("bad_parameter")
    if operation.keyed:
        codes += ("bad_idempotency_key", *_KEYED[operation.once])
    if _PARAMETER.search(operation.path) or operation.tag != "API keys":
        codes.append("not_found")
    return list(dict.fromkeys(codes))


def _operation(one: Operation) -> dict[str, Any]:
    scopes = " or ".join(f"`{scope}`" for scope in one.scopes)
    needs = f"Needs {scopes}."
    said: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.says,
        "description": " ".join(part for part in (one.notes, _again(one), needs) if part),
        "x-scopes": [str(scope) for scope in one.scopes],
        "parameters": _parameters(one),
        "responses": _responses(one),
    }
    if one.open is not None:
        said |= {"security": [], "description": one.notes}
    if one.open is not None and one.method != "GET":
        content = {"schema": {"type": "object"}, "example": one.example}
        said["requestBody"] = {"required": True, "content": {"application/json": content}}
    if one.sent is not None:
        content = {"schema": _ref(one.sent), "example": one.example}
        said["requestBody"] = {
            "required": not one.body_optional,
            "content": {"application/json": content},
        }
    return said


_KEYED: Final = {Once.KEY: ("key_reused",), Once.PARTS: ()}
_AGAIN: Final = {
    Once.AGAIN: "Asked again it leaves what it left, so it takes no `Idempotency-Key`.",
    Once.ANEW: "Each time is another one and nothing is booked, so it takes no `Idempotency-Key`.",
    Once.LOOKS: "It changes nothing, so it takes no `Idempotency-Key`.",
}


def _again(one: Operation) -> str:
    """Why it takes no key, where one could expect that it does."""
    return _AGAIN.get(one.once, "") if one.method != "GET" else ""


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _ID_WORDS[name],
            "schema": {"type": "string"},
        }
        for name in _PARAMETER.findall(one.path)
    ]
    if one.query is not None:
        schema = schema_of(one.query)
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": _said(kind)}
            for name, kind in schema["properties"].items()
        ]
    if one.open is not None and one.method != "GET":
        found += [{"$ref": f"#/components/parameters/{name}"} for name in headers()]
    elif one.keyed:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "1 to 128 printable characters, with or without quotes. The same "
                "key and content give the first answer again; other content is `key_reused`."
                if one.once is Once.KEY
                else "key and content give the first answer again.",
                "schema": {"type": "string", "pattern": '^("[!#-~]{1,128}"|[!#-~]{1,128})$'},
            }
        )
    return found


def _said(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter when it is there: an address cannot say null."""
    kinds: list[dict[str, Any]] = schema.get("anyOf", [schema])
    kind = next(one for one in kinds if one.get("type") != "null")
    return {key: value for key, value in kind.items() if key != "default"}


def _responses(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kind in one.answers.items():
        content = {"schema": _ref(kind), "example": one.answer_example}
        found[str(status)] = {
            "description": one.says,
            "headers": _headers(one, status),
            "content": {"application/json": content, **dict.fromkeys(one.files, _FILE)},
        }
    by_status: dict[int, list[str]] = {}
    for code in codes_of(one):
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        first = codes[0]
        example = {
            "type": f"/docs/problems/{first}",
            "title": CATALOGUE[first].title,
            "status": status,
            "detail": CATALOGUE[first].means,
            "instance": one.path,
            "code": first,
        }
        found[str(status)] = {
            "description": "; ".join(f"`{code}`: {CATALOGUE[code].title}" for code in codes),
            "content": {"application/problem+json": {"schema": _ref(Problem), "example": example}},
        }
    return found


_FILE: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}


def _headers(one: Operation, status: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.writes:
        found["Idempotent-Replayed"] = {
            "description": "`true` when this is the answer to an earlier request.",
            "schema": {"type": "string", "const": "true"},
        }
    if one.files:
        found["Content-Disposition"] = {
            "description": "Of a file: its name.",
            "schema": {"type": "string"},
        }
    if status in (201, 202):
        found["Location"] = {
            "description": "Where it can be read, when there is such an address.",
            "schema": {"type": "string"},
        }
    return found


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": _REFS.format(name=kind.__name__)}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    kinds: dict[type, None] = {Problem: None}
    for one in operations:
        if one.sent is not None:
            kinds[one.sent] = None
        kinds |= dict.fromkeys(one.answers.values())
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REFS)
    for name, kind in _structs(kinds).items():
        words = field_words(kind)
        for field, schema in schemas[name].get("properties", {}).items():
            if field in words and "description" not in schema:
                schema["description"] = words[field]
        for schema in schemas[name].get("properties", {}).values():
            if {} in schema.get("anyOf", ()):  # anything at all, of which null is one
                del schema["anyOf"]
    schemas["Whom"] |= {"minProperties": 1, "maxProperties": 1}
    return dict(sorted(schemas.items()))


def _structs(kinds: Iterable[type]) -> dict[str, type]:
    """All structs these types are made of, by name."""
    found: dict[str, type] = {}
    todo: list[Any] = [msgspec.inspect.type_info(kind) for kind in kinds]
    while todo:
        one = todo.pop()
        if isinstance(one, msgspec.inspect.StructType):
            if one.cls.__name__ in found:
                continue
            found[one.cls.__name__] = one.cls
            todo += [field.type for field in one.fields]
        elif isinstance(one, msgspec.inspect.Type | msgspec.inspect.Metadata):
            parts = [getattr(one, name) for name in one.__struct_fields__]
            todo += [part for part in parts if isinstance(part, msgspec.inspect.Type)]
            todo += [each for part in parts if isinstance(part, tuple) for each in part]
    return found


@cache
def field_words(kind: type) -> dict[str, str]:
    """What stands under each field in the source: its meaning."""
    words: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base in (Struct, object) or not issubclass(base, Struct):
            continue
        body = _classes(sys.modules[base.__module__])[base.__qualname__].body
        for field, after in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                said = getattr(after, "value", None)
                if isinstance(after, ast.Expr) and isinstance(said, ast.Constant):
                    words[field.target.id] = " ".join(str(said.value).split())
    return words


@cache
def _classes(module: ModuleType) -> dict[str, ast.ClassDef]:
    """The classes of a module by name, read once: to look for each alone reads all of it again."""
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


if __name__ == "__main__":
    sys.stdout.write(text())

"""What receivers get, as the OpenAPI document says it; made from the catalogue of events."""

from __future__ import annotations

from typing import Any, Final

from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.events.fields import MEMBER, EventType, payload_schema

_AT: Final = "2026-03-02T12:00:00.000000Z"
_EVENT_ID: Final = "evt_018f3c5e7a1b7cde8f00657674000000"
_SIGNATURE: Final = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
_EPOCH: Final = (
    "In which life of this house the position was given: 0, or the second in which a backup was "
    "restored last. Positions and sequences begin anew with a higher one."
)
_HEADERS: Final = (
    ("webhook-id", "The event's id, the same for each try.", _EVENT_ID),
    ("webhook-timestamp", "When this try was made, in seconds since 1970.", "1772452800"),
    ("webhook-signature", "One signature for each secret that is good, with spaces.", _SIGNATURE),
    ("regulars-epoch", _EPOCH, "0"),
)


def webhooks() -> dict[str, Any]:
    """One entry for each type of event, in the standard form."""
    return {one.type: {"post": _sent(one)} for one in EVENTS.values()}


def headers() -> dict[str, Any]:
    """What stands above each body, as parameters of the document."""
    return {
        name: {
            "name": name, "in": "header", "required": True, "description": says,
            "schema": {"type": "string"}, "example": example,
        }
        for name, says, example in _HEADERS
    }  # fmt: skip


def body_example(one: EventType) -> dict[str, Any]:
    """A whole body as an example."""
    return {
        "type": one.type,
        "timestamp": _AT,
        "data": {
            "member_id": MEMBER.example, "sequence": 17, "epoch": 0, "position": 3,
            "details": one.example,
        },
    }  # fmt: skip


def body_schema(one: EventType) -> dict[str, Any]:
    """A whole body as JSON Schema. Fields may be added, so others are let through."""
    parts = {
        "member_id": {"type": "string", "description": "Whom it is about."},
        "sequence": {
            "type": "integer",
            "description": "The version of the member's standing it belongs to.",
        },
        "epoch": {"type": "integer", "description": _EPOCH},
        "position": {
            "type": "integer",
            "description": "In the member's line to this webhook: 1, 2, 3; a number that is left "
            "out is an event that did not arrive.",
        },
        "details": payload_schema(one),
    }
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "const": one.type},
            "timestamp": {
                "type": "string", "format": "date-time", "description": "When it was recorded.",
            },
            "data": {"type": "object", "properties": parts, "required": list(parts)},
            "test": {
                "type": "boolean", "description": "There, and true, where it is from a sandbox.",
            },
        },
        "required": ["type", "timestamp", "data"],
    }  # fmt: skip


def _sent(one: EventType) -> dict[str, Any]:
    content = {"schema": body_schema(one), "example": body_example(one)}
    return {
        "operationId": f"on_{one.type.replace('.', '_')}",
        "tags": ["Webhooks"],
        "summary": one.says,
        "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{one[0]}"} for one in _HEADERS],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": {"description": "It arrived."},
            "410": {"description": "Nothing is wanted here any more; the webhook is disabled."},
        },
    }  # fmt: skip

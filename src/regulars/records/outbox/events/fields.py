"""What the payload of an event is made of, as receivers see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

FieldKind = Literal["id", "text", "whole", "units", "instant", "flag", "words"]
"""A thing's id; a word or text; a whole number; whole numbers by wallet; an instant in UTC; yes or
no; several words."""


class Field(Struct, frozen=True):
    """One field: what it is, what it means, an example of it.

    `prefix` is of ids that the API shows with one. `optional`: it is left out where it says
    nothing; `empty`: it is null where there is nothing; `free`: what somebody typed, so it may
    name the member and is gone once they are erased.
    """

    kind: FieldKind
    says: str
    example: Any
    prefix: str = ""
    optional: bool = False
    empty: bool = False
    free: bool = False


class EventType(Struct, frozen=True):
    """One type of event: what happened, and what is told of it."""

    type: str
    says: str
    fields: Mapping[str, Field]

    @property
    def example(self) -> dict[str, Any]:
        """Its payload as an example."""
        return {name: field.example for name, field in self.fields.items()}


HEX: Final = "018f3c5e7a1b7cde8f00"


def id_of_a(prefix: str, says: str) -> Field:
    """The id of something the API shows under this prefix."""
    digits = HEX + prefix.encode().hex().ljust(12, "0")
    return Field("id", says, f"{prefix}_{digits}", prefix)


def plain_id(says: str) -> Field:
    """An id that stands for itself."""
    return Field("id", says, "018f3c5e-7a1b-7cde-8f00-000000000001")


def text(says: str, example: str) -> Field:
    """A word or a text."""
    return Field("text", says, example)


def free_text(says: str, example: str) -> Field:
    """What somebody typed about a member: left out where nobody did, and once they are erased."""
    return Field("text", says, example, optional=True, free=True)


def whole(says: str, example: int) -> Field:
    """A whole number."""
    return Field("whole", says, example)


def units(says: str, example: Mapping[str, int]) -> Field:
    """Whole numbers of the smallest unit, by wallet."""
    return Field("units", says, dict(example))


def instant(says: str, example: str) -> Field:
    """An instant in UTC."""
    return Field("instant", says, example)


def perhaps(field: Field) -> Field:
    """The same, left out where it says nothing."""
    return replace(field, optional=True)


def or_null(field: Field) -> Field:
    """The same, null where there is nothing."""
    return replace(field, empty=True)


WALLET: Final = text("The wallet's name in the program file.", "points")
POINTS: Final = whole("How much, in the wallet's smallest unit.", 120)
UNITS: Final = whole("How much, in the wallet's smallest unit; less than nothing is taken.", -50)
ENTRY: Final = id_of_a("ent", "The entry in the books.")
LOT: Final = id_of_a("lot", "The lot: points that came together and end together.")
ACTIVITY: Final = id_of_a("act", "The activity, such as a purchase.")
REDEMPTION: Final = id_of_a("red", "The redemption.")
REWARD: Final = text("The reward's short name in the program file.", "free-coffee")
STORE: Final = text("The store's code, empty where there was none.", "main-street")
MESSAGE: Final = id_of_a("msg", "The message in the member's inbox.")
MEMBER: Final = id_of_a("mem", "The member.")
EXPIRES_AT: Final = instant("When the points lapse now.", "2027-03-31T22:00:00Z")
STATE: Final = text("How the member stands: active, unregistered, blocked or erased.", "active")
BADGE: Final = text("The badge that comes with it.", "early-bird")


def schema_of(field: Field) -> dict[str, Any]:
    """A field as JSON Schema has it."""
    schemas: dict[FieldKind, dict[str, Any]] = {
        "id": {"type": "string"},
        "text": {"type": "string"},
        "whole": {"type": "integer"},
        "units": {"type": "object", "additionalProperties": {"type": "integer"}},
        "instant": {"type": "string", "format": "date-time"},
        "flag": {"type": "boolean"},
        "words": {"type": "array", "items": {"type": "string"}},
    }
    schema = {"description": field.says, **schemas[field.kind]}
    if field.empty:
        schema["type"] = [schema["type"], "null"]
    if field.prefix:
        schema["pattern"] = f"^{field.prefix}_[0-9a-f]{{32}}$"
    return schema


def payload_schema(one: EventType) -> dict[str, Any]:
    """The details of an event as JSON Schema. Fields may be added, so others are let through."""
    return {
        "type": "object",
        "properties": {name: schema_of(field) for name, field in one.fields.items()},
        "required": [name for name, field in one.fields.items() if not field.optional],
    }

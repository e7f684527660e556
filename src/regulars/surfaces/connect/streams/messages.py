"""Messages of a broker as events: each kept as it came, known by its id and by what it says."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any, Final

import msgspec

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.kinds import LONGEST_ATTRIBUTE, encoded, object_of
from regulars.surfaces.connect.inlets.mapping import Mapping
from regulars.surfaces.connect.inlets.places.values import way
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.senders.brokers.there import Message

_IDS: Final = ("nats-msg-id", "webhook-id", "message-id", "id")
"""Where a message says how its sender calls it; the first that is there counts."""
_ID: Final = re.compile(r"[!-~]{1,120}")
_ATTRIBUTE: Final = re.compile(r"ce[_-]([a-z0-9]{1,20})")
_NEEDED: Final = ("id", "source", "type", "specversion")


def event_of(one: Message, topic: str, mapping: Mapping) -> Sent:
    """A message as an event; whatever it says, it is one.

    Order: told again it is the same event: by its id together with what it says, or where it has
    none by where it lies, since when, and what it says. So a second message under a known id that
    says something else is another event, whose receipt then tells whether both are true.
    Keeps: the very bytes, also of what is no JSON; that is found out when it is looked at.
    """
    above = _above(one)
    beside = encoded(above).decode() if above else ""
    content = digest(one.body, beside)
    id_ = _id_of(one, above)
    told_at = "" if one.told_at is None else one.told_at.astimezone(UTC).isoformat()
    lies = () if id_ else (str(one.part), str(one.at), told_at)
    key = digest("message", id_, *lies, content.bytes)
    where = f"{topic}/{one.part}:{one.at}"
    type_ = above["type"] if above else _type_of(one.body, mapping.type)
    return Sent(key, content, type_, f"{where} {id_ or key.hex}", beside, one.body)


def _above(one: Message) -> dict[str, str]:
    """What stands above a CloudEvent in binary mode; nothing where it is none."""
    found = {}
    for name, value in one.headers.items():
        match = _ATTRIBUTE.fullmatch(name)
        if match and len(value) <= LONGEST_ATTRIBUTE and "\0" not in value:
            found[match[1]] = value
    return found if all(found.get(name) for name in _NEEDED) else {}


def _id_of(one: Message, above: dict[str, str]) -> str:
    """How its sender calls it; nothing where that is no short word without spaces."""
    if above:
        said = f"{above['source']}#{above['id']}"
        return said if _ID.fullmatch(said) else digest(said).hex
    said = next((one.headers[name] for name in _IDS if name in one.headers), "")
    return said if _ID.fullmatch(said) else ""


def _type_of(body: bytes, place: str) -> str:
    """What it says happened, for whoever looks at the list."""
    try:
        found: Any = way(place)(object_of(body))
    except (Fault, msgspec.DecodeError, RecursionError):
        return ""
    told = "" if isinstance(found, (dict, list)) else text_of(found)
    return told[:200] if told.isprintable() else ""

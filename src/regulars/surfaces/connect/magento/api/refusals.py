"""What a Magento shop says where it does not do what it was asked for."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.senders.outgoing.client import Answer

LONGEST: Final = 200


class Message(NamedTuple):
    """A refusal in its words, and what it would have to allow, where it is about that."""

    text: str
    resources: str


def message_of(answer: Answer) -> Message:
    """What it says.

    Order: what stands at `%1` or `%name` in it comes beside it, as a list or by name. Faults: none;
    what is no JSON says nothing.
    Example: `{"message":"%1 already exists.","parameters":["Coupon with the same code"]}`.
    """
    try:
        scan(answer.body)
        found: Any = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        return Message("", "")
    text = found.get("message") if isinstance(found, dict) else None
    if not isinstance(text, str):
        return Message("", "")
    beside = found.get("parameters")
    named = dict(enumerate(beside, 1)) if isinstance(beside, list) else beside
    named = named if isinstance(named, dict) else {}
    for name, value in named.items():
        text = text.replace(f"%{name}", str(value))
    resources = named.get("resources")
    shown = "".join(one if one.isprintable() else " " for one in text[:LONGEST])
    return Message(shown, resources[:LONGEST] if isinstance(resources, str) else "")

"""One order or customer as an event, whichever way it was told: by a webhook, or when asked for."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.kinds import Told, encoded, object_of, sent_of
from regulars.surfaces.connect.woocommerce.orders import ORDER, changed_at, shape_of

_LINKS: Final = "_links"
"""Where the shop's own addresses stand, which are told by one way and not by another."""


def event_of(body: bytes, type_: str = "") -> Sent:
    """What one body tells, known by what it says; `type_` is what it is called in lists.

    Faults: Malformed.
    """
    found = object_of(body)
    said = {name: value for name, value in found.items() if name != _LINKS}
    shape = shape_of(found)
    number = found.get("id")
    name = f"{shape} {number}" if isinstance(number, int) else shape
    key = ("woocommerce", digest(encoded(said)).hex)
    sent = sent_of(key, type_ or shape, name, Told(said, body))
    return replace(sent, told_at=changed_at(found) if shape == ORDER else None)

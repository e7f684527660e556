"""One body of Shopify as an event, whichever way it was told: by a webhook, or when asked for."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.kinds import Told, encoded, object_of, sent_of
from regulars.surfaces.connect.shopify.orders import ORDER, changed_at, essence, shape_of


def event_of(body: bytes, type_: str = "") -> Sent:
    """What one body tells, known by what of it counts; `type_` is what it is called in lists.

    Faults: Malformed.
    """
    found = object_of(body)
    shape = shape_of(found)
    said = essence(found) if shape == ORDER else found
    number = found.get("id")
    name = f"{shape} {number}" if isinstance(number, int) else shape
    key = ("shopify", digest(encoded(said)).hex)
    sent = sent_of(key, type_ or shape, name, Told(said, body))
    return replace(sent, told_at=changed_at(found) if shape == ORDER else None)

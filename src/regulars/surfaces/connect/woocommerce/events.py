"""One order or customer as an event, whichever way it was told: by a webhook, or when asked for."""

from __future__ import annotations

from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.kinds import encoded, object_of
from regulars.surfaces.connect.woocommerce.orders import ORDER, changed_at, shape_of

_LINKS: Final = "_links"
"""Where the shop's own addresses stand, which are told by one way and not by another."""


def event_of(body: bytes, type_: str = "") -> Sent:
    """What one body tells, known by what it says; `type_` is what it is called in lists.

    Faults: Malformed.
    """
    return event_read(object_of(body), body, type_)


def event_read(found: dict[str, Any], body: bytes, type_: str = "") -> Sent:
    """The same, of a body that was read."""
    said = encoded({name: value for name, value in found.items() if name != _LINKS})
    shape = shape_of(found)
    number = found.get("id")
    name = f"{shape} {number}" if isinstance(number, int) else shape
    key = digest("woocommerce", digest(said).hex)
    told_at = changed_at(found) if shape == ORDER else None
    return Sent(key, digest(said, ""), (type_ or shape)[:200], name, "", body, told_at)

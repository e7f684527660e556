"""An event of Square: known by its id, and nothing but a hint at an order that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.api.faults import Malformed
from regulars.surfaces.connect.inlets.kinds import Told, encoded, object_of, sent_of

ORDER: Final = "order"
"""What an order is called that was asked for, with all that belongs to it."""
TYPES: Final = (
    "order.created",
    "order.updated",
    "payment.updated",
    "refund.created",
    "refund.updated",
    "customer.created",
    "customer.updated",
)
"""The events a subscription is switched on for; of others nothing becomes."""
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,192}")
MOST_VERSIONS: Final = 999
_PERSONAL: Final = ("fulfillments",)
"""Of an order: where goods are sent to, which nothing here needs."""


def event_of(body: bytes) -> Sent:
    """One event, which is the same one whenever it is told again, whatever it says by then.

    Keeps: sent twice with one id and other balances, it is known by its id alone, as what it says
    of an order is asked for anyway. Faults: Malformed.
    """
    found = object_of(body)
    id_, type_ = found.get("event_id"), found.get("type")
    if not is_id(id_) or not isinstance(type_, str) or "merchant_id" not in found:
        raise Malformed("this is no event of Square")
    return sent_of(("square", str(id_)), type_, str(id_), Told([id_, type_], body))


def whole(order: Mapping[str, Any], beside: Mapping[str, Any]) -> Sent:
    """An order as it was asked for, with the sales it gives back, their payments and who bought.

    Keeps: whether an event hinted at it or a search found it, it is known by what it says.
    """
    said = {name: value for name, value in order.items() if name not in _PERSONAL}
    found = {"object": ORDER, "order": said, **beside}
    body = encoded(found)
    name = str(order["id"])
    sent = sent_of(("square told", digest(body).hex), ORDER, name, Told(found, body))
    return Sent(sent.key, sent.content, ORDER, name, "", body, told_at=changed_at(order))


def asks_about(root: Mapping[str, Any]) -> str | None:
    """The id of the order an event is about; empty for one of nothing that is booked; nothing of
    what says all by itself: an order that was asked for, and a customer.

    Example: a payment and what was given back of it name two orders: the sale, and the one that
    gives back.
    """
    type_ = root.get("type")
    if root.get("object") == ORDER or (isinstance(type_, str) and type_.startswith("customer.")):
        return None
    within = root.get("data")
    found = within.get("object") if isinstance(within, dict) else None
    if not isinstance(found, dict) or not isinstance(type_, str):
        return ""
    if type_.startswith("order."):  # order_created, order_updated, order_fulfillment_updated
        return first_id(one.get("order_id") for one in found.values() if isinstance(one, dict))
    one = found.get(type_.partition(".")[0]) if type_.startswith(("payment.", "refund.")) else None
    return first_id([one.get("order_id")]) if isinstance(one, dict) else ""


def changed_at(order: Mapping[str, Any]) -> datetime | None:
    """Since when an order stands so, by Square's clock, and of one moment by its version.

    Order: Square tells thousandths of a second; versions of one of them follow each other in the
    millionths. Orders that a till rang up have no version.
    Example: version 4 of 09:00:00.120 is 09:00:00.120004.
    """
    found, version = moment(order.get("updated_at")), order.get("version")
    if found is None:
        return None
    counts = version if isinstance(version, int) and not isinstance(version, bool) else 0
    at = found.replace(microsecond=found.microsecond // 1_000 * 1_000)
    return at + timedelta(microseconds=max(0, min(counts, MOST_VERSIONS)))


def moment(said: Any) -> datetime | None:
    """An instant of RFC 3339; nothing where that is not said well."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return None if found is None or found.tzinfo is None else found.astimezone(UTC)


def is_id(found: Any) -> bool:
    """Whether this can stand in an address."""
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def first_id(said: Iterable[Any]) -> str:
    """The first that is an id, or empty."""
    return next((one for one in said if is_id(one)), "")

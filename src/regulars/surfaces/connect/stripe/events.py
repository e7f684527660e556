"""An event of Stripe: known by its id, and nothing but a hint at what has to be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.api.faults import Malformed
from regulars.surfaces.connect.inlets.kinds import Told, encoded, object_of, sent_of

WHOLE: Final = "subscription"
"""What a subscription is called that was asked for, with all that was paid for it."""
LISTED: Final = "subscription.listed"
TYPES: Final = (
    "checkout.session.completed",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "charge.refunded",
    "charge.refund.updated",
    "refund.updated",
    "refund.failed",
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
)
"""The events an endpoint is switched on for; of others nothing becomes."""
WITH_BACKS: Final = " listed"
"""Behind the number of a subscription: what was given back of it is asked for, too, as whatever
told it may be older than events are kept."""
MOST_ID: Final = 255


def event_of(body: bytes) -> Sent:
    """One event, which is the same one however it was written and whenever it is told again.

    Keeps: nothing is booked by what it says of an object, as events come late and in any order; so
    it is known by its id alone. Faults: Malformed.
    """
    found = object_of(body)
    id_, type_ = found.get("id"), found.get("type")
    if found.get("object") != "event" or not _is_id(id_) or not isinstance(type_, str):
        raise Malformed("this is no event of Stripe")
    return sent_of(("stripe", str(id_)), type_, str(id_), Told([id_, type_], body))


def listed(body: bytes) -> Sent:
    """A subscription that was found in a list. Faults: Malformed."""
    found = object_of(body)
    if found.get("object") != "subscription" or not _is_id(found.get("id")):
        raise Malformed("this is no subscription of Stripe")
    key = ("stripe listed", digest(encoded(found)).hex)
    return sent_of(key, LISTED, str(found["id"]), Told(found, body))


def whole(name: str, found: Mapping[str, Any], at: datetime, *, in_part: bool = False) -> Sent:
    """A subscription as it was asked for, with all that was paid for it.

    Keeps: what is told in part is asked for again and again, and told again only once it changed.
    """
    body = encoded({"object": WHOLE, "asked_at": int(at.timestamp()), **found})
    key = ("stripe told", name, digest(body).hex)
    if in_part:
        key = ("stripe told in part", name, digest(encoded(found)).hex)
    sent = sent_of(key, WHOLE, name, Told(found, body))
    return Sent(sent.key, sent.content, WHOLE, name, "", body, told_at=at)


def asks_about(root: Mapping[str, Any]) -> str:
    """What has to be asked for: a subscription, a charge of which something went back, or nothing.

    Shape: `sub_…`, `sub_… listed`, `ch_…`, or empty. In older versions of Stripe's API an
    invoice names its subscription itself.
    """
    if root.get("object") == "subscription" and "asked_at" not in root:
        found = text(root.get("id"))
        return found and found + WITH_BACKS
    if root.get("object") != "event" or root.get("type") not in TYPES:
        return ""
    said = root.get("data")
    one = said.get("object") if isinstance(said, dict) else None
    if not isinstance(one, dict):
        return ""
    of_type = str(root["type"])
    if of_type.startswith("customer.subscription.") or of_type == "charge.refunded":
        return text(one.get("id"))
    if of_type == "charge.refund.updated" or of_type.startswith("charge.dispute."):
        return text(one.get("charge"))
    names = {"refund": "charge", "checkout": "subscription"}.get(of_type.partition(".")[0])
    return text(one.get(names)) if names else subscription_of(one)


def subscription_of(invoice: Mapping[str, Any]) -> str:
    """Of which subscription an invoice is; empty for one of its own."""
    parent = invoice.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, dict) else None
    told = details.get("subscription") if isinstance(details, dict) else None
    return text(told) or text(invoice.get("subscription"))


def text(found: Any) -> str:
    """An id, as it is or of an object that was sent whole; empty where there is none."""
    if isinstance(found, dict):
        found = found.get("id")
    return found if _is_id(found) else ""


def instant(found: Any) -> datetime | None:
    """A moment in whole seconds, as Stripe writes it."""
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < 10**11:
        return None
    return datetime.fromtimestamp(found, UTC)


def _is_id(found: Any) -> bool:
    return (
        isinstance(found, str)
        and 0 < len(found) <= MOST_ID
        and found.isascii()
        and found.replace("_", "").isalnum()
    )

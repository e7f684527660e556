"""An event of Magento: nothing but a hint at an order or a customer that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.api.faults import Malformed
from regulars.surfaces.connect.inlets.kinds import MOST_EVENTS, Told, encoded, object_of, sent_of

ORDER: Final = "order"
CUSTOMER: Final = "customer"
CART: Final = "cart"
"""What was answered to a cart, kept so that an order that was made of it uses what it promised."""
WHOLE: Final = "asked_for"
"""The mark of what we asked for or made ourselves; nothing a shop sends is called so."""
EVENTS: Final = (
    "observer.sales_order_save_commit_after",
    "observer.sales_order_creditmemo_save_commit_after",
    "observer.customer_save_commit_after",
)
"""What webhooks or events are switched on for."""
CART_HOOK: Final = (
    "plugin.magento.out_of_process_totals_collector.api.get_total_modifications.execute"
)
"""The webhook by which a cart is made cheaper."""
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_SHOWN: Final = re.compile(r"[A-Za-z0-9_-]{1,50}")
_ORDERS: Final = ("grand_total", "base_grand_total", "increment_id", "quote_id", "status")
"""By these an order is told from a customer, who has an e-mail."""


def events_of(body: bytes, id_: str, *, by_adobe: bool) -> tuple[Sent, ...]:
    """One event, or several that Adobe hands over together. Faults: Malformed.

    Keeps: a shop's own webhook is one event, so none is refused for another beside it; each of
    Adobe's is an object, as it was asked for whom it is.
    """
    if not by_adobe or not body.lstrip().startswith(b"["):
        return (event_of(body, id_),)
    try:
        some = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed("this is no JSON") from None
    if not 0 < len(some) <= MOST_EVENTS:
        raise Malformed(f"these are no 1 to {MOST_EVENTS} events")
    return tuple(event_of(bytes(one), id_) for one in some)


def event_of(body: bytes, id_: str) -> Sent:
    """One event. Faults: Malformed.

    Keeps: webhooks have no id of their own, and one that says only which order was saved says the
    same each time; so it is another one each second. It is a hint: asked about once more, nothing
    counts twice.
    """
    found = object_of(body)
    type_ = next((found[name] for name in ("eventName", "type") if _is_text(found.get(name))), "")
    name = str(found.get("event_id") or found.get("id") or "")
    own = name if name and "recipient_client_id" in found else f"{id_} {digest(encoded(found)).hex}"
    key = ("magento", digest(own).hex)
    return sent_of(key, str(type_)[-200:] or "webhook", own[:200], Told([own], body))


def whole(name: str, found: Mapping[str, Any], at: datetime | None) -> Sent:
    """What was asked for, as an event: the same one whichever way it was found."""
    said = {WHOLE: 1, **found}
    body = encoded(said)
    type_ = str(found["object"])
    sent = sent_of(("magento told", digest(body).hex), type_, name, Told(said, body))
    return Sent(sent.key, sent.content, type_, name, "", body, told_at=at)


def asks_about(root: Mapping[str, Any]) -> str | None:
    """What has to be asked for: `order:` with its id, `number:` with what people call it,
    `customer:`; empty for what is neither; nothing of what was asked for.

    Example: a credit memo names its order. Fields are chosen by who set the webhook up, so whatever
    says which order it is will do.
    """
    if WHOLE in root:
        return None
    for one in _things(root):
        order = _number(one.get("order_id"))
        if order:
            return f"order:{order}"
        is_order = any(name in one for name in _ORDERS)
        number = _number(one.get("entity_id")) or _number(one.get("id"))
        if number:
            return f"order:{number}" if is_order or "email" not in one else f"customer:{number}"
        shown = one.get("increment_id")
        if isinstance(shown, str) and _SHOWN.fullmatch(shown):
            return f"number:{shown}"
    return ""


def _things(root: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What an event is about, wherever it stands: a webhook's `data`, an I/O event's `value`."""
    event = root.get("event")
    within = (event if isinstance(event, dict) else root).get("data")
    found = within if isinstance(within, dict) else root
    value = found.get("value")
    found = value if isinstance(value, dict) else found
    for name in ("creditmemo", "order", "customer", "customer_data_object"):
        one = found.get(name)
        if isinstance(one, dict):
            yield one
    yield found


def moment(said: Any) -> datetime | None:
    """An instant as Magento writes it: in UTC, without saying so; nothing where that is none."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _number(found: Any) -> str:
    text = str(found) if isinstance(found, (int, str)) and not isinstance(found, bool) else ""
    return text if _NUMBER.fullmatch(text) else ""


def _is_text(found: Any) -> bool:
    return isinstance(found, str) and found.isascii() and found.isprintable()

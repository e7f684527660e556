"""Asks for what an event hinted at: a subscription whole, or what went back of a charge."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import InPart, NotTold, Odd, Send, Shop
from regulars.surfaces.connect.stripe.asking import NO, Fields, Missing, StripeApi, TooMany
from regulars.surfaces.connect.stripe.events import WITH_BACKS, subscription_of, text, whole

CHARGE: Final = ("ch_", "py_")
_EXPAND: Final[Fields] = (("expand[]", "customer"), ("expand[]", "default_payment_method"))
_NO_DISPUTES: Final = "this key may not read disputes: give it read permission there"
_OF_DISPUTES: Final = ("id", "amount", "status", "created", "charge")
"""What is kept of a dispute: beside it stands what a customer wrote, and from where they paid."""
_UNREAD: Final = "unread"
A_DAY: Final = 86_400
MOST_INVOICES: Final = 10
"""Pages: so many invoices no subscription has in a life."""


async def looked_up_there(send: Send, shop: Shop, about: str, now: datetime) -> Sent | None:
    """The same, of the account behind a source. Raises: NotTold."""
    return await looked_up(StripeApi(send, shop), about, now)


async def looked_up(api: StripeApi, about: str, now: datetime) -> Sent | None:
    """What this is by now, as an event; nothing where no subscription is behind it.

    Keeps: asked for again, nothing is told twice, as every payment has its number.
    Raises: NotTold; InPart where its disputes may not be read, with all else that it told.
    """
    try:
        if about.startswith(CHARGE):
            return await _charge(api, about, now)
        number = about.removesuffix(WITH_BACKS)
        found = await _subscription(api, number)
        if number != about:
            found |= await _all_backs(api, found)
        return _told(number, found, now)
    except Missing:
        return None
    except TooMany:
        raise Odd("it has more invoices of one subscription than anybody pays") from None


async def may_read_disputes(send: Send, shop: Shop) -> None:
    """Nothing, where the key may. Raises: NotTold, also where it may not."""
    try:
        await StripeApi(send, shop).get("disputes", (("limit", "1"),))
    except NotTold as why:
        raise (NotTold(_NO_DISPUTES) if why.why == NO[403] else why) from None


def _told(name: str, found: dict[str, Any], now: datetime) -> Sent:
    """Raises: InPart."""
    if not found.pop(_UNREAD, ()):
        return whole(name, found, now)
    raise InPart(_NO_DISPUTES, whole(name, found, now, in_part=True))


async def _subscription(api: StripeApi, about: str) -> dict[str, Any]:
    found = await api.get(f"subscriptions/{about}", _EXPAND)
    of = (("subscription", about),)
    invoices = await api.everything("invoices", of, MOST_INVOICES)
    return {"subscription": found, "invoices": [await _with_lines(api, one) for one in invoices]}


async def _with_lines(api: StripeApi, invoice: dict[str, Any]) -> dict[str, Any]:
    """An invoice with all its lines; it shows ten at most."""
    shown = invoice.get("lines")
    if not isinstance(shown, dict) or not shown.get("has_more"):
        return invoice
    lines = await api.everything(f"invoices/{invoice['id']}/lines", ())
    return invoice | {"lines": {"data": list(lines)}}


async def _all_backs(api: StripeApi, found: dict[str, Any]) -> dict[str, Any]:
    """What went back of any payment of a subscription.

    Order: by the charges of its customer since its first invoice, as those of a subscription cannot
    be asked for; only of one of which something went back is asked what it was for.
    """
    customer = text(found["subscription"].get("customer"))
    mine = {one["id"]: one["created"] for one in found["invoices"]}
    backs: dict[str, Any] = {"refunds": [], "disputes": [], _UNREAD: []}
    if not customer or not mine:
        return backs
    since = min(mine.values()) - A_DAY
    of = (("customer", customer), ("created[gte]", str(since)))
    for charge in await api.everything("charges", of):
        if not charge.get("amount_refunded") and not charge.get("disputed"):
            continue
        for invoice in await _paid_by(api, charge):
            if invoice in mine:
                for name, some in (await _backs(api, charge, invoice)).items():
                    backs[name] += some
    return backs


async def _charge(api: StripeApi, about: str, now: datetime) -> Sent | None:
    """What went back of a charge, beside the subscription it was paid for.

    Order: a charge names the payment it was tried for, that one its invoice, the invoice its
    subscription. How that stands is not said again: an older answer would overrule a newer one.
    """
    charge = await api.get(f"charges/{about}")
    for invoice in await _paid_by(api, charge):
        told = subscription_of(await api.get(f"invoices/{invoice}"))
        if told:
            backs = await _backs(api, charge, invoice)
            said = {**await _subscription(api, told), **backs, "stands": False}
            return _told(f"{told} {about}", said, now)
    return None


async def _paid_by(api: StripeApi, charge: dict[str, Any]) -> list[str]:
    """The invoices that were paid by a charge."""
    intent = text(charge.get("payment_intent"))
    if not intent:
        return []
    of = (("payment[type]", "payment_intent"), ("payment[payment_intent]", intent))
    found = [text(one.get("invoice")) for one in await api.everything("invoice_payments", of)]
    return [invoice for invoice in found if invoice]


async def _backs(
    api: StripeApi, charge: dict[str, Any], invoice: str
) -> dict[str, list[dict[str, Any]]]:
    """What was given back of a charge by the shop, and what its bank took or means to take.

    Keeps: disputes are asked for only where there are any, as a key may not read them; where it may
    not, all else is told. Raises: NotTold.
    """
    of, by = (("charge", text(charge)),), {"invoice": invoice}
    refunds = await api.everything("refunds", of)
    told = {"refunds": [one | by for one in refunds], "disputes": [], _UNREAD: []}
    try:
        disputes = await api.everything("disputes", of) if charge.get("disputed") else ()
    except NotTold as why:
        if why.why != NO[403]:
            raise
        return told | {_UNREAD: [charge]}
    some = ({name: one[name] for name in _OF_DISPUTES if name in one} for one in disputes)
    return told | {"disputes": [one | by for one in some]}

"""Asks for what an event hinted at: a subscription whole, or what was given back of a charge."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import Odd, Send, Shop
from regulars.surfaces.connect.stripe.asking import Fields, Missing, StripeApi, TooMany
from regulars.surfaces.connect.stripe.events import subscription_of, text, whole

CHARGE: Final = ("ch_", "py_")
_EXPAND: Final[Fields] = (("expand[]", "customer"), ("expand[]", "default_payment_method"))
MOST_INVOICES: Final = 10
"""Pages: so many invoices no subscription has in a life."""


async def looked_up_there(send: Send, shop: Shop, about: str, now: datetime) -> Sent | None:
    """The same, of the account behind a source. Raises: NotTold."""
    return await looked_up(StripeApi(send, shop), about, now)


async def looked_up(api: StripeApi, about: str, now: datetime) -> Sent | None:
    """What this is by now, as an event; nothing where no subscription is behind it.

    Keeps: asked for again, nothing is told twice, as every payment has its number. Raises: NotTold.
    """
    try:
        if about.startswith(CHARGE):
            return await _charge(api, about, now)
        return whole(about, await _subscription(api, about), now)
    except Missing:
        return None
    except TooMany:
        raise Odd("it has more invoices of one subscription than anybody pays") from None


async def _subscription(api: StripeApi, about: str) -> dict[str, Any]:
    found = await api.get(f"subscriptions/{about}", _EXPAND)
    of = (("subscription", about),)
    invoices = await api.everything("invoices", of, MOST_INVOICES)
    return {"subscription": found, "invoices": list(invoices)}


async def _charge(api: StripeApi, about: str, now: datetime) -> Sent | None:
    """What was given back of a charge, beside the subscription it was paid for.

    Order: a charge names the payment it was tried for, that one its invoice, the invoice its
    subscription. How that stands is not said again: an older answer would overrule a newer one.
    """
    charge = await api.get(f"charges/{about}")
    intent = text(charge.get("payment_intent"))
    if not intent:
        return None
    of = (("payment[type]", "payment_intent"), ("payment[payment_intent]", intent))
    for paid in await api.everything("invoice_payments", of):
        invoice = text(paid.get("invoice"))
        told = subscription_of(await api.get(f"invoices/{invoice}")) if invoice else ""
        if told:
            backs = await api.everything("refunds", (("charge", about),))
            found = await _subscription(api, told)
            refunds = [one | {"invoice": invoice} for one in backs]
            said = {**found, "refunds": refunds, "stands": False}
            return whole(f"{told} {about}", said, now)
    return None

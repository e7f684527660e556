"""Makes the endpoint in an account that sends to a source here; Stripe makes its secret itself."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.hooking import ELSEWHERE, Made, Where
from regulars.surfaces.connect.stripe.asking import NO, StripeApi, TooMany
from regulars.surfaces.connect.stripe.events import TYPES
from regulars.surfaces.connect.stripe.shapes import VERSION

_NOT_ALLOWED: Final = "this key may not make webhooks: give it read and write permission there"


async def make_hooks(send: Send, shop: Shop, where: Where) -> Made:
    """The endpoint, with its signing secret, which Stripe says once and never again.

    Order: one that sends here already is left as it is. Where its secret is not here nothing it
    sends could be believed, and who entered the key copies it from there. Raises: NotTold.
    Source: Stripe API, `GET` and `POST /v1/webhook_endpoints`.
    """
    api = StripeApi(send, shop)
    try:
        there = await api.everything("webhook_endpoints", ())
        if any(one.get("url") == where.address for one in there):
            if not shop.keys.secret:
                raise NotTold(ELSEWHERE)
            return Made(0)
        events = tuple(("enabled_events[]", one) for one in TYPES)
        said = (("url", where.address), ("api_version", VERSION), *events)
        made = await api.post("webhook_endpoints", said, where.once)
    except TooMany:
        raise NotTold("it answers something that is no list") from None
    except NotTold as why:
        raise (NotTold(_NOT_ALLOWED) if why.why == NO[403] else why) from None
    secret = made.get("secret")
    if not isinstance(secret, str) or not secret:
        raise NotTold("it answers something that is no webhook")
    return Made(1, secret)

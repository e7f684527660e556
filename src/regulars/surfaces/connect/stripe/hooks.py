"""Makes the endpoint in an account that sends to a source here; Stripe makes its secret itself."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.hooking import ELSEWHERE, Made, Where
from regulars.surfaces.connect.stripe.asking import NO, StripeApi, TooMany
from regulars.surfaces.connect.stripe.events import TYPES
from regulars.surfaces.connect.stripe.shapes import VERSION

_OFF: Final = "disabled"
_NOT_ALLOWED: Final = "this key may not make webhooks: give it read and write permission there"


async def make_hooks(send: Send, shop: Shop, where: Where) -> Made:
    """The endpoint, with its signing secret, which Stripe says once and never again.

    Order: one that sends here already keeps its secret; switched off, or without an event that is
    needed by now, it is set right. Where its secret is not here nothing it sends could be believed,
    and who entered the key copies it from there. Raises: NotTold.
    Source: Stripe API, `GET` and `POST /v1/webhook_endpoints`, `POST /v1/webhook_endpoints/:id`.
    """
    api = StripeApi(send, shop)
    try:
        there = await api.everything("webhook_endpoints", ())
        before = [one for one in there if one.get("url") == where.address]
        if before:
            if not shop.keys.secret:
                raise NotTold(ELSEWHERE)
            await _set_right(api, before, where)
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


async def _set_right(api: StripeApi, before: list[dict[str, Any]], where: Where) -> None:
    """Switched on, with every event that is needed; beside those somebody chose there.

    Keeps: of several that send here one is enough.
    """
    one = next((one for one in before if one.get("status") != _OFF), before[0])
    told = one.get("enabled_events")
    chosen = [str(name) for name in told] if isinstance(told, list) else []
    lacks = [] if "*" in chosen else [name for name in TYPES if name not in chosen]
    if lacks or one.get("status") == _OFF:
        events = tuple(("enabled_events[]", name) for name in (*chosen, *lacks))
        said = (("disabled", "false"), *events)
        await api.post(f"webhook_endpoints/{one['id']}", said, f"{where.once}-on")

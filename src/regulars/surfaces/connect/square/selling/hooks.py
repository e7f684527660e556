"""Makes the subscription in an account that sends to a source here; Square makes its key itself."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.hooking import ELSEWHERE, Made, Where
from regulars.surfaces.connect.square.selling.asking import NO, VERSION, SquareApi, listed
from regulars.surfaces.connect.square.selling.events import TYPES

NAME: Final = "Regulars"
_PATH: Final = "webhooks/subscriptions"
_NOT_ALLOWED: Final = "this token may not make webhooks: enter the access token of the application"


async def make_hooks(send: Send, shop: Shop, where: Where) -> Made:
    """The subscription, with the key it signs by. One that is there keeps its own; switched off, or
    without an event that is needed by now, it is set right. Raises: NotTold.

    Source: Square Webhook Subscriptions API, `ListWebhookSubscriptions` (without those that
    are switched off, unless it is asked for them), `Create-` and `UpdateWebhookSubscription`.
    """
    api = SquareApi(send, shop)
    try:
        there = listed(await api.get(f"{_PATH}?include_disabled=true"), "subscriptions")
        before = [one for one in there if one.get("notification_url") == where.address]
        if before:
            made_of = _there(shop, before)
            await _set_right(api, before)
            return made_of
        wish = {
            "name": NAME,
            "event_types": TYPES,
            "notification_url": where.address,
            "api_version": VERSION,
        }
        said = {"idempotency_key": where.once, "subscription": wish}
        made = (await api.post(_PATH, said)).get("subscription")
    except NotTold as why:
        raise (NotTold(_NOT_ALLOWED) if why.why == NO[403] else why) from None
    key = _key(made)
    if not key:
        raise NotTold("it answers something that is no webhook")
    return Made(1, key)


async def _set_right(api: SquareApi, before: list[dict[str, Any]]) -> None:
    """Switched on, with every event that is needed; of several that send here one is enough."""
    one = next((one for one in before if one.get("enabled") is not False), before[0])
    told = one.get("event_types")
    chosen = [str(name) for name in told] if isinstance(told, list) else []
    lacks = [name for name in TYPES if name not in chosen]
    if lacks or one.get("enabled") is False:
        wish = {"enabled": True, "event_types": [*chosen, *lacks]}
        await api.put(f"{_PATH}/{one['id']}", {"subscription": wish})


def _there(shop: Shop, before: list[dict[str, Any]]) -> Made:
    """Nothing was made; a key that is not here is taken over where Square says it."""
    keys = [key for one in before if (key := _key(one))]
    if shop.keys.secret in keys or (shop.keys.secret and not keys):
        return Made(0)
    if not keys:
        raise NotTold(ELSEWHERE)
    return Made(0, keys[0])


def _key(found: Any) -> str:
    key = found.get("signature_key") if isinstance(found, dict) else None
    return key if isinstance(key, str) else ""

"""Makes the webhooks in a shop that send to a source here, each with the secret of that source."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.hooking import LONGEST, Made, Where
from regulars.surfaces.connect.woocommerce.asking import WooApi, read_answer

TOPICS: Final = ("order.created", "order.updated", "customer.created", "customer.updated")
MOST: Final = 100
_NOT_ALLOWED: Final = "this key may not make webhooks: give it read and write permission there"


async def make_hooks(send: Send, shop: Shop, where: Where) -> Made:
    """How many of them were not there before; those that are have our secret and are on again.

    Keeps: a webhook is known by its topic and by where it sends. Raises: NotTold.
    Source: WooCommerce REST API v3, `GET` and `POST /webhooks`, `PUT /webhooks/{id}`.
    """
    api, made = WooApi(send, shop), 0
    there = await api.listed("webhooks", (("per_page", str(MOST)), ("status", "all")))
    ours = {one.get("topic"): one for one in there if one.get("delivery_url") == where.address}
    for topic in TOPICS:
        wish = {"status": "active", "secret": where.secret}
        before = ours.get(topic)
        if before is None:
            named = {"name": f"Regulars {topic}", "topic": topic, "delivery_url": where.address}
            _check(await api.sent("POST", "webhooks", named | wish))
            made += 1
        else:
            _check(await api.sent("PUT", f"webhooks/{before.get('id')}", wish))
    return Made(made)


def _check(answer: Any) -> None:
    if answer.status in (200, 201):
        return
    if answer.status in (401, 403):  # it is known by then: it told which webhooks there are
        raise NotTold(_NOT_ALLOWED)
    found = read_answer(answer) if answer.status == 400 else None
    says = found.get("message") if isinstance(found, dict) else f"it answers {answer.status}"
    raise NotTold(f"it does not make the webhook: {str(says)[:LONGEST]}")

"""Makes the webhooks in the shop that send to a source here: once, however often it is asked."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.hooking import LONGEST, Made, Where
from regulars.surfaces.connect.shopify.graphql import asked

TOPICS: Final = ("ORDERS_CREATE", "ORDERS_UPDATED", "CUSTOMERS_CREATE", "CUSTOMERS_UPDATE")
MAKE: Final = """
mutation Make($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
_THERE: Final = "already been taken"
"""How the shop says that it sends this there already."""


async def make_hooks(send: Send, shop: Shop, where: Where) -> Made:
    """How many of them were not there before. Raises: NotTold; NoAnswer, NotAllowed.

    Source: Shopify GraphQL Admin API, `webhookSubscriptionCreate`.
    """
    made = 0
    for topic in TOPICS:
        wish = {"topic": topic, "hook": {"uri": where.address, "format": "JSON"}}
        said = await asked(send, shop, MAKE, wish)
        made += _is_new(said.get("webhookSubscriptionCreate"))
    return Made(made)


def _is_new(found: Any) -> bool:
    if not isinstance(found, dict):
        raise NotTold("it answers something that is no answer of its GraphQL")
    says = [str(one.get("message")) for one in found.get("userErrors") or () if one]
    if not says:
        return True
    if all(_THERE in one for one in says):
        return False
    raise NotTold(f"it does not make the webhook: {says[0][:LONGEST]}")

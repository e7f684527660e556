"""The kinds of shops that can be asked for what their webhooks did not tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.connect.catching.asking import Asked, Send, Shop
from regulars.surfaces.connect.catching.codes import CodeMaker
from regulars.surfaces.connect.catching.hooking import Hooking
from regulars.surfaces.connect.magento import looking as magento
from regulars.surfaces.connect.magento.catching_up import MagentoOrders
from regulars.surfaces.connect.magento.codes import MagentoCodes
from regulars.surfaces.connect.magento.signing import public_key
from regulars.surfaces.connect.outlets.crm.cases import CrmCases
from regulars.surfaces.connect.outlets.known import TOKENS
from regulars.surfaces.connect.outlets.salesforce.cases import SalesforceCases
from regulars.surfaces.connect.shopify import codes as shopify_codes
from regulars.surfaces.connect.shopify import hooks as shopify_hooks
from regulars.surfaces.connect.shopify.catching_up import ShopifyOrders
from regulars.surfaces.connect.shopify.product_types import completed
from regulars.surfaces.connect.square.selling import hooks as square_hooks
from regulars.surfaces.connect.square.selling import looking as square
from regulars.surfaces.connect.square.selling.catching_up import SquareOrders
from regulars.surfaces.connect.stripe import hooks as stripe_hooks
from regulars.surfaces.connect.stripe import looking as stripe
from regulars.surfaces.connect.stripe.catching_up import StripeEvents
from regulars.surfaces.connect.woocommerce import codes as woocommerce_codes
from regulars.surfaces.connect.woocommerce import hooks as woocommerce_hooks
from regulars.surfaces.connect.woocommerce import looking as woocommerce
from regulars.surfaces.connect.woocommerce.catching_up import WooCommerceOrders

ASKED: Final[Mapping[str, Asked]] = {
    "woocommerce": WooCommerceOrders(),
    "shopify": ShopifyOrders(),
    "stripe": StripeEvents(),
    "salesforce": SalesforceCases(TOKENS),
    "crm": CrmCases(),
    "square": SquareOrders(),
    "magento": MagentoOrders(),
}
Looks = Callable[[Send, Shop, str, datetime], Awaitable[Sent | None]]
LOOKED_UP: Final[Mapping[str, Looks]] = {
    "stripe": stripe.looked_up_there,
    "square": square.looked_up,
    "magento": magento.looked_up,
    "woocommerce": woocommerce.looked_up,
}
"""How what events only hint at is asked for: what it is by now, or nothing where there is none of
this number. Raises: NotTold."""
ALLOWED: Final[Mapping[str, Callable[[Send, Shop], Awaitable[None]]]] = {
    "stripe": stripe.may_read_disputes
}
"""What else a key has to be allowed, asked for where somebody tries it out; nothing waits for it
but what is about that. Raises: NotTold."""
Completes = Callable[[Send, Shop, Mapping[str, Any], datetime], Awaitable[Sent]]
COMPLETED: Final[Mapping[str, Completes]] = {"shopify": completed}
"""Those of which an event says nearly all: what lacks is asked for, and the event kept with it."""
KEY_ALONE: Final = ("magento", "crm", "stripe", "square")
"""Those that may be asked without anything by which they sign: Magento without webhooks, a CRM,
the others before theirs are made."""
SIGNED_ASKING: Final = ("magento",)
"""Those that may want requests signed, by four keys in place of one."""
SIGNS_BY: Final[Mapping[str, Callable[[str], bool]]] = {
    "magento": lambda said: public_key(said) is not None
}
"""Whether what somebody entered is anything a shop could sign by, where that can be seen."""
BY_TOPIC: Final = ("woocommerce", "shopify", "square")
"""Those whose webhooks are called by their topics, so it is seen when none come any more; Magento
may have none at all."""
HOOKED: Final[Mapping[str, Hooking]] = {
    "shopify": shopify_hooks.make_hooks,
    "woocommerce": woocommerce_hooks.make_hooks,
    "stripe": stripe_hooks.make_hooks,
    "square": square_hooks.make_hooks,
}
"""Those in which webhooks that send here are made without anybody's typing."""
MAKES: Final[Mapping[str, CodeMaker]] = {
    "woocommerce": woocommerce_codes.WooCommerceCodes(),
    "shopify": shopify_codes.ShopifyCodes(),
    "magento": MagentoCodes(),
}
"""Those that take codes of rewards as discount codes."""
PRICED: Final[Mapping[str, Callable[[Send, Shop], Awaitable[str]]]] = {
    "woocommerce": woocommerce_codes.currency_there,
    "shopify": shopify_codes.currency_there,
}
"""How those say in which currency an amount of a code is."""

_BY_MAPPING: Final = (SalesforceCases, CrmCases, WooCommerceOrders, ShopifyOrders)


def asker(kind: str, mapping: str) -> Asked:
    """How a shop of this kind is asked; of a few kinds for what its mapping names."""
    one = ASKED[kind]
    return one.by(mapping) if isinstance(one, _BY_MAPPING) else one

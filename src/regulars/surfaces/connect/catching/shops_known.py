"""The kinds of shops that can be asked for what their webhooks did not tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from regulars.surfaces.connect.catching.asking import Asked, Send, Shop
from regulars.surfaces.connect.catching.codes import CodeMaker
from regulars.surfaces.connect.outlets.known import TOKENS
from regulars.surfaces.connect.salesforce.cases import SalesforceCases
from regulars.surfaces.connect.shopify.catching_up import ShopifyOrders
from regulars.surfaces.connect.shopify.codes import ShopifyCodes
from regulars.surfaces.connect.shopify.hooks import make_hooks
from regulars.surfaces.connect.stripe.catching_up import StripeEvents
from regulars.surfaces.connect.woocommerce.catching_up import WooCommerceOrders
from regulars.surfaces.connect.woocommerce.codes import WooCommerceCodes

ASKED: Final[Mapping[str, Asked]] = {
    "woocommerce": WooCommerceOrders(),
    "shopify": ShopifyOrders(),
    "stripe": StripeEvents(),
    "salesforce": SalesforceCases(TOKENS),
}
HOOKED: Final[Mapping[str, Callable[[Send, Shop, str], Awaitable[int]]]] = {"shopify": make_hooks}
"""Those in which webhooks that send here are made without anybody's typing."""
MAKES: Final[Mapping[str, CodeMaker]] = {
    "woocommerce": WooCommerceCodes(),
    "shopify": ShopifyCodes(),
}
"""Those that take codes of rewards as discount codes."""


def asker(kind: str, mapping: str) -> Asked:
    """How a shop of this kind is asked; of a few kinds for what its mapping names."""
    one = ASKED[kind]
    return one.by(mapping) if isinstance(one, SalesforceCases) else one

"""The kinds of shops whose carts are made cheaper while somebody is at the checkout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from regulars.flows.inlets.carts.claims import OrderedCart
from regulars.flows.inlets.carts.promises import PaidCart
from regulars.records.inlets.types import Inlet
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import Headers
from regulars.surfaces.connect.magento.cart import MagentoCarts
from regulars.surfaces.given import Given


class Carting(Protocol):
    """How one vendor's carts are answered while somebody is at the checkout."""

    @property
    def goes_on(self) -> Any:
        """What it wants to hear where nothing is to be done."""

    def sent_by(self, headers: Headers) -> bool:
        """Whether this is how its shops sign, so that somebody may wait at a checkout."""

    async def answer(self, given: Given, inlet: Inlet, post: Post) -> Any:
        """What a cart is made cheaper by. Keeps: it never stands in the way of a checkout."""

    def paid_cart(self, root: Any) -> PaidCart | None:
        """Of a paid order: the cart it was."""

    def ordered_cart(self, root: Any) -> OrderedCart | None:
        """Of an order, paid or not: the cart it was."""


CARTS: Final[Mapping[str, Carting]] = {"magento": MagentoCarts()}

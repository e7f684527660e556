"""The systems whose own webhooks are taken in, each with everything about it in its folder."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import msgspec

from regulars.flows.inlets.again.telling import Stands
from regulars.records.inlets.types import Arrival, Inlet
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.feeds.kind import Files
from regulars.surfaces.connect.inlets.kinds import (
    FILES,
    KINDS,
    STREAM,
    Kind,
    root_of,
    root_of_text,
)
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.inlets.places.pieces import From
from regulars.surfaces.connect.inlets.providers.discourse.kind import Discourse
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE
from regulars.surfaces.connect.inlets.reading import Asker
from regulars.surfaces.connect.inlets.signing import Headers
from regulars.surfaces.connect.magento.kind import Magento
from regulars.surfaces.connect.magento.signing import keys_of_adobe
from regulars.surfaces.connect.outlets.crm.kind import Crm
from regulars.surfaces.connect.outlets.salesforce.kind import SalesforceKind
from regulars.surfaces.connect.shopify.kind import Shopify
from regulars.surfaces.connect.shopify.orders import has_no_goods, is_owed
from regulars.surfaces.connect.shopify.product_types import reads_types
from regulars.surfaces.connect.square.selling.kind import Square
from regulars.surfaces.connect.streams.kind import Streams
from regulars.surfaces.connect.stripe.kind import Stripe
from regulars.surfaces.connect.woocommerce.kind import WooCommerce
from regulars.surfaces.connect.woocommerce.orders import BY_PIECES, is_open, seen_by
from regulars.surfaces.senders.outgoing.fetching import Fetch

WOOCOMMERCE: Final = "woocommerce"
SHOPIFY: Final = "shopify"
STRIPE: Final = "stripe"
CRM: Final = "crm"
SALESFORCE: Final = "salesforce"
SQUARE: Final = "square"
MAGENTO: Final = "magento"


class Vendor(Kind, Protocol):
    """How one vendor signs and writes, and the mapping that is there when it is connected."""

    @property
    def mapping(self) -> str:
        """The mapping file that is shipped for it."""

    @property
    def signs_by_its_own(self) -> bool:
        """Whether it signs by the secret its keys were made with, and not by one of ours."""

    def greets(self, headers: Headers, body: bytes) -> bool:
        """Whether this only asks if anybody is there: answered by 200, and nothing is kept."""

    def codes(self, root: Any) -> tuple[str, ...]:
        """The codes a paid order was made cheaper by, of what a mapping looks at."""

    def asks(self, root: Any) -> Asker | None:
        """Whom a request about somebody's data is about; nothing: it is none. Raises: Wrong."""

    def seen(self, root: Any) -> Any:
        """What a mapping looks at, of what came. Raises: Wrong."""


class Hinting(Protocol):
    """How one vendor's events hint at what has to be asked for before anything can be booked."""

    def hints_at(self, root: Any) -> str | None:
        """What is to be asked for, or empty; nothing of an event that says all by itself."""


Trusting = Callable[[ShopKeys, Headers, Fetch], Awaitable[tuple[bytes, ...]]]
_STRIPE: Final = Stripe()
_SQUARE: Final = Square()
_MAGENTO: Final = Magento()
_WOOCOMMERCE: Final = WooCommerce()
_SHOPIFY: Final = Shopify()
VENDORS: Final[Mapping[str, Vendor]] = {
    WOOCOMMERCE: _WOOCOMMERCE,
    SHOPIFY: _SHOPIFY,
    STRIPE: _STRIPE,
    CRM: Crm(),
    SALESFORCE: SalesforceKind(),
    SQUARE: _SQUARE,
    MAGENTO: _MAGENTO,
    DISCOURSE: Discourse(),
}
HINTS: Final[Mapping[str, Hinting]] = {
    STRIPE: _STRIPE,
    SQUARE: _SQUARE,
    MAGENTO: _MAGENTO,
    WOOCOMMERCE: _WOOCOMMERCE,
    SHOPIFY: _SHOPIFY,
}
ENOUGH: Final[Mapping[str, Callable[[str], bool]]] = {
    WOOCOMMERCE: lambda mapping: BY_PIECES in mapping,
    SHOPIFY: reads_types,
}
"""Those whose events say enough to be booked where nobody can be asked, and whether a mapping reads
what needs the answer: one that was kept before it could be had is read as it always was."""
NO_SALE: Final[Mapping[str, Callable[[Any], bool]]] = {SHOPIFY: has_no_goods}
"""Whose paid orders may sell nothing, and whether one does, of what a mapping looks at."""
OWED: Final[Mapping[str, Callable[[Any], bool]]] = {SHOPIFY: is_owed}
"""Whose orders may be cancelled before all of it was paid, and whether one was."""
OPEN: Final[Mapping[str, Callable[[Any], bool]]] = {
    WOOCOMMERCE: is_open,
    SHOPIFY: lambda root: root.get("state") == "paid",
}
"""Whose orders may be closed and paid again, and whether one is paid and something is left of it.
Of all others a sale that came back stays back: what came back is told by another event there."""
_COUNTS_ITS_OWN: Final = (WOOCOMMERCE, MAGENTO)
"""Each shop of these has a customer 17; those of others have ids of the whole vendor."""
_NUMBERS: Final = ("customer", "customer_id", "order.customer_id", "id")
"""Where that number stands. A name from anywhere else may be the same in two shops on purpose."""
SIGNED_FOR: Final[Mapping[str, Trusting]] = {MAGENTO: keys_of_adobe}
"""By whose keys else what comes in may be signed, found out by its headers."""
NAMES: Final[Mapping[str, str]] = {
    WOOCOMMERCE: "WooCommerce",
    SHOPIFY: "Shopify",
    STRIPE: "Stripe",
    SALESFORCE: "Salesforce",
    SQUARE: "Square",
    MAGENTO: "Adobe Commerce",
    DISCOURSE: "Discourse",
}
"""By which people know them."""
ALL_KINDS: Final[Mapping[str, Kind]] = {
    **KINDS, **VENDORS, FILES: Files(), STREAM: Streams(),
}  # fmt: skip


def hint_of(inlet: Inlet, root: Any, *, is_asked: bool) -> str | None:
    """What an event only hints at: empty for nothing that is booked; nothing of one that is to be
    read as it is. `is_asked`: whether there is anybody to ask."""
    hints, needs = HINTS.get(inlet.kind), ENOUGH.get(inlet.kind)
    if hints is None or (needs is not None and not (is_asked and needs(inlet.mapping))):
        return None
    return hints.hints_at(root)


def sells_nothing(kind: str, root: Any) -> bool:
    """Whether an order is paid and sold nothing, of what a mapping looks at."""
    return kind in NO_SALE and NO_SALE[kind](root)


def stands(kind: str, root: Any) -> Stands:
    """How an order stands, where those of its kind may be closed and paid again."""
    if kind in OWED and OWED[kind](root):
        return "owed"
    if kind not in OPEN:
        return ""
    return "open" if OPEN[kind](root) else "shut"


def numbers_of(kind: str, mapping: str) -> frozenset[str]:
    """What stands before the numbers of customers that a shop counts by itself.

    Two shops with the same before them would mean two people by one name. Nothing of others, whose
    customers have numbers that nobody else has.
    """
    try:
        events = read_mapping(mapping).events if kind in _COUNTS_ITS_OWN else {}
    except MappingFault:
        return frozenset()
    said = [
        one.member_id for event in events.values() for one in (*event.gives, event.names) if one
    ]
    read = [From(column=one) if isinstance(one, str) else one for one in said if one is not None]
    return frozenset(one.prefix for one in read if one.column in _NUMBERS)


def receipts_of(kind: str, mapping: str) -> dict[str, frozenset[str]]:
    """For each purchase and return that a vendor's events tell, by the name of the event and its
    kind, where their receipts are from; such an order is told again and again as it is by now."""
    try:
        events = read_mapping(mapping).events if kind in VENDORS else {}
    except MappingFault:
        return {}
    found: dict[str, set[str]] = {}
    for name, event in events.items():
        for one in event.gives:
            said = one.kind if isinstance(one.kind, str) else one.kind.constant or one.kind.column
            found.setdefault(f"{name}, {said}", set()).add(_written(one.external_id))
    return {what: frozenset(said) for what, said in found.items()}


def _written(said: str | From | None) -> str:
    """Where a value is from, in the words of a mapping."""
    if said is None:
        return "the event's own"
    one = From(column=said) if isinstance(said, str) else said
    told = msgspec.to_builtins(one)
    return ", ".join(f"{name}: {value}" for name, value in told.items() if value)


def folder_of(kind: str) -> str:
    """Where everything about a vendor lies, below the surfaces: `address.html` in it says where its
    webhooks are made, `asked.html` how it is asked, where that is said otherwise than of others."""
    if kind not in VENDORS:
        return "console/templates/sources"
    module = type(VENDORS[kind]).__module__.removeprefix("regulars.surfaces.")
    return module.rpartition(".")[0].replace(".", "/")


def looked_at(arrival: Arrival, kind: str, root: Any = None, mapping: str | None = None) -> Any:
    """What a mapping looks at, of what came, where it was read already as `root`. Of what is worked
    out of it with much ado no more than this `mapping` reads. Raises: Wrong."""
    root, vendor = root_of(arrival, kind) if root is None else root, VENDORS.get(kind)
    if kind == WOOCOMMERCE and mapping is not None:
        return seen_by(root, mapping)
    return root if vendor is None else vendor.seen(root)


def looked_at_text(text: bytes, kind: str) -> Any:
    """The same, of a payload that somebody typed. Faults: as of one that came. Raises: Wrong."""
    root, vendor = root_of_text(text), VENDORS.get(kind)
    return root if vendor is None else vendor.seen(root)


def mapping_shipped(kind: str) -> str:
    """The mapping that is there when such a source is added; nothing where we know none."""
    vendor = VENDORS.get(kind)
    return "" if vendor is None else vendor.mapping

"""Whom the three requests about people's data are about, which Shopify sends to every app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.flows.inlets.about_people import What
from regulars.surfaces.connect.inlets.reading import Asker
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.shopify.orders import shape_of

_WHAT: Final[Mapping[str, What]] = {
    "data_request": "tells",
    "customer_redact": "forget",
    "shop_redact": "leaves",
}
LONGEST: Final = 250


def asker(root: dict[str, Any]) -> Asker | None:
    """Who asks for what; nothing of any other event. Raises: Wrong.

    Keeps: no mapping of somebody's own can leave it out.
    Source: Shopify, `customers/data_request`, `customers/redact`, `shop/redact`.
    """
    what = _WHAT.get(shape_of(root))
    if what is None:
        return None
    shop = _said(root, "shop_domain", "shop_domain")
    if what == "leaves":
        return Asker(what, shop=shop)
    customer = root.get("customer")
    if not isinstance(customer, dict) or not customer.get("id"):
        raise Wrong("customer", "nobody stands here", "See what is sent here")
    told = {name: _said(customer, name, f"customer.{name}") for name in ("id", "email", "phone")}
    return Asker(what, shop=shop, **told)


def _said(found: Mapping[str, Any], name: str, place: str) -> str:
    said = found.get(name)
    if said is None:
        return ""
    if isinstance(said, bool) or not isinstance(said, (str, int)) or len(str(said)) > LONGEST:
        raise Wrong(place, "this is no name", "See what is sent here")
    return str(said).strip()

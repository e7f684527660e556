"""Codes of rewards as discount codes of Shopify: once each, off the whole order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.codes import CodeThere, NotTaken
from regulars.surfaces.connect.shopify.graphql import asked

MAKE: Final = """
mutation Code($code: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $code) {
    codeDiscountNode { id }
    userErrors { code field message }
  }
}
"""
FIND: Final = """
query Code($code: String!) {
  codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount { ... on DiscountCodeBasic { title } }
  }
}
"""
ARTICLE: Final = """
query Article($sku: String!) {
  productVariants(first: 10, query: $sku) { nodes { id sku } }
}
"""
END: Final = """
mutation End($id: ID!) {
  discountCodeDeactivate(id: $id) { userErrors { code field message } }
}
"""
CURRENCY: Final = "query Currency { shop { currencyCode } }"
_ODD: Final = "it answers something that is no answer of its GraphQL"
_TAKEN: Final = "TAKEN"
LONGEST: Final = 200


class ShopifyCodes:
    """Source: Shopify GraphQL Admin API, `discountCodeBasicCreate`, `discountCodeDeactivate`."""

    async def make(self, send: Send, shop: Shop, code: CodeThere) -> str:
        """The shop has this code, and what it calls it.

        Keeps: the code itself is the key: what is there already and has our mark counts as made.
        Raises: NotTold, NotTaken.
        """
        items = await _items(send, shop, code.skus)
        found = await asked(send, shop, MAKE, {"code": _told(code, items)})
        made = found.get("discountCodeBasicCreate")
        if not isinstance(made, dict):
            raise NotTold(_ODD)
        wrong = [one for one in made.get("userErrors") or () if isinstance(one, dict)]
        if any(one.get("code") == _TAKEN for one in wrong):
            return await self._ours(send, shop, code)
        if wrong:
            raise NotTaken(f"it does not take the code: {str(wrong[0].get('message'))[:LONGEST]}")
        return _id(made.get("codeDiscountNode"))

    async def end(self, send: Send, shop: Shop, code: str, there_id: str) -> None:
        """Nobody can use it there any more. Raises: NotTold.

        Order: where we never heard what the shop calls it, it is asked by the code; what it does
        not know is over.
        """
        if not there_id:
            found = (await asked(send, shop, FIND, {"code": code})).get("codeDiscountNodeByCode")
            if not _is_ours(found, f"Regulars {code}"):
                return
            there_id = _id(found)
        await asked(send, shop, END, {"id": there_id})

    async def _ours(self, send: Send, shop: Shop, code: CodeThere) -> str:
        found = (await asked(send, shop, FIND, {"code": code.code})).get("codeDiscountNodeByCode")
        if not _is_ours(found, code.mark):
            raise NotTaken("the shop has this code already, and it is not ours")
        return _id(found)


async def currency_there(send: Send, shop: Shop) -> str:
    """In which currency a code's amount is. Raises: NotTold.

    Source: Shopify GraphQL Admin API, `shop { currencyCode }`.
    """
    found = (await asked(send, shop, CURRENCY, {})).get("shop")
    said = found.get("currencyCode") if isinstance(found, dict) else None
    if not isinstance(said, str) or not said:
        raise NotTold(_ODD)
    return said


async def _items(send: Send, shop: Shop, skus: Sequence[str]) -> dict[str, Any]:
    """On what a code takes something off: on all of it, or on these articles.

    Order: the shop's search is lax, so only what is called just so counts. Raises: NotTold,
    NotTaken where the shop has no such article.
    """
    if not skus:
        return {"all": True}
    ids = []
    for sku in skus:
        quoted = sku.replace("\\", "\\\\").replace('"', '\\"')
        found = await asked(send, shop, ARTICLE, {"sku": f'sku:"{quoted}"'})
        rows = found.get("productVariants")
        nodes = rows.get("nodes") if isinstance(rows, dict) else None
        if not isinstance(nodes, list):
            raise NotTold(_ODD)
        mine = [_id(one) for one in nodes if isinstance(one, dict) and one.get("sku") == sku]
        if not mine:
            raise NotTaken(f"the shop has no article {sku}")
        ids += mine
    return {"products": {"productVariantsToAdd": ids}}


def _told(code: CodeThere, items: dict[str, Any]) -> dict[str, Any]:
    off = {"discountAmount": {"amount": code.amount, "appliesOnEachItem": False}}
    least = {"subtotal": {"greaterThanOrEqualToSubtotal": code.minimum}} if code.minimum else None
    whose = f"gid://shopify/Customer/{code.customer}"
    return {
        "title": code.mark,
        "code": code.code,
        "startsAt": _at(code.starts_at),
        "endsAt": None if code.ends_at is None else _at(code.ends_at),
        "usageLimit": 1,
        "context": {"customers": {"add": [whose]}} if code.customer else {"all": "ALL"},
        "customerGets": {
            "value": {"percentage": code.percent / 100} if code.percent else off,
            "items": items,
        },
        "minimumRequirement": least,
    }


def _is_ours(found: Any, mark: str) -> bool:
    what = found.get("codeDiscount") if isinstance(found, dict) else None
    return isinstance(what, dict) and what.get("title") == mark


def _id(found: Any) -> str:
    id_ = found.get("id") if isinstance(found, dict) else None
    if not isinstance(id_, str) or not id_:
        raise NotTold(_ODD)
    return id_


def _at(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

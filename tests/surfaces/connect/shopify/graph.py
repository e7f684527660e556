"""What the shop of our own making answers by GraphQL: from its orders as webhooks tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from graphql import parse

from regulars.surfaces.connect.shopify.catching_up import (
    ALL_REFUNDS,
    MORE,
    ORDERS,
    PASSED,
    PAYMENTS,
    PIECES,
    REFUND,
    WITH_PRODUCTS,
)
from regulars.surfaces.connect.shopify.codes import ARTICLE, CURRENCY, END, FIND
from regulars.surfaces.connect.shopify.codes import MAKE as MAKE_CODE
from regulars.surfaces.connect.shopify.hooks import MAKE
from regulars.surfaces.connect.shopify.product_types import QUERY

if TYPE_CHECKING:
    from tests.surfaces.connect.shopify.shop import Store

COST = 300.0
MOST_COUNTED = 10_000
"""Where nobody says that there is no limit."""


def answered(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    """The whole answer, with what it cost. Throttled, it says how much is lacking."""
    status = {"maximumAvailable": 1000.0, "currentlyAvailable": store.points, "restoreRate": 50.0}
    cost = {"requestedQueryCost": COST, "throttleStatus": status}
    if store.points < COST:
        wrong = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return {"errors": [wrong], "extensions": {"cost": cost}}
    ways = {ORDERS: _orders, PASSED: _orders, MORE: _lines, PIECES: _pieces, MAKE: _hook}
    ways |= {PAYMENTS: _payments, ALL_REFUNDS: _all_refunds, REFUND: _one_refund}
    ways |= {MAKE_CODE: _code, FIND: _found, END: _ended, ARTICLE: _article}
    ways[CURRENCY] = lambda store, _: {"shop": {"currencyCode": store.priced_in}}
    ways |= {WITH_PRODUCTS[ORDERS]: _orders, WITH_PRODUCTS[MORE]: _lines, QUERY: _products}
    query, wish = asked["query"], asked["variables"]
    if store.denies and "product" in query:
        wrong = {"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}
        return {"errors": [wrong], "extensions": {"cost": cost}}
    parse(query)  # a question of ours that is no GraphQL has no answer, whatever it asks for
    if query not in ways:
        return {"errors": [{"message": "undefinedField", "extensions": {"code": "undefinedField"}}]}
    return {"data": ways[query](store, wish), "extensions": {"cost": cost}}


def _orders(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    changed = wish["changed"]
    assert changed.startswith("updated_at:>='"), changed
    since = datetime.fromisoformat(changed.removeprefix("updated_at:>='").removesuffix("'"))
    found = [one for one in store.orders.values() if _at(one["updated_at"]) >= since]
    found.sort(key=lambda one: (one["updated_at"], one["id"]))
    first = int((wish["after"] or "after-0").removeprefix("after-"))
    page, last = found[first : first + wish["first"]], first + wish["first"]
    there = {"hasNextPage": last < len(found), "endCursor": f"after-{last}" if page else None}
    nodes = [_order(one) for one in page]
    return {
        "orders": {"nodes": nodes, "pageInfo": there},
        "ordersCount": {"count": _counted(store, found)},
    }


def _counted(store: Store, found: list[Any]) -> int:
    """As Shopify counts since 2025-07."""
    many, asked = len(found) + store.more, store.asked[-1]["query"]
    return many if "limit: null" in asked else min(many, MOST_COUNTED)


def _lines(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    order = store.orders[_number(wish["id"])]
    rows, first = order["line_items"], int(wish["after"])
    return {"order": {"lineItems": _part([_line(one) for one in rows], first, 250)}}


def _pieces(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    rows = _refund_of(store, wish)["refund_line_items"]
    part = _part([_piece(one) for one in rows], int(wish["after"]), 250)
    return {"refund": {"refundLineItems": part}}


def _payments(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    rows = _refund_of(store, wish)["transactions"]
    return {"refund": {"transactions": _part([_paid(x) for x in rows], int(wish["after"]), 250)}}


def _all_refunds(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    some = store.orders[_number(wish["id"])]["refunds"][:250]
    return {"order": {"refunds": [{"id": f"gid://shopify/Refund/{one['id']}"} for one in some]}}


def _one_refund(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    return {"refund": _refund(_refund_of(store, wish))}


def _refund_of(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    number = _number(wish["id"])
    refunds = [one for order in store.orders.values() for one in order["refunds"]]
    (found,) = [one for one in refunds if one["id"] == number]
    return found


def _products(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """Each in its place; nothing where one is gone."""
    assert 1 <= len(wish["ids"]) <= 250, len(wish["ids"])
    types = {f"gid://shopify/Product/{id_}": type_ for id_, type_ in store.types.items()}
    return {"nodes": [
        {"id": id_, "productType": types[id_]} if id_ in types else None for id_ in wish["ids"]
    ]}  # fmt: skip


def _hook(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    topic, uri = wish["topic"], wish["hook"]["uri"]
    assert wish["hook"]["format"] == "JSON"
    says = store.hooks_refused
    if not says and store.hooks.get(topic) == uri:
        says = "Address for this topic has already been taken"
    if says:
        wrong = {"field": ["webhookSubscription", "callbackUrl"], "message": says}
        return {"webhookSubscriptionCreate": {"webhookSubscription": None, "userErrors": [wrong]}}
    store.hooks[topic] = uri
    made = {"id": "gid://shopify/WebhookSubscription/1"}
    return {"webhookSubscriptionCreate": {"webhookSubscription": made, "userErrors": []}}


def _code(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    told = wish["code"]
    assert (told["usageLimit"], list(told["context"])) in ((1, ["all"]), (1, ["customers"]))
    if told["code"] in store.codes:
        wrong = {"code": "TAKEN", "field": ["code"], "message": "Code must be unique"}
        return {"discountCodeBasicCreate": {"codeDiscountNode": None, "userErrors": [wrong]}}
    id_ = f"gid://shopify/DiscountCodeNode/{len(store.codes) + 1}"
    store.codes[told["code"]] = {**told, "id": id_, "active": True}
    return {"discountCodeBasicCreate": {"codeDiscountNode": {"id": id_}, "userErrors": []}}


def _article(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    """Its search is lax: whatever begins so is told, too."""
    said = wish["sku"].removeprefix('sku:"').removesuffix('"')
    some = [(sku, id_) for sku, id_ in store.articles.items() if sku.startswith(said)]
    nodes = [{"id": f"gid://shopify/ProductVariant/{id_}", "sku": sku} for sku, id_ in some]
    return {"productVariants": {"nodes": nodes}}


def _found(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    one = store.codes.get(wish["code"])
    node = one and {"id": one["id"], "codeDiscount": {"title": one["title"]}}
    return {"codeDiscountNodeByCode": node}


def _ended(store: Store, wish: dict[str, Any]) -> dict[str, Any]:
    for one in store.codes.values():
        if one["id"] == wish["id"]:
            one["active"] = False
    return {"discountCodeDeactivate": {"userErrors": []}}


def _part(rows: list[Any], first: int, count: int) -> dict[str, Any]:
    last = first + count
    there = {"hasNextPage": last < len(rows), "endCursor": str(last)}
    return {"nodes": rows[first:last], "pageInfo": there}


def _order(one: dict[str, Any]) -> dict[str, Any]:
    who = one["customer"]
    return {
        "id": f"gid://shopify/Order/{one['id']}", "email": one["email"], "phone": one["phone"],
        "sourceName": one["source_name"], "test": one["test"],
        "taxesIncluded": one["taxes_included"], "currencyCode": one["currency"],
        "processedAt": _utc(one["processed_at"]), "createdAt": _utc(one["created_at"]),
        "updatedAt": _utc(one["updated_at"]), "cancelledAt": _utc(one["cancelled_at"]),
        "displayFinancialStatus": one["financial_status"].upper(),
        "discountCodes": [code["code"] for code in one["discount_codes"]],
        "customer": who and {
            "id": f"gid://shopify/Customer/{who['id']}",
            "updatedAt": _utc(who.get("updated_at") or one["created_at"]),
            "verifiedEmail": who.get("verified_email", False),
            "defaultEmailAddress": who["email"] and {"emailAddress": who["email"]},
            "defaultPhoneNumber": who["phone"] and {"phoneNumber": who["phone"]},
        },
        "totalPriceSet": _money(one["total_price"]),
        "totalShippingPriceSet": _money(one.get("shipping", "0.00")),
        "totalTipReceivedSet": _money(one["total_tip_received"]),
        "lineItems": _part([_line(line) for line in one["line_items"]], 0, 20),
        "refunds": [_refund(back) for back in one["refunds"][:50]],
    }  # fmt: skip


def _refund(back: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Refund/{back['id']}", "createdAt": _utc(back["created_at"]),
        "refundLineItems": _part([_piece(x) for x in back["refund_line_items"]], 0, 20),
        "transactions": _part([_paid(x) for x in back["transactions"]], 0, 5),
    }  # fmt: skip


def _paid(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": one["kind"].upper(), "status": one["status"].upper(),
        "amountSet": _money(one["amount"]),
    }  # fmt: skip


def _line(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{one['id']}", "sku": one["sku"], "name": one["name"],
        "quantity": one["quantity"], "isGiftCard": one["gift_card"],
        "product": one["product_id"] and {"id": f"gid://shopify/Product/{one['product_id']}"},
        "originalUnitPriceSet": _money(one["price"]),
        "discountAllocations": [
            {"allocatedAmountSet": _money(part["amount"])} for part in one["discount_allocations"]
        ],
        "taxLines": [{"priceSet": _money(part["price"])} for part in one["tax_lines"]],
    }  # fmt: skip


def _piece(one: dict[str, Any]) -> dict[str, Any]:
    line = {"id": f"gid://shopify/LineItem/{one['line_item_id']}"}
    return {"quantity": one["quantity"], "lineItem": line}


def _money(said: str) -> dict[str, Any]:
    """GraphQL leaves out zeros at the end, down to one."""
    whole, _, part = said.partition(".")
    return {"shopMoney": {"amount": f"{whole}.{part.rstrip('0') or '0'}"}}


def _utc(said: str | None) -> str | None:
    return _at(said).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if said else None


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _number(gid: str) -> int:
    return int(gid.rpartition("/")[2])

"""The server of a web shop: it believes no page, asks the API with its secret key, and records.

This is what the server of any shop does, in whatever language it is written.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import httpx
from msgspec import Meta, Struct

from regulars.runtime.examples.shop.window.goods import CURRENCY, GOODS, MOST_PIECES, Good

SOURCE: Final = "web-shop"


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of an article."""

    sku: str
    quantity: Annotated[int, Meta(ge=1, le=MOST_PIECES)] = 1


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page sends at checkout: no prices and no points, those are the server's business."""

    number: Annotated[str, Meta(pattern=r"^[a-z0-9]{8,40}$(?!\n)")]
    """Made by the page, so that an order sent twice is one order."""
    items: Annotated[tuple[Wanted, ...], Meta(min_length=1, max_length=20)]
    token: Annotated[str, Meta(max_length=100)] = ""
    code: Annotated[str, Meta(pattern=r"^(red_[0-9a-z]{1,40})?$(?!\n)")] = ""
    """A reserved reward; it becomes a part of an address, so it is nothing but an id."""


class Sold(Struct, frozen=True):
    """What was paid, and what it brought."""

    number: str
    total_minor: int
    off_minor: int
    earned: dict[str, int]


class NotSold(Exception):
    """The shop does not sell this, and why: a word its page knows."""


class ShopServer:
    """The server of the demo's web shop, with its secret key to the API."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self._api = api

    async def sell(self, order: Order) -> Sold:
        """Take an order: who is it, what may they, what does it cost; then record it.

        Order: the reward is taken before the purchase is recorded, each under the order's number,
        so that an order that is sent again ends the same.
        """
        member = await self._member(order.token)
        lines = [await self._line(member, one) for one in order.items]
        total = sum(int(line["amount"]["minor"]) for line in lines)
        off = await self._taken(member, order) if order.code else 0
        off = min(off, total)
        told: dict[str, Any] = {
            "kind": "purchase", "source": SOURCE, "external_id": order.number, "channel": "web",
            "lines": lines,
        }  # fmt: skip
        if off:
            told["order_discount"] = {"minor": off, "currency": CURRENCY}
        if member:
            told["member"] = {"id": member}
        done = await self._ask("POST", "/v1/activities", told)
        return Sold(order.number, total - off, off, done["earned"])

    async def _member(self, token: str) -> str:
        """Who is signed in on the page; its token proves it, nothing else the page says would."""
        if not token:
            return ""
        answer = await self._api.post("/v1/shop-visits", json={"token": token})
        return str(answer.json()["member_id"]) if answer.status_code == 200 else ""

    async def _line(self, member: str, wanted: Wanted) -> dict[str, Any]:
        good = GOODS.get(wanted.sku)
        if good is None:
            raise NotSold("unknown")
        if good.members_first and not await self._may(member, "first-in-line", good):
            raise NotSold("members_first")
        minor = good.minor
        if good.member_minor is not None and await self._may(member, "member-prices", good):
            minor = good.member_minor
        return {
            "sku": good.sku, "category": good.category, "quantity": wanted.quantity,
            "amount": {"minor": minor * wanted.quantity, "currency": CURRENCY},
        }  # fmt: skip

    async def _may(self, member: str, benefit: str, good: Good) -> bool:
        """The one question of benefits, asked by the server although the page asked it too."""
        if not member:
            return False
        about = {"sku": good.sku, "category": good.category, "channel": "web"}
        path = f"/v1/members/{member}/benefits/{benefit}"
        answer = await self._api.get(path, params=about)
        return answer.status_code == 200 and bool(answer.json()["may"])

    async def _taken(self, member: str, order: Order) -> int:
        """What a reserved reward is worth, once it is this member's and was taken."""
        kept = await self._ask("GET", f"/v1/redemptions/{order.code}")
        if not member or kept["member_id"] != member:
            raise NotSold("not_your_code")
        await self._ask("POST", f"/v1/redemptions/{order.code}/capture", {})
        return int(kept["worth"]["minor"])

    async def _ask(self, method: str, path: str, told: Any = None) -> Any:
        answer = await self._api.request(method, path, json=told)
        if answer.status_code >= 500:
            answer.raise_for_status()
        if answer.status_code >= 400:
            raise NotSold("code_over" if "redemptions" in path else "not_now")
        return answer.json()

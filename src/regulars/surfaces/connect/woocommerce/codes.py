"""Codes of rewards as coupons of WooCommerce: once each, off the whole cart."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.catching.codes import CodeThere, NotTaken
from regulars.surfaces.connect.woocommerce.asking import WooApi
from regulars.surfaces.senders.outgoing.client import Answer, Sending

_AT: Final = "/wp-json/wc/v3/coupons"
_SETTING: Final = "/wp-json/wc/v3/settings/general/woocommerce_currency"
_NO: Final = {
    401: "it does not know this key and secret",
    403: "this key may not make coupons: give it read and write permission there",
    404: "there is no WooCommerce at this address, or its permalinks are plain",
}
_NO_SETTINGS: Final = (
    "this key may not read settings, where its currency is: make one for a manager of the shop"
)
_THERE: Final = "woocommerce_rest_coupon_code_already_exists"
_A_PAGE: Final = ("per_page", "100")
"""Of articles; unless said, it answers ten of them."""
_decode: Final = msgspec.json.Decoder(float_hook=str).decode
LONGEST: Final = 200


class WooCommerceCodes:
    """Source: WooCommerce REST API v3, `POST /coupons`, `PUT /coupons/{id}`."""

    async def make(self, send: Send, shop: Shop, code: CodeThere) -> str:
        """The shop has this code, and what it calls it.

        Keeps: the code itself is the key: what is there already and has our mark counts as made.
        Raises: NotTold, NotTaken.
        """
        goods = await _goods(send, shop, code.skus)
        answer = await send(_sending(shop, "POST", "", _told(code, goods)))
        found = _read(answer)
        if answer.status in (200, 201):
            return _id(found)
        if isinstance(found, dict) and found.get("code") == _THERE:
            ours = await self._ours(send, shop, code.code, code.mark)
            if not ours:
                raise NotTaken("the shop has this code already, and it is not ours")
            return ours
        says = found.get("message") if isinstance(found, dict) else ""
        raise NotTaken(f"it does not take the code: {str(says)[:LONGEST]}")

    async def end(self, send: Send, shop: Shop, code: str, there_id: str) -> None:
        """Nobody can use it there any more: its end is long past.

        Keeps: it is found by the code, whatever the shop called it: at another address the same
        number is somebody else's. Raises: NotTold.
        """
        there_id = await self._ours(send, shop, code, f"Regulars {code}", there_id)
        if there_id:
            wish = {"date_expires_gmt": "2000-01-01T00:00:00"}
            answer = await send(_sending(shop, "PUT", f"/{there_id}", wish))
            if answer.status != 404:  # somebody deleted it there: it is over
                _read(answer)

    async def _ours(self, send: Send, shop: Shop, code: str, mark: str, there_id: str = "") -> str:
        found = _read(await send(_sending(shop, "GET", f"?{urlencode({'code': code})}", None)))
        for one in found if isinstance(found, list) else ():
            if not isinstance(one, dict) or str(one.get("code")).lower() != code.lower():
                continue
            if one.get("description") == mark or _id(one) == there_id:
                return _id(one)
        return ""


async def currency_there(send: Send, shop: Shop) -> str:
    """In which currency a coupon's amount is.

    Order: a key that may make coupons may not read settings where its user is no manager of the
    shop; then it is that of the latest order. Raises: NotTold.
    Source: WooCommerce REST API v3, `GET /settings/general/woocommerce_currency`.
    """
    answer = await send(_sending(shop, "GET", "", None, _SETTING))
    if answer.status in _NO:
        return await _by_latest(send, shop)
    found = _read(answer)
    said = found.get("value") if isinstance(found, dict) else None
    if answer.status != 200 or not isinstance(said, str) or not said:
        raise NotTold("it does not say its currency")
    return said


async def _by_latest(send: Send, shop: Shop) -> str:
    """The currency of the latest order. Raises: NotTold where there is none."""
    latest = (("per_page", "1"), ("orderby", "date"), ("order", "desc"))
    for one in await WooApi(send, shop).listed("orders", latest):
        if isinstance(said := one.get("currency"), str) and said:
            return said
    raise NotTold(_NO_SETTINGS)


async def _goods(send: Send, shop: Shop, skus: Sequence[str]) -> list[int]:
    """What the shop calls these articles. Raises: NotTold, NotTaken where it has one of them not.

    Order: its search takes several at once, each by its whole name.
    """
    if not skus:
        return []
    found = await WooApi(send, shop).listed("products", (("sku", ",".join(skus)), _A_PAGE))
    ids = {one.get("sku"): one.get("id") for one in found}
    for sku in skus:
        if not isinstance(ids.get(sku), int):
            raise NotTaken(f"the shop has no article {sku}")
    return [ids[sku] for sku in skus]  # type: ignore[misc]


def _told(code: CodeThere, goods: Sequence[int]) -> dict[str, Any]:
    """Keeps: a coupon that is bound to addresses is taken from nobody else at the checkout; an
    amount off some goods is off one piece of them, which no other coupon of an amount is."""
    end = None if code.ends_at is None else _at(code.ends_at)
    kind = "percent" if code.percent else "fixed_product" if goods else "fixed_cart"
    return {
        "code": code.code,
        "description": code.mark,
        "discount_type": kind,
        "amount": str(code.percent or code.amount),
        "minimum_amount": code.minimum,
        "product_ids": list(goods),
        "limit_usage_to_x_items": 1 if kind == "fixed_product" else None,
        "usage_limit": 1,
        "date_expires_gmt": end,
        "email_restrictions": list(code.emails),
    }


def _sending(shop: Shop, method: str, behind: str, wish: Any, at: str = _AT) -> Sending:
    who = b64encode(f"{shop.keys.key}:{shop.keys.secret}".encode()).decode()
    headers = [("Authorization", f"Basic {who}"), ("Accept", "application/json")]
    if wish is not None:
        headers.append(("Content-Type", "application/json"))
    body = b"" if wish is None else msgspec.json.encode(wish)
    return Sending(method, f"{shop.address.rstrip('/')}{at}{behind}", tuple(headers), body)


def _read(answer: Answer) -> Any:
    """What came back. Raises: NotTold, also where it asks for a pause."""
    if answer.status in _NO:
        raise NotTold(_NO[answer.status])
    if answer.status == 429:
        raise NotTold("it asks for a pause", 30)
    if answer.status not in (200, 201, 400):
        raise NotTold(f"it answers {answer.status}")
    try:
        scan(answer.body)
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise NotTold("it answers something that is no coupon") from None


def _id(found: Any) -> str:
    number = found.get("id") if isinstance(found, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise NotTold("it answers something that is no coupon")
    return str(number)


def _at(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")

"""Codes of rewards as coupons of Magento: once each, of a cart price rule of what they take off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from regulars.records.once.types import digest
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop
from regulars.surfaces.connect.catching.codes import CodeThere, NotTaken
from regulars.surfaces.connect.magento.api.asking import MagentoApi, Missing, NotAccepted

OURS: Final = "Regulars "
"""So begins the name of each rule of ours."""
_NO_COUPON: Final = "it answers something that is no coupon"
_CONDITION: Final = "Magento\\SalesRule\\Model\\Rule\\Condition"
_FIRST, _LAST = "2000-01-01", "2199-12-31"
"""Days are said even where there are none: some versions take a rule without for one of today."""
_MANY: Final = 100
_ONE: Final = (1, 1)
_GENERATED: Final = 1
"""The type of coupon of which a rule may have many; a coupon by hand is the only one of its rule.
"""


class MagentoCodes:
    """Source: Adobe Commerce REST API, `POST /V1/salesRules`, `POST /V1/coupons`,
    `DELETE /V1/coupons/{id}`."""

    async def make(self, send: Send, shop: Shop, code: CodeThere) -> str:
        """The shop has this code, and what it calls it.

        Order: its rule first, which all codes that take off the same until the same day have
        together. Keeps: the code itself is the key: what is there already under a rule of ours
        counts as made. Raises: NotTold, NotTaken.
        """
        api = MagentoApi(send, shop)
        await _articles(api, code.skus)
        wish = {
            "rule_id": await _rule(api, code), "code": code.code, "type": _GENERATED,
            "usage_limit": 1, "times_used": 0, "is_primary": False,
        }  # fmt: skip
        try:
            return _number(await api.sent("POST", "coupons", {"coupon": wish}), "coupon_id")
        except NotAccepted as why:
            there = await _there(api, code.code)
            if there is None:
                raise NotTaken(f"it does not take the code: {why.says}") from None
            if not await _is_ours(api, there):
                raise NotTaken("the shop has this code already, and it is not ours") from None
            return _number(there, "coupon_id")

    async def end(self, send: Send, shop: Shop, code: str, there_id: str) -> None:
        """Nobody can use it there any more: the coupon is deleted, orders keep its name.

        Keeps: it is found by the code, whatever the shop called it: at another address the same
        number is somebody else's. Raises: NotTold.
        """
        api = MagentoApi(send, shop)
        there = await _there(api, code)
        if there is None:
            return
        number = _number(there, "coupon_id")
        if number != there_id and not await _is_ours(api, there):
            return
        try:
            await api.sent("DELETE", f"coupons/{number}")
        except Missing:  # somebody deleted it there: it is over
            return


async def _there(api: MagentoApi, code: str) -> dict[str, Any] | None:
    """The coupon of this code, whoever made it; capitals are small letters there."""
    rows = (await api.listed("coupons/search", (("code", "eq", code),), (), _ONE)).rows
    return next((one for one in rows if str(one.get("code")).lower() == code.lower()), None)


async def _is_ours(api: MagentoApi, coupon: Mapping[str, Any]) -> bool:
    try:
        rule = await api.get(f"salesRules/{_number(coupon, 'rule_id')}")
    except Missing:
        return False
    return str(rule.get("name")).startswith(OURS)


async def _articles(api: MagentoApi, skus: Sequence[str]) -> None:
    """The shop has all of these. Raises: NotTold, NotTaken."""
    if not skus:
        return
    where = (("sku", "in", ",".join(skus)),)
    rows = (await api.listed("products", where, ("entity_id",), (1, _MANY))).rows
    known = {one.get("sku") for one in rows}
    for sku in skus:
        if sku not in known:
            raise NotTaken(f"the shop has no article {sku}")


async def _rule(api: MagentoApi, code: CodeThere) -> int:
    """The rule of codes like this one; made where there is none.

    Order: it is known by its name, which says all that it is, so that a rule whose making nobody
    heard of is found again, and one whose customer groups are not all there any more is not.
    Somebody may switch it off there: then its coupons are good for nothing.
    Raises: NotTold, NotTaken.
    """
    stores = await _stores(api, code)
    groups = await api.everything("customerGroups/search", (), _MANY, "id")
    rule = {
        "from_date": _FIRST,
        "to_date": _last_day(code.ends_at, stores),
        "website_ids": sorted({_int(one, "website_id") for one in stores}),
        "customer_group_ids": sorted({_int(one, "id") for one in groups}),
        "is_active": True,
        "coupon_type": "SPECIFIC_COUPON",
        "use_auto_generation": True,
        "uses_per_coupon": 1,
        "uses_per_customer": 0,
        "simple_action": "by_percent" if code.percent else "cart_fixed",
        "discount_amount": msgspec.Raw(str(code.percent or code.amount).encode()),
        "apply_to_shipping": False,
        "condition": _condition("Combine", _least(code.minimum), "all"),
        "action_condition": _condition("Product\\Combine", _some(code.skus), "any"),
        "stop_rules_processing": False,
        "is_advanced": True,
        "discount_step": 0,
        "sort_order": 0,
        "times_used": 0,
        "is_rss": False,
    }  # fmt: skip
    what = f"{code.percent} %" if code.percent else f"{code.amount} {code.currency}"
    name = f"{OURS}{what} {digest(msgspec.json.encode(rule)).hex[:16]}"
    found = (await api.listed("salesRules/search", (("name", "eq", name),), (), _ONE)).rows
    if found:
        if not found[0].get("is_active", True):
            raise NotTaken("its rule is switched off there")
        return int(_number(found[0], "rule_id"))
    says = "Codes of rewards of Regulars are its coupons; it is made and found again by its name"
    try:
        wish = {"rule": {"name": name, "description": says, **rule}}
        return int(_number(await api.sent("POST", "salesRules", wish), "rule_id"))
    except NotAccepted as why:
        raise NotTaken(f"it does not take the code: {why.says}") from None


async def _stores(api: MagentoApi, code: CodeThere) -> list[dict[str, Any]]:
    """The stores in which an amount is what was promised: those of the program's currency. A
    percentage of any basket is the same in all of them.

    Raises: NotTold; NotTaken where there is none.
    """
    found = await api.sent("GET", "store/storeConfigs")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Odd("it answers something that is no list")
    anywhere = code.percent and not code.minimum
    some = [one for one in found if anywhere or one.get("base_currency_code") == code.currency]
    if not some:
        raise NotTaken(f"the shop sells nothing in {code.currency}")
    return some


def _least(minimum: str) -> list[dict[str, Any]]:
    """From which basket on: of the goods, before the discount, as customers see their prices."""
    if not minimum:
        return []
    what = {"attribute_name": "base_subtotal_total_incl_tax", "operator": ">=", "value": minimum}
    return [{"condition_type": f"{_CONDITION}\\Address", **what}]


def _some(skus: Sequence[str]) -> list[dict[str, Any]]:
    """Off which articles, each by a condition of its own: in one list signs would part them."""
    kind = f"{_CONDITION}\\Product"
    return [
        {"condition_type": kind, "attribute_name": "sku", "operator": "==", "value": sku}
        for sku in skus
    ]


def _condition(kind: str, some: list[dict[str, Any]], of: str) -> dict[str, Any]:
    """`of`: `all` of these hold, or `any`; where there are none, it holds."""
    return {
        "condition_type": f"{_CONDITION}\\{kind}",
        "aggregator_type": of if some else "all",
        "value": "1",
        "conditions": some,
    }


def _last_day(ends_at: datetime | None, stores: Sequence[Mapping[str, Any]]) -> str:
    """The last day on which it is good, by the clocks of the stores: never too early. To the
    moment it is ended by us."""
    if ends_at is None:
        return _LAST
    at = ends_at - timedelta(microseconds=1)
    return max(_day(at, str(one.get("timezone"))) for one in stores).isoformat()


def _day(at: datetime, zone: str) -> date:
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (OSError, ValueError):  # none that we know: as late as it can be anywhere
        return (at.astimezone(UTC) + timedelta(hours=14)).date()


def _int(found: Mapping[str, Any], name: str) -> int:
    return int(_number(found, name))


def _number(found: Any, name: str) -> str:
    said = found.get(name) if isinstance(found, dict) else None
    text = str(said)
    if isinstance(said, bool) or not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotTold(_NO_COUPON)
    return text

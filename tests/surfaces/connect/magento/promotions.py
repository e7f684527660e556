"""Cart price rules and coupons of such a shop, with what its own source refuses of them."""

from __future__ import annotations

from itertools import count
from typing import Any

Found = tuple[int, Any]


class Promotions:
    """Rules, the coupons of each, and what a rule has to name."""

    def __init__(self) -> None:
        self.rules: dict[int, dict[str, Any]] = {}
        self.coupons: dict[int, dict[str, Any]] = {}
        self.products: dict[int, dict[str, Any]] = {}
        self.groups = {number: {"id": number, "code": f"group {number}"} for number in range(4)}
        self.stores = [
            {"id": 1, "website_id": 1, "base_currency_code": "EUR", "timezone": "Europe/Berlin"},
            {"id": 2, "website_id": 2, "base_currency_code": "USD", "timezone": "America/New_York"},
        ]
        self._numbers = count(1)

    def articles(self, *skus: str) -> None:
        self.products = {at: {"entity_id": at, "sku": sku} for at, sku in enumerate(skus, 1)}

    def listed(self) -> dict[str, dict[int, dict[str, Any]]]:
        """What can be searched, by the path of the search."""
        return {
            "salesRules/search": self.rules, "coupons/search": self.coupons,
            "customerGroups/search": self.groups, "products": self.products,
        }  # fmt: skip

    def post(self, path: str, wish: dict[str, Any]) -> Found:
        if path == "salesRules":
            number = next(self._numbers)
            self.rules[number] = wish["rule"] | {"rule_id": number}
            return 200, self.rules[number]
        told = wish["coupon"]
        rule = self.rules.get(told["rule_id"])
        if rule is None:
            return 400, {"message": "Error occurred when saving coupon: %1", "parameters": ["none"]}
        if rule["use_auto_generation"] != (told["type"] == 1):
            return 400, {"message": "Specified rule only allows auto generated coupons"}
        if any(one["code"].lower() == told["code"].lower() for one in self.coupons.values()):
            says = {"message": "%1 already exists.", "parameters": ["Coupon with the same code"]}
            return 400, says
        number = next(self._numbers)
        limits = {"usage_limit": rule["uses_per_coupon"], "expiration_date": rule["to_date"]}
        self.coupons[number] = told | limits | {"coupon_id": number}
        return 200, self.coupons[number]

    def get(self, path: str) -> Found:
        """One rule, or all stores."""
        if path == "store/storeConfigs":
            return 200, self.stores
        found = self.rules.get(int(path.partition("/")[2]))
        return (200, found) if found else (404, {"message": "No such entity"})

    def delete(self, path: str) -> Found:
        gone = self.coupons.pop(int(path.partition("/")[2]), None)
        return (200, True) if gone else (404, {"message": "No such entity"})

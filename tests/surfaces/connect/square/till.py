"""A till that speaks the Square API to a shop without a port; answers are held to the document."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.surfaces.connect.square.published import Published
from tests.surfaces.counter import Counter

SPEND = """
regulars: 1
program: spend
name: Spend
currency: USD
zone: America/New_York
country: US
wallets:
  points: {kind: points, name: Points, one: Point, expiry: {after: 12 months, round_up_to: month}}
rules:
  - {id: spend, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "10.00"}}
rewards:
  - {id: five-off, name: Five off, price: {points: 5}, gives: {kind: discount, off: "5.00"}}
"""
ALL_DAY = "BEGIN:VEVENT\nDTSTART:20200101T000000\nDURATION:PT24H\nRRULE:FREQ=DAILY\nEND:VEVENT"
TIMES = "POINTS_MULTIPLIER"


class Till:
    """The Square API of a shop, asked with a key of its own."""

    def __init__(self, counter: Counter, published: Published | None = None) -> None:
        self.counter = counter
        self.key = counter.made_key("square:read", "square:write", "square:promote")
        self.published = published

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        if isinstance(body, dict) and body.pop("once", True):
            body.setdefault("idempotency_key", str(uuid4()))
        more = {"key": self.key, **more}
        answer = self.counter.ask(method, f"/compat/square/v2{path}", body, **more)
        if self.published is not None:
            self.published.hold(answer)
        return answer

    def good(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def bad(self, path: str, body: Any, method: str = "POST", **more: Any) -> tuple[Any, ...]:
        answer = self.ask(method, path, body, **more)
        (error,) = answer.json()["errors"]
        return answer.status_code, error["code"], error.get("field", "")

    def joined(self, number: str, **more: Any) -> str:
        account = {"program_id": "main", "mapping": {"phone_number": number}, **more}
        made = self.good("POST", "/loyalty/accounts", {"loyalty_account": account})
        return str(made["loyalty_account"]["id"])

    def given(self, account: str, points: int) -> Any:
        body = {"accumulate_points": {"points": points}, "location_id": "main"}
        return self.good("POST", f"/loyalty/accounts/{account}/accumulate", body)["events"]

    def account(self, account: str) -> Any:
        return self.good("GET", f"/loyalty/accounts/{account}")["loyalty_account"]

    def events(self, **filters: Any) -> list[Any]:
        body = {"query": {"filter": filters}, "limit": 30, "once": False}
        found = self.good("POST", "/loyalty/events/search", body)
        return list(found.get("events", []))

    def bought(self, account: str, cents: int) -> list[Any]:
        id_ = self.ordered(cents, customer_id=account)
        self.good("POST", "/payments", paying(id_, cents))
        return list(self.good("POST", *earning(account, id_))["events"])

    def ordered(self, cents: int, **more: Any) -> str:
        money = {"amount": cents, "currency": "USD"}
        line = {"quantity": "1", "base_price_money": money}
        order = {"location_id": "main", "line_items": [line], **more}
        return str(self.good("POST", "/orders", {"order": order})["order"]["id"])

    def rewarded(self, account: str, **more: Any) -> str:
        wanted = {"loyalty_account_id": account, "reward_tier_id": "five-off", **more}
        return str(self.good("POST", "/loyalty/rewards", {"reward": wanted})["reward"]["id"])

    def promoted(self, kind: str, by: Any, **more: Any) -> Any:
        name = "multiplier" if kind == TIMES else "points_addition"
        data = {f"{kind.lower()}_data": {name: by}}
        promotion = {
            "name": f"{kind} {by}",
            "incentive": {"type": kind, **data},
            "available_time": {"time_periods": [ALL_DAY]},
            **more,
        }
        body = {"loyalty_promotion": promotion}
        made = self.good("POST", "/loyalty/programs/main/promotions", body)
        return made["loyalty_promotion"]


def points_of(events: list[Any]) -> list[tuple[str, int]]:
    return [(one["type"], part.get("points", 0)) for one in events for part in parts(one)]


def parts(event: Any) -> list[Any]:
    return [part for part in event.values() if isinstance(part, dict)]


def paying(order: str, cents: int) -> dict[str, Any]:
    """A payment of an order that somebody else took."""
    return {
        "source_id": "EXTERNAL",
        "amount_money": {"amount": cents, "currency": "USD"},
        "order_id": order,
        "external_details": {"type": "OTHER", "source": "Terminal"},
    }


def earning(account: str, order: str) -> tuple[str, dict[str, Any]]:
    """Where and how points for an order are asked for."""
    body = {"accumulate_points": {"order_id": order}, "location_id": "main"}
    return f"/loyalty/accounts/{account}/accumulate", body

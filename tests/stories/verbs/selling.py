"""What is bought, given back, done and confirmed."""

from __future__ import annotations

import re
from typing import Any, Literal

from tests.makers import asked
from tests.stories.reading import Unreadable
from tests.stories.verbs.known import Deed, Known, member, said

from regulars.flows.commands import Confirm, RecordActivity
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine, SaleRef

_ITEM = re.compile(r"(?:(\d+) )?(?:([a-z][a-z-]*) )?(\d+(?:\.\d+)?)(?: less (\d+(?:\.\d+)?))?$")
_FREE = re.compile(r" with (\d+) free from (\S+)$")
_PAID = re.compile(r"(\d+(?:\.\d+)?) with (\S+)$")
_BACK = re.compile(r"(?:(\d+) ([a-z][a-z-]*) of )?(\S+)$")


class Selling(Known):
    """Verbs of a story: what is bought, given back, done and confirmed."""

    def _buys(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`7.80`, `2 coffee 7.80, cake 4.50`, `20.00 in USD`."""
        lines = []
        rest, _, currency = rest.partition(" in ")
        rest, payments = self._paid(rest, currency)
        for item in rest.split(", "):
            lines.append(self.line(item, currency))
        receipt = tails.get("as", "")
        self.sales[receipt] = tuple(line.category for line in lines)
        whole = len(lines) == 1 and not lines[0].category and lines[0].quantity == 1
        return self._activity(
            who,
            "purchase",
            tails,
            amount_minor=lines[0].amount_minor if whole else None,
            body=Body(lines=() if whole else tuple(lines), payments=payments),
            currency=currency,
        )

    def line(self, item: str, currency: str = "") -> Line:
        """`2 coffee 7.80`, `2 coffee 7.80 less 3.90 with 1 free from F`."""
        free = _FREE.search(item)
        found = _ITEM.match(item[: free.start()] if free else item)
        if found is None:
            raise Unreadable(f"what is {item!r}? Write `2 coffee 7.80` or `7.80`")
        quantity, category, amount, less = found.groups()
        return Line(
            self.money(amount, currency),
            "",
            category or "",
            int(quantity or 1),
            self.money(less or "0", currency),
            free=int(free[1]) if free else 0,
            redemption=self.redemptions[free[2]] if free else None,
        )

    def _paid(self, rest: str, currency: str) -> tuple[str, tuple[Payment, ...]]:
        """`… paying 5.00 with V and 1.00 with W`: which redemptions paid, and how much each."""
        rest, said, with_ = rest.partition(" paying ")
        if not said:
            return rest, ()
        payments = []
        for part in with_.split(" and "):
            found = _PAID.match(part)
            if found is None:
                raise Unreadable(f"what is {part!r}? Write `paying 5.00 with V and 1.00 with W`")
            kind: Literal["points", "stored_value"] = "points"
            if found[2] in self.stored:
                kind = "stored_value"
            amount = self.money(found[1], currency)
            payments.append(Payment(kind, amount, self.redemptions[found[2]]))
        return rest, tuple(payments)

    def _gives_back(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        returned = []
        receipt = ""
        for part in rest.split(" and "):
            found = _BACK.match(part)
            if found is None:
                raise Unreadable(f"what is {part!r}? Write `1 coffee of R1` or `R1`")
            quantity, category, receipt = found.groups()
            if quantity:
                known = self.sales.get(receipt, (category,))
                # Of a sale that was told as one amount so many minor units come back.
                place = 0 if known == ("",) else known.index(category)
                returned.append(ReturnedLine(place, int(quantity)))
        sale = SaleRef(source="till", external_id=receipt)
        return self._activity("", "return", tails, sale=sale, body=Body(returned=tuple(returned)))

    def _has_taken_back(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`has taken back flight F5`."""
        kind, _, receipt = rest.partition(" ")
        sale = SaleRef(source="till", external_id=receipt, kind=kind)
        return self._activity("", "return", tails, sale=sale)

    def _does(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        rest, details = said(rest)
        return self._activity(who, rest, tails, body=Body(details=details))

    def _activity(self, who: str, kind: str, tails: dict[str, str], **more: Any) -> Deed:
        return record_activities, RecordActivity(
            kind=kind,
            member=member(who),
            source="till",
            external_id=tails.get("as", ""),
            store=tails.get("at", ""),
            channel=tails.get("by", ""),
            occurred_at=self.when(tails.get("on")),
            asked=asked(tails.get("key", "")),
            **more,
        )

    def _confirms(self, who: str, rest: str, tails: dict[str, str], how: str = "confirmed") -> Deed:
        """`has confirmed R1`, `has cancelled review V1: not our product`."""
        rest, _, reason = rest.partition(": ")
        kind, _, receipt = rest.rpartition(" ")
        sale, key = SaleRef(source="till", external_id=receipt), asked(tails.get("key", ""))
        return confirm_activities, Confirm(sale, how, kind or "purchase", key, reason)

    def _cancels(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return self._confirms(who, rest, tails, "cancelled")

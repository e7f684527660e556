"""A web shop of another maker that tells its orders, and a pick-up cupboard that is still tried."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.flows.inlets.keep_arrivals import KeepArrivals, keep_arrivals
from regulars.flows.inlets.keep_inlets import MakeInlet, make_inlets
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked
from regulars.runtime.examples.shop.guests import Guest
from regulars.runtime.examples.shop.lived.week import House, Week, done
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker
from regulars.surfaces.connect.inlets.kinds import KINDS, WEBHOOK, Post

LAST_WEEKS: Final = 5
_BY: Final = By(words="regulars demo")
MAPPING: Final = """\
mapping: pre-orders
title: Pre-orders
source: pre-orders
unknown: nobody
events:
  order.paid:
    gives:
      - kind: {constant: purchase}
        external_id: data.number
        occurred_at: data.paid_at
        phone: data.telephone
        currency: data.currency
        amount: data.total
  order.packed: {}
"""
_EACH: Final = (6, 11)
_PRICES: Final = (380, 420, 640, 780, 950, 1230)


class Sources:
    """What came in from another system week by week, booked as it would be."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} takes pre-orders")  # noqa: S311 - a made-up shop
        self._inlet: UUID | None = None
        self._number = 1000

    async def go(self, house: House, week: Week) -> None:
        """It is made in one week; orders come from then on; two of them need somebody."""
        if week.left >= LAST_WEEKS:
            return
        async with house.database.transaction(house.terms.program_id) as tx:
            if self._inlet is None:
                asked = Asked("regulars demo", "inlet")
                wish = MakeInlet("Pre-orders", WEBHOOK, "pre-orders", MAPPING, _BY, asked)
                (made,) = done(await make_inlets(tx, [wish]))
                self._inlet = made.inlet.inlet_id
            sent = [self._order(one, week) for one in self._whom(week)]
            if week.left == 0:
                sent += self._strange(week)
            came = [KeepArrivals(self._inlet, KINDS[WEBHOOK].events(one)) for one in sent]
            done(await keep_arrivals(tx, house.terms, came))
        programs = Programs(house.database)
        await Booker(house.database, programs, house.keyed).book(house.terms.program_id)

    def _whom(self, week: Week) -> list[Guest]:
        there = [one for one in week.here if one.left_on is None]
        return self._chance.sample(there, self._chance.randint(*_EACH))

    def _order(self, guest: Guest, week: Week) -> Post:
        at = week.ends - timedelta(minutes=self._chance.randrange(60, 6 * 24 * 60))
        total = self._chance.choice(_PRICES)
        return self._post("order.paid", at, {"telephone": guest.phone} | _money(total))

    def _strange(self, week: Week) -> list[Post]:
        """What is no order, an order without its price, and one in a currency of elsewhere."""
        at, who = week.ends - timedelta(hours=3), {"telephone": week.here[0].phone}
        without = {**who, "currency": "EUR"}
        return [
            self._post("order.packed", at, {**who, **_money(420)}),
            self._post("order.paid", at, without),
            self._post("order.paid", at, {**who, **_money(980), "currency": "CHF"}),
        ]

    def _post(self, type_: str, at: datetime, about: dict[str, Any]) -> Post:
        self._number += 1
        when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = {"number": f"P-{self._number}", "paid_at": when, **about}
        body = msgspec.json.encode({"type": type_, "timestamp": when, "data": told})
        return Post(f"msg_{self._number}", {b"content-type": b"application/json"}, body)


def _money(minor: int) -> dict[str, Any]:
    return {"currency": "EUR", "total": f"{minor // 100}.{minor % 100:02d}"}

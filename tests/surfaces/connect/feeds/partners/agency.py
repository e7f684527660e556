"""The fake of a partner: writes files of its sales as agencies do, and answers settlements."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.surfaces.connect.feeds.drop import Drop
from tests.surfaces.counter import Counter

from regulars.records.members.types import Identifier, JoinMember

MAPPING = """\
mapping: agency
title: Bookings of our agency
source: web-shop
file: {delimiter: ";"}
zone: Europe/Berlin
dates: "%d.%m.%Y"
events:
  booked:
    partner:
      partner: PARTNER
      wallet: award
      external_id: booking
      occurred_at: travelled
      amount: total
      earns: {units: 2, per: "1.00"}
      currency: currency
      card: {column: member, prefix: AIR}
      check: luhn
      name: passenger
      receipt: receipt
      told_by: [on-board]
  cancelled:
    partner:
      partner: PARTNER
      wallet: award
      kind: {constant: return}
      external_id: {column: booking, prefix: back-}
      sale_id: booking
      amount: total
      earns: {units: 2, per: "1.00"}
      card: {column: member, prefix: AIR}
type: what
"""
ANSWERS = """\
mapping: agency-answers
title: What our agency answers
source: web-shop
events:
  "*":
    answer:
      partner: PARTNER
      line: entry
      answer: {column: verdict, values: {ok: accepted, no: disputed}}
      amount: ours
      reason: why
"""
COLUMNS = (
    "what", "booking", "travelled", "total", "currency", "member", "passenger", "receipt",
)  # fmt: skip
GOOD = "79927398713"
"""A number that ends right by Luhn."""


def luhn(bare: str) -> str:
    """The number with the digit that proves it."""
    for digit in "0123456789":
        total = 0
        for place, sign in enumerate(reversed(bare + digit)):
            value = int(sign) * (1 + place % 2)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return bare + digit
    raise AssertionError(bare)


def booked(booking: str, member: str, **said: str) -> dict[str, str]:
    """A row of such a file: 100.00 by Ada Sen, on 1 March 2026."""
    row = {
        "what": "booked",
        "booking": booking,
        "travelled": "01.03.2026",
        "total": "100.00",
        "currency": "EUR",
        "member": member,
        "passenger": "SEN/ADA MRS",
        "receipt": "",
    }
    return row | said


def written(*rows: dict[str, str]) -> str:
    """These rows as the agency writes them."""
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    return text.getvalue()


class Agency:
    """A partner of its own with a contract of 10.00 for 1,000 award miles, and its feed."""

    def __init__(self, counter: Counter, **agreed: Any) -> None:
        self.counter, self.shop = counter, counter.shop
        self.shop.at("2026-03-02T12:00")
        self.feed = Drop(counter, "mapping: none\ntitle: None\nsource: web-shop\nevents: {x: {}}\n")
        self.slug = f"agency-{self.feed.mark}"
        self.at = f"/v1/partners/{self.slug}"
        self.digits = luhn(str(int(self.feed.mark, 16)).zfill(9))
        self.card = f"AIR{self.digits}"
        self._done(counter.post("/v1/partners", {"slug": self.slug, "name": "Agency"}))
        contract = {
            "kind": "accrual",
            "wallet": "award",
            "price": {"minor": 1_000, "currency": "EUR"},
            "per_units": 1_000,
            "limit": {"minor": 10_000, "currency": "EUR"},
            "name_check": True,
            "from_at": "2026-02-01T00:00:00Z",
            "look_back_days": 60,
        }
        self._done(counter.post(f"{self.at}/contracts", contract | agreed))
        self.mapped(MAPPING)
        self.feed.from_folder()

    def mapped(self, mapping: str) -> None:
        """The feed is read so from now on."""
        own = mapping.replace("PARTNER", self.slug)
        own = own.replace("source: web-shop", f"source: web-{self.feed.mark}")
        answer = self.counter.ask("PATCH", self.feed.place, {"mapping": own})
        assert answer.status_code == 200, answer.text

    def ada(self) -> str:
        """Ada joins, with the card of this agency."""
        card = (Identifier("card", self.card),)
        self.shop.join(JoinMember(identifiers=card, given_name="Ada", family_name="Sen"))
        return self.digits

    def drops(self, name: str, *rows: dict[str, str]) -> list[tuple[str, str, str]]:
        """A file is dropped and booked; what became of all rows of the feed."""
        self.feed.put(name, written(*rows))
        self.feed.look()
        self.feed.book()
        return self.feed.states()

    def miles(self) -> int:
        """What Ada has."""
        return self.shop.balances(self.card).get("award", (0, 0, 0))[0]

    def balance(self) -> int:
        """What stands in its account: below nothing it owes us."""
        (mine,) = (
            one for one in self.counter.get("/v1/partners").json()["items"]
            if one["slug"] == self.slug
        )  # fmt: skip
        return int(mine["balance"]["minor"])

    def _done(self, answer: Any) -> None:
        assert answer.status_code == 201, answer.text

"""A shop where points pay for sales that come back, and a replay that must come to its books."""

from __future__ import annotations

import os
from datetime import timedelta

from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys, line
from tests.planted.replay.checks import days, differences

from regulars.flows.commands import Redeem
from regulars.records.activity.types import Payment
from regulars.records.members.types import MemberRef

PAYING = """
regulars: 1
program: paying
name: Paying
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}, negative: debt, comes_back: {days: 14}}
  notes: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: note, on: purchase, wallet: notes, award: {give: fixed, points: 3}}
  - {id: silver, on: purchase, wallet: points, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
tiers: {steps: [{id: bronze, at: 0}, {id: silver, at: "100.00"}]}
rewards:
  - {id: cup, name: A cup, price: {points: 20, notes: 2}, worth: "2.00"}
"""


def lives_paying(shop: Shop, name: str) -> None:
    """Sales paid with points that come back at once, in parts, after those points' end and after
    their member became another; and a sale told late that lifts what came after it."""
    shop.begin(PAYING, slug=name)
    ada, bob, eve = shop.joined("ada", "bob", "eve")
    shop.record(buys(ada, 5000, receipt="a1"), buys(bob, 5000, receipt="b1"))
    days(shop, 4)
    pays(shop, ada, "a2")
    pays(shop, bob, "b2")
    shop.record(brings_back("a2", (0, 1), receipt="r1"))
    days(shop, 2)
    shop.record(buys(eve, 4000, receipt="e1"))
    shop.record(buys(eve, 12000, receipt="e0", occurred_at=shop.now - timedelta(days=1)))
    days(shop, 8)
    shop.record(brings_back("a2", receipt="r2"))
    merge(shop, bob, eve)
    days(shop, 1)
    shop.record(brings_back("b2", receipt="r3"))
    days(shop, 3)


def pays(shop: Shop, whom: MemberRef, receipt: str) -> None:
    """Takes a cup and buys two things with it."""
    (taken,) = shop.redeem(Redeem(whom, "cup", capture=True))
    paid = {"payments": (Payment("points", 200, taken.redemption_id),)}
    shop.record(buys(whom, line(900), line(600), receipt=receipt, basket=paid))


def replays_what_paid(shop: Shop) -> None:
    lives_paying(shop, f"paying-{os.getpid()}")
    assert differences(shop) == []


CHECKS = (replays_what_paid,)

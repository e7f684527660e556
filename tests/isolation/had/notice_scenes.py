"""A kiosk that tells before points lapse, and asks its members to come by: for its nights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.isolation.scenes import NOON, Ask, key, of
from tests.makers import Shop, buys

from regulars.flows.commands import RecordActivity
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages

TELLING = """
regulars: 1
program: telling
name: The telling kiosk
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 3 months, round_up_to: day}, notice: {days: 10}}
  visits: {notice: {days: 10}, inactivity: {after: 2 months}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: visit, on: visit, wallet: visits, award: {give: fixed, points: 5}}
"""
_MESSAGE = """
select message_id from message join identifier using (program_id, member_id)
 where program_id = $1 and value = $2
"""
_UNLISTED = """
delete from idle_clock where program_id = $1 and member_id in (
       select member_id from identifier where program_id = $1 and value = any($2::text[]))
"""
_UNWALKED = "delete from idle_walk where program_id = $1"


def lapsing_soon(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Points that lapse in eleven days, of which nobody was told."""
    shop.joined(*(f"a{n}" for n in ns))
    shop.now = NOON - timedelta(days=80)
    shop.record(*(buys(of("a", n), 900) for n in ns))
    shop.now = NOON
    return [None] * len(ns)


def told(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A notice of it lies in the inbox."""
    lapsing_soon(shop, ns)
    shop.night("post_notices")
    return [shop.rows(_MESSAGE, f"a{n}")[0][0] for n in ns]


def shows(n: int, message_id: Any) -> Ask:
    """It is shown."""
    return deliver_messages, [Deliver(message_id, "card", asked=key(n, "x"))]


def left_alone(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A visit fifty days ago: in eleven days its points are over for want of another."""
    shop.now = NOON
    shop.joined(*(f"a{n}" for n in ns))
    shop.record(*(RecordActivity("visit", of("a", n)) for n in ns))
    shop.now = NOON + timedelta(days=50)
    return [None] * len(ns)


def unlisted(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A visit from before the shop asked for visits, so that nobody is listed to be looked at."""
    shop.now = NOON
    shop.joined(*(f"a{n}" for n in ns))
    shop.record(*(RecordActivity("visit", of("a", n)) for n in ns))
    shop.rows(_UNLISTED, [f"a{n}" for n in ns])
    shop.rows(_UNWALKED)
    shop.now = NOON + timedelta(days=1)
    return [None] * len(ns)

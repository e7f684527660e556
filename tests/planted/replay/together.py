"""A shop whose points move between people and times, and a replay that must come to its books."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from tests.flows.points.sharing import give, household, merge, take_together, unmerge, write_off
from tests.makers import Shop, brings_back, buys
from tests.planted.replay.checks import days, differences

from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.points.commands import ExtendLot, ReinstatePoints
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.records.members.types import MemberRef

TOGETHER = """
regulars: 1
program: together
name: Together
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    negative: debt
    write_off_after: 6 days
    transfers: {limit: {points: 1000, per: month}}
  notes: {expiry: {after: 8 days, round_up_to: day}, notice: {days: 2}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: note, on: purchase, wallet: notes, award: {give: fixed, points: 3}}
tiers:
  steps: [{id: silver, at: "50.00"}, {id: gold, at: "120.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
household: {most_members: 3}
"""
_LOT = """
select lot_id from lot where program_id = $1 and cause_id = $2 and member_id = $3
                         and wallet = (select code from program_code
                                        where program_id = $1 and name = 'points')
"""
_UNSHOWN = """
select message_id from message where program_id = $1 and delivered_at is null order by message_id
"""
SAID = {"reason": "as agreed", "actor": "Olga"}


def lives_together(shop: Shop, name: str) -> None:
    """Gifts, a household's reward, two members who were one for a while, courtesies, debts that
    are forgiven by hand and by the night, notices that were shown and that were not."""
    shop.begin(TOGETHER, slug=name)
    ada, bob, eve, dan, fay = shop.joined("ada", "bob", "eve", "dan", "fay")
    home = household(shop, ada, bob)
    sold = shop.record(buys(ada, 4000, receipt="ada1"), buys(eve, 4000, receipt="eve1"))
    _, only = shop.record(buys(dan, 9000, receipt="dan1"), buys(fay, 2000, receipt="fay1"))
    days(shop, 1)
    sold += shop.record(buys(bob, 4000, receipt="bob1"), buys(dan, 500, receipt="dan2"))
    shop.record(buys(eve, 99, receipt="eve2"))
    give(shop, eve, ada, 25)
    take_together(shop, home, bob, "cup")
    shop.record(brings_back("eve1", receipt="b1"))
    days(shop, 1)
    longer(shop, bob, sold[2])
    longer(shop, ada, sold[0])
    merge(shop, eve, dan)
    days(shop, 3)
    unmerge(shop, sold[1].member_id)
    shop.ask(deliver_messages, *(Deliver(*row) for row in shop.rows(_UNSHOWN)[::2]))
    days(shop, 8)
    again(shop, fay, only)
    shop.record(buys(ada, 100, receipt="ada2"), buys(bob, 3000, receipt="bob2"))
    give(shop, bob, eve, 25)
    shop.record(brings_back("bob2", receipt="b2"))
    write_off(shop, bob)
    days(shop, 9)


def longer(shop: Shop, whom: MemberRef, sold: Any) -> None:
    until = shop.now + timedelta(days=30)
    (done,) = shop.ask(extend_lots, ExtendLot(whom, _lot(shop, sold), until, **SAID))
    assert done.units, done


def again(shop: Shop, whom: MemberRef, sold: Any) -> None:
    (done,) = shop.ask(reinstate_points, ReinstatePoints(whom, _lot(shop, sold), **SAID))
    assert done.units, done


def _lot(shop: Shop, sold: Any) -> Any:
    return shop.rows(_LOT, sold.activity_id, sold.member_id)[0][0]


def replays_moved_points(shop: Shop) -> None:
    lives_together(shop, f"moved-{os.getpid()}")
    assert differences(shop) == []


CHECKS = (replays_moved_points,)

"""A house with a lounge for guests and a stylist by appointment, and how its tests speak."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tests.flows.points.sharing import member_id
from tests.makers import Shop, buys

from regulars.engine.deciding.benefit import Occasion
from regulars.engine.rewarding.including.appointments import Slot
from regulars.engine.rewarding.including.guests import ALONE
from regulars.flows.membership.benefits.keep_appointments import miss_uses, move_uses, show_slots
from regulars.flows.membership.benefits.use_benefits import show_benefits, undo_uses, use_benefits
from regulars.flows.membership.commands import Guest, MissUse, MoveUse, UndoUse, UseBenefit
from regulars.records.members.types import MemberRef

HOUSE = """
regulars: 1
program: house
name: The House
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: calendar_year
  valid: window_end
  returned_credit: revoke_now
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}, {id: black, at: "400.00"}]
benefits:
  - id: lounge
    name: The lounge
    tier: gold
    allowance: {times: 4, per: reached, good_for: 12 months}
    guests: {most: 2}
    worth: "30.00"
    cost: "12.00"
  - {id: welcome, name: A welcome, allowance: {times: 1, per: reached, good_for: 30 days}}
  - {id: evening, name: An evening, guests: {most: 3, counts: false, who: others}}
  - {id: family, name: Family, guests: {most: 1, who: members}, allowance: {times: 3, per: year}}
  - id: stylist
    name: An hour with a stylist
    tier: gold
    allowance: {times: 3, per: month}
    guests: {most: 1, counts: false}
    appointments:
      hours: [{on: [tue, thu], from: "10:00", until: "12:30"}]
      lasts: 60
      places: 2
      ahead: 60 days
      cancel_until: 24 hours
  - id: fitting
    name: A fitting
    appointments:
      hours: [{on: [mon, tue, wed, thu, fri, sat, sun], from: "09:00", until: "10:00"}]
      lasts: 30
      missed: given_back
    allowance: {times: 1, per: month}
"""
ADA, BEN, CEM = (MemberRef(external=name) for name in ("ada", "ben", "cem"))


def opened(shop: Shop) -> Shop:
    """Ada and Ben are gold, Cem is nothing; it is noon of a day in July."""
    shop.at("2026-07-06T12:00")
    ada, ben, _ = shop.joined("ada", "ben", "cem")
    shop.record(buys(ada, 20_000), buys(ben, 20_000))
    return shop


def take(shop: Shop, member: MemberRef, benefit: str, *guests: str | MemberRef, **more: Any) -> Any:
    along = tuple(Guest(name=one) if isinstance(one, str) else Guest(member=one) for one in guests)
    wish = UseBenefit(member, benefit, guests=along, **more)
    (outcome,) = shop.ask(use_benefits, wish)
    return outcome


def back(shop: Shop, use_id: UUID, **more: Any) -> Any:
    (outcome,) = shop.ask(undo_uses, UndoUse(use_id, **more))
    return outcome


def move(shop: Shop, use_id: UUID, at: datetime, **more: Any) -> Any:
    (outcome,) = shop.ask(move_uses, MoveUse(use_id, at, **more))
    return outcome


def missed(shop: Shop, use_id: UUID) -> Any:
    (outcome,) = shop.ask(miss_uses, MissUse(use_id))
    return outcome


def may(shop: Shop, external: str, benefit: str, **more: Any) -> Any:
    occasion = Occasion(benefit, shop.now, party=more.pop("party", ALONE), **more)
    who = member_id(shop, external)
    ((_, answer),) = shop.do(lambda tx, terms: show_benefits(tx, terms, who, [occasion]))
    return answer


def slots(shop: Shop, benefit: str, on: str, store: str = "") -> list[Slot]:
    day = date.fromisoformat(on)
    return shop.do(lambda tx, terms: show_slots(tx, terms, benefit, store, day))


def counted(shop: Shop, benefit: str) -> list[tuple[int, int]]:
    """Per period and what is counted in it."""
    query = (
        "select period, value from counter c join program_code k using (program_id) "
        "where program_id = $1 and k.kind = 'counter' and k.code = c.counter "
        f"and k.name like 'benefit:{benefit}:%' and value > 0 order by period"
    )
    return [tuple(row) for row in shop.rows(query)]

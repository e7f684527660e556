"""Houses with a ladder, and what is asked about tiers given by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.makers import Shop

from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import Challenge, GiveTier, TierGiven, TurnGrant
from regulars.records.members.types import MemberRef

LADDER = """
tiers:
  window: calendar_year
  steps:
    - {id: silver, at: "100.00"}
    - {id: gold, at: "200.00"}
    - {id: black, at: "500.00", by: invitation}
"""
HOUSE = """
regulars: 1
program: maison
name: Maison
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: gold-again
    on: purchase
    wallet: points
    when: {if: tier, at_least: gold}
    award: {give: fixed, points: 1000, stage: bonus}
"""
MAISON = HOUSE + LADDER
ADA, BEN = (MemberRef(external=name) for name in ("ada", "ben"))
SAID: Any = {"reason": "a friend of the house", "actor": "Olga"}


def give(shop: Shop, member: MemberRef, tier: str, **more: Any) -> Any:
    wish = {"kind": "granted", **SAID, **more}
    (outcome,) = shop.ask(give_tiers, GiveTier(member, tier=tier, **wish))
    return outcome


def match(shop: Shop, member: MemberRef, credit: int, days: int, **more: Any) -> Any:
    more = {"tier": "gold", "proof": "their card", **more}
    return give(shop, member, kind="matched", challenge=Challenge(credit, days), **more)


def invite(shop: Shop, member: MemberRef, tier: str = "black") -> Any:
    return give(shop, member, tier, kind="invited")


def turn(shop: Shop, given: TierGiven, what: Any, **more: Any) -> Any:
    (outcome,) = shop.ask(turn_grants, TurnGrant(given.grant_id, what, **{**SAID, **more}))
    return outcome


def stands(shop: Shop, external: str = "ada") -> tuple[str | None, str | None]:
    """The tier as it is kept, and the shop's wall clock at its end."""
    sql = """select s.tier, s.tier_until from standing s join identifier i
               using (program_id, member_id) where s.program_id = $1 and i.value = $2"""
    ((tier, until),) = shop.rows(sql, external)
    return tier, None if until is None else at_wall(shop, until)


def at_wall(shop: Shop, at: datetime) -> str:
    return at.astimezone(shop.zone).strftime("%Y-%m-%d %H:%M")


def moves(shop: Shop) -> list[tuple[str | None, str | None, str, str]]:
    """Every move of tiers: from, to, why, and when by the shop's clock."""
    sql = """select from_tier, to_tier, reason, occurred_at from tier_move
              where program_id = $1 order by move_id"""
    return [(a, b, why, at_wall(shop, at)) for a, b, why, at in shop.rows(sql)]

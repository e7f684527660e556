"""A roastery with a plan by the month and one by the year, and the words of its till."""

from __future__ import annotations

from typing import Any

from tests.makers import Shop

from regulars.engine.deciding.benefit import Occasion
from regulars.flows.membership.benefits.use_benefits import show_benefits
from regulars.flows.membership.plans.commands import StartMembership, TurnMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.records.members.types import MemberRef

ROASTERY = """
regulars: 1
program: roastery
name: Roastery
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
benefits:
  - {id: delivery, name: Free delivery, plan: plus, worth: "4.90"}
  - {id: tasting, name: A tasting, plan: club, worth: "15.00"}
plans:
  - id: plus
    name: Plus
    fee: "10.00"
    term: month
    trial: 14 days
    grace: 7 days
    pause: 3 months
    gives: {wallet: points, points: 100}
  - {id: club, name: Club, fee: "25.00", term: month, refund: rest}
  - id: year
    name: A year
    fee: "100.00"
    grace: 10 days
    meanwhile: frozen
    price_notice: 30
    gives: {wallet: points, points: 50, on: renewals, claw_back: false}
"""
ADA, BEN = (MemberRef(external=name) for name in ("ada", "ben"))


def start(shop: Shop, member: MemberRef = ADA, plan: str = "plus", **more: Any) -> Any:
    (outcome,) = shop.ask(start_memberships, StartMembership(member, plan, **_money(more)))
    return outcome


def turn(shop: Shop, begun: Any, what: Any, **more: Any) -> Any:
    command = TurnMembership(begun.membership_id, what, **_money(more))
    (outcome,) = shop.ask(turn_memberships, command)
    return outcome


def _money(said: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "EUR"} | said if "amount_minor" in said else said


def may(shop: Shop, external: str, benefit: str) -> str:
    """Whether a member may use a benefit now: `yes`, or the code of why not."""
    (who,) = shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", external
    )[0]
    occasion = Occasion(benefit, shop.now)
    ((_, answer),) = shop.do(lambda tx, terms: show_benefits(tx, terms, who, [occasion]))
    return "yes" if answer.no is None else str(answer.no.code)


def until(shop: Shop, stands: Any) -> str:
    """When the term is over, by the clock of the shop."""
    return str(stands.until_at.astimezone(shop.terms.at(shop.now).zone).isoformat()[:16])

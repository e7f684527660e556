"""The flows for money on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.commands import member
from tests.model.events import Answer, Banks, Bounces, PaysOut, Settles, Subscribes, Turns, parts
from tests.model.money.plans_in_memory import REASON

from regulars.base.faults import Fault, Refused
from regulars.flows.membership.plans.commands import StartMembership, TurnMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.points.payouts.commands import (
    PayoutReturned,
    PayoutsRun,
    ReturnPayout,
    RunPayouts,
    SetAccount,
)
from regulars.flows.points.payouts.keep_accounts import set_accounts
from regulars.flows.points.payouts.return_payouts import return_payouts
from regulars.flows.points.payouts.run_payouts import run_payouts
from regulars.records.members.types import Asked

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

_NUMBERS = ("", "DE89370400440532013000", "GB82WEST12345698765432")
_PAID = """
select i.value, p.redemption_id from payout p
  join identifier i on i.program_id = p.program_id and i.member_id = p.member_id
 where p.program_id = $1 and i.kind in ('external', 'card')
"""


def with_banks(driver: OnPostgreSQL, event: Banks | PaysOut | Bounces) -> Answer:
    """Ask for it; what it answers."""
    shop = driver.shop
    if isinstance(event, Banks):
        whom = member(event.who)
        assert whom is not None, event
        command = SetAccount(whom, "Ada", _NUMBERS[event.number], actor="Olga")
        return _told(shop.ask(set_accounts, command)[0])
    if isinstance(event, Bounces):
        payout = driver.redemptions[event.name]
        back = ReturnPayout(payout, event.reference, "AC04", actor="Olga")
        return _told(shop.ask(return_payouts, back)[0])
    run = RunPayouts("Kiosk", _NUMBERS[1], reference=event.reference, actor="Olga")
    answer = _told(shop.ask(run_payouts, run)[0])
    known = set(driver.redemptions.values())
    for name, redemption_id in shop.rows(_PAID):
        if redemption_id not in known:
            before = [one for one in driver.redemptions if one.startswith(f"out-{name}-")]
            driver.redemptions[f"out-{name}-{len(before) + 1}"] = redemption_id
    return answer


def _told(outcome: Any) -> Answer:
    if isinstance(outcome, Fault | Refused):
        return Answer(outcome.code)
    if isinstance(outcome, PayoutsRun):
        return Answer("paid", (("payouts", outcome.payouts), ("total", outcome.total_minor)))
    if isinstance(outcome, PayoutReturned):
        return Answer("bounced", balances=parts(outcome.balances))
    return Answer("banked")


def with_plans(driver: OnPostgreSQL, event: Subscribes | Turns) -> Answer:
    """Tell it; where the membership stands then."""
    reason, asked = REASON if event.agreed else "", Asked("till", event.key)
    said: dict[str, Any] = {"amount_minor": event.amount, "reason": reason, "asked": asked}
    own = driver.shop.terms.versions[-1].program.currency
    said["currency"] = "" if event.amount is None else own
    if isinstance(event, Subscribes):
        whom = member(event.who)
        assert whom is not None, event
        start = StartMembership(whom, event.plan, event.trial, **said)
        (outcome,) = driver.shop.ask(start_memberships, start)
    else:
        at: Any = "now" if event.at_once else "period_end"
        what: Any = event.what
        turn = TurnMembership(driver.plans[event.name], what, at=at, plan=event.plan, **said)
        (outcome,) = driver.shop.ask(turn_memberships, turn)
    if isinstance(outcome, Fault | Refused):
        return Answer(outcome.code)
    driver.plans.setdefault(event.name, outcome.membership_id)
    told = () if outcome.due_minor is None else (("due", outcome.due_minor),)
    amounts = (("left", outcome.paid_minor), ("paid", outcome.amount_minor), *told)
    ends = outcome.wait_until.isoformat() if outcome.wait_until else ""
    balances = parts(outcome.balances)
    return Answer(outcome.state, amounts, (), balances, outcome.until_at.isoformat(), ends)


def settles(driver: OnPostgreSQL, _: Settles) -> Answer:
    """The duty gives and takes back prizes."""
    driver.shop.night("settle_prizes", most=driver.at_once)
    return Answer("settled")


APART: dict[type, Callable[[Any, Any], Answer]] = {
    Banks: with_banks, PaysOut: with_banks, Bounces: with_banks,
    Subscribes: with_plans, Turns: with_plans, Settles: settles,
}  # fmt: skip
"""What is asked for one by one, each in its own way."""

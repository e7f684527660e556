"""The flows for money on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.model.commands import member
from tests.model.events import Answer, Banks, Bounces, PaysOut, parts

from regulars.base.faults import Fault, Refused
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

"""Program processes that give or take points which somebody else worked out.

Source: Salesforce Loyalty Management, Loyalty Program Process, `POST connect/loyalty/programs/
{programName}/program-processes/{processName}`; Credit Points to Members, Debit Points from Members.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.engine.terms import Terms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.outlets.salesforce.spoken.errors import (
    PREFIX,
    ErrorTold,
    Wrong,
    said,
)
from regulars.surfaces.connect.outlets.salesforce.spoken.journals import (
    MOST_DIGITS,
    is_meant,
    whose,
)
from regulars.surfaces.connect.outlets.salesforce.spoken.wire import (
    ResultsTold,
    RunDone,
    RunsDone,
    RunSent,
    RunTold,
    points,
)

CREDITS: Final = ("creditpoints", "creditpointstomembers")
DEBITS: Final = ("debitpoints", "debitpointsfrommembers")
LARGEST: Final = 1 << 53
_NO_NUMBER: Final = "ExternalTransactionNumber is missing: by it a process counts once"


async def run(call: Call) -> Reply:
    """Points are given, or taken, for each of the process's parameters.

    Keeps: each counts once by its number, process, member and kind of points; sent again, all that
    was booked is answered as it was, so that a list of which one failed is mended and sent again
    whole.
    """
    sent: RunSent = call.sent
    terms = await call.terms()
    is_meant(terms, call)
    name = re.sub(r"[^a-z]", "", call.ids["process"].lower())
    if name not in (*CREDITS, *DEBITS):
        says = "there is no such process here; CreditPointsToMembers and DebitPointsFromMembers are"
        raise NotFound(says, field="/process")
    sign = 1 if name in CREDITS else -1
    outcomes = await asyncio.gather(*(_booked(call, terms, one, sign) for one in sent.each))
    return Reply(_told(terms, sign, outcomes))


def _told(terms: Terms, sign: int, outcomes: Sequence[Any]) -> RunTold:
    wallets = terms.versions[-1].program.wallets
    wrong: list[ErrorTold] = []
    done: list[RunDone] = []
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, Adjusted):
            scale = wallets[outcome.wallet].scale if outcome.wallet in wallets else 0
            told = points(abs(outcome.units), scale)
            one = RunDone(points_credited=told) if sign > 0 else RunDone(points_debited=told)
            done.append(one)
            continue
        error = said(outcome, f"processParameters[{place}]")
        if error is None:
            raise outcome
        wrong.append(error)
    if wrong:
        raise Wrong(wrong)
    return RunTold(None, RunsDone(ResultsTold(done)), {}, True)


async def _booked(call: Call, terms: Terms, one: Any, sign: int) -> Any:
    """What came of one; what is wrong with it is an outcome and no exception."""
    try:
        command = _command(call, terms, one, sign)
        outcome = await call.given.gate.submit(call.caller.program_id, adjust_balances, command)
        return granted(outcome)
    except (Fault, No) as error:
        return error


def _command(call: Call, terms: Terms, one: Any, sign: int) -> Adjust:
    """The correction that a process is. Faults: Invalid with the field as they call it."""
    journal, number = one.transaction_journal, one.transaction_journal.external_transaction_number
    if not number:
        place = "/TransactionJournal/ExternalTransactionNumber"
        raise Invalid(_NO_NUMBER, field=place, mend="Send a receipt number")
    field = "PointsToCredit" if sign > 0 else "PointsToDebit"
    amount = one.points_to_credit if sign > 0 else one.points_to_debit
    wallet = _wallet(terms, one.program_currency_name)
    scale = terms.versions[-1].program.wallets[wallet].scale
    principal = call.caller.principal
    return Adjust(
        member=whose(journal),
        wallet=wallet,
        units=sign * _units(amount, scale, field),
        reason=f"Salesforce {number}",
        actor=principal,
        # Not by the key that asks: with a new one it would count once more.
        asked=Asked("salesforce", f"salesforce {field} {wallet} {_named(journal)} {number}"),
    )


def _named(journal: Any) -> str:
    return journal.membership_number or journal.member_id


def _wallet(terms: Terms, name: str) -> str:
    """The wallet of this name or id; the first of the program where none is named."""
    wallets = terms.versions[-1].program.wallets
    found = [id_ for id_, one in wallets.items() if not name or name in (id_, one.name)]
    if not found:
        raise Invalid(
            "There is no such kind of points here",
            field="/ProgramCurrencyName",
            mend=f"Send one of {', '.join(wallets)}, or leave it out",
        )
    return found[0]


def _units(amount: Decimal | None, scale: int, field: str) -> int:
    if amount is not None and amount.is_finite() and abs(amount.adjusted()) < MOST_DIGITS:
        units = amount.scaleb(scale)
        if units == units.to_integral_value() and 0 < units < LARGEST:
            return int(units)
    raise Invalid("This is no number of points", field=f"/{field}", mend="Send it as 100")


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/services/data/{{version}}/connect/loyalty/programs/{{program}}"
        "/program-processes/{process}",
        name="salesforce_run_process",
        tag="Salesforce",
        says="Points that somebody else worked out are given or taken",
        scopes=(Scope.ADJUSTMENTS_WRITE,),
        sent=RunSent,
        answers={200: RunTold},
        once=Once.AGAIN,
        do=run,
    ),
)

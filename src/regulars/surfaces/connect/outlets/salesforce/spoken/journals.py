"""Transaction journals are processed: each is an activity, which counts once by its number.

Source: Salesforce Loyalty Management, Transaction Journals Execution,
`POST connect/realtime/loyalty/programs/{programName}`.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.money import decimals
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.types import Scope
from regulars.records.activity.types import Body
from regulars.records.members.types import Asked, MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.outlets.salesforce.spoken.errors import (
    PREFIX,
    ErrorTold,
    Wrong,
    said,
)
from regulars.surfaces.connect.outlets.salesforce.spoken.results import Done, done_of
from regulars.surfaces.connect.outlets.salesforce.spoken.wire import (
    JournalSent,
    JournalsSent,
    JournalsTold,
    JournalTold,
    PointsTold,
    SummaryTold,
    points,
)

SOURCE: Final = "salesforce-journals"
"""By which name receipts of such clients are known in our books, for ever."""
_ACCRUAL: Final = "accrual"
_KIND: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MOST_DIGITS: Final = 16
_NO_NUMBER: Final = "ExternalTransactionNumber is missing: by it a journal counts once"


async def book(call: Call) -> Reply:
    """Every journal is booked, or it is said of each that is not why.

    Keeps: sent again, all that was booked before is answered as it was, so that a list of which
    one failed is mended and sent again whole.
    """
    sent: JournalsSent = call.sent
    terms = await call.terms()
    name = is_meant(terms, call)
    if sent.runSetting.isSimulation:
        mend = "Use POST /v1/activities/preview"
        raise Invalid("Nothing is simulated here", field="/runSetting/isSimulation", mend=mend)
    outcomes = await asyncio.gather(
        *(_booked(call, terms, one) for one in sent.transactionJournals)
    )
    wrong: list[ErrorTold] = []
    told: list[JournalTold] = []
    done: list[Done] = []
    for place, (one, outcome) in enumerate(zip(sent.transactionJournals, outcomes, strict=True)):
        if isinstance(outcome, Recorded):
            told.append(_told(name, terms, one, outcome))
            done.append((one, outcome))
            continue
        error = said(outcome, f"transactionJournals[{place}]")
        if error is None:
            raise outcome
        wrong.append(error)
    if wrong:
        raise Wrong(wrong)
    return Reply(JournalsTold(True, None, told, done_of(terms, done), name), 201)


def is_meant(terms: Terms, call: Call) -> str:
    """The name of the program, where it is the one in the address: its name, its slug, or `main`.

    Faults: NotFound.
    """
    program = terms.at(call.now).program
    if call.ids["program"] not in (program.name, terms.slug, "main"):
        raise NotFound("there is no such loyalty program here; `main` is yours", field="/program")
    return program.name


async def _booked(call: Call, terms: Terms, one: JournalSent) -> Any:
    """What came of one; what is wrong with it is an outcome and no exception."""
    try:
        command = _command(call, terms, one)
        outcome = await call.given.gate.submit(call.caller.program_id, record_activities, command)
        return granted(outcome)
    except (Fault, No) as error:
        return error


def _command(call: Call, terms: Terms, one: JournalSent) -> RecordActivity:
    """The activity a journal tells. Faults: Invalid with the field as they call it."""
    if not one.external_transaction_number:
        raise Invalid(_NO_NUMBER, field="/ExternalTransactionNumber", mend="Send a receipt number")
    program = terms.at(call.now).program
    amount = one.transaction_amount
    return RecordActivity(
        kind=_kind(one),
        member=whose(one),
        occurred_at=_when(one.activity_date),
        source=SOURCE,
        external_id=one.external_transaction_number,
        store=one.establishment,
        channel=one.channel.lower(),
        amount_minor=None if amount is None else _minor(amount, one, program.currency),
        body=Body(),
        currency=_currency(one, program.currency),
        asked=Asked(call.caller.principal),
    )


def _kind(one: JournalSent) -> str:
    """`purchase` where it says what was paid, else what its sub-type is called.

    Example: the sub-type `Store Visit` is the kind `store-visit`.
    """
    said_type = (one.journal_type_name or one.journal_type_id).strip().lower()
    if said_type != _ACCRUAL:
        mend = "Send Accrual; points are spent for rewards, by POST /v1/redemptions"
        says = (
            f"{(one.journal_type_name or one.journal_type_id)[:40]!r} is no journal of this house"
        )
        raise Invalid(says, field="/JournalTypeName", mend=mend)
    if one.transaction_amount is not None:
        return "purchase"
    kind = re.sub(r"[^a-z0-9]+", "-", one.journal_sub_type_name.lower()).strip("-")
    if len(kind) > 40 or _KIND.fullmatch(kind) is None:
        mend = "Send TransactionAmount, or a JournalSubTypeName such as Store Visit"
        raise Invalid("Nothing says what was done", field="/JournalSubTypeName", mend=mend)
    return kind


def whose(one: JournalSent) -> MemberRef:
    """Whom a journal names, by number or id. Faults: Invalid."""
    if one.membership_number:
        return MemberRef(number=one.membership_number)
    id_ = meant("mem", one.member_id)
    if id_ is None:
        mend = "Send MembershipNumber, or the MemberId of a profile"
        raise Invalid("Nothing says whose it is", field="/MembershipNumber", mend=mend)
    return MemberRef(id=id_)


def _when(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        mend = "Write it as 2026-03-02T12:00:00Z"
        raise Invalid("This is no moment with its offset", field="/ActivityDate", mend=mend)
    return at


def _minor(amount: Decimal, one: JournalSent, currency: str) -> int:
    """In whole minor units, of its own currency."""
    scale = decimals(_currency(one, currency) or currency)
    if amount.is_finite() and abs(amount.adjusted()) < MOST_DIGITS:
        minor = amount.scaleb(scale)
        if minor == minor.to_integral_value() and 0 <= minor < 1 << 53:
            return int(minor)
    says = "this is no amount, or has more decimals than its currency"
    raise Invalid(says, field="/TransactionAmount", mend="Send it as 12.50")


def _currency(one: JournalSent, own: str) -> str:
    said_in = one.currency_iso_code.upper()
    return "" if said_in == own else said_in


def _told(name: str, terms: Terms, one: JournalSent, done: Recorded) -> JournalTold:
    wallets = terms.versions[-1].program.wallets
    told = [
        PointsTold(wallet, points(units, wallets[wallet].scale))
        for wallet, units in done.earned.items()
        if units and wallet in wallets
    ]
    return JournalTold(
        shown("act", done.activity_id), one.external_transaction_number, name,
        shown("mem", done.member_id), "Accrual", "Processed", SummaryTold(told),
    )  # fmt: skip


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/services/data/{{version}}/connect/realtime/loyalty/programs/{{program}}",
        name="salesforce_process_journals",
        tag="Salesforce",
        says="Transaction journals are processed",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=JournalsSent,
        answers={201: JournalsTold},
        once=Once.AGAIN,
        do=book,
    ),
)

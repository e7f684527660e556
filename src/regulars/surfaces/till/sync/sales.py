"""What a till can take back, or credit late: purchases by their receipt or by who bought."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.returning.payments import nets_told
from regulars.engine.returning.sale import pieces_sold
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.recording.sales import LATE
from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.access.types import Scope
from regulars.records.activity import read
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.members.types import MemberRef
from regulars.records.members.unions import read as unions
from regulars.records.trail import read as trails
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day
from regulars.surfaces.api.operations.recording import replied
from regulars.surfaces.api.strict.ids import required, shown
from regulars.surfaces.api.wire.activities import ActivityRecorded, shown_member
from regulars.surfaces.api.wire.parts import (
    Id,
    Money,
    SaleName,
    Text,
    Whom,
    member_of,
    sale_of,
)
from regulars.surfaces.till.sync import examples
from regulars.surfaces.till.sync.devices import working
from regulars.surfaces.till.sync.receipts import MOST_SALES, by_receipt


class SalesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """By the receipt, or by who bought; both say what a late credit would bring them."""

    receipt: Text | UnsetType = UNSET
    member: Id | UnsetType = UNSET


class SaleLine(Struct, frozen=True):
    """One line of a purchase, and how many of its pieces can still come back."""

    line: int
    """Its place, counted from 0."""
    name: str
    quantity: int
    left: int
    amount: Money
    paid: Money | UnsetType = UNSET
    """Where it was paid in another currency: what it cost there."""


class TillSale(Struct, frozen=True):
    """A purchase as a cashier needs it."""

    id: str
    member_id: str | None
    occurred_at: datetime
    source: str
    receipt: str
    store: str
    amount: Money
    left: int
    """Pieces that can still come back, of all lines; of a purchase without lines, minor units."""
    lines: list[SaleLine]
    """None where the purchase was told as one amount."""
    credits: dict[str, int] | None
    """What a late credit would bring the member asked about; nothing where it cannot be."""
    paid: Money | UnsetType = UNSET
    """Where it was paid in another currency: what it came to there, which is what comes back;
    `amount` is what it counts, and `left` of one without lines is in minor units of `paid`."""


class TillSales(Struct, frozen=True):
    """Purchases, the latest first."""

    server_at: datetime
    items: list[TillSale]


class LateCreditSent(Struct, frozen=True, forbid_unknown_fields=True):
    """This purchase, which named nobody, was this member's."""

    sale: SaleName
    member: Whom


async def look(call: Call) -> Reply:
    """Purchases by their receipt, or by who bought."""
    till, query = await working(call), call.query
    who = None if query.member is UNSET else required("mem", query.member, "/member")
    if not query.receipt and who is None:
        raise Invalid("say a receipt or a member", field="/receipt")

    async def see(tx: Tx, terms: Terms) -> TillSales:
        if query.receipt:
            found = await by_receipt(tx, till, query.receipt)
        else:
            whose = await unions.family(tx, [who] if who else [])
            found = await read.bought(tx, whose, MOST_SALES)
        currency = terms.versions[-1].program.currency
        shown_ = [await _shown(tx, terms, one, currency, who) for one in found]
        return TillSales(call.now, shown_)

    return Reply(await call.read(see))


async def _shown(tx: Tx, terms: Terms, sold: Activity, currency: str, who: UUID | None) -> TillSale:
    trail = await trails.of_sales(tx, [sold.member_id], [sold.activity_id])
    steps, pieces = trail.get(sold.activity_id, []), pieces_sold(sold)
    # What was decided elsewhere, and came over without its steps, cannot come back here.
    back = max((one.steps.returned for one in steps), key=sum, default=pieces)
    back = back or (0,) * len(pieces)
    left = [had - came for had, came in zip(pieces, back, strict=True)]
    paid = sold.body.paid_in
    printed = sold
    if sold.source == LATE:  # credited afterwards: the guest holds the receipt of nobody's
        told = await read.one(tx, UUID(hex=sold.external_id))
        printed = told.activity if told else sold
    return TillSale(
        id=shown("act", sold.activity_id),
        member_id=shown_member(sold.member_id),
        occurred_at=sold.occurred_at,
        source=printed.source,
        receipt=printed.external_id,
        store=sold.store,
        amount=Money(sold.amount_minor, currency),
        left=sum(left),
        lines=[
            SaleLine(at, one.name or one.sku or one.category, one.quantity, left[at],
                     Money(one.amount_minor - one.discount_minor, currency),
                     Money(nets_told(sold.body)[at], paid.currency) if paid else UNSET)
            for at, one in enumerate(sold.body.lines)
        ],
        credits=await _credits(tx, terms, sold, who) if left != [0] * len(left) else None,
        paid=Money(paid.amount_minor, paid.currency) if paid else UNSET,
    )  # fmt: skip


async def _credits(tx: Tx, terms: Terms, sold: Activity, who: UUID | None) -> Any:
    """What this purchase to nobody would have brought this member."""
    if who is None or sold.member_id != NOBODY:
        return None
    wish = RecordActivity(
        kind="purchase",
        member=MemberRef(id=who),
        occurred_at=sold.occurred_at,
        store=sold.store,
        channel=sold.channel,
        amount_minor=sold.amount_minor,
        body=sold.body,
    )
    (outcome,) = await preview_activities(tx, terms, [wish])
    return outcome.earned if isinstance(outcome, Recorded) else None


async def credit(call: Call) -> Reply:
    """A purchase that named nobody is a member's."""
    sent: LateCreditSent = call.sent
    wish = CreditLate(sale_of(sent.sale), member_of(sent.member), call.asked)
    outcome = await call.given.gate.submit(call.caller.program_id, credit_late, wish)
    return replied(outcome, call.key, receipt=False)


_operation = partial(Operation, tag="Tills")
OPERATIONS: Final = (
    _operation(
        method="GET",
        path="/v1/till/sales",
        name="find_sales",
        says="Purchases by their receipt, or by who bought",
        notes="With `receipt`, those that any till system of this store gave it; with `member`, "
        "what they bought last; with both, what a late credit of it would bring the member.",
        scopes=(Scope.TILL,),
        query=SalesQuery,
        answers={200: TillSales},
        answer_example=examples.SALES,
        codes=("not_found", "gone", "invalid"),
        do=look,
    ),
    _operation(
        method="POST",
        path="/v1/late-credits",
        name="credit_late",
        says="A purchase that named nobody is a member's",
        notes="As if they had been named then: dated as it was, decided as it was, within the days "
        "of `late_credit_days`. It is taken back from nobody, so that every sum stays; returns by "
        "its receipt find the member's. Counts once, whoever asks.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=LateCreditSent,
        answers={201: ActivityRecorded},
        example=examples.LATE_CREDIT,
        answer_example=every_day.RECORDED,
        codes=(
            "unknown_sale",
            "unknown_member",
            "credited_already",
            "too_late_to_credit",
            "member_blocked",
            "member_erased",
            "own_membership",
        ),
        do=credit,
    ),
)

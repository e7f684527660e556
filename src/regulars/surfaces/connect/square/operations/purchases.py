"""What a purchase earns: asked beforehand, or booked for an order that was paid."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.tills.bills.commands import CreditBill
from regulars.flows.tills.bills.credit_bills import credit_bills
from regulars.records.access.types import Scope
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import Asked, MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key, natural_key
from regulars.records.tills.bills.types import SOURCE
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations.accounts import account_at
from regulars.surfaces.connect.square.operations.orders import amount_of, order_at
from regulars.surfaces.connect.square.telling import promoted, told
from regulars.surfaces.connect.square.telling.bills import Priced
from regulars.surfaces.connect.square.view import CHANNEL, View, program_meant, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import EventShown, PointsAnswer

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_ORDER: Final = "/accumulate_points/order_id"


async def earned(call: Call, seen: View, who: MemberRef) -> list[EventShown]:
    """Book what a paid order earns, less what was given back of it, once; the events of earning.

    Faults: Wrong where it earns nothing, or did already.
    """
    order_id: str = call.sent.accumulate_points.order_id
    async with call.transaction as tx:
        priced = await _order(tx, order_id, _ORDER)
        again = await _is_again(call, tx, order_id)
    if priced.bill.state != "paid":
        raise Wrong("this order is not paid yet", field=_ORDER)
    if not again and priced.is_given_back:
        raise Wrong("this order was given back", field=_ORDER)
    command = _purchase(priced, who, call.asked)
    if not again:
        await _require_points(call, seen, command)
    done: Recorded = await call.do(credit_bills, CreditBill(priced.bill.bill_id, command))
    return await told.booked(call, seen, done.member_id, done.activity_id, "earn")


async def _is_again(call: Call, tx: Tx, order_id: str) -> bool:
    """Whether this very request was done before. Faults: Wrong for another one on the order."""
    own = idempotency_key(call.caller.principal, "record", call.key)
    bill = natural_key(SOURCE, order_id, "purchase")
    before = await known(tx, [own, bill])
    if bill in before and own not in before:
        raise Wrong("points were given for this order before", field=_ORDER)
    return own in before


async def _require_points(call: Call, seen: View, command: RecordActivity) -> None:
    points, _ = _parted(seen, await _previewed(call, command))
    if not points:  # a promotion alone gives nothing
        raise Wrong("this order earns no points", field=_ORDER)


async def activity_of(tx: Tx, order_id: str) -> dict[UUID, UUID]:
    """The activity as which an order earned, if it did, and whose it is."""
    found = await known(tx, [natural_key(SOURCE, order_id, "purchase")])
    return {one.subject_id: one.member_id for one in found.values()}


async def calculate(call: Call) -> Reply:
    """What a purchase would earn; nothing is booked."""
    body: sent.Calculate = call.sent
    seen = await view_of(call)
    program_meant(seen, call.ids["program_id"])
    money = body.transaction_amount_money
    if (money is None) == (body.order_id is None):
        code = "MISSING_REQUIRED_PARAMETER" if money is None else "CONFLICTING_PARAMETERS"
        raise Wrong("say either an order or an amount", code=code, field="/order_id")
    who = await _who(call, seen, body.loyalty_account_id)
    if body.order_id is not None:
        async with call.transaction as tx:
            priced = await _order(tx, body.order_id, "/order_id")
        recorded = await _previewed(call, _purchase(priced, who, Asked(), bill=False))
        return Reply(_points(seen, recorded, with_promotions=True))
    assert money is not None, body
    amount = amount_of(seen, money, "/transaction_amount_money")
    command = RecordActivity("purchase", who, channel=CHANNEL, amount_minor=amount)
    return Reply(_points(seen, await _previewed(call, command), with_promotions=False))


async def _who(call: Call, seen: View, account_id: str | None) -> MemberRef:
    """Whom it would be for; without an account, somebody who was never here."""
    if account_id is None:
        return MemberRef(card=f"nobody-{call.given.random_bytes(16).hex()}")
    async with call.transaction as tx:
        try:
            return MemberRef(id=(await account_at(tx, seen, account_id)).member_id)
        except NotFound as fault:
            field = "/loyalty_account_id"
            raise Wrong(fault.says, code="NOT_FOUND", field=field) from None


async def _previewed(call: Call, command: RecordActivity) -> Recorded:
    async def look(tx: Tx, terms: Terms) -> Any:
        (outcome,) = await preview_activities(tx, terms, [command])
        return outcome

    found: Recorded = granted(await call.read(look))
    return found


def _points(seen: View, recorded: Recorded, *, with_promotions: bool) -> PointsAnswer:
    points, more = _parted(seen, recorded)
    return PointsAnswer(points, more if with_promotions and points else 0)


def _parted(seen: View, recorded: Recorded) -> tuple[int, int]:
    """What a purchase earns by itself, and what a promotion gives besides."""
    version = seen.terms.numbered(recorded.version)
    more = promoted.given(version, recorded.rules, seen.wallet)
    extra = 0 if more is None else more[1]
    return recorded.earned.get(seen.wallet, 0) - extra, extra


def _purchase(priced: Priced, who: MemberRef, asked: Asked, *, bill: bool = True) -> RecordActivity:
    """An order as a purchase: what rewards and discounts took off it earns nothing."""
    order = priced.bill
    lines = tuple(
        Line(line.amount_minor, line.sku, line.category, line.quantity, name=line.name[:200])
        for line in order.body.lines
    )
    return RecordActivity(
        kind="purchase",
        member=who,
        occurred_at=order.closed_at if bill else None,
        source=SOURCE if bill else "",
        external_id=shown("ord", order.bill_id) if bill else "",
        store=order.store,
        channel=CHANNEL,
        amount_minor=None if lines else 0,
        body=Body(lines=lines, order_discount_minor=priced.off),
        asked=asked,
    )


async def _order(tx: Tx, order_id: str, field: str) -> Priced:
    try:
        return await order_at(tx, order_id)
    except NotFound as fault:
        raise Wrong(fault.says, code="NOT_FOUND", field=field) from None


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/loyalty/programs/{{program_id}}/calculate",
        name="square_calculate_points",
        tag="Loyalty",
        says="What would a purchase earn?",
        scopes=READS,
        sent=sent.Calculate,
        answers={200: PointsAnswer},
        do=calculate,
    ),
)

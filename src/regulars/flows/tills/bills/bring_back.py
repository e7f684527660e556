"""What was given back of a bill takes back what the bill earned, as a return of what was sold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.rewarding.counter.pricing import counts, taken_off
from regulars.engine.rewarding.counter.refunding import Back, brought_back
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body, ReturnedLine, SaleRef
from regulars.records.members.types import Asked
from regulars.records.once.read import known
from regulars.records.once.types import natural_key
from regulars.records.rewards import read as rewards
from regulars.records.tills.bills import read
from regulars.records.tills.bills.types import (
    NOT_SAID,
    SOURCE,
    Bill,
    Refund,
    number_of,
    number_of_refund,
)

CHANNEL: Final = "till"
_KIND: Final = "return"


async def bring_back(tx: Tx, terms: Terms, bill_ids: Sequence[UUID], by: str) -> None:
    """Book what every refund of these bills brings back of what they earned, each once.

    Order: as they were made; one that was noted before its bill earned is booked with it.
    Assumes: the bills are held.
    Keeps: the money is back with the customer whatever the books make of it. What the books do not
    take (it came back by another way before, or too late for the program) takes nothing.
    """
    bills = await read.bills(tx, sorted(set(bill_ids) - {NOT_SAID}))
    sold = {id_: natural_key(SOURCE, number_of(id_), "purchase") for id_ in bills}
    earned = await known(tx, list(sold.values()))
    for id_, bill in bills.items():
        if sold[id_] in earned:
            refunds = await read.refunds(tx, bill_ids=[id_])
            for command in await _returns(tx, bill, refunds, by):
                try:  # one after the other: what one cannot bring back holds up no other
                    await record_activities(tx, terms, [command])
                except Fault:
                    continue


async def _returns(
    tx: Tx, bill: Bill, refunds: Sequence[Refund], by: str
) -> Sequence[RecordActivity]:
    """The returns that are not booked yet."""
    keys = {one.refund_id: natural_key(SOURCE, number_of_refund(one.refund_id), _KIND)
            for one in refunds}  # fmt: skip
    before = await known(tx, list(keys.values()))
    amounts = [one.amount_minor for one in refunds]
    backs = brought_back(bill.body, await _off(tx, bill), amounts)
    return [
        _return(bill, refund, back, by)
        for refund, back in zip(refunds, backs, strict=True)
        if keys[refund.refund_id] not in before and (back.whole or back.pieces)
    ]


async def _off(tx: Tx, bill: Bill) -> int:
    """What discounts and rewards took off it."""
    ids = (await read.rewards_of(tx, [bill.bill_id])).get(bill.bill_id, [])
    owners = await rewards.whose(tx, ids)
    found = await rewards.some(tx, sorted(set(owners.values())), ids)
    counted = [found[id_].promised for id_ in ids if id_ in found and counts(found[id_], tx.now)]
    return sum(taken_off(bill.body, counted))


def _return(bill: Bill, refund: Refund, back: Back, by: str) -> RecordActivity:
    pieces = tuple(ReturnedLine(place, many) for place, many in back.pieces)
    return RecordActivity(
        kind=_KIND,
        sale=SaleRef(source=SOURCE, external_id=number_of(bill.bill_id)),
        source=SOURCE,
        external_id=number_of_refund(refund.refund_id),
        store=refund.store,
        channel=CHANNEL,
        body=Body(returned=pieces),
        asked=Asked(by),
    )

"""An order that was cancelled before all of it was paid is no sale, unless it was booked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.commands import RecordActivity
from regulars.flows.inlets.again.telling import Stands
from regulars.flows.recording.before.told_elsewhere import Beside
from regulars.records.activity.types import SaleRef
from regulars.records.inlets.types import NEVER_PAID, Ended
from regulars.records.once.read import known
from regulars.records.once.types import natural_key

SAYS: Final = "it was cancelled before all of it was paid, so nothing was booked"


class Paid(NamedTuple):
    """What an event tells, and how the order stands that it tells of."""

    arrival_id: UUID
    stands: Stands
    command: RecordActivity
    beside: Beside

    def keys(self) -> set[UUID]:
        """Under which it, or the same thing as another source tells it, is known."""
        one = self.command
        told = [SaleRef(source=one.source, external_id=one.external_id), *self.beside.receipts]
        return {natural_key(each.source, each.external_id, one.kind) for each in told}


async def never_paid(tx: Tx, told: Sequence[Paid]) -> dict[UUID, Ended]:
    """By event, what becomes of an order that was never paid; `told`: all that the batch tells.

    Keeps: of an order that was paid once, and was booked or is by this batch, whoever told it,
    nothing is said here: what is left of it comes back. So it is where a sale of another source may
    be meant that has no receipt of this one.
    """
    sales = [each for each in told if each.command.kind == "purchase"]
    owed = {
        each.arrival_id: each
        for each in sales
        if each.stands == "owed" and each.beside.alike is None
    }
    if not owed:
        return {}
    keys = {id_: each.keys() for id_, each in owed.items()}
    booked = set(await known(tx, sorted(set[UUID]().union(*keys.values()))))
    booked = booked.union(*(each.keys() for each in sales if each.stands != "owed"))
    return {
        id_: Ended(id_, "passed", NEVER_PAID, "", SAYS)
        for id_, some in keys.items()
        if some.isdisjoint(booked)
    }

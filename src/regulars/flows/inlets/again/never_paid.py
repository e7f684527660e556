"""An order that was cancelled before all of it was paid is no sale, unless it was booked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.commands import RecordActivity
from regulars.records.inlets.types import NEVER_PAID, Ended
from regulars.records.once.read import known
from regulars.records.once.types import natural_key

SAYS: Final = "it was cancelled before all of it was paid, so nothing was booked"


async def never_paid(
    tx: Tx, told: Sequence[tuple[UUID, bool, RecordActivity]]
) -> dict[UUID, Ended]:
    """By event, what becomes of an order that was never paid; `told`: all that the batch tells, by
    its event, and whether that is of an order that was cancelled so.

    Keeps: of an order that was paid once, and was booked or is by this batch, nothing is said here:
    what is left of it comes back.
    """
    sales = [each for each in told if each[2].kind == "purchase"]
    owed = {id_: _key(one) for id_, is_owed, one in sales if is_owed}
    if not owed:
        return {}
    booked = set(await known(tx, sorted(set(owed.values()))))
    booked |= {_key(one) for _, is_owed, one in sales if not is_owed}
    return {
        id_: Ended(id_, "passed", NEVER_PAID, "", SAYS)
        for id_, key in owed.items()
        if key not in booked
    }


def _key(one: RecordActivity) -> UUID:
    return natural_key(one.source, one.external_id, one.kind)

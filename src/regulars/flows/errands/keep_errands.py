"""Somebody asks for long work, asks for its end, or throws away what came of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.errands import read, write
from regulars.records.errands.types import Errand, Kind

MOST_OPEN: Final = 3
"""So many of a program wait or are being done at once."""
MOST_KEPT: Final = 60
"""So many results of a program are kept."""


class AskErrand(Struct, frozen=True):
    """What is to be done; its id comes with the form, so that sent twice it is done once."""

    errand_id: UUID
    kind: Kind
    title: str
    ask: dict[str, Any]
    by: By


class TooManyErrands(Fault):
    """So many are open or kept already."""

    code = "too_many_errands"
    category = "conflict"


async def ask_errand(tx: Tx, wish: AskErrand) -> Errand:
    """Long work is asked for; the worker begins with it within a second or two.

    Order: asked again under its id, it is the one there is. Who asked stands in what was done.
    Faults: TooManyErrands.
    """
    await write.hold_errands(tx)
    there = await read.errand(tx, wish.errand_id)
    if there is not None:
        return there
    open_, kept = await read.counts(tx)
    if open_ >= MOST_OPEN:
        raise TooManyErrands(
            "three such jobs of this shop wait or run already; let one end, or stop one"
        )
    if kept >= MOST_KEPT:
        raise TooManyErrands("sixty results are kept; delete some you no longer need")
    title, by = wish.title[:200], wish.by
    one = Errand(wish.errand_id, wish.kind, title, wish.ask, by.actor, tx.now)
    done = Done(by, f"{wish.kind}.asked", "errand", wish.errand_id.hex, after={"title": title})
    await tx.write([*write.ask(tx, one), *acted(tx, [done])])
    return one


async def stop_errand(tx: Tx, errand_id: UUID) -> None:
    """Ask for its end; what has ended already stays as it is. Faults: NotFound."""
    await _there(tx, errand_id)
    await tx.write(write.stop(tx, errand_id))


async def forget_errand(tx: Tx, errand_id: UUID) -> None:
    """Throw away what came of it; what is being done is stopped first. Faults: NotFound."""
    await _there(tx, errand_id)
    await tx.write(write.forget(tx, errand_id))


async def _there(tx: Tx, errand_id: UUID) -> Errand:
    found = await read.errand(tx, errand_id)
    if found is None:
        raise NotFound("there is no such job; look at the list again")
    return found

"""A till looks for a member by what was typed; how often nobody is found is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff.read import tries_of
from regulars.records.access.staff.types import Tried, TryKind
from regulars.records.access.staff.write import count_try
from regulars.records.access.watching import write as watching
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.tills import read as tills

MOST: Final[dict[TryKind, int]] = {"lookup": 30, "lookup_day": 300}
"""So many look-ups of one device may find nobody: in ten minutes, and in a day."""
SPAN: Final[dict[TryKind, timedelta]] = {
    "lookup": timedelta(minutes=10),
    "lookup_day": timedelta(days=1),
}
_ALONE: Final = waiting_for_one(Alone.LOOKUPS)


class LookUp(Struct, frozen=True):
    """Somebody is looked for at the till of this key, by one of the things that were typed."""

    key_id: UUID
    refs: tuple[MemberRef, ...]
    """What the typed text could mean; together they are one look-up."""


class LookedUp(Struct, frozen=True):
    """Who was found first, or nobody."""

    member_id: UUID | None


async def look_up(tx: Tx, terms: Terms, batch: Sequence[LookUp]) -> list[LookedUp | Refused]:
    """Find members for tills; a device that asks for too many whom nobody knows hears no more.

    Order: the look-ups of one device wait for each other, so that a hundred at once are a hundred.
    Refuses: `too_many_lookups`, alike for who is a member and who is not, until the count is over.
    Keeps: how many found nobody; whoever is found is not counted, so a rush of regulars is not
    stopped. When the last free one is used, the shop is alerted.
    Example: after 29 strangers and 500 members within ten minutes one stranger more is answered,
    and then nobody.
    """
    for key in sorted({one.key_id.hex for one in batch}):
        await tx.fetch(_ALONE, tx.program_id, key)
    counted = await tries_of(tx, [one.key_id.bytes for one in batch], list(MOST))
    refs = [ref for one in batch for ref in one.refs]
    found = iter(await members.whom(tx, terms.versions[-1].program.country, refs))
    outcomes: list[LookedUp | Refused] = []
    for one in batch:
        meant = [next(found) for _ in one.refs]
        who = next((each for each in meant if isinstance(each, UUID)), None)
        no = _too_many(tx, one.key_id, counted)
        if no is None and who is None:
            await _count(tx, one.key_id, counted)
        outcomes.append(no or LookedUp(who))
    return outcomes


def _too_many(tx: Tx, key_id: UUID, counted: dict[tuple[TryKind, bytes], Tried]) -> Refused | None:
    over = [
        one.began_at + SPAN[kind]
        for kind in MOST
        if (one := counted.get((kind, key_id.bytes))) is not None
        and one.tries >= MOST[kind]
        and one.began_at + SPAN[kind] > tx.now
    ]
    if not over:
        return None
    seconds = max(1, -(-(max(over) - tx.now) // timedelta(seconds=1)))
    says = "this till looked for too many whom nobody knows; scan cards, or wait"
    return Refused("too_many_lookups", says, {"retry_after_seconds": seconds})


async def _count(tx: Tx, key_id: UUID, counted: dict[tuple[TryKind, bytes], Tried]) -> None:
    for kind, span in SPAN.items():
        one = await count_try(tx, kind, key_id.bytes, span)
        counted[kind, key_id.bytes] = one
        if one.tries == MOST[kind]:
            till = await tills.till_of_key(tx, key_id)
            where = (till.name, till.store) if till is not None else (f"key_{key_id.hex}", "")
            await tx.write(watching.raise_lookups(tx, where, one.began_at, one.tries))

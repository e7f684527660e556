"""A till looks for a member by what was typed; how often nobody is found is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff.read import tries_of
from regulars.records.access.staff.types import Tried, TryKind
from regulars.records.access.staff.write import count_try
from regulars.records.access.watching import write as watching
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.tills import read as tills
from regulars.records.tills import write

MOST: Final[dict[TryKind, int]] = {"lookup": 30, "lookup_day": 300}
"""So many look-ups of one device may find nobody: in ten minutes, and in a day. As many names it
may give to newcomers that are somebody's already; these are counted apart."""
SPAN: Final[dict[TryKind, timedelta]] = {
    "lookup": timedelta(minutes=10),
    "lookup_day": timedelta(days=1),
}
_ALONE: Final = waiting_for_one(Alone.LOOKUPS)
Counted = dict[tuple[TryKind, bytes], Tried]


class Strangers(Struct, frozen=True):
    """Whom a device looked for without the network and did not find among those it keeps."""

    told: int
    """So many since it was paired."""
    lately: int = 0
    """So many of these within the last ten minutes."""


class LookUp(Struct, frozen=True):
    """Somebody is looked for at the till of this key, by one of the things that were typed."""

    key_id: UUID
    refs: tuple[MemberRef, ...] = ()
    """What the typed text could mean; together they are one look-up."""
    gives: tuple[Identifier, ...] = ()
    """What a newcomer, or a member, is to be found by from now on; together they are one try."""
    given_at: datetime | None = None
    """When they were given to a device that was cut off: they are in its books, so they are counted
    and never refused."""
    strangers: Strangers = Strangers(0)
    """Told when it hands in: nobody is looked for then."""


class LookedUp(Struct, frozen=True):
    """Who was found first, or nobody; nobody either where names were given."""

    member_id: UUID | None = None


async def look_up(tx: Tx, terms: Terms, batch: Sequence[LookUp]) -> list[LookedUp | Refused]:
    """Find members for tills; a device that asks for too many whom nobody knows hears no more.

    Order: the look-ups of one device wait for each other, so that a hundred at once are a hundred.
    Refuses: `too_many_lookups`, alike for who is a member and who is not, until the count is over.
    Keeps: how many found nobody; whoever is found is not counted, so a rush of regulars is not
    stopped. Of names that are given it is the other way about: those that are somebody's already
    are counted, by themselves, so a rush of newcomers is not stopped. When the last free one is
    used, the shop is alerted. What a device counted without the network is added once.
    Example: after 29 strangers and 500 members within ten minutes one stranger more is answered,
    and then nobody; 20 of these 29 may have been looked for without the network.
    """
    for key in sorted({one.key_id.hex for one in batch}):
        await tx.fetch(_ALONE, tx.program_id, key)
    counted = await tries_of(tx, sorted({_subject(one) for one in batch}), list(MOST))
    country = terms.versions[-1].program.country
    # For whom is refused anyway nobody is looked: the time it takes would tell who is a member.
    heard = [one for one in batch if _too_many(tx, one, counted) is None]
    found = await _found(tx, country, heard)
    taken = await _taken(tx, country, heard)
    outcomes: list[LookedUp | Refused] = []
    for one in batch:
        who = found.get(one)
        if one.strangers.told:
            await _told(tx, one, counted)
            outcomes.append(LookedUp())
            continue
        no = _too_many(tx, one, counted)
        if no is None and (one in taken if one.gives else who is None):
            await _count(tx, one, counted, _times(tx, one))
        outcomes.append(no or LookedUp(who))
    return outcomes


def _subject(one: LookUp) -> bytes:
    """What is counted: the strangers of a device, or the names it gave that were taken."""
    return one.key_id.bytes + (b"gives" if one.gives else b"")


async def _found(tx: Tx, country: str | None, batch: Sequence[LookUp]) -> dict[LookUp, UUID | None]:
    """Who is meant first by each of these."""
    refs = [ref for one in batch for ref in one.refs]
    meant = iter(await members.whom(tx, country, refs)) if refs else iter(())
    who = [[next(meant) for _ in one.refs] for one in batch]
    return {
        one: next((each for each in some if isinstance(each, UUID)), None)
        for one, some in zip(batch, who, strict=True)
    }


async def _taken(tx: Tx, country: str | None, batch: Sequence[LookUp]) -> set[LookUp]:
    """Which of these give a name that is somebody's, or was until they were erased.

    Keeps: a card that collected before it had a person is nobody's.
    """
    names = {
        one: [
            name
            for said in one.gives
            if not isinstance(name := normal_or_fault(said.kind, said.value, country), Fault)
        ]
        for one in batch
        if one.gives
    }
    every = sorted({(name.kind, name.value) for some in names.values() for name in some})
    if not every:
        return set()
    holders = await members.resolve(tx, [Identifier(*name) for name in every])
    people = await members.members(tx, holders.values())
    gone = await erasures.listed(tx, every)

    def is_taken(name: Identifier) -> bool:
        if name in holders:
            return people[holders[name]].state != "unregistered"
        return (name.kind, name.value) in gone

    return {one for one, some in names.items() if any(map(is_taken, some))}


def _times(tx: Tx, one: LookUp) -> dict[TryKind, int]:
    """How often this counts in which span: what was given hours ago is none of the last minutes."""
    at = one.given_at or tx.now
    return {kind: int(at > tx.now - span) for kind, span in SPAN.items()}


def _too_many(tx: Tx, one: LookUp, counted: Counted) -> Refused | None:
    if one.given_at is not None:
        return None
    subject = _subject(one)
    over = [
        tried.began_at + SPAN[kind]
        for kind in MOST
        if (tried := counted.get((kind, subject))) is not None
        and tried.tries >= MOST[kind]
        and tried.began_at + SPAN[kind] > tx.now
    ]
    if not over:
        return None
    seconds = max(1, -(-(max(over) - tx.now) // timedelta(seconds=1)))
    says = "this till looked for too many whom nobody knows; scan cards, or wait"
    return Refused("too_many_lookups", says, {"retry_after_seconds": seconds})


async def _told(tx: Tx, one: LookUp, counted: Counted) -> None:
    """What a device counted without the network, less what it told before."""
    till = await tills.till_of_key(tx, one.key_id)
    more = one.strangers.told - (till.strangers_told if till is not None else one.strangers.told)
    if till is None or more <= 0:
        return
    await tx.write(write.hear_strangers(tx, till.till_id, one.strangers.told))
    await _count(tx, one, counted, {"lookup": min(more, one.strangers.lately), "lookup_day": more})


async def _count(tx: Tx, one: LookUp, counted: Counted, times: dict[TryKind, int]) -> None:
    subject = _subject(one)
    for kind, more in times.items():
        if not more:
            continue
        tried = await count_try(tx, kind, subject, SPAN[kind], more)
        counted[kind, subject] = tried
        if tried.tries - more < MOST[kind] <= tried.tries:
            till = await tills.till_of_key(tx, one.key_id)
            where = (till.name, till.store) if till is not None else (f"key_{one.key_id.hex}", "")
            await tx.write(watching.raise_lookups(tx, where, tried.began_at, tried.tries))

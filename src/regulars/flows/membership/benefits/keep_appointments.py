"""Appointments are moved to another time, nobody came to them, and which times are free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.deciding.benefit import (
    ACTOR,
    Asker,
    Moving,
    Occasion,
    miss,
    moved,
    undo,
    unknown_benefit,
)
from regulars.engine.rewarding.correcting import Why
from regulars.engine.rewarding.including.appointments import Slot, free, no_time, slots_on
from regulars.engine.rewarding.including.beginning import review
from regulars.engine.rewarding.including.guests import Party
from regulars.engine.rewarding.including.opening import not_then
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.askings import Asking, askings, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.membership.benefits.batch import Batch, answer, begin, end
from regulars.flows.membership.commands import (
    BenefitOutcome,
    BenefitUsed,
    CheckInUse,
    MissUse,
    MoveUse,
)
from regulars.records.benefits import read
from regulars.records.benefits.read import At
from regulars.records.benefits.types import Use
from regulars.records.ledger import read as ledger
from regulars.records.members.types import erased_refused

Gone = dict[UUID, dict[int, int]]
Back = tuple[Version, int, Why]


async def move_uses(tx: Tx, terms: Terms, batch: Sequence[MoveUse]) -> list[BenefitOutcome]:
    """Move each appointment to another time, once; what it was is taken back, what it is is new.

    Keeps: where the other time is not to be had, the appointment stays as it was.
    Refuses: as a use of the benefit, and `too_late_to_cancel`. Faults: an unknown use, one without
    an appointment, one that is over.
    """
    asked = askings("move_use", batch, lambda _: None)
    await sort_out(tx, asked, BenefitUsed)
    uses = await _uses(tx, asked)
    todo = [item for item in asked if item.open]
    if todo:
        times: list[At] = []
        for item in todo:
            used = uses[item.command.use_id]
            times.append((used.benefit, used.store, item.command.from_at))
            if used.included.booked is not None:
                times.append((used.benefit, used.store, used.included.booked.from_at))
        decided, uses, gone = await _begin(tx, terms, uses, times)
        for item in todo:
            await _move_one(decided, item, uses, gone)
        await end(decided, todo)
    return settle_followers(asked)


async def miss_uses(tx: Tx, terms: Terms, batch: Sequence[MissUse]) -> list[BenefitOutcome]:
    """Keep that nobody came, once: the use counts, or is given back, as was promised.

    Faults: an unknown use, one without an appointment, one that has not begun, one that was
    cancelled.
    """
    asked = askings("miss_use", batch, lambda _: None)
    await sort_out(tx, asked, BenefitUsed)
    uses = await _uses(tx, asked)
    todo = [item for item in asked if item.open]
    if todo:
        decided, uses, gone = await _begin(tx, terms, uses)
        for item in todo:
            _miss_one(decided, item, uses, gone)
        await end(decided, todo)
    return settle_followers(asked)


async def check_in_uses(tx: Tx, terms: Terms, batch: Sequence[CheckInUse]) -> list[BenefitOutcome]:
    """Keep that somebody came to their appointment, once; said again, nothing changes.

    Order: on its own day in the program's zone, however early or late.
    Faults: an unknown use, one without an appointment, one that was cancelled or missed, one of
    another day.
    """
    asked = askings("check_in_use", batch, lambda _: None)
    await sort_out(tx, asked, BenefitUsed)
    uses = await _uses(tx, asked)
    todo = [item for item in asked if item.open]
    if todo:
        decided, uses, _ = await _begin(tx, terms, uses)
        for item in todo:
            _check_in_one(decided, item, uses)
        await end(decided, todo)
    return settle_followers(asked)


async def show_slots(tx: Tx, terms: Terms, benefit: str, store: str, on: date) -> list[Slot]:
    """When a benefit can be booked in a store on a day, and how many can still come.

    Keeps: a time that nobody can book is none: too far ahead, on days on which it is not to be had,
    in a store that does not have it.
    Refuses nothing here: whether a member may is the question of `show_benefits`. Faults: NotFound
    for a benefit that is not there or is used without an appointment.
    """
    version = terms.at(tx.now)
    found = version.benefits.get(benefit)
    if found is None:
        raise NotFound(unknown_benefit(benefit[:40]).says, field="/benefit")
    if found.appointments is None:
        raise NotFound("this is used at once, without an appointment", field="/benefit")
    if found.stores and store not in found.stores:
        return []
    starts = [
        at
        for at in slots_on(version, found, on.toordinal())
        if not [*no_time(version, found, at, tx.now), *not_then(version, found, at, None)]
    ]
    taken = await read.booked(tx, [(benefit, store, at) for at in starts])
    return free(found, starts, {at: there for (_, _, at), there in taken.items()})


async def _uses(
    tx: Tx,
    asked: Sequence[Asking[MoveUse]] | Sequence[Asking[MissUse]] | Sequence[Asking[CheckInUse]],
) -> dict[UUID, Use]:
    """The appointments that are meant; a command that means none has its fault."""
    fresh = [item for item in asked if item.open]
    uses = await read.some(tx, sorted({item.command.use_id for item in fresh}))
    for item in fresh:
        used = uses.get(item.command.use_id)
        if used is None:
            item.outcome = NotFound("there is no such use here", field="/id")
        elif used.included.booked is None:
            item.outcome = Invalid("this was used at once, without an appointment", field="/id")
    return uses


async def _begin(
    tx: Tx, terms: Terms, uses: dict[UUID, Use], times: Sequence[At] = ()
) -> tuple[Batch, dict[UUID, Use], Gone]:
    """Lock the members, and read anew what became of their uses meanwhile."""
    decided = await begin(tx, terms, {one.member_id for one in uses.values()}, times)
    anew = await read.some(tx, sorted(uses))
    gave = {one.included.entry_id: one.member_id for one in anew.values() if one.included.entry_id}
    lapsed = await ledger.lapsed(tx, gave)
    gone = {entry: dict(found) for entry, found in lapsed.items()}
    return decided, anew, gone


async def _move_one(batch: Batch, item: Asking[MoveUse], uses: dict[UUID, Use], gone: Gone) -> None:
    used, tx = uses[item.command.use_id], batch.tx
    state = batch.states[used.member_id]
    if used.state != "used" or used.use_id in {one.use_id for one in batch.undone}:
        item.outcome = Invalid("this appointment is no more", field="/id")
        return
    if state.state == "erased":
        item.outcome = erased_refused()
        return
    batch.spend(used, -1)
    guests = used.included.guest_ids
    found = await hold_members(tx, batch.terms, guests, lock=False) if guests else {}
    stand = {one.member_id: one.state for one in found.values()}
    party = Party(used.included.guests - len(guests), stand)
    at = item.command.from_at
    occasion = Occasion(
        used.benefit, tx.now, used.store, used.channel, used.sku, used.included.category,
        party, at, batch.there(used.benefit, used.store, at),
    )  # fmt: skip
    mine = batch.granted.get(state.member_id, [])
    asker = Asker(tx.new_id(), item.command.asked.principal, used.details, mine, used.use_id)
    asked = Moving(used, asker, _back(batch, item, used, gone))
    done = moved(batch.changes, state, batch.terms.at(tx.now), occasion, asked)
    if isinstance(done, Refused):
        batch.spend(used, 1)
        item.outcome = done
        return
    batch.undone.append(used)
    batch.used.append(done)
    batch.spend(done, 1)
    answer(batch, item, done, "used")


def _miss_one(batch: Batch, item: Asking[MissUse], uses: dict[UUID, Use], gone: Gone) -> None:
    used = uses[item.command.use_id]
    booked, state = used.included.booked, batch.states[used.member_id]
    assert booked is not None, used
    told = {one.use_id for one in (*batch.undone, *batch.missed)}
    if used.state == "undone" and booked.missed == "counted":
        item.outcome = Invalid("this appointment was cancelled", field="/id")
        return
    if batch.tx.now < booked.from_at:
        item.outcome = Invalid("this appointment has not begun", field="/id")
        return
    review(batch.changes, state, batch.terms.at(batch.tx.now), batch.tx.now)
    if used.state == "used" and used.use_id not in told:
        if booked.missed == "counted":
            miss(batch.changes, state, used)
            batch.missed.append(used)
        else:
            undo(batch.changes, state, used, _back(batch, item, used, gone))
            batch.undone.append(used)
            batch.spend(used, -1)
    answer(batch, item, used, "missed" if booked.missed == "counted" else "undone")


def _check_in_one(batch: Batch, item: Asking[CheckInUse], uses: dict[UUID, Use]) -> None:
    used, now, zone = uses[item.command.use_id], batch.tx.now, batch.terms.at(batch.tx.now).zone
    assert used.included.booked is not None, used
    if used.state != "used":
        item.outcome = Invalid("this appointment is no more", field="/id")
        return
    if local(zone, used.included.booked.from_at).day != local(zone, now).day:
        item.outcome = Invalid("this appointment is on another day", field="/id")
        return
    # What is left is told by the tier they have now, as by every other change of a use.
    review(batch.changes, batch.states[used.member_id], batch.terms.at(now), now)
    if used.came_at is None:
        used = replace(used, came_at=now)
        uses[used.use_id] = used
        batch.came.append(used)
    answer(batch, item, used, "used")


def _back(batch: Batch, item: Asking[MoveUse] | Asking[MissUse], used: Use, gone: Gone) -> Back:
    """By which version, with how much of its points lapsed, and why it is taken back."""
    entry_id, wallet = used.included.entry_id, used.included.wallet
    lapsed = 0 if entry_id is None else gone.get(entry_id, {}).get(wallet, 0)
    why = Why(batch.tx.now, item.command.asked.principal or ACTOR, used.included.name)
    return batch.terms.numbered(used.version), lapsed, why

"""Courtesy: points live longer, or points that lapsed live again, by decision of the shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.courtesy import Favour, extend, reinstate
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import available, find_named, unsaid
from regulars.flows.points.commands import (
    CourtesyOutcome,
    ExtendLot,
    Favoured,
    ReinstatePoints,
)
from regulars.records.ledger import read as ledger
from regulars.records.ledger.read import LotLife
from regulars.records.members.types import erased_fault
from regulars.records.once.write import Kept, keep


async def extend_lots(tx: Tx, terms: Terms, batch: Sequence[ExtendLot]) -> list[CourtesyOutcome]:
    """What is left of each of these lots lives until later, each once.

    Refuses: `lot_empty`, `lot_lapsed`. Faults: unknown member or lot, an end that is not later,
    no reason, no name.
    """
    return await _favour(tx, terms, ("extend", batch), _extend)


async def reinstate_points(
    tx: Tx, terms: Terms, batch: Sequence[ReinstatePoints]
) -> list[CourtesyOutcome]:
    """Points that lapsed live again as lots of their own, each once and never more than lapsed.

    Refuses: `not_lapsed`. Faults: as for `extend_lots`.
    """
    return await _favour(tx, terms, ("reinstate", batch), _reinstate)


Act = Callable[[Changes, MemberState, Terms, LotLife, Any, Favour], "UUID | Refused"]


async def _favour(
    tx: Tx, terms: Terms, asking: tuple[str, Sequence[Any]], act: Act
) -> list[CourtesyOutcome]:
    operation, batch = asking
    asked = askings(operation, batch, lambda _: None)
    await sort_out(tx, asked, Favoured)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command) or _costs(item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        ids = set(found.values())
        states = await hold_members(tx, terms, ids, with_lots=ids)
        members = sorted({state.member_id for state in states.values()})
        lives = await ledger.lot_lives(tx, members, [item.command.lot_id for item in todo])
        changes = Changes(tx.new_id)
        answered: list[Kept] = []
        for item in todo:
            state = states[found[item.place]]
            answered += _one(tx, terms, (changes, lives), (item, state), act)
        await look_again(tx, todo, Favoured)
        await tx.write([*keep(tx, answered), *writes_of(tx, terms, changes)])
    return settle_followers(asked)


def _costs(command: Any) -> Fault | None:
    if not 0 <= command.cost_minor <= LARGEST:
        return Invalid("a cost is 0 or more, in minor units", field="/cost_minor")
    return None


def _one(
    tx: Tx,
    terms: Terms,
    loaded: tuple[Changes, dict[UUID, LotLife]],
    job: tuple[Asking[Any], MemberState],
    act: Act,
) -> list[Kept]:
    changes, lives = loaded
    item, state = job
    command = item.command
    if state.state == "erased":
        item.outcome = erased_fault()
        return []
    life = lives.get(command.lot_id)
    if life is None or life.lot.member_id != state.member_id:
        item.outcome = NotFound("this member has no such lot", field="/lot")
        return []
    favour = Favour(
        command.lot_id, command.expires_at, tx.now, command.actor, command.reason,
        command.cost_minor,
    )  # fmt: skip
    before = len(changes.courtesies)
    try:
        done: UUID | Refused | Fault = act(changes, state, terms, life, command, favour)
    except Fault as fault:
        done = fault
    if not isinstance(done, UUID):
        item.outcome = done
        return []
    courtesy = changes.courtesies[before]
    if courtesy.kind == "reinstate":
        lives[command.lot_id] = life._replace(again=life.again + courtesy.points)
    item.outcome = Favoured(
        entry_id=done,
        member_id=state.member_id,
        wallet=terms.wallet_names[courtesy.wallet],
        units=courtesy.points,
        expires_at=courtesy.to_at,
        cost_minor=courtesy.cost_minor,
        balances=available(terms, state),
    )
    return kept(item, state.member_id, done)


def _extend(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    life: LotLife,
    command: ExtendLot,
    favour: Favour,
) -> UUID | Refused:
    return extend(changes, state, favour)


def _reinstate(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    life: LotLife,
    command: ReinstatePoints,
    favour: Favour,
) -> UUID | Refused:
    if command.units is not None and not 0 < command.units <= LARGEST:
        raise Invalid("give back at least 1 point", field="/units")
    lot = life.lot
    # What ends now but was not taken by a night yet lapses before the decision.
    expire(changes, state, favour.now)
    lapsing = {entry.entry_id for entry in changes.entries if entry.kind == "expire"}
    moved = (m for m in changes.moves if m.lot_id == lot.lot_id and m.entry_id in lapsing)
    late = -sum(move.delta for move in moved)
    gone = (lot, life.lapsed + late - life.again, command.units)
    return reinstate(changes, state, terms.at(favour.now), gone, favour)

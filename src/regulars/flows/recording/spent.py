"""What redemptions took of which lots, under the lock of whoever their takers stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.returning.payments import Spent
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_apart, load_notices
from regulars.flows.recording.decided import Decided
from regulars.records.ledger import read as ledger
from regulars.records.ledger.reserved import read as reserved
from regulars.records.members.unions import read as unions
from regulars.records.rewards import read


async def spent_on(
    tx: Tx, terms: Terms, states: Mapping[UUID, MemberState], wanted: Sequence[UUID]
) -> dict[UUID, Spent]:
    """These redemptions of these members, and of whoever was merged into them, with their lots.

    Order: after the members are locked, and whoever of their households pays for them
    (`who_pays`). The lots are read into the books they lie in.
    """
    held = {state.member_id: state for state in states.values()}
    family = await unions.family(tx, sorted(held))
    redemptions = await read.some(tx, family, wanted)
    merged = {one.member_id for one in redemptions.values()} - held.keys()
    takers = await _takers(tx, terms, merged)
    merges = await unions.merges(tx, takers)
    whose = [one.promised.pays_for for one in redemptions.values()]
    payers = {one for one in whose if one is not None}
    stands = await unions.aliases(tx, takers.keys() | payers)
    found: dict[UUID, Spent] = {}
    for redemption_id, one in redemptions.items():
        owner, payer = one.member_id, one.promised.pays_for or one.member_id
        spent = Spent(one, stands.get(payer, payer))
        if stands.get(owner, owner) != spent.member_id:
            spent.owner = held[stands.get(owner, owner)]
        if one.member_id in takers:
            spent.taker, spent.merge_id = takers[one.member_id], merges[one.member_id].merge_id
        found[redemption_id] = spent
    taken, lots = await ledger.spent(tx, family, sorted(redemptions))
    for lot in lots:
        (held | takers)[lot.member_id].lots.setdefault(lot.lot_id, lot)
    owners = sorted({lot.member_id for lot in lots})
    await load_notices(tx, terms, held | takers, owners, [lot.lot_id for lot in lots])
    for part in taken:
        spent = found[part.redemption_id]
        spent.capture_id = part.capture_id
        spent.taken[part.lot_id] = part.points
        if part.back:
            spent.back[part.lot_id] = part.back
    return found


async def load_reserved(batch: Decided) -> None:
    """Of what a till reserved for a sale told now: the holds, and the lots they pin."""
    tx, held = batch.tx, [one for one in batch.spent.values() if one.redemption.state == "held"]
    members = sorted({_owner_of(one) for one in held})
    ids = sorted(one.redemption.redemption_id for one in held)
    for redemption_id, holds in (await reserved.holds(tx, members, ids)).items():
        batch.spent[redemption_id].holds = holds
    lots = await ledger.open_lots(tx, members)
    for lot in lots:
        batch.states[lot.member_id].lots.setdefault(lot.lot_id, lot)
    await load_notices(tx, batch.terms, batch.states, members, [lot.lot_id for lot in lots])


def take_reserved(batch: Decided, state: MemberState, taking: Sequence[Spent], actor: str) -> None:
    """The points that were reserved for a sale are taken, in the transaction that books it.

    Assumes: nothing is in the way of the sale, and the reservations live (`check_captured`).
    """
    changes = batch.changes
    for one in taking:
        redemption = one.redemption
        ending = Ending("captured", batch.tx.now, actor)
        version = batch.terms.numbered(redemption.version)
        no = conclude(changes, one.books(state), version, redemption, one.holds, ending)
        assert no is None, (redemption, no)
        batch.captured.append(redemption)
        of_it = (
            entry.entry_id
            for entry in changes.entries
            if entry.kind == "capture" and entry.cause_id == redemption.redemption_id
        )
        one.capture_id = next(of_it)
        moves = [move for move in changes.moves if move.entry_id == one.capture_id]
        one.taken = {move.lot_id: -move.delta for move in moves}


def _owner_of(one: Spent) -> UUID:
    """As whom stands now whose points a redemption takes."""
    return one.member_id if one.owner is None else one.owner.member_id


async def _takers(tx: Tx, terms: Terms, merged: set[UUID]) -> dict[UUID, MemberState]:
    """Those who took a redemption and were merged since, as they are by themselves.

    Nobody else works on them meanwhile: whoever does, holds the one they stand under, as we do.
    """
    if not merged:
        return {}
    apart = await hold_apart(tx, terms, merged, lock=False)
    takers = {id_: apart[id_] for id_ in sorted(merged)}
    for taker in takers.values():
        taker.idle = {}  # whether they are active is known of whom they stand under
    return takers

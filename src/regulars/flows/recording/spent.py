"""What redemptions took of which lots, under the lock of whoever their takers stand as now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.returning.payments import Spent
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_apart, load_notices
from regulars.records.ledger import read as ledger
from regulars.records.members.unions import read as unions
from regulars.records.rewards import read


async def spent_on(
    tx: Tx, terms: Terms, states: Mapping[UUID, MemberState], wanted: Sequence[UUID]
) -> dict[UUID, Spent]:
    """These redemptions of these members, and of whoever was merged into them, with their lots.

    Order: after the members are locked. The lots are read into the books they lie in.
    """
    held = {state.member_id: state for state in states.values()}
    family = await unions.family(tx, sorted(held))
    redemptions = await read.some(tx, family, wanted)
    merged = {one.member_id for one in redemptions.values()} - held.keys()
    takers = await _takers(tx, terms, merged)
    merges = await unions.merges(tx, takers)
    stands = await unions.aliases(tx, takers)
    found: dict[UUID, Spent] = {}
    for redemption_id, one in redemptions.items():
        spent = Spent(one, stands.get(one.member_id, one.member_id))
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

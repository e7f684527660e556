"""Members bring over the points they had, as lots that keep their own ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.deciding.booking import Cause
from regulars.engine.deciding.bring_over import Opening, open_debt, open_lot
from regulars.engine.state import Changes, MemberState, imported_by
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import OPEN, Brought, OpenLot, lot_key
from regulars.flows.importing.finding import find
from regulars.records.activity.checks import bad_time
from regulars.records.once.write import Kept, keep

OpenOutcome = Brought | Fault


async def open_balances(
    tx: Tx, terms: Terms, batch: Sequence[OpenLot], history: History
) -> list[OpenOutcome]:
    """Each lot, or debt, is opened once against the account of openings; nobody is told.

    Faults: an unknown member or wallet, units that are none, an instant that cannot be, a debt in
    a wallet that has none.
    """
    asked = askings(OPEN, batch, lambda one: lot_key(one.source, one.lot))
    await sort_out(tx, asked, Brought)
    fresh = [item for item in asked if item.open]
    found: dict[int, UUID] = {}
    whom = await find(tx, terms, [item.command for item in fresh])
    for item, who in zip(fresh, whom, strict=True):
        item.outcome = _wrong(terms, tx, item.command)
        if item.outcome is None and isinstance(who, Fault):
            item.outcome = who
        elif item.outcome is None and isinstance(who, UUID):
            found[item.place] = who
    states = await hold_members(tx, terms, found.values())
    changes = Changes(tx.new_id, history=history.import_id)
    keys: list[Kept] = []
    for item in fresh:
        if item.place in found:
            keys += _one(tx, terms, changes, (item, states[found[item.place]]))
    await tx.write([*keep(tx, keys), *writes_of(tx, terms, changes)])
    return settle_followers(asked)


def _wrong(terms: Terms, tx: Tx, command: OpenLot) -> Fault | None:
    wallets = terms.at(tx.now).program.wallets
    if command.wallet not in wallets:
        return Invalid(f"there is no wallet {command.wallet}", field="/wallet")
    if not 0 < command.units <= LARGEST:
        return Invalid("at least 1 and at most 2^53-1 can be brought over", field="/remaining")
    if command.owed and wallets[command.wallet].negative != "debt":
        mend = "say `negative: debt` in the program, or leave the line out"
        return Invalid(f"nobody owes {command.wallet} here; {mend}", field="/owed")
    return bad_time(command.earned_at, tx.now)


def _one(
    tx: Tx, terms: Terms, changes: Changes, job: tuple[Asking[OpenLot], MemberState]
) -> list[Kept]:
    item, state = job
    command, entry_id = item.command, tx.new_id()
    import_id: Any = changes.history
    reason = command.origin or "brought over"
    # A debt is as old as it was there; points are here from now on, and their lots say the rest.
    at = min(command.earned_at or tx.now, tx.now) if command.owed else tx.now
    cause = Cause("open", entry_id, import_id, at, imported_by(import_id), reason)
    opening = Opening(
        wallet=command.wallet,
        units=command.units,
        earned_at=command.earned_at or tx.now,
        expires_at=command.expires_at,
        by_rule=command.by_rule,
        cause=cause,
        activates_at=command.activates_at,
        cancels_at=command.cancels_at,
        activity_id=command.activity_id,
    )
    try:
        opens = open_debt if command.owed else open_lot
        opens(changes, state, terms.at(tx.now), opening)
    except Fault as fault:
        item.outcome = fault
        return []
    item.outcome = Brought(state.member_id)
    return kept(item, state.member_id, entry_id)

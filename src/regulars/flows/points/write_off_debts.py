"""Debts are forgiven by an entry of their own: by hand, or when they are old enough."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.moving.write_off import is_due, write_off
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
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
from regulars.flows.batch.stuck import about
from regulars.flows.points.commands import WriteOff, WriteOffOutcome, WrittenOff
from regulars.records.ledger.ends import read as ends
from regulars.records.night import read as night
from regulars.records.night.ahead import Ahead
from regulars.records.night.write import settle
from regulars.records.once.write import Kept, keep

STEP: Final = "write_off_debts"


async def write_off_debts(tx: Tx, terms: Terms, batch: Sequence[WriteOff]) -> list[WriteOffOutcome]:
    """Forgive what these members owe, each once, with a reason and a name.

    Refuses: `nothing_owed`. Faults: unknown member or wallet, no reason, no name.
    """
    asked = askings("write_off", batch, lambda _: None)
    await sort_out(tx, asked, WrittenOff)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command) or _no_wallet(terms, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        states = await hold_members(tx, terms, found.values())
        changes = Changes(tx.new_id)
        answered: list[Kept] = []
        for item in todo:
            answered += _one(tx, terms, changes, (item, states[found[item.place]]))
        await look_again(tx, todo, WrittenOff)
        await tx.write([*keep(tx, answered), *writes_of(tx, terms, changes)])
    return settle_followers(asked)


async def write_off_old_debts(tx: Tx, terms: Terms, most: int, ahead: Ahead | None = None) -> int:
    """Forgive what has been owed for as long as its wallet says; how many members owed it, or with
    some `ahead` how many were looked at.

    Order: a debt is as old as the moment since when it never came to nothing. It is looked at
    again under the lock: who paid meanwhile owes nothing, or owes anew.
    """
    version = terms.at(tx.now)
    wallets = version.program.wallets.items()
    some = [name for name, wallet in wallets if wallet.write_off_after is not None]
    parked = await night.parked(tx, STEP) if some else ()
    for name in some:
        code = version.wallet_codes[version.compiled.wallet_places[name]]
        those = None
        if ahead is not None:
            those = await night.some_ahead(
                ahead, code, partial(ends.debtors_behind, tx, code), most
            )
            if not those:
                continue
        owing = await ends.owing_since(tx, code, most, those, parked)
        due = [who for who, since in owing.items() if is_due(version, name, since, tx.now)]
        if due:
            with about(STEP, due):
                await _forgive(tx, terms, (version, name, code), due)
        if due or those:
            return len(those or due)
    return 0


async def _forgive(
    tx: Tx, terms: Terms, what: tuple[Version, str, int], due: Sequence[UUID]
) -> None:
    """Forgive what these members owe in a wallet, where it is old enough still."""
    version, name, code = what
    states = await hold_members(tx, terms, due)
    still = await ends.owing_since(tx, code, len(due), due)
    changes = Changes(tx.new_id)
    for member_id, since in still.items():
        if is_due(version, name, since, tx.now):
            reason = f"owed since {since.date().isoformat()}"
            write_off(changes, states[member_id], code, (tx.now, "midnight", reason))
    await tx.write([*writes_of(tx, terms, changes), *settle(tx, STEP, due)])


def _no_wallet(terms: Terms, command: WriteOff) -> Fault | None:
    if command.wallet in terms.wallet_names.values():
        return None
    return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")


def _one(
    tx: Tx, terms: Terms, changes: Changes, job: tuple[Asking[WriteOff], MemberState]
) -> list[Kept]:
    item, state = job
    command = item.command
    code = next(code for code, name in terms.wallet_names.items() if name == command.wallet)
    owed = state.balance(code).debt
    done = write_off(changes, state, code, (tx.now, command.actor, command.reason))
    if not isinstance(done, UUID):
        item.outcome = done
        return []
    item.outcome = WrittenOff(
        entry_id=done,
        member_id=state.member_id,
        wallet=command.wallet,
        units=owed,
        balances=available(terms, state),
    )
    return kept(item, state.member_id, done)

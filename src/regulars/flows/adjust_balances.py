"""Correct balances by hand: each with a reason and the name of who says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.deciding.adjust import Correction, adjust, chosen_end
from regulars.engine.deciding.booking import Cause
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.access.by_hand import Hands, hold_hands
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
from regulars.flows.batch.named import find_named, unsaid
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.commands import Adjust, Adjusted, AdjustOutcome
from regulars.records.ledger.placed.types import Placed
from regulars.records.ledger.placed.write import place
from regulars.records.ledger.types import NEVER
from regulars.records.members.types import erased_fault
from regulars.records.once.types import natural_key
from regulars.records.once.write import Kept, keep


async def adjust_balances(
    tx: Tx, terms: Terms, batch: Sequence[Adjust], *, living: bool = False
) -> list[AdjustOutcome]:
    """Give or take points by hand, each once.

    Shape: `living` corrects only who is still there; otherwise what an erased member left may still
    be written off.
    Order: what was reserved and not taken in time is given back first.
    Refuses: taking more than is there; of staff, their own membership, more than their limit or
    budget, and what was decided before. Faults: unknown member or wallet, no reason, no actor.
    """
    asked = askings("adjust", batch, _receipt)
    await sort_out(tx, asked, Adjusted)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = _wrong(terms, tx, item.command) or unsaid(item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    if found:
        states = await hold_members(tx, terms, found.values(), with_lots=found.values())
        hands = await hold_hands(tx, terms, [one for one in fresh if one.place in found], found)
        changes, placed = Changes(tx.new_id), list[Placed]()
        lapsed = await lapse_overdue(tx, terms, changes, states)
        answered: list[Kept] = []
        for item in fresh:
            if item.place in found and not _is_gone(item, states[found[item.place]], living):
                answered += _one(tx, terms, (changes, hands), (item, states[found[item.place]]))
                placed += _placed(item)
        await look_again(tx, fresh, Adjusted)
        await tx.write(
            [*keep(tx, answered), *lapsed, *writes_of(tx, terms, changes), *place(tx, placed)]
        )
        await tx.write(hands.writes(tx))
    return settle_followers(asked)


def _receipt(command: Adjust) -> UUID | None:
    """One receipt may pay for several cards: whoever is named so is told apart."""
    if not command.receipt:
        return None
    (kind,) = command.member.said()
    named = f"{kind}:{getattr(command.member, kind)}"
    return natural_key(command.wallet, command.receipt, f"adjust.paid:{named}")


def _is_gone(item: Asking[Adjust], state: MemberState, living: bool) -> bool:
    if state.state == "erased" and (living or item.command.units > 0):
        item.outcome = erased_fault()
        return True
    return False


def _placed(item: Asking[Adjust]) -> list[Placed]:
    done = item.outcome
    if not isinstance(done, Adjusted):
        return []
    return [Placed(done.member_id, done.entry_id, "adjust", item.command.store)]


def _wrong(terms: Terms, tx: Tx, command: Adjust) -> Fault | None:
    if command.wallet not in terms.at(tx.now).program.wallets:
        return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")
    if command.units == 0 or abs(command.units) > LARGEST:
        return Invalid("give or take at least 1 and at most 2^53-1", field="/units")
    if command.earned and command.units < 0:
        return Invalid("what is taken was not earned", field="/earned")
    if command.expires_on and command.units < 0:
        return Invalid(
            "what is taken has no end", field="/expires_on", mend="Leave it out where points go"
        )
    return None


def _end_of(changes: Changes, entry_id: UUID) -> datetime | None:
    """When the lot of this entry is gone."""
    ends = [lot.expires_at for lot in changes.opened.values() if lot.entry_id == entry_id]
    return ends[0] if ends and ends[0] != NEVER else None


def _one(
    tx: Tx, terms: Terms, into: tuple[Changes, Hands], job: tuple[Asking[Adjust], MemberState]
) -> list[Kept]:
    (changes, hands), (item, state) = into, job
    command, entry_id = item.command, tx.new_id()
    item.outcome = hands.judge(command, state.member_id)
    if item.outcome is not None:
        return []
    cause = Cause("adjust", entry_id, entry_id, tx.now, command.actor, command.reason)
    no: Refused | Fault | None
    try:
        ends_at = chosen_end(terms.at(tx.now).zone, tx.now, command.expires_on)
        correction = Correction(
            command.wallet, command.units, cause, command.earned, command.owing, ends_at
        )
        no = adjust(changes, state, terms.at(tx.now), correction)
    except Fault as fault:
        no = fault
    if isinstance(no, Fault | Refused):
        item.outcome = no
        return []
    names = terms.wallet_names
    item.outcome = Adjusted(
        entry_id=entry_id,
        member_id=state.member_id,
        wallet=command.wallet,
        units=command.units,
        balances={names[code]: b.available for code, b in state.balances.items()},
        expires_at=_end_of(changes, entry_id),
    )
    hands.booked(command, item.outcome)
    return kept(item, state.member_id, entry_id)

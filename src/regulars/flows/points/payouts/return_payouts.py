"""What a bank sends back: the money is in the wallet again, and nothing more goes there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.booking import Cause
from regulars.engine.state import Changes, Event, MemberState
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
from regulars.flows.batch.named import available
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.points.payouts.commands import PayoutReturned, ReturnOutcome, ReturnPayout
from regulars.records.members.types import erased_refused
from regulars.records.once.types import natural_key
from regulars.records.once.write import Kept, keep
from regulars.records.rewards import read as redemptions
from regulars.records.rewards.payouts import read, write
from regulars.records.rewards.payouts.types import Payout, PayoutReturn
from regulars.records.rewards.types import Redemption

_CODE = re.compile(r"[A-Z0-9]{4}\Z", re.ASCII)


class Batch(Struct):
    """Returns of a bank while they are decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    payouts: dict[UUID, Payout]
    taken: dict[UUID, Redemption]
    lapsed: list[Write]
    returned: dict[UUID, PayoutReturn] = {}
    """What came back: before, and now."""
    fresh: list[PayoutReturn] = []
    spoilt: dict[UUID, tuple[str, str]] = {}
    """Whose account is not used any more: its number, and the bank's reason."""
    answered: list[Kept] = []


async def return_payouts(
    tx: Tx, terms: Terms, batch: Sequence[ReturnPayout]
) -> list[ReturnOutcome]:
    """Put each pay-out that came back into its wallet, once, by the bank's reference.

    Order: members are locked before it is looked up what came back already.
    Refuses: `already_returned`, `member_erased`. Faults: no such pay-out, another amount, no
    reference, no reason of the bank.
    """
    asked = askings("return_payout", batch, _receipt)
    await sort_out(tx, asked, PayoutReturned)
    fresh = [item for item in asked if item.open]
    known = await read.some(tx, [item.command.redemption_id for item in fresh])
    for item in fresh:
        item.outcome = _wrong(terms, item.command, known.get(item.command.redemption_id))
    todo = [item for item in fresh if item.open]
    if todo:
        work = await _begin(tx, terms, [known[item.command.redemption_id] for item in todo])
        for item in todo:
            _one(work, item)
        await look_again(tx, todo, PayoutReturned)
        await _end(work)
    return settle_followers(asked)


async def _begin(tx: Tx, terms: Terms, payouts: Sequence[Payout]) -> Batch:
    owners = {one.member_id for one in payouts}
    ids = [one.redemption_id for one in payouts]
    states = await hold_members(tx, terms, owners, with_lots=owners)
    changes = Changes(tx.new_id)
    lapsed = await lapse_overdue(tx, terms, changes, states)
    taken = await redemptions.some(tx, sorted(owners), ids)
    work = Batch(tx, terms, states, changes, await read.some(tx, ids), taken, lapsed)
    work.returned = {one.redemption_id: one for one in await read.returns(tx, ids)}
    return work


def _one(work: Batch, item: Asking[ReturnPayout]) -> None:
    command, tx = item.command, work.tx
    payout = work.payouts[command.redemption_id]
    state = work.states[payout.member_id]
    if state.state == "erased":
        item.outcome = erased_refused()
        return
    if payout.redemption_id in work.returned:
        facts = {"reference": work.returned[payout.redemption_id].reference}
        item.outcome = Refused("already_returned", "this came back before", facts)
        return
    returned = _booked(work, command, payout, state)
    if isinstance(returned, Fault):
        item.outcome = returned
        return
    work.returned[payout.redemption_id] = returned
    work.fresh.append(returned)
    work.spoilt[state.member_id] = (payout.iban, command.code)
    item.outcome = PayoutReturned(
        return_id=returned.return_id,
        redemption_id=payout.redemption_id,
        member_id=state.member_id,
        entry_id=returned.entry_id,
        amount_minor=payout.amount_minor,
        currency=work.terms.at(tx.now).program.currency,
        balances=available(work.terms, state),
    )
    work.answered += kept(item, state.member_id, returned.return_id)


def _booked(
    work: Batch, command: ReturnPayout, payout: Payout, state: MemberState
) -> PayoutReturn | Fault:
    """The money in the wallet again, by an entry that says which bank's reason brought it."""
    tx, redemption = work.tx, work.taken[payout.redemption_id]
    (wallet,) = redemption.promised.price
    version = work.terms.at(tx.now)
    if wallet not in version.program.wallets:
        version = work.terms.numbered(redemption.version)
    entry_id, return_id = tx.new_id(), tx.new_id()
    why = f"pay-out came back: {command.code} {command.reason}".strip()
    cause = Cause("adjust", entry_id, entry_id, tx.now, command.actor, why)
    try:
        no = adjust(work.changes, state, version, Correction(wallet, payout.amount_minor, cause))
    except Fault as fault:  # the balance would be beyond what can be counted
        return fault
    assert no is None, no
    work.changes.touch(state)
    payload = {
        "redemption_id": payout.redemption_id, "return_id": return_id, "code": command.code,
    }  # fmt: skip
    work.changes.events.append(Event(state.member_id, state.version, "payout.returned", payload))
    return PayoutReturn(
        return_id=return_id,
        member_id=payout.member_id,
        redemption_id=payout.redemption_id,
        reference=command.reference,
        code=command.code,
        reason=command.reason,
        at=tx.now,
        entry_id=entry_id,
        amount_minor=payout.amount_minor,
        actor=command.actor,
    )


async def _end(work: Batch) -> None:
    spoilt = [(who, iban, why) for who, (iban, why) in sorted(work.spoilt.items())]
    await work.tx.write(
        [
            *keep(work.tx, work.answered),
            *work.lapsed,
            *write.keep_returns(work.tx, work.fresh, spoilt),
            *writes_of(work.tx, work.terms, work.changes),
        ]
    )


def _wrong(terms: Terms, command: ReturnPayout, payout: Payout | None) -> Fault | None:
    if payout is None:
        says = "nothing was paid out under this end-to-end id; check it for a slip"
        return NotFound(says, field="/payout")
    if not command.reference.strip():
        return Invalid("say under which number the bank sent it back", field="/reference")
    if _CODE.match(command.code) is None:
        says = "the bank's reason is four letters and digits, such as AC04"
        return Invalid(says, field="/reason_code")
    currency = terms.versions[-1].program.currency
    if command.amount_minor is not None:
        if command.currency != currency:
            return Invalid(f"this program counts in {currency}", field="/amount/currency")
        if command.amount_minor != payout.amount_minor:
            says = f"{payout.amount_minor} was paid out; banks send back all of it or nothing"
            return Invalid(says, field="/amount/minor")
    return None


def _receipt(command: ReturnPayout) -> UUID | None:
    return natural_key("bank", command.reference, "payout.returned") if command.reference else None

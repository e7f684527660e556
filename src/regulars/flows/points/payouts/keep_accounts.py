"""Bank accounts: where a member's money goes, said by whoever may say it, seen masked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.points.payouts.commands import (
    AccountOutcome,
    AccountSet,
    SetAccount,
    no_payouts,
)
from regulars.records.members.types import erased_refused
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.payouts import read, write
from regulars.records.rewards.payouts.iban import bic_of, holder_of, iban_of
from regulars.records.rewards.payouts.types import BankAccount, masked


async def set_accounts(tx: Tx, terms: Terms, batch: Sequence[SetAccount]) -> list[AccountOutcome]:
    """Keep where each of these members' money goes; said anew, an account is usable again.

    Order: members are locked, so that a run pays to the account from before or from after.
    Refuses: `no_payouts`, `member_erased`. Faults: unknown member, a number or name that is wrong.
    """
    asked = askings("set_bank_account", batch, lambda _: None)
    await sort_out(tx, asked, AccountSet)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    if found:
        states = await hold_members(tx, terms, found.values())
        told: list[BankAccount] = []
        gone: dict[UUID, None] = {}
        answered: list[Kept] = []
        for item in fresh:
            if item.place in found:
                answered += _one(tx, terms, item, states[found[item.place]], (told, gone))
        last = {item.outcome.member_id: item.outcome.shown for item in fresh if _done(item)}
        told = [one for one in told if last[one.member_id]]
        gone = {id_: None for id_ in gone if not last[id_]}
        await tx.write(
            [*keep(tx, answered), *write.set_accounts(tx, told), *write.drop_accounts(tx, [*gone])]
        )
    return settle_followers(asked)


async def show_account(tx: Tx, terms: Terms, member_id: UUID) -> AccountSet | None:
    """Where a member's money goes, masked; nothing is locked and nothing written."""
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        return None
    stands_as = states[member_id].member_id
    one = (await read.accounts(tx, [stands_as])).get(stands_as)
    return None if one is None else _shown(one)


def _one(
    tx: Tx,
    terms: Terms,
    item: Asking[SetAccount],
    state: MemberState,
    kept_so_far: tuple[list[BankAccount], dict[UUID, None]],
) -> list[Kept]:
    told, gone = kept_so_far
    command = item.command
    if state.state == "erased":
        item.outcome = erased_refused()
        return []
    if command.iban and terms.at(tx.now).program.paying_out is None:
        item.outcome = no_payouts()
        return []
    try:
        account = _account(tx, command, state.member_id)
    except Fault as fault:
        item.outcome = fault
        return []
    if account is None:
        gone[state.member_id] = None
        item.outcome = AccountSet(state.member_id, "", "", False, tx.now)
    else:
        told.append(account)
        item.outcome = _shown(account)
    # Under the member's own id, so that an erasure takes key, answer and digest with it.
    return kept(item, state.member_id, state.member_id)


def _account(tx: Tx, command: SetAccount, member_id: UUID) -> BankAccount | None:
    if not command.iban:
        return None
    return BankAccount(
        member_id=member_id,
        holder=holder_of(command.holder, "/holder"),
        iban=iban_of(command.iban, "/iban"),
        bic=bic_of(command.bic, "/bic"),
        set_at=tx.now,
    )


def _done(item: Asking[SetAccount]) -> bool:
    return isinstance(item.outcome, AccountSet)


def _shown(one: BankAccount) -> AccountSet:
    return AccountSet(
        member_id=one.member_id,
        holder=one.holder,
        shown=masked(one.iban),
        usable=one.usable,
        set_at=one.set_at,
        why=one.why,
    )

"""Members give each other points, where and as far as the program lets them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.moving.transfer import Gift, transfer
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
from regulars.flows.batch.named import available, find_named
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.points.commands import Transfer, TransferOutcome, Transferred
from regulars.records.once.write import Kept, keep


async def transfer_points(tx: Tx, terms: Terms, batch: Sequence[Transfer]) -> list[TransferOutcome]:
    """Each transfer once: points leave the one and come to the other, lot by lot.

    Order: in the order given; both members are locked in the order of ids, whoever gives. What
    they reserved and did not take in time is given back first.
    Refuses: see `engine.moving.transfer.Refusal`. Faults: unknown member or wallet, oneself.
    """
    asked = askings("transfer", batch, lambda _: None)
    await sort_out(tx, asked, Transferred)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = _wrong(terms, tx, item.command)
    givers = await find_named(tx, terms, fresh, lambda one: one.giver, "/from")
    takers = await find_named(tx, terms, fresh, lambda one: one.taker, "/to")
    todo = [item for item in fresh if item.open]
    ids = {people[item.place] for item in todo for people in (givers, takers)}
    if ids:
        states = await hold_members(tx, terms, ids, with_lots=ids)
        changes, answered = Changes(tx.new_id), list[Kept]()
        pairs = {one.place: (states[givers[one.place]], states[takers[one.place]]) for one in todo}
        for item in todo:
            item.outcome = _oneself(*pairs[item.place])
        moving = [item for item in todo if item.open]
        concerned = {state.member_id: state for one in moving for state in pairs[one.place]}
        await load_allowances(tx, terms, concerned)
        lapsed = await lapse_overdue(tx, terms, changes, concerned)
        for item in moving:
            answered += _one(tx, terms, changes, item, pairs[item.place])
        await look_again(tx, todo, Transferred)
        await tx.write([*keep(tx, answered), *lapsed, *writes_of(tx, terms, changes)])
    return settle_followers(asked)


def _wrong(terms: Terms, tx: Tx, command: Transfer) -> Fault | None:
    if command.wallet not in terms.at(tx.now).program.wallets:
        return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")
    if not 0 < command.units <= LARGEST:
        return Invalid("give at least 1 and at most 2^53-1", field="/units")
    return None


def _oneself(giver: MemberState, taker: MemberState) -> Fault | None:
    if giver is not taker:
        return None
    return Invalid("nobody gives points to themselves; name another one", field="/to")


def _one(
    tx: Tx,
    terms: Terms,
    changes: Changes,
    item: Asking[Transfer],
    who: tuple[MemberState, MemberState],
) -> list[Kept]:
    giver, taker = who
    command = item.command
    actor = command.actor or command.asked.principal
    gift = Gift(command.wallet, command.units, tx.now, actor, command.reason)
    done: UUID | Refused | Fault
    try:
        done = transfer(changes, giver, taker, terms.at(tx.now), gift)
    except Fault as fault:
        done = fault
    if not isinstance(done, UUID):
        item.outcome = done
        return []
    item.outcome = Transferred(
        transfer_id=done,
        giver_id=giver.member_id,
        taker_id=taker.member_id,
        wallet=command.wallet,
        units=command.units,
        giver_balances=available(terms, giver),
        taker_balances=available(terms, taker),
    )
    return kept(item, giver.member_id, done)

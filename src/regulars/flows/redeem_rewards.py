"""Redeem: reserve a reward for a member, hand it over, give it back, or let it lapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.deciding.redeem import Wish, hold
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
from regulars.flows.batch.first_lots import load_first_lots
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import Overdue, overdue
from regulars.flows.commands import Redeem, Redeemed, RedeemOutcome, Settle
from regulars.records.ledger import read as ledger
from regulars.records.ledger.types import Hold
from regulars.records.members import read as members
from regulars.records.once.write import Kept, keep
from regulars.records.rewards import read, write
from regulars.records.rewards.types import Redemption


class Batch(Struct):
    """A batch of redemptions while it is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    holds: dict[UUID, list[Hold]] = {}
    opened: dict[UUID, Redemption] = {}
    closed: dict[UUID, Redemption] = {}
    kept: list[Kept] = []


async def hold_rewards(tx: Tx, terms: Terms, batch: Sequence[Redeem]) -> list[RedeemOutcome]:
    """Reserve each reward once: the member's soonest points, for as long as the reward says.

    Order: in the order given; of several who ask for the last piece exactly one gets it. What they
    reserved before and did not take in time is given back first.
    Refuses: see `engine.redeem.Refusal`, per item. Faults: unknown member, key reused.
    """
    asked = askings("redeem", batch, lambda _: None)
    await sort_out(tx, asked, Redeemed)
    fresh = [item for item in asked if item.open]
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [item.command.member for item in fresh])
    found: dict[int, UUID] = {}
    for item, member_id in zip(fresh, whom, strict=True):
        if isinstance(member_id, Fault):
            item.outcome = member_id
        else:
            found[item.place] = member_id
    if found:
        ids = set(found.values())
        states = await hold_members(tx, terms, ids)
        late = await overdue(tx, states)
        await load_first_lots(tx, terms, states, late, _wishes(fresh, found))
        wanted = _stocked(terms, tx, [item.command for item in fresh])
        decided = await begin(Batch(tx, terms, states, Changes(tx.new_id)), wanted, late)
        for item in fresh:
            if item.place in found:
                _hold_one(decided, item, states[found[item.place]])
        await look_again(tx, fresh, Redeemed)
        await _write(decided)
    return settle_followers(asked)


async def settle_redemptions(tx: Tx, terms: Terms, batch: Sequence[Settle]) -> list[RedeemOutcome]:
    """Capture or void each redemption once; ending it the same way again changes nothing.

    Refuses: `hold_lapsed`, `already_captured`, `already_voided`. Faults: unknown redemption.
    """
    asked = askings("settle", batch, lambda _: None)
    await sort_out(tx, asked, Redeemed)
    fresh = [item for item in asked if item.open]
    owners = await read.whose(tx, [item.command.redemption_id for item in fresh])
    for item in fresh:
        if item.command.redemption_id not in owners:
            item.outcome = NotFound("there is no such redemption here", field="/id")
    todo = [item for item in fresh if item.open]
    if todo:
        decided, redemptions = await load_redemptions(tx, terms, owners)
        for item in todo:
            redemption = redemptions[item.command.redemption_id]
            _settle_one(decided, item, redemption)
        await look_again(tx, todo, Redeemed)
        await _write(decided)
    return settle_followers(asked)


async def begin(batch: Batch, shelf: Sequence[str], late: Overdue) -> Batch:
    """Lock these shelves, and give back first what was reserved and not taken in time.

    Order: all shelves at once, in the order of their names, so that no two batches wait for each
    other.
    """
    batch.changes.stock |= await read.lock_stock(batch.tx, [*shelf, *late.stocked()])
    late.lapse(batch.changes, batch.states, batch.terms, batch.tx)
    batch.closed |= {one.redemption_id: one for one in late.redemptions}
    return batch


async def load_redemptions(
    tx: Tx, terms: Terms, owners: dict[UUID, UUID]
) -> tuple[Batch, dict[UUID, Redemption]]:
    """Lock the members of these redemptions and the shelf behind them, then read all of it."""
    ids, wanted = set(owners.values()), sorted(owners)
    states = await hold_members(tx, terms, ids, with_lots=ids)
    redemptions = await read.some(tx, sorted(ids), wanted)
    stocked = [r.reward for r in redemptions.values() if r.promised.stocked]
    stock = await read.lock_stock(tx, stocked)
    holds = await ledger.holds(tx, sorted(ids), wanted)
    return Batch(tx, terms, states, Changes(tx.new_id, stock), holds), redemptions


def end(batch: Batch, redemption: Redemption, ending: Ending) -> Refused | None:
    """End one loaded redemption; for the night's work too."""
    before = redemption.state
    no = conclude(
        batch.changes,
        batch.states[redemption.member_id],
        batch.terms.numbered(redemption.version),
        redemption,
        batch.holds.get(redemption.redemption_id, []),
        ending,
    )
    if no is None and redemption.state != before and redemption.redemption_id not in batch.opened:
        batch.closed[redemption.redemption_id] = redemption
    return no


async def write_ended(batch: Batch) -> None:
    """Write what ending redemptions changed; for the night's work too."""
    await _write(batch)


def _wishes(fresh: Sequence[Asking[Redeem]], found: Mapping[int, UUID]) -> list[tuple[UUID, str]]:
    """Which member wants which reward."""
    return [(found[one.place], one.command.reward) for one in fresh if one.place in found]


def _stocked(terms: Terms, tx: Tx, commands: Sequence[Redeem]) -> list[str]:
    """Of which rewards the shelf must be locked."""
    rewards = terms.at(tx.now).rewards
    wanted = {command.reward for command in commands}
    return [name for name in wanted if name in rewards and rewards[name].stock is not None]


def _hold_one(batch: Batch, item: Asking[Redeem], state: MemberState) -> None:
    command, tx = item.command, batch.tx
    version = batch.terms.at(tx.now)
    wish = Wish(
        reward=command.reward,
        redemption_id=tx.new_id(),
        now=tx.now,
        store=command.store,
        channel=command.channel,
        actor=command.asked.principal,
    )
    redemption = hold(batch.changes, state, version, wish)
    if isinstance(redemption, Refused):
        item.outcome = redemption
        return
    batch.opened[redemption.redemption_id] = redemption
    if command.capture:
        batch.holds[redemption.redemption_id] = [
            one
            for one in batch.changes.holds_opened.values()
            if one.redemption_id == redemption.redemption_id
        ]
        no = end(batch, redemption, Ending("captured", tx.now, command.asked.principal))
        assert no is None, no
    _answer(batch, item, redemption)


def _settle_one(batch: Batch, item: Asking[Settle], redemption: Redemption) -> None:
    command = item.command
    if command.outcome not in ("captured", "voided"):
        item.outcome = Invalid("a redemption is captured or voided", field="/outcome")
        return
    outcome: Any = command.outcome
    ending = Ending(outcome, batch.tx.now, command.asked.principal, command.part)
    try:
        no = end(batch, redemption, ending)
    except Fault as fault:
        item.outcome = fault
        return
    if no is not None:
        item.outcome = no
        return
    _answer(batch, item, redemption)


def _answer(batch: Batch, item: Asking[Any], redemption: Redemption) -> None:
    state = batch.states[redemption.member_id]
    names = batch.terms.wallet_names
    item.outcome = Redeemed(
        redemption_id=redemption.redemption_id,
        member_id=redemption.member_id,
        reward=redemption.reward,
        state=redemption.state,
        price=redemption.promised.price,
        balances={names[code]: b.available for code, b in state.balances.items()},
        lapses_at=redemption.lapses_at,
    )
    batch.kept += kept(item, redemption.member_id, redemption.redemption_id)


async def _write(batch: Batch) -> None:
    tx, changes = batch.tx, batch.changes
    # A hold that is opened and ended in one batch is born with its end.
    for hold_id in [one for one in changes.holds_closed if one in changes.holds_opened]:
        del changes.holds_closed[hold_id]
    await tx.write(
        [
            *keep(tx, batch.kept),
            *write.open_redemptions(tx, list(batch.opened.values())),
            *write.close_redemptions(tx, list(batch.closed.values())),
            *write.keep_stock(tx, {name: changes.stock[name] for name in changes.stock_touched}),
            *writes_of(tx, batch.terms, changes),
        ]
    )

"""A household takes a reward, or pays for a basket, with what all of them have; each lot is
recorded with its owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, MembersMoved, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.moving.paying import pay_together, whole_of
from regulars.engine.moving.pool import spend_together
from regulars.engine.rewarding.freeing import Goods
from regulars.engine.rewarding.having import Wish
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.access.own import refuse_own
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.cooling import load_taken
from regulars.flows.batch.hand_codes import with_codes
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import available, find_named
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.commands import Part, Redeem, Redeemed, RedeemOutcome
from regulars.flows.points.choosing.load import load_choices
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.wishing import ill_basket, ill_currency, ill_told, no_place, pool_of
from regulars.flows.redeem_rewards import Batch, begin, end, redeemed, write_ended
from regulars.records.access.staff import read as staff
from regulars.records.members.unions import read as unions
from regulars.records.members.unions.types import Household
from regulars.records.program.parts.rewards import PAYING
from regulars.records.rewards.types import Redemption


async def redeem_together(
    tx: Tx, terms: Terms, batch: Sequence[RedeemTogether]
) -> list[RedeemOutcome]:
    """Each reward and payment once: the points of all that lapse soonest go first.

    Nothing of a reward stays reserved: what comes from others is handed over for it only. What pays
    for a basket is each member's own, by a redemption of theirs, taken at once or reserved.
    Order: all members of these households are locked in the order of ids, then the shelf. What
    any of them reserved and did not take in time is given back first.
    Refuses: `no_households`, `head_only`, and what a redemption refuses. Faults: unknown member or
    household, a member of another one.
    """
    asked = askings("redeem_together", batch, lambda _: None)
    await sort_out(tx, asked, Redeemed)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    await refuse_own(tx, terms, fresh, found)
    for item in [item for item in fresh if item.open]:
        item.outcome = _ill_told(terms.at(tx.now), item.command, tx.now)
    todo = [item for item in fresh if item.open]
    if todo:
        loaded, households = await _load(tx, terms, todo, found)
        for item in [item for item in todo if item.open]:
            household = households[item.command.household_id]
            does = _one if item.command.pay is None else _pay
            does(loaded, item, loaded.states[found[item.place]], household)
        await look_again(tx, todo, Redeemed)
        await write_ended(loaded)
    return await with_codes(tx, settle_followers(asked))


async def _load(
    tx: Tx, terms: Terms, todo: Sequence[Asking[RedeemTogether]], found: dict[int, UUID]
) -> tuple[Batch, dict[UUID, Household]]:
    wanted = [item.command.household_id for item in todo]
    ids = _members(await unions.households(tx, wanted)) | set(found.values())
    states = await hold_members(tx, terms, ids, with_lots=ids)
    # Looked at again under the lock: somebody may have joined while we waited.
    households = await unions.households(tx, wanted)
    if not _members(households) <= states.keys():
        raise MembersMoved
    batch = Batch(tx, terms, states, Changes(tx.new_id))
    await load_allowances(tx, terms, states)
    for item in todo:
        household = households.get(item.command.household_id)
        who = states[found[item.place]].member_id
        item.outcome = no_place(terms.at(tx.now), who, household)
    spending = [item.command for item in todo if item.open]
    await batch.proofs.load(tx, spending)
    if any(one.asked.alone for one in spending):
        batch.most_alone = (await staff.chosen(tx)).of("redeem_limit")
    homes = {one.household_id: households[one.household_id] for one in spending}
    rewards = sorted({one.reward for one in spending if one.reward})
    await load_taken(tx, terms.at(tx.now), states, rewards)
    await load_choices(tx, terms, states.values())
    shelf = shelves(terms.at(tx.now), rewards)
    spenders = {member_id: states[member_id] for member_id in sorted(_members(homes))}
    return await begin(batch, shelf, await overdue(tx, spenders)), homes


def _ill_told(version: Version, command: RedeemTogether, now: datetime) -> Fault | None:
    told = Redeem(command.member, command.reward, pay=command.pay, currency=command.currency)
    return ill_told(told) or ill_basket(version, command) or ill_currency(version, told, now)


def _members(households: dict[UUID, Household]) -> set[UUID]:
    return {place.member_id for one in households.values() for place in one.places}


def _one(
    batch: Batch, item: Asking[RedeemTogether], taker: MemberState, household: Household
) -> None:
    command, tx = item.command, batch.tx
    version = batch.terms.at(tx.now)
    pool, wish = pool_of(batch.states, taker, household), _wish(batch, command, taker)
    redemption = spend_together(batch.changes, pool, version, wish)
    if isinstance(redemption, Refused):
        item.outcome = redemption
        return
    batch.proofs.take(version, command.asked.shown, redemption)
    _open(batch, redemption)
    _capture(batch, redemption, command)
    item.outcome = redeemed(redemption, available(batch.terms, taker))
    batch.kept += kept(item, taker.member_id, redemption.redemption_id)


def _pay(
    batch: Batch, item: Asking[RedeemTogether], taker: MemberState, household: Household
) -> None:
    command = item.command
    assert command.pay is not None, command
    version = batch.terms.at(batch.tx.now)
    pool, wish = pool_of(batch.states, taker, household), _wish(batch, command, taker)
    paid = pay_together(batch.changes, pool, version, wish, command.pay)
    if isinstance(paid, Refused):
        item.outcome = paid
        return
    first, whole = paid[0], whole_of(paid)
    batch.proofs.take(version, command.asked.shown, replace(first, promised=whole))
    for one in paid:
        _open(batch, one)
        if not command.reserves:
            _capture(batch, one, command)
    answer = redeemed(replace(first, promised=whole), available(batch.terms, taker))
    item.outcome = replace(answer, member_id=taker.member_id, parts=tuple(map(_part, paid)))
    batch.kept += kept(item, taker.member_id, first.redemption_id)


def _part(one: Redemption) -> Part:
    value = one.promised.value_minor or one.promised.worth_minor
    return Part(one.redemption_id, one.member_id, one.promised.price, value)


def _wish(batch: Batch, command: RedeemTogether, taker: MemberState) -> Wish:
    tx = batch.tx
    return Wish(
        reward=command.reward or PAYING,
        redemption_id=tx.new_id(),
        now=tx.now,
        store=command.store,
        channel=command.channel,
        actor=command.asked.principal,
        goods=Goods(command.lines, command.named),
        unproven=batch.proofs.missing(command, taker.member_id, tx.now),
        currency=command.currency,
        quoted=command.quoted,
        shown=command.shown,
        most_alone=batch.most_alone if command.asked.alone else None,
    )


def _open(batch: Batch, redemption: Redemption) -> None:
    id_ = redemption.redemption_id
    batch.opened[id_] = redemption
    opened = batch.changes.holds_opened.values()
    batch.holds[id_] = [hold for hold in opened if hold.redemption_id == id_]


def _capture(batch: Batch, redemption: Redemption, command: RedeemTogether) -> None:
    no = end(batch, redemption, Ending("captured", batch.tx.now, command.asked.principal))
    assert no is None, no

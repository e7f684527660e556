"""Redeem: reserve a reward for a member, hand it over, give it back, or let it lapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct, field

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.deciding.redeem import hold, pay, pay_again
from regulars.engine.rewarding.gaming.winning import WINNERS
from regulars.engine.rewarding.having import not_in_store
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.access.own import refuse_own
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.cooling import load_taken
from regulars.flows.batch.first_lots import load_first_lots
from regulars.flows.batch.hand_codes import codes_for, with_codes
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import available
from regulars.flows.batch.overdue import Overdue, overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.commands import Redeem, Redeemed, RedeemOutcome, Settle
from regulars.flows.inlets.carts.unpaid import refuse_ordered
from regulars.flows.points.choosing.load import load_choices
from regulars.flows.points.choosing.proving import Proofs
from regulars.flows.points.wishing import (
    ill_basket,
    ill_currency,
    ill_told,
    offered_at,
    pays,
    refuse_paid,
    wish_of,
)
from regulars.records.access.staff import read as staff
from regulars.records.ledger.placed.types import Placed
from regulars.records.ledger.placed.write import place
from regulars.records.ledger.reserved import read as reserved
from regulars.records.ledger.types import Hold
from regulars.records.members import read as members
from regulars.records.once.write import Kept, keep
from regulars.records.program.parts.rewards import PAYING
from regulars.records.rewards import read, write
from regulars.records.rewards.codes.write import hand_over
from regulars.records.rewards.types import Redemption
from regulars.records.tills.bills.write import changed, made_for


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
    """What was answered, so that whoever asks again under the same key is told the same."""
    placed: list[Placed] = []
    made_for: dict[UUID, UUID] = {}
    """The bill of a connected till that a redemption is for."""
    proofs: Proofs = field(default_factory=Proofs)
    others: Mapping[str, Sequence[str]] = {}
    """Of what seats take: rewards by which offers give it at another price."""
    most_alone: int | None = None
    """So many points a cashier takes without a manager, where one asks alone."""


async def redeem_rewards(
    tx: Tx, terms: Terms, batch: Sequence[Redeem | Settle]
) -> list[RedeemOutcome]:
    """Reserve each reward once, the member's soonest points for as long as the reward says; and
    capture or void what was reserved, once each.

    Order: in the order given; of several who ask for the last piece exactly one gets it. What
    members who want something reserved before and did not take in time is given back first.
    Reserving and ending are one flow, so that a busy till's batches are large (ADR 0043).
    Refuses: see `rewarding.having.Refusal`, per item. Faults: unknown member or redemption, key
    reused.
    """
    asked: list[Asking[Any]] = [*askings(_operation, batch, lambda _: None)]
    await sort_out(tx, asked, Redeemed)
    await refuse_paid(tx, asked)
    todo = await _sides(tx, terms, asked)
    if todo.owners:
        decided, redemptions = await _load(tx, terms, todo)
        await refuse_ordered(tx, asked, redemptions)
        wishes = [one.command for one in asked if isinstance(one.command, Redeem) and one.open]
        await decided.proofs.load(tx, wishes)
        if any(one.asked.alone for one in wishes):
            decided.most_alone = (await staff.chosen(tx)).of("redeem_limit")
        for item in asked:
            if item.place not in todo.owners or not item.open:
                continue
            if isinstance(item.command, Redeem):
                _hold_one(decided, item, decided.states.get(todo.owners[item.place]))
            else:
                _settle_one(decided, item, redemptions[item.command.redemption_id])
        await look_again(tx, [one for one in asked if one.place in todo.owners], Redeemed)
        await _write(decided)
    return await with_codes(tx, settle_followers(asked))


class _Sides(NamedTuple):
    """Whose command each is, by its place; who wants what; and which redemptions are to end."""

    owners: dict[int, UUID]
    wishes: list[tuple[UUID, str]]
    ending: dict[UUID, UUID]
    payers: AbstractSet[UUID] = frozenset()
    """For whose baskets their household pays: how much may be spent is said of them."""
    others: Mapping[str, Sequence[str]] = {}


def _operation(command: Redeem | Settle) -> str:
    return "redeem" if isinstance(command, Redeem) else "settle"


async def _sides(tx: Tx, terms: Terms, asked: Sequence[Asking[Any]]) -> _Sides:
    """Tell wishes from endings, and find the member of each; what has none is answered.

    Whoever is named by their id is looked up with everything else of theirs.
    """
    wanted = [one for one in asked if one.open and isinstance(one.command, Redeem)]
    for one in wanted:
        one.outcome = ill_told(one.command) if one.command.promised is None else None
    wanted = [one for one in wanted if one.open]
    promised = [one.command.promised for one in wanted if one.command.promised is not None]
    payers = {one.pays_for for one in promised if one.pays_for is not None}
    others = await offered_at(tx, terms.at(tx.now), [one.command for one in wanted])
    sides = _Sides({}, [], {}, payers, others)
    by_name = [one for one in wanted if one.command.member.id is None]
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.command.member for one in by_name])
    for one, member_id in zip(by_name, whom, strict=True):
        if isinstance(member_id, Fault):
            one.outcome = member_id
        else:
            sides.owners[one.place] = member_id
    for one in wanted:
        if one.command.member.id is not None:
            sides.owners[one.place] = one.command.member.id
        if one.open:
            wish = PAYING if pays(one.command) else one.command.reward
            asks = sides.owners[one.place]
            some = sides.others.get(wish, ()) if one.command.gathering else ()
            sides.wishes.extend((asks, name) for name in (wish, *some))
    ends = [one for one in asked if one.open and isinstance(one.command, Settle)]
    sides.ending.update(await read.whose(tx, [one.command.redemption_id for one in ends]))
    for one in ends:
        owner = sides.ending.get(one.command.redemption_id)
        if owner is None:
            one.outcome = NotFound("there is no such redemption here", field="/id")
        else:
            sides.owners[one.place] = owner
    await refuse_own(tx, terms, asked, sides.owners)
    return sides


async def _load(tx: Tx, terms: Terms, sides: _Sides) -> tuple[Batch, dict[UUID, Redemption]]:
    """Lock the members and the shelves, and read what deciding looks at.

    Keeps: of whoever ends something, the lots it names and those whose time is over are read; of
    whoever wants something, as many more as it can take.
    """
    states = await hold_members(tx, terms, set(sides.owners.values()) | sides.payers)
    # By whom they stand under: who was merged may have been named by their own id.
    wishes = [(states[who].member_id, wish) for who, wish in sides.wishes if who in states]
    late = await overdue(tx, {who: states[who] for who, _ in wishes})
    mine, ending = sorted(set(sides.ending.values())), sorted(sides.ending)
    lapsed = {one.redemption_id: one for one in late.redemptions}
    redemptions = await read.some(tx, mine, [one for one in ending if one not in lapsed])
    holds = late.holds | await reserved.holds(tx, mine, sorted(redemptions))
    redemptions |= lapsed
    await load_first_lots(tx, terms, states, holds, wishes)
    wanted = sorted({reward for _, reward in wishes})
    await load_taken(tx, terms.at(tx.now), states, wanted)
    await load_choices(tx, terms, states.values())
    stocked = [one.shelf for one in redemptions.values() if one.promised.stocked]
    batch = Batch(tx, terms, states, Changes(tx.new_id), holds, others=sides.others)
    await begin(batch, [*shelves(terms.at(tx.now), wanted), *stocked], late)
    spending = [*(who for who, _ in wishes), *sorted(sides.payers & states.keys())]
    await load_allowances(tx, terms, {who: states[who] for who in spending})
    return batch, redemptions


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
    """Redemptions that are to end, by their owners, as `redeem_rewards` loads them."""
    return await _load(tx, terms, _Sides(dict(enumerate(owners.values())), [], owners))


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


def _hold_one(batch: Batch, item: Asking[Redeem], state: MemberState | None) -> None:
    command, tx = item.command, batch.tx
    if state is None:
        item.outcome = members.unknown(command.member, "/member")
        return
    version = batch.terms.at(tx.now)
    item.outcome = ill_basket(version, command) or ill_currency(version, command, tx.now)
    if item.outcome is not None:
        return
    missing = batch.proofs.missing(command, state.member_id, tx.now)
    most = batch.most_alone if command.asked.alone else None
    wish = wish_of(tx, command, batch.others)._replace(unproven=missing, most_alone=most)
    if command.promised is not None:
        payer = batch.states[command.promised.pays_for or state.member_id]
        redemption = pay_again(batch.changes, (state, payer), version, wish, command.promised)
    elif command.pay is not None:
        redemption = pay(batch.changes, state, version, wish, command.pay)
    else:
        redemption = hold(batch.changes, state, version, wish)
    if isinstance(redemption, Refused):
        item.outcome = redemption
        return
    batch.opened[redemption.redemption_id] = redemption
    batch.proofs.take(version, command.asked.shown, redemption)
    if command.bill is not None:
        batch.made_for[redemption.redemption_id] = command.bill
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
    if _is_once(command, redemption) and redemption.state == command.outcome:
        item.outcome = _ended(redemption)
        return
    if _is_of_seat(redemption) and not command.with_seat:
        says = "this belongs to a seat at an event; give the seat up instead"
        item.outcome = Refused("keeps_its_seat", says, {"gathering": _is_of_seat(redemption)})
        return
    if command.outcome == "captured" and redemption.state == "held":
        item.outcome = _elsewhere(batch, redemption, command.store)
        if item.outcome is not None:
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
    if command.store and outcome == "captured" and any(redemption.promised.price.values()):
        why = (redemption.member_id, redemption.redemption_id)
        batch.placed.append(Placed(*why, "capture", command.store))
    _answer(batch, item, redemption)


def _is_once(command: Settle, redemption: Redemption) -> bool:
    """Whether who ends it again the same way is told so, instead of that it is done.

    Keeps: what was won may be fetched anywhere, so whoever captures it knows nothing of another
    counter: of two only the first hands it over, however they ask.
    """
    return command.first or (redemption.actor in WINNERS and command.outcome == "captured")


def _is_of_seat(redemption: Redemption) -> str:
    """At which gathering somebody has a seat or waits for one with what is reserved here."""
    return str(redemption.promised.told.get("gathering", "")) if redemption.state == "held" else ""


def _elsewhere(batch: Batch, redemption: Redemption, store: str | None) -> Refused | None:
    """Why it is not to be had where it is about to be handed over, if that was told.

    Keeps: what was won is handed over wherever its winner stands.
    """
    if redemption.actor in WINNERS:
        return None
    reward = batch.terms.numbered(redemption.version).rewards.get(redemption.reward)
    return None if reward is None or store is None else not_in_store(reward, store)


def _ended(redemption: Redemption) -> Refused:
    if redemption.state == "captured":
        return Refused("already_captured", "it was handed over before")
    return Refused("already_voided", "it was given back before")


def _answer(batch: Batch, item: Asking[Any], redemption: Redemption) -> None:
    state = batch.states[redemption.member_id]
    item.outcome = redeemed(redemption, available(batch.terms, state))
    batch.kept += kept(item, redemption.member_id, redemption.redemption_id)


def redeemed(redemption: Redemption, balances: dict[str, int]) -> Redeemed:
    """The answer about a redemption; its code, if it has one, is read when it is given."""
    promised = redemption.promised
    return Redeemed(
        redemption_id=redemption.redemption_id,
        member_id=redemption.member_id,
        reward=redemption.reward,
        state=redemption.state,
        price=promised.price,
        balances=balances,
        lapses_at=redemption.lapses_at,
        kind=promised.kind,
        told=promised.told,
        money_minor=promised.money_minor,
        currency=promised.currency,
        free=promised.free,
    )


async def _write(batch: Batch) -> None:
    tx, changes = batch.tx, batch.changes
    both = batch.opened | batch.closed
    captured = [one for one in both.values() if one.state == "captured"]
    made = await codes_for(tx, batch.terms, captured)
    # A hold that is opened and ended in one batch is born with its end.
    for hold_id in [one for one in changes.holds_closed if one in changes.holds_opened]:
        del changes.holds_closed[hold_id]
    await tx.write(
        [
            *keep(tx, batch.kept),
            *write.open_redemptions(tx, list(batch.opened.values())),
            *write.close_redemptions(tx, list(batch.closed.values())),
            *hand_over(tx, made),
            *write.keep_stock(tx, {name: changes.stock[name] for name in changes.stock_touched}),
            *writes_of(tx, batch.terms, changes),
            *place(tx, batch.placed),
            *made_for(tx, batch.made_for),
            *batch.proofs.writes(tx),
        ]
    )
    given_back = [id_ for id_, one in batch.closed.items() if one.state == "voided"]
    await tx.write(changed(tx, [*batch.made_for, *given_back]))

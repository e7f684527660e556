"""Record what happened: each activity once, what it earns, which tier follows, what we tell."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.earn import earn, rules_given
from regulars.engine.reverse import Sale
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.commands import RecordActivity, Recorded, RecordOutcome
from regulars.flows.decided import Decided, activity_of, balances_of, writes
from regulars.flows.load import hold_members
from regulars.flows.newcomers import Newcomers, find_members
from regulars.flows.sales import Sales, find_sales
from regulars.flows.take_back import take_back
from regulars.records.activity import checks
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.once.types import natural_key
from regulars.records.trail.types import Steps, Trail

Item = Asking[RecordActivity]
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(RecordActivity).decode


async def record_activities(
    tx: Tx, terms: Terms, batch: Sequence[RecordActivity]
) -> list[RecordOutcome]:
    """Each activity once: what it earns, which tier follows, what we tell the member.

    Order: in the order given; each sees what the one before it left. A return whose sale is not
    here yet waits for it and is decided right after it.
    Faults: per item (unknown member, key reused, bad times and amounts, too much returned).
    """
    asked = askings("record", batch, receipt_of)
    named = [key for item in asked if (key := sale_key_of(item.command)) is not None]
    known = await sort_out(tx, asked, Recorded, named)
    fresh = [item for item in asked if item.open]
    if fresh:
        for item in fresh:
            item.outcome = _wrong(tx, item.command)
        fresh = [item for item in fresh if item.open]
        newcomers = await find_members(tx, terms, fresh)
        sales = await find_sales(tx, [item for item in fresh if item.open], known)
        await _decide(tx, terms, (fresh, newcomers, sales))
    return settle_followers(asked)


def receipt_of(command: RecordActivity) -> UUID | None:
    """The natural key of an activity that its source numbered."""
    if not command.external_id:
        return None
    return natural_key(command.source, command.external_id, command.kind)


def sale_key_of(command: RecordActivity) -> UUID | None:
    """The natural key of the sale a return names by its receipt."""
    sale = command.sale
    if sale is None or not sale.external_id:
        return None
    return natural_key(sale.source, sale.external_id, "purchase")


def _wrong(tx: Tx, command: RecordActivity) -> Fault | None:
    """What is wrong with a command whatever the books say."""
    if command.kind == "return" and command.sale is None:
        return Invalid("a return names its sale: its id, or source and external_id", field="/sale")
    if command.kind != "return" and (command.sale is not None or command.body.returned):
        return Invalid("only a return names a sale and its lines", field="/sale")
    amount = checks.amount_of(command.kind, command.amount_minor, command.body)
    return checks.bad_time(command.occurred_at, tx.now) or (
        amount if isinstance(amount, Fault) else None
    )


async def _decide(tx: Tx, terms: Terms, loaded: tuple[list[Item], Newcomers, Sales]) -> None:
    fresh, newcomers, sales = loaded
    todo = [item for item in fresh if item.open]
    members = {newcomers.of(item.place) for item in todo} | sales.members()
    members -= newcomers.made.keys() | {NOBODY}
    returning = sales.members()
    early = await activities.waiting(tx, [k for i in todo if (k := _awaited_by(i)) is not None])
    if early:  # the lots of whoever gets a return together with its sale are new ones
        returning |= members
    states = await hold_members(tx, members, with_lots=returning)
    states |= newcomers.states()
    await sales.load(tx)
    decided = Decided(tx, terms, states, sales, newcomers, Changes(tx.new_id))
    for item in todo:
        item.outcome = _one(decided, item)
        if isinstance(item.outcome, Recorded):
            _catch_up(decided, item, early)
            _keep(decided, item)
    if newcomers.made:  # a round of its own: a standing cannot be changed where it is born
        await tx.write(newcomers.writes(tx))
    await tx.write(writes(decided))


def _awaited_by(item: Item) -> UUID | None:
    return receipt_of(item.command) if item.command.kind == "purchase" else None


def _one(batch: Decided, item: Item) -> RecordOutcome:
    """Decide one command; a refusal or fault leaves nothing behind."""
    command = item.command
    try:
        if command.kind == "return":
            return _return(batch, item, batch.tx.new_id())
        member_id = batch.newcomers.of(item.place)
        activity = activity_of(batch, command, member_id, batch.tx.new_id())
        if member_id == NOBODY:
            return _to_nobody(batch, activity)
        return _earn(batch, batch.states[member_id], activity)
    except Fault as fault:
        return fault


def _earn(batch: Decided, state: MemberState, activity: Activity) -> RecordOutcome:
    if state.state == "blocked":
        return Refused("member_blocked", "this member is blocked; ask the owner of the program")
    tier_before = state.tier
    earned = earn(batch.changes, state, batch.terms, activity)
    batch.activities.append(activity)
    batch.trails.append(earned.trail)
    if activity.kind == "purchase":
        batch.sales.add(Sale(activity, earned.trail.steps))
    version = batch.terms.numbered(earned.trail.steps.version)
    names = batch.terms.wallet_names
    return Recorded(
        activity_id=activity.activity_id,
        member_id=state.member_id,
        state="recorded",
        version=version.number,
        earned={names[code]: points for code, points in earned.units.items()},
        balances=balances_of(state, batch.terms),
        rules=rules_given(version, earned.trail.steps.given),
        tier=state.tier,
        tier_before=tier_before,
    )


def _to_nobody(batch: Decided, activity: Activity) -> Recorded:
    """A sale to nobody we know is kept; no rule sees it. Its trail counts what comes back."""
    version = batch.terms.at(activity.occurred_at)
    steps = Steps(version.number, 0, 0, 0, 0, ())
    batch.activities.append(activity)
    if activity.kind == "purchase":
        batch.trails.append(Trail(activity.activity_id, NOBODY, None, steps))
        batch.sales.add(Sale(activity, steps))
    return Recorded(activity.activity_id, NOBODY, "recorded", version.number, {}, {})


def _return(batch: Decided, item: Item, activity_id: UUID) -> RecordOutcome:
    command = item.command
    assert command.sale is not None, command
    sale = batch.sales.find(command)
    if sale is None:
        key = sale_key_of(command)
        if key is None:
            return NotFound("no sale has this id; name it by its receipt", field="/sale/id")
        batch.waiting.append((key, activity_id, _pack(command)))
        version = batch.terms.at(command.occurred_at or batch.tx.now).number
        return Recorded(activity_id, NOBODY, "waiting", version, {}, {})
    return take_back(batch, sale, command, activity_id)


def _keep(batch: Decided, item: Item) -> None:
    outcome: Recorded = item.outcome
    batch.kept += kept(item, outcome.member_id, outcome.activity_id)


def _catch_up(batch: Decided, item: Item, early: dict[UUID, list[tuple[UUID, bytes]]]) -> None:
    """Returns that waited for this sale are decided right after it; one that cannot be, stays."""
    key = _awaited_by(item)
    if key is None:
        return
    own = [(activity_id, packed) for k, activity_id, packed in batch.waiting if k == key]
    for activity_id, packed in early.get(key, []) + own:
        sale = batch.sales.by_id(item.outcome.activity_id)
        try:
            outcome = take_back(batch, sale, _unpack(packed), activity_id)
        except Fault:
            continue
        if isinstance(outcome, Recorded):
            batch.settled.append(activity_id)
            item.outcome = replace(item.outcome, balances=outcome.balances, tier=outcome.tier)

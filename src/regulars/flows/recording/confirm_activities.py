"""Confirm what an activity gave while it was pending, or cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.pending import Word, decide
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
from regulars.flows.commands import Confirm, Confirmed, ConfirmOutcome
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY
from regulars.records.ledger import read as ledger
from regulars.records.ledger.types import Lot
from regulars.records.once.types import Known, natural_key
from regulars.records.once.write import Kept, keep


class Batch(Struct):
    """A batch of confirmations while it is decided: members under lock, lots by activity."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    lots: dict[UUID, list[Lot]]
    changes: Changes
    kept: list[Kept] = []
    actions: frozenset[UUID] = frozenset()
    """Which of these activities somebody of the shop approves or not."""


async def confirm_activities(
    tx: Tx, terms: Terms, batch: Sequence[Confirm]
) -> list[ConfirmOutcome]:
    """Let the pending points of each activity be spent, or cancel them; said again, it changes
    nothing.

    Order: what the clock did to the member comes first, so what was not confirmed in time is
    cancelled whether or not the night's work was done.
    Refuses: `nothing_pending`, `already_cancelled`, `already_confirmed`. Faults: unknown activity,
    one of a kind that whoever says so may not end.
    """
    asked = askings("confirm", batch, lambda _: None)
    receipts = [key for item in asked if (key := _receipt_of(item.command)) is not None]
    known = await sort_out(tx, asked, Confirmed, receipts)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        if item.command.outcome not in ("confirmed", "cancelled"):
            item.outcome = Invalid("an activity is confirmed or cancelled", field="/outcome")
    named = await _find(tx, [item for item in fresh if item.open], known)
    if named:
        decided = await _load(tx, terms, named)
        for item in fresh:
            if item.place in named:
                _decide_one(decided, item, named[item.place])
        await look_again(tx, fresh, Confirmed)
        await tx.write([*keep(tx, decided.kept), *writes_of(tx, terms, decided.changes)])
    return settle_followers(asked)


def _receipt_of(command: Confirm) -> UUID | None:
    """The natural key of an activity that is named by its receipt."""
    named = command.activity
    if named.id is not None or not named.external_id:
        return None
    return natural_key(named.source, named.external_id, command.kind)


async def _find(
    tx: Tx, fresh: Sequence[Asking[Confirm]], known: dict[UUID, Known]
) -> dict[int, tuple[UUID, UUID]]:
    """Activity and member of each command; what nobody told us of becomes the command's fault."""
    by_id = [item.command.activity.id for item in fresh if item.command.activity.id is not None]
    owners = await activities.whose(tx, by_id)
    found: dict[int, tuple[UUID, UUID]] = {}
    for item in fresh:
        id_, receipt = item.command.activity.id, _receipt_of(item.command)
        if id_ is not None and id_ in owners:
            found[item.place] = (id_, owners[id_])
        elif receipt is not None and receipt in known:
            found[item.place] = (known[receipt].subject_id, known[receipt].member_id)
        else:
            item.outcome = NotFound(
                "there is no such activity here; check its id or receipt for a slip",
                field="/activity",
            )
    return found


async def _load(tx: Tx, terms: Terms, named: dict[int, tuple[UUID, UUID]]) -> Batch:
    """Lock the members of these activities, and only then read what waits."""
    members = sorted({member_id for _, member_id in named.values()} - {NOBODY})
    states = await hold_members(tx, terms, members, with_lots=members)
    wanted = sorted({activity_id for activity_id, _ in named.values()})
    held = {state.member_id for state in states.values()}
    states |= {state.member_id: state for state in states.values()}
    found = await ledger.unconfirmed(tx, members, wanted)
    lots = {
        activity_id: [
            states[lot.member_id].lots.get(lot.lot_id, lot) if lot.member_id in held else lot
            for lot in each
        ]
        for activity_id, each in found.items()
    }
    actions = await _actions(tx, terms, wanted)
    return Batch(tx, terms, states, lots, Changes(tx.new_id, now=tx.now), actions=actions)


async def _actions(tx: Tx, terms: Terms, activity_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of these are of a kind that is moderated; where none is, nothing is read."""
    kinds = {
        one.on for version in terms.versions for one in version.program.advocacy if one.moderated
    }
    if not kinds:
        return frozenset()
    return frozenset(await activities.of_kinds(tx, activity_ids, sorted(kinds)))


def _decide_one(batch: Batch, item: Asking[Confirm], named: tuple[UUID, UUID]) -> None:
    activity_id, member_id = named
    tx, terms, command = batch.tx, batch.terms, item.command
    state = batch.states.get(member_id)
    if state is None:  # a sale to nobody gave nothing
        item.outcome = Refused("nothing_pending", "it was to nobody we know, so it gave no points")
        return
    item.outcome = _not_theirs(command, activity_id in batch.actions)
    if item.outcome is not None:
        return
    expire(batch.changes, state, tx.now)
    outcome: Any = command.outcome
    word = Word(outcome, tx.now, command.asked.principal, command.reason)
    if outcome == "cancelled" and activity_id in batch.actions and not command.reason.strip():
        item.outcome = Invalid("say why it is not approved; the member is told", field="/reason")
        return
    turned = decide(batch.changes, state, terms, batch.lots.get(activity_id, []), word)
    if isinstance(turned, Refused | Fault):
        item.outcome = turned
        return
    names = terms.wallet_names
    item.outcome = Confirmed(
        activity_id=activity_id,
        member_id=state.member_id,
        outcome=command.outcome,
        points={names[code]: points for code, points in turned.items()},
        balances={names[code]: b.available for code, b in state.balances.items()},
    )
    batch.kept += kept(item, state.member_id, activity_id)


def _not_theirs(command: Confirm, moderated: bool) -> Fault | None:
    """Whoever tells of reviews does not approve them, and whoever approves tells of nothing."""
    if command.may == "tell" and moderated:
        says = "the shop looks at these; approving needs the scope activities:approve"
        return Forbidden(says, field="/activity")
    if command.may == "approve" and not moderated:
        says = "nobody has to approve this; telling how it ended needs the scope activities:write"
        return Forbidden(says, field="/activity")
    return None

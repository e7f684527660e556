"""A code is shown at the till: used once, by exactly one of all who show it; or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid, MembersMoved
from regulars.base.tx import Tx
from regulars.engine.rewarding.counter.using import refusal, tell_used, unknown_code
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
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import unsaid
from regulars.flows.points.codes.commands import CodeDone, CodeOutcome, UseCode, WithdrawCode
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import LONGEST, folded, meant, shown
from regulars.records.rewards.codes.types import Closed, RewardCode
from regulars.records.rewards.codes.write import close


class Batch(Struct):
    """A batch of codes while it is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    changes: Changes
    codes: dict[UUID, RewardCode]
    found: dict[int, UUID]
    """Which code each command means."""
    closed: dict[UUID, Closed] = {}
    kept: list[Kept] = []


async def use_codes(tx: Tx, terms: Terms, batch: Sequence[UseCode]) -> list[CodeOutcome]:
    """Use each code once, in the order given; of many who show one exactly one has it.

    Order: the members the codes belong to are locked, then the codes.
    Refuses: `unknown_code`, `code_used`, `code_expired`, `code_withdrawn`, `member_blocked`.
    """
    return await _close(tx, terms, askings("use_code", batch, lambda _: None), "used")


async def withdraw_codes(tx: Tx, terms: Terms, batch: Sequence[WithdrawCode]) -> list[CodeOutcome]:
    """Take each code out of use, with a reason and a name; withdrawn again, nothing changes.

    Refuses: `unknown_code`, `code_used`. Faults: no reason, no name.
    """
    return await _close(tx, terms, askings("withdraw_code", batch, lambda _: None), "withdrawn")


async def _close(
    tx: Tx, terms: Terms, asked: list[Asking[Any]], how: Literal["used", "withdrawn"]
) -> list[CodeOutcome]:
    await sort_out(tx, asked, CodeDone)
    for item in asked:
        if item.open and how == "withdrawn":
            item.outcome = unsaid(item.command)
    decided = await _begin(tx, terms, [item for item in asked if item.open])
    todo = [item for item in asked if item.open]
    for item in todo:
        _one(decided, item, how)
    await look_again(tx, todo, CodeDone)
    await tx.write(
        [
            *keep(tx, decided.kept),
            *close(tx, list(decided.closed.values())),
            *writes_of(tx, terms, decided.changes),
        ]
    )
    return settle_followers(asked)


async def _begin(tx: Tx, terms: Terms, fresh: Sequence[Asking[Any]]) -> Batch:
    """Find the codes that are shown, lock their members and then themselves."""
    for item in fresh:
        if not 1 <= len(folded(item.command.code)) <= LONGEST:
            item.outcome = Invalid(f"a code has 1 to {LONGEST} signs", field="/code")
    named = {item.place: _spelled(item.command.code) for item in fresh if item.open}
    there = await read.look_up(tx, [one for two in named.values() for one in two])
    found: dict[int, UUID] = {}
    whose: dict[int, UUID] = {}
    for item in fresh:
        if item.open:
            mine = next((there[one] for one in named[item.place] if one in there), None)
            if mine is None:
                item.outcome = unknown_code()
            else:
                found[item.place] = mine.code_id
                if mine.member_id is not None:
                    whose[item.place] = mine.member_id
    await refuse_own(tx, terms, fresh, whose)
    # A code of a pool may be handed to a member just now; then everything is asked anew.
    owners = {one.member_id for one in there.values() if one.member_id is not None}
    states = await hold_members(tx, terms, owners) if owners else {}
    codes = await read.hold(tx, list(found.values()))
    if any(one.member_id not in states for one in codes.values() if one.member_id is not None):
        raise MembersMoved
    return Batch(tx, terms, states, Changes(tx.new_id), codes, found)


def _spelled(text: str) -> tuple[str, str]:
    return folded(text), meant(text)


def _one(batch: Batch, item: Asking[Any], how: Literal["used", "withdrawn"]) -> None:
    tx, command = batch.tx, item.command
    code = batch.codes[batch.found[item.place]]
    state = None if code.member_id is None else batch.states.get(code.member_id)
    no = refusal(batch.terms.at(tx.now), state, code, how, tx.now)
    if no is not None:
        item.outcome = no
        return
    if code.state != how:
        code = _closed(batch, command, code, how)
        if state is not None and how == "used":
            tell_used(batch.changes, state, code, batch.closed[code.code_id].store)
    item.outcome = _done(code, how)
    batch.kept += kept(item, code.member_id or NOBODY, code.code_id)


def _closed(
    batch: Batch, command: Any, code: RewardCode, how: Literal["used", "withdrawn"]
) -> RewardCode:
    closed = Closed(
        code_id=code.code_id,
        state=how,
        closed_at=batch.tx.now,
        store=getattr(command, "store", ""),
        channel=getattr(command, "channel", ""),
        actor=getattr(command, "actor", "") or command.asked.principal,
        reason=getattr(command, "reason", ""),
    )
    batch.closed[code.code_id] = closed
    batch.codes[code.code_id] = replace(code, state=how, closed_at=closed.closed_at)
    return batch.codes[code.code_id]


def _done(code: RewardCode, how: Literal["used", "withdrawn"]) -> CodeDone:
    promised, closed_at = code.promised, code.closed_at
    assert promised is not None, code.code_id
    assert closed_at is not None, code.code_id
    return CodeDone(
        code_id=code.code_id,
        code=shown(code.code, code.printed),
        reward=code.reward,
        name=promised.name,
        state=how,
        worth_minor=promised.worth_minor,
        closed_at=closed_at,
        member_id=code.member_id,
    )

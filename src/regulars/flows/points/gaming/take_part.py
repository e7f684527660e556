"""Members take part in challenges that ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.rewarding.gaming.challenges import is_over, promise_of, unknown_challenge
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
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
from regulars.flows.batch.named import find_named
from regulars.flows.points.gaming.commands import PartOutcome, PartTaken, TakePart
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.once.write import Kept, keep
from regulars.records.program.parts.gaming import Challenge
from regulars.records.rewards.prizes import read, write
from regulars.records.rewards.prizes.types import Part


async def take_part(tx: Tx, terms: Terms, batch: Sequence[TakePart]) -> list[PartOutcome]:
    """Keep that each of these members takes part in a challenge; who does already, keeps that.

    Refuses: `unknown_challenge`, `no_part_needed`, `team_needed`, `member_erased`,
    `member_blocked`. Faults: unknown member.
    """
    asked = askings("take_part", batch, lambda _: None)
    await sort_out(tx, asked, PartTaken)
    fresh = [item for item in asked if item.open]
    version = terms.at(tx.now)
    for item in fresh:
        item.outcome = _wrong(version, item.command, tx.now)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    if found:
        states = await hold_members(tx, terms, found.values())
        parts = await read.parts(tx, sorted({s.member_id for s in states.values()}))
        changes, taken, answered = Changes(tx.new_id), list[Part](), list[Kept]()
        for item in (one for one in fresh if one.open):
            state = states[found[item.place]]
            mine = parts.setdefault(state.member_id, [])
            answered += _one((tx, version, changes), item, state, (mine, taken))
        await look_again(tx, fresh, PartTaken)
        await tx.write(
            [*keep(tx, answered), *write.take_part(tx, taken), *writes_of(tx, terms, changes)]
        )
    return settle_followers(asked)


def _wrong(version: Version, command: TakePart, now: datetime) -> Refused | None:
    promise = promise_of(version, command.challenge)
    if promise is None or is_over(version, promise, now):
        return unknown_challenge(command.challenge)
    if promise.together is not None:
        says = "teams take part in this challenge; form one or join one"
        return Refused("team_needed", says, {"challenge": promise.id})
    if promise.joins == "automatic":
        return Refused(
            "no_part_needed", "everybody takes part in this challenge", {"challenge": promise.id}
        )
    return None


def _one(
    begun: tuple[Tx, Version, Changes],
    item: Asking[TakePart],
    state: MemberState,
    there: tuple[list[Part], list[Part]],
) -> list[Kept]:
    (tx, version, changes), (mine, taken) = begun, there
    if state.state == "erased":
        item.outcome = erased_refused()
        return []
    if state.state == "blocked":
        item.outcome = blocked_refused()
        return []
    promise = promise_of(version, item.command.challenge)
    assert promise is not None, item.command
    part = next((one for one in reversed(mine) if _lasts(version, promise, one, tx.now)), None)
    if part is None:
        part = Part(state.member_id, tx.new_id(), promise.id, tx.now)
        mine.append(part)
        taken.append(part)
        changes.touch(state)
        told = {"part_id": part.part_id, "challenge": promise.id}
        changes.events.append(Event(state.member_id, state.version, "challenge.joined", told))
    item.outcome = PartTaken(part.part_id, state.member_id, part.challenge, part.since)
    return kept(item, state.member_id, part.part_id)


def _lasts(version: Version, promise: Challenge, part: Part, now: datetime) -> bool:
    """Whether somebody takes part still; where the period begins with it, until that is over."""
    if part.challenge != promise.id:
        return False
    return promise.within is None or now < add_span(version.zone, part.since, promise.within)

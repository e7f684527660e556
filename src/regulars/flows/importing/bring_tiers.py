"""Members keep the tier they had, for as long as they were promised it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.deciding.bring_over import Grant, grant_tier, had_for_nothing
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringTier, Brought
from regulars.flows.importing.finding import find
from regulars.records.activity.checks import bad_time
from regulars.records.standing.moves.read import moves
from regulars.records.standing.types import TierMove

TierOutcome = Brought | Fault


class _Job(NamedTuple):
    command: BringTier
    state: MemberState
    past: Sequence[TierMove]
    """Every move of theirs until now."""


async def bring_tiers(
    tx: Tx, terms: Terms, batch: Sequence[BringTier], history: History
) -> list[TierOutcome]:
    """Each member stands on the step they had; the same again changes nothing, and nobody is told.

    Order: who stands on the step at 0 and never stood higher is put on what they had; what came
    before is the same, whatever became of it here (ADR 0932).
    Faults: an unknown member or tier; another tier than the one they have.
    """
    whom = await find(tx, terms, batch)
    states = await hold_members(tx, terms, [who for who in whom if not isinstance(who, Fault)])
    past = await moves(tx, list(states))
    changes = Changes(tx.new_id, history=history.import_id)
    outcomes: list[TierOutcome] = []
    for who, command in zip(whom, batch, strict=True):
        if isinstance(who, Fault):
            outcomes.append(who)
        else:
            job = _Job(command, states[who], past.get(states[who].member_id, ()))
            outcomes.append(_one(tx, terms, changes, job))
    await tx.write(writes_of(tx, terms, changes))
    return outcomes


def _is_known(job: _Job) -> bool:
    """Whether a tier that a member has, or was brought over with, is the one that is told; one
    that says nothing of since when goes by its end."""
    command, state, past = job
    tiers = [(state.tier, state.tier_since, state.tier_until)]
    tiers += [
        (one.to_tier, one.occurred_at, one.until_at) for one in past if one.reason == "brought_over"
    ]
    return any(
        tier == command.tier
        and (
            since == command.since
            if command.since is not None
            else command.by_rule or until == command.until
        )
        for tier, since, until in tiers
    )


def _had_more(past: Sequence[TierMove], version: Version) -> bool:
    """Whether they ever stood higher than where members stand by no credit of their own."""
    return any(
        one.to_tier is not None and one.to_tier not in had_for_nothing(version) for one in past
    )


def _one(tx: Tx, terms: Terms, changes: Changes, job: _Job) -> TierOutcome:
    command, state, past = job
    version = terms.at(tx.now)
    if command.tier not in version.compiled.tiers:
        return Invalid(f"there is no tier {command.tier}", field="/tier")
    wrong = bad_time(command.since, tx.now)
    if wrong is not None:
        return Invalid(wrong.says, field="/since")
    since = command.since or tx.now
    if _is_known(job):
        return Brought(state.member_id, replayed=True)
    if command.until is not None and command.until <= since:
        return Invalid("the tier ends before it begins", field="/until")
    assert changes.history is not None, command
    grant = Grant(
        command.tier,
        since,
        command.until,
        command.by_rule,
        changes.history,
        _had_more(past, version),
    )
    no = grant_tier(changes, state, version, grant, tx.now)
    return no if no is not None else Brought(state.member_id)

"""Members keep the tier they had, for as long as they were promised it."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.deciding.bring_over import Grant, grant_tier
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringTier, Brought
from regulars.flows.importing.finding import find
from regulars.records.activity.checks import bad_time

TierOutcome = Brought | Fault


async def bring_tiers(
    tx: Tx, terms: Terms, batch: Sequence[BringTier], history: History
) -> list[TierOutcome]:
    """Each member stands on the step they had; the same again changes nothing, and nobody is told.

    Order: who stands on the step at 0 alone is put on what they had (ADR 0932).
    Faults: an unknown member or tier; another tier than the one they have.
    """
    whom = await find(tx, terms, batch)
    states = await hold_members(tx, terms, [who for who in whom if not isinstance(who, Fault)])
    changes = Changes(tx.new_id, history=history.import_id)
    outcomes: list[TierOutcome] = []
    for who, command in zip(whom, batch, strict=True):
        if isinstance(who, Fault):
            outcomes.append(who)
        else:
            outcomes.append(_one(tx, terms, changes, (command, states[who])))
    await tx.write(writes_of(tx, terms, changes))
    return outcomes


def _is_the_same(command: BringTier, state: MemberState) -> bool:
    """Whether a tier that a member has is the one that is told; one that says nothing of since
    when goes by its end."""
    if command.since is not None:
        return state.tier_since == command.since
    return command.by_rule or state.tier_until == command.until


def _one(tx: Tx, terms: Terms, changes: Changes, job: tuple[BringTier, MemberState]) -> TierOutcome:
    command, state = job
    version = terms.at(tx.now)
    if command.tier not in version.compiled.tiers:
        return Invalid(f"there is no tier {command.tier}", field="/tier")
    wrong = bad_time(command.since, tx.now)
    if wrong is not None:
        return Invalid(wrong.says, field="/since")
    since = command.since or tx.now
    if state.tier == command.tier and _is_the_same(command, state):
        return Brought(state.member_id, replayed=True)
    if command.until is not None and command.until <= since:
        return Invalid("the tier ends before it begins", field="/until")
    assert changes.history is not None, command
    grant = Grant(command.tier, since, command.until, command.by_rule, changes.history)
    no = grant_tier(changes, state, version, grant, tx.now)
    return no if no is not None else Brought(state.member_id)

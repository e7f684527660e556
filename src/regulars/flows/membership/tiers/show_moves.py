"""How a member came to the tier they stand on: each change, with what it was decided by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.compiling.compile import UNREACHED
from regulars.engine.ladder import further
from regulars.engine.ladder.counting import measured
from regulars.engine.ladder.credit import credit_on
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.records.activity import read as activity
from regulars.records.members.types import nobody
from regulars.records.standing.moves import read
from regulars.records.standing.types import TierMove
from regulars.records.trail import read as trails

_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)


class Moved(Struct, frozen=True):
    """One change of a member's tier, and the numbers behind it.

    Units: `needed` and `credit` in what the ladder of that day measures, in its smallest units.
    """

    move: TierMove
    version: Version
    """The terms in force when it happened."""
    needed: int | None
    """What the tier takes, of one that was lost what that takes; nothing where no credit reaches
    it, or these terms do not know it."""
    credit: int | None
    """What was counted as it was decided; of changes that nobody wrote it down of, what counts by
    now for the window of that day: with what came late, less returns."""
    activity_id: UUID | None
    """What the member did, or brought back, by which it changed."""
    ladder: str = ""
    """The ladder beside the tiers it happened on: worked out from what counts by now."""


async def show_moves(tx: Tx, terms: Terms, member_id: UUID) -> list[Moved]:
    """Every change of a member's tier, the last one first; nothing is locked and nothing written.

    Keeps: what happened to somebody who is one with them now is among it.
    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    found = (await read.moves(tx, [member_id])).get(member_id, [])
    causes = [one.cause_id for one in found if one.cause_id is not None]
    done = await activity.whose(tx, causes)
    return [_moved(terms, states[member_id], one, done.keys()) for one in reversed(found)]


async def show_ladder_moves(tx: Tx, terms: Terms, member_id: UUID, ladder: str) -> list[Moved]:
    """How a member came to the step of a ladder beside the tiers, the last change first.

    Keeps: where they stand on such a ladder is kept nowhere, so neither is this: it follows from
    what counts by now, with what was told late and without what came back, each at the time it
    happened. What was brought over or merged into them counts from the beginning of its period.
    Faults: UnknownMember; Invalid for a ladder the program does not have.
    """
    version = terms.at(tx.now)
    view = version.further.get(ladder)
    if view is None:
        known = ", ".join(version.further) or "none"
        raise Invalid(
            f"there is no ladder beside the tiers called so; known: {known}", field="/ladder"
        )
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    deeds = [one async for one in _deeds(tx, terms, member_id, ladder)]
    found = further.moves_on(view, states[member_id], tx.now, deeds)
    done = {one.activity_id for one in deeds}
    return [_on_ladder(terms, view, one, done) for one in reversed(found)]


async def _deeds(tx: Tx, terms: Terms, member_id: UUID, ladder: str) -> AsyncIterator[further.Deed]:
    """What a member did that counts for a ladder by now, in the order it happened."""
    done = await activity.done_by(tx, {member_id: _EVER})
    own = [one for one in done if one.sale_id is None]
    chains = await trails.of_sales(tx, [member_id], [one.activity_id for one in own])
    for one in own:
        chain = chains.get(one.activity_id, ())
        steps = max(
            (trail.steps for trail in chain),
            key=lambda each: (sum(each.returned), each.times),
            default=None,
        )
        view = None if steps is None else terms.numbered(steps.version).further.get(ladder)
        if steps is None or view is None or ladder not in steps.further:
            continue
        _, *credit, period = steps.further[ladder]
        counted = zip(measured(view), credit, strict=False)
        units = {(each.credit_counter, period): n for each, n in counted if n}
        if units:
            yield further.Deed(one.occurred_at, period, units, one.activity_id)


def _on_ladder(terms: Terms, view: Version, move: TierMove, done: Collection[UUID]) -> Moved:
    version = terms.at(move.occurred_at)
    then = version.further.get(view.ladder, view)
    by = move.cause_id if move.cause_id in done else None
    return Moved(move, version, _needed(then, move), move.counted, by, view.ladder)


def _moved(terms: Terms, state: MemberState, move: TierMove, done: Collection[UUID]) -> Moved:
    version = terms.at(move.occurred_at)
    needed = _needed(version, move)
    credit = move.counted
    if credit is None and version.program.tiers is not None:
        credit = credit_on(version, state, local(version.zone, move.occurred_at).day)
    by = move.cause_id if move.cause_id in done else None
    return Moved(move, version, needed, credit, by)


def _needed(version: Version, move: TierMove) -> int | None:
    """What the tier takes that this change is about: the one that was reached, given or kept; of
    somebody who fell, the one they lost, for want of which they fell.

    Example: 200.00 make silver and 500.00 gold; whoever falls from gold to silver with 300.00
    lacked 500.00, and not the 200.00 they have.
    """
    ladder = version.compiled.tiers
    places: dict[str | None, int] = {tier: place for place, tier in enumerate(ladder)}
    before, after = (places.get(one, -1) for one in (move.from_tier, move.to_tier))
    about = move.from_tier if before > after else move.to_tier
    if about not in places:
        return None
    asks = version.compiled.tier_at[places[about]]
    return None if asks == UNREACHED else asks

"""Where memberships stand by the clock, what the next term costs, and what they saved so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.plans import life
from regulars.engine.rewarding.plans.fees import due_minor, plan_of_term, refund_minor
from regulars.engine.rewarding.plans.life import Step
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.records.benefits.plans import read
from regulars.records.benefits.plans.types import Membership, Turn
from regulars.records.members.types import nobody
from regulars.records.once.read import known
from regulars.records.once.types import natural_key


class Shown(Struct, frozen=True):
    """A membership as it stands at an instant."""

    one: Membership
    due_minor: int | None
    """What the next term costs; nothing when there is none."""
    refund_minor: int
    """What comes back of the running term by the promise of the plan."""
    worth_minor: int
    uses: int
    """What the benefits that were used in this term are worth, and how many uses."""

    @property
    def saved_minor(self) -> int:
        """What the term brought so far: below nothing until the fee is recovered."""
        return self.worth_minor - self.one.paid_minor


async def show_memberships(tx: Tx, terms: Terms, member_id: UUID) -> list[Shown]:
    """Every membership of a member, oldest first; nothing is locked and nothing written.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    stands_as = states[member_id].member_id
    found = (await read.of_members(tx, [stands_as])).get(stands_as, [])
    found = sorted(found, key=lambda one: (one.since_at, one.membership_id))
    return [await _shown(tx, terms, stands_as, one) for one in found]


async def show_membership(
    tx: Tx, terms: Terms, membership_id: UUID
) -> tuple[UUID, Shown, Sequence[Turn]]:
    """One membership, whom it belongs to now, and everything that happened to it.

    Faults: NotFound.
    """
    one = await _one(tx, membership_id)
    states = await hold_members(tx, terms, [one.member_id], lock=False)
    stands_as = states[one.member_id].member_id
    shown = await _shown(tx, terms, stands_as, one)
    return stands_as, shown, await read.turns(tx, membership_id)


async def find_membership(tx: Tx, source: str, external_id: str) -> UUID:
    """The membership that was begun under this number there.

    Faults: NotFound.
    """
    key = natural_key(source, external_id, "membership.started")
    begun = (await known(tx, [key])).get(key)
    found = None if begun is None else await read.of_turn(tx, begun.subject_id)
    if found is None:
        says = "no membership was begun here under this source and external_id"
        raise NotFound(says, field="/external_id")
    return found


async def quote_change(
    tx: Tx, terms: Terms, membership_id: UUID, to: tuple[str, Literal["now", "period_end"]]
) -> Step | Refused:
    """What another plan would come to, exactly as the change itself would; nothing changes.

    Faults: NotFound.
    """
    version = terms.at(tx.now)
    one = _by_now(version, await _one(tx, membership_id), tx.now)
    return life.change(version, one, *to, tx.now)


async def _one(tx: Tx, membership_id: UUID) -> Membership:
    found = await read.some(tx, [membership_id])
    if membership_id not in found:
        says = "there is no such membership here; check the id for a slip"
        raise NotFound(says, field="/id")
    return found[membership_id]


async def _shown(tx: Tx, terms: Terms, member_id: UUID, one: Membership) -> Shown:
    version = terms.at(tx.now)
    one = _by_now(version, one, tx.now)
    worth, uses = await read.used(tx, member_id, one)
    plan = plan_of_term(terms, one, await read.turns(tx, one.membership_id), tx.now)
    goes_on = one.state not in ("cancelled", "ended")
    return Shown(
        one=one,
        due_minor=due_minor(version, one) if goes_on else None,
        refund_minor=refund_minor(plan, one, uses, tx.now),
        worth_minor=worth,
        uses=uses,
    )


def _by_now(version: Version, one: Membership, now: datetime) -> Membership:
    for step in life.passed(version, one, now):
        one = step.after
    return one

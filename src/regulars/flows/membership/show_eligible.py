"""Who has the credit for a tier by invitation, and what members were given by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import local, tier_window
from regulars.engine.deciding import tiering
from regulars.engine.ladder import floors, giving
from regulars.engine.ladder.credit import credit_on, tiers_of
from regulars.engine.state import Changes
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.records.members.types import nobody
from regulars.records.standing import read as standing
from regulars.records.standing.grants.types import TierGrant


class Eligible(Struct, frozen=True):
    """Somebody who may be invited, and what they have of what it takes."""

    member_id: UUID
    tier: str | None
    reached: int
    needed: int


async def show_eligible(
    tx: Tx, terms: Terms, tier: str, after: UUID | None, most: int
) -> tuple[list[Eligible], UUID | None]:
    """Members whose credit reaches a tier by invitation and who were not invited; where to go on.

    Order: by id; who stands on it, or higher, or has an invitation waiting, is left out.
    Faults: NotFound for a tier that is not there or not by invitation.
    """
    version = terms.at(tx.now)
    ladder = version.compiled.tiers
    if tier not in ladder or version.compiled.tier_by[ladder.index(tier)]:
        raise NotFound(f"there is no tier {tier[:40]} by invitation on this ladder")
    needed = version.compiled.tier_at[ladder.index(tier)]
    today = local(version.zone, tx.now).day
    where = (version.credit_counter, _earliest(version, today), today)
    found = await standing.with_credit(tx, where, needed, after, most)
    states = await hold_members(tx, terms, found, lock=False)
    eligible = []
    for member_id in found:
        state = states[member_id]
        tiering.review(Changes(tx.new_id), state, version, tx.now)
        reached = credit_on(version, state, today)
        if reached >= needed and not giving.refusal(version, state, tier, "invited", tx.now):
            eligible.append(Eligible(member_id, state.tier, reached, needed))
    return eligible, found[-1] if len(found) == most else None


def _earliest(version: Version, today: int) -> int:
    """The first day that counts today for anybody."""
    if tiers_of(version).window == "anniversary":
        return today - 366
    return tier_window(tiers_of(version), today, 1).start


async def show_grants(
    tx: Tx, terms: Terms, member_id: UUID
) -> Sequence[tuple[TierGrant, int | None]]:
    """Everything a member was ever given by hand, with the credit since where some is asked for.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    state, version = states[member_id], terms.at(tx.now)

    def earned(one: TierGrant) -> int | None:
        if one.asks is None or one.begun_at is None or version.program.tiers is None:
            return None
        until = min(tx.now, one.until_at or tx.now)
        return floors.earned_since(version, state, one, until)

    return [(one, earned(one)) for one in state.grants]

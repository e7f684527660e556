"""Who has the credit for a tier by invitation, and what members were given by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import local, tier_window
from regulars.engine.compiling.compile import UNREACHED
from regulars.engine.deciding import tiering
from regulars.engine.ladder import floors, further, giving
from regulars.engine.ladder.credit import credit_on, tiers_of
from regulars.engine.state import Changes, MemberState
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
    or_reached: int | None = None
    """What they have by the second measure, where the ladder has one; and what it takes."""
    or_needed: int | None = None


async def show_eligible(
    tx: Tx, terms: Terms, tier: str, after: UUID | None, most: int
) -> tuple[list[Eligible], UUID | None]:
    """Members whose credit reaches a tier by invitation and who were not invited; where to go on.

    Order: by id; who stands on it, or higher, or has an invitation waiting, is left out.
    Faults: NotFound for a tier that is not there or not by invitation.
    """
    whole = terms.at(tx.now)
    name = giving.ladder_of(whole, tier)
    version = whole.further.get(name, whole)
    ladder = version.compiled.tiers
    if tier not in ladder or version.compiled.tier_by[ladder.index(tier)]:
        raise NotFound(f"there is no tier {tier[:40]} by invitation on this ladder")
    step, today = ladder.index(tier), local(version.zone, tx.now).day
    found = await _with_credit(tx, version, step, after, most)
    states = await hold_members(tx, terms, found, lock=False)
    eligible = []
    for member_id in found:
        tiering.review(Changes(tx.new_id), states[member_id], whole, tx.now)
        _, state = further.on_ladder(whole, states[member_id], name, tx.now)
        ways = [_way(one, state, step, today) for one in _measures(version)]
        enough = any(reached >= needed for reached, needed in ways if needed is not None)
        if enough and not giving.refusal(version, state, tier, "invited", tx.now):
            reached, needed = ways[0]
            instead = ways[1] if ways[1:] else (None, None)
            eligible.append(Eligible(member_id, state.tier, reached, needed or 0, *instead))
    return eligible, found[-1] if len(found) == most else None


def _measures(version: Version) -> list[Version]:
    return [version] if version.other is None else [version, version.other]


def _way(version: Version, state: MemberState, step: int, today: int) -> tuple[int, int | None]:
    """What a member has by one measure, and what the step takes of it, if it can be reached so."""
    needed = version.compiled.tier_at[step]
    return credit_on(version, state, today), None if needed == UNREACHED else needed


async def _with_credit(
    tx: Tx, version: Version, step: int, after: UUID | None, most: int
) -> list[UUID]:
    """Members who have enough by either measure, the next so many in the order of their ids."""
    found: set[UUID] = set()
    today = local(version.zone, tx.now).day
    for one in _measures(version):
        where = (one.credit_counter, _earliest(one, today), today)
        needed = one.compiled.tier_at[step]
        found |= set(await standing.with_credit(tx, where, needed, after, most))
    return sorted(found)[:most]


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
        if one.asks is None or one.begun_at is None:
            return None
        view, stands = further.on_ladder(version, state, one.ladder, tx.now)
        if view.program.tiers is None:
            return None
        until = min(tx.now, one.until_at or tx.now)
        return floors.earned_since(view, stands, one, until)

    return [(one, earned(one)) for one in state.grants]

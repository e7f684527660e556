"""Where a member stands at this instant: balances, tier, what they can have, what lapses next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Refused, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.deciding import tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.redeem import Wish, promise, refusal
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.records.ledger.types import NEVER, Balance, Lot
from regulars.records.program.types import Reward, Tier
from regulars.records.rewards import read as rewards


class Lapse(NamedTuple):
    """So much of a wallet lapses, becomes usable or is cancelled at this instant."""

    at: datetime
    units: int


class NextTier(Struct, frozen=True):
    """The next step of the ladder and how far it is, in what the ladder measures."""

    tier: Tier
    measure: str
    reached: int
    needed: int


class RewardInReach(Struct, frozen=True):
    """One reward of the program and whether this member can have it now."""

    reward: Reward
    price: Mapping[str, int]
    no: Refused | None


class Standing(Struct, frozen=True):
    """Where a member stands at an instant."""

    member_id: UUID
    as_of: datetime
    balances: Mapping[str, Balance]
    lapses_next: Mapping[str, Lapse]
    activates_next: Mapping[str, Lapse]
    cancels_next: Mapping[str, Lapse]
    tier: Tier | None
    tier_since: datetime | None
    tier_until: datetime | None
    next_tier: NextTier | None
    rewards: list[RewardInReach]


async def show_standing(tx: Tx, terms: Terms, member_id: UUID) -> Standing:
    """Where this member stands now, whether or not the night's work was done.

    Order: what is due is done to a copy: what was reserved and not taken is free, points whose time
    is over are gone, a tier that ended is reviewed; nothing is locked and nothing written.
    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], with_lots=[member_id], lock=False)
    if member_id not in states:
        raise UnknownMember("nobody here has this id; check it for a slip")
    state, version = states[member_id], terms.at(tx.now)
    changes = Changes(tx.new_id, await rewards.stock(tx))
    (await overdue(tx, states)).lapse(changes, states, terms, tx)
    expire(changes, state, tx.now)
    tiering.review(changes, state, version, tx.now)
    names = terms.wallet_names
    in_force = set(version.wallet_codes)
    tier = _tier(version, terms, state.tier)
    return Standing(
        member_id=state.member_id,
        as_of=tx.now,
        balances={
            names[code]: state.balance(code) for code in sorted(in_force | state.balances.keys())
        },
        lapses_next=_next(terms, (one for one in state.lots.values() if one.free), "expires_at"),
        activates_next=_next(terms, _pending(state), "activates_at"),
        cancels_next=_next(terms, _pending(state), "cancels_at"),
        tier=tier,
        tier_since=state.tier_since if tier else None,
        tier_until=state.tier_until if tier else None,
        next_tier=_next_tier(version, state, tx.now),
        rewards=[_in_reach(version, state, changes, one, tx) for one in version.program.rewards],
    )


def _tier(version: Version, terms: Terms, name: str | None) -> Tier | None:
    """The tier a member has, also one that the ladder no longer has, as it was last promised.

    Without a ladder none is shown.
    """
    if version.program.tiers is None:
        return None
    known = [
        step
        for one in (*terms.versions, version)
        if one.program.tiers is not None
        for step in one.program.tiers.steps
        if step.id == name
    ]
    return known[-1] if known else None


def _pending(state: MemberState) -> Iterator[Lot]:
    return (lot for lot in state.lots.values() if lot.state == "pending")


def _next(terms: Terms, lots: Iterable[Lot], what: str) -> dict[str, Lapse]:
    """Of each wallet the points to which this happens next; held ones are honoured and left out."""
    found: dict[str, Lapse] = {}
    dated = [(at, lot) for lot in lots if (at := getattr(lot, what)) not in (None, NEVER)]
    for at, lot in sorted(dated, key=lambda one: one[0]):
        name = terms.wallet_names[lot.wallet]
        before = found.setdefault(name, Lapse(at, 0))
        if before.at == at:
            found[name] = before._replace(units=before.units + lot.remaining - lot.pinned)
    return found


def _next_tier(version: Version, state: MemberState, now: datetime) -> NextTier | None:
    tiers = version.program.tiers
    step = tiering.step_of(version, state.tier)
    if tiers is None or step == len(tiers.steps):
        return None
    wanted = tiers.steps[step]
    reached = tiering.credit_on(version, state, local(version.zone, now).day)
    return NextTier(wanted, tiers.measure, reached, version.compiled.tier_at[step])


def _in_reach(
    version: Version, state: MemberState, changes: Changes, reward: Reward, tx: Tx
) -> RewardInReach:
    # Asked as if in one of its stores: which store the member will be in is not known here.
    store = reward.stores[0] if reward.stores else ""
    wish = Wish(reward.id, state.member_id, tx.now, store, "", "")
    no = refusal(version, state, wish, changes.stock)
    return RewardInReach(reward, promise(version, reward, tx.now).price, no)

"""Where a member stands at this instant: balances, tier, what they can have, what lapses next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.compiling.compile import UNREACHED
from regulars.engine.deciding import idle, tiering
from regulars.engine.deciding.budgets import Resting, rest_until
from regulars.engine.deciding.expire import expire
from regulars.engine.ladder.credit import tiers_of
from regulars.engine.ladder.forecast import Outlook, outlook, rises_by
from regulars.engine.ladder.further import stand_on
from regulars.engine.returning.owed import as_paid
from regulars.engine.rewarding.having import Wish, my_ways, way_for
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.cooling import load_taken
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.points.choosing.load import load_choices
from regulars.records.ledger.types import NEVER, Balance, Lot
from regulars.records.members.types import nobody
from regulars.records.program.types import Reward, Tier
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption


class Lapse(NamedTuple):
    """So much of a wallet lapses, becomes usable or is cancelled at this instant."""

    at: datetime
    units: int


class NextLapse(NamedTuple):
    """So much of a wallet lapses at this instant: at its own end, or because its member does
    nothing; of that they may still have to be told."""

    at: datetime
    units: int
    because: Literal["expiry", "inactivity"]


class NextBy(Struct, frozen=True):
    """How far the next step is by the second measure of the ladder."""

    measure: str
    reached: int
    needed: int
    by: datetime | None


class NextTier(Struct, frozen=True):
    """The next step of the ladder and how far it is, in what the ladder measures."""

    tier: Tier
    measure: str
    reached: int
    needed: int
    by: datetime | None = None
    """Until before when credit counts together with what is there."""
    instead: NextBy | None = None
    """How far it is by the second measure, where the ladder has one and it reaches this step."""


class OnLadder(Struct, frozen=True):
    """Where a member stands on a further ladder, and where it goes from there."""

    name: str
    tier: Tier | None
    until: datetime | None
    next_tier: NextTier | None
    outlook: Outlook | None


class RewardInReach(Struct, frozen=True):
    """One reward of the program and whether this member can have it now."""

    reward: Reward
    price: Mapping[str, int]
    no: Refused | None
    there_at: datetime | None = None
    """Where points alone are missing: when those that are on their way are enough, if they are."""


class Standing(Struct, frozen=True):
    """Where a member stands at an instant."""

    member_id: UUID
    as_of: datetime
    balances: Mapping[str, Balance]
    lapses_next: Mapping[str, NextLapse]
    activates_next: Mapping[str, Lapse]
    cancels_next: Mapping[str, Lapse]
    tier: Tier | None
    tier_since: datetime | None
    tier_until: datetime | None
    next_tier: NextTier | None
    rewards: list[RewardInReach]
    outlook: Outlook | None = None
    """What is missing to stay, and the tier that follows if nothing more happens."""
    resting: Sequence[Resting] = ()
    """Rules that gave lately and rest, and until when each does."""
    ladders: Mapping[str, OnLadder] = {}
    """Where they stand on each further ladder."""
    won: Sequence[Redemption] = ()
    """What they won and can fetch at the counter, soonest to lapse first."""


async def show_standing(tx: Tx, terms: Terms, member_id: UUID) -> Standing:
    """Where this member stands now, whether or not the night's work was done.

    Order: what is due is done to a copy: what was reserved and not taken is free, points whose time
    is over are gone, a tier that ended is reviewed; nothing is locked and nothing written.
    Faults: UnknownMember.
    """
    states, changes = await _by_now(tx, terms, [member_id])
    if member_id not in states:
        raise nobody()
    state, version = states[member_id], terms.at(tx.now)
    names = terms.wallet_names
    in_force = set(version.wallet_codes)
    tier = _tier(version, terms, state.tier)
    return Standing(
        member_id=state.member_id,
        as_of=tx.now,
        balances={
            names[code]: state.balance(code) for code in sorted(in_force | state.balances.keys())
        },
        lapses_next=_lapses(terms, state, tx.now),
        activates_next=_next(terms, _pending(state), "activates_at"),
        cancels_next=_next(terms, _pending(state), "cancels_at"),
        tier=tier,
        tier_since=state.tier_since if tier else None,
        tier_until=state.tier_until if tier else None,
        next_tier=_next_tier(version, state, tx.now),
        rewards=[_in_reach(terms, state, changes, one, tx) for one in version.program.rewards],
        outlook=outlook(version, state, tx.now),
        resting=list(rest_until(state, version, tx.now)),
        ladders={
            name: _on_ladder(version, view, name, stand_on(view, state, tx.now), tx.now)
            for name, view in version.further.items()
        },
        won=await rewards.won(tx, state.member_id),
    )


async def show_reaches(
    tx: Tx, terms: Terms, ids: Sequence[UUID]
) -> dict[UUID, list[RewardInReach]]:
    """Of each of these members every reward of the program, as `show_standing` says it of one."""
    states, changes = await _by_now(tx, terms, ids)
    these = terms.at(tx.now).program.rewards
    return {
        who: [_in_reach(terms, states[who], changes, one, tx) for one in these]
        for who in ids
        if who in states
    }


async def show_lapses(
    tx: Tx, terms: Terms, ids: Sequence[UUID]
) -> dict[UUID, dict[str, NextLapse]]:
    """Of each of these members what lapses next of each wallet, as `show_standing` says it."""
    states, _ = await _by_now(tx, terms, ids)
    return {who: _lapses(terms, states[who], tx.now) for who in ids if who in states}


async def _by_now(
    tx: Tx, terms: Terms, ids: Sequence[UUID]
) -> tuple[dict[UUID, MemberState], Changes]:
    """Where these members stand once what is due was done to a copy."""
    states = await hold_members(tx, terms, ids, with_lots=ids, lock=False)
    version = terms.at(tx.now)
    changes = Changes(tx.new_id, await rewards.stock(tx))
    (await overdue(tx, states)).lapse(changes, states, terms, tx)
    for state in {id(one): one for one in states.values()}.values():
        expire(changes, state, tx.now)
        tiering.review(changes, state, version, tx.now)
    await load_allowances(tx, terms, states)
    await load_taken(tx, version, states, [one.id for one in version.program.rewards])
    await load_choices(tx, terms, list(states.values()))
    return states, changes


async def there_by(
    tx: Tx, terms: Terms, member_id: UUID, reward: str, price: Mapping[str, int]
) -> datetime | None:
    """When points that are on their way are enough for a reward, or for this price of none.

    Order: as `show_standing`, so that a refusal says the day that the card and the till say.
    """
    states = await hold_members(tx, terms, [member_id], with_lots=[member_id], lock=False)
    if member_id not in states:
        return None
    state, version = states[member_id], terms.at(tx.now)
    changes = Changes(tx.new_id, await rewards.stock(tx))
    (await overdue(tx, states)).lapse(changes, states, terms, tx)
    expire(changes, state, tx.now)
    wanted = version.rewards.get(reward)
    if wanted is not None:
        tiering.review(changes, state, version, tx.now)
        price = my_ways(version, state, wanted, tx.now)[0].price
    return _there_at(terms, state, price, tx.now)


def _on_ladder(
    version: Version, view: Version, name: str, stands: MemberState, now: datetime
) -> OnLadder:
    step = tiering.step_of(view, stands.tier)
    return OnLadder(
        name=version.program.ladders[name].name or name,
        tier=tiers_of(view).steps[step - 1] if step else None,
        until=stands.tier_until if step else None,
        next_tier=_next_tier(view, stands, now),
        outlook=outlook(view, stands, now),
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


def _lapses(terms: Terms, state: MemberState, now: datetime) -> dict[str, NextLapse]:
    """Of each wallet the points that lapse next; at one instant their own end is the reason."""
    found: dict[str, NextLapse] = {}
    for lot in state.lots.values():
        left_alone = idle.lapses_at(state, lot, now)
        at = min(lot.expires_at, left_alone)
        if not lot.free or at == NEVER:
            continue
        name = terms.wallet_names[lot.wallet]
        one = NextLapse(at, lot.free, "expiry" if at == lot.expires_at else "inactivity")
        before = found.get(name)
        if before is None or one.at < before.at:
            found[name] = one
        elif one.at == before.at:
            because = min(one.because, before.because)
            found[name] = NextLapse(at, before.units + one.units, because)
    return found


def _next_tier(version: Version, state: MemberState, now: datetime) -> NextTier | None:
    tiers = version.program.tiers
    step = tiering.step_of(version, state.tier)
    if tiers is None or step == len(tiers.steps):
        return None
    wanted = tiers.steps[step]
    reached = tiering.credit_on(version, state, local(version.zone, now).day)
    by = rises_by(version, state, now)
    instead = None if version.other is None else _next_by(version.other, state, step, now)
    return NextTier(wanted, tiers.measure, reached, version.compiled.tier_at[step], by, instead)


def _next_by(other: Version, state: MemberState, step: int, now: datetime) -> NextBy | None:
    needed = other.compiled.tier_at[step]
    if needed == UNREACHED:
        return None
    reached = tiering.credit_on(other, state, local(other.zone, now).day)
    return NextBy(tiers_of(other).measure, reached, needed, rises_by(other, state, now))


def _in_reach(
    terms: Terms, state: MemberState, changes: Changes, reward: Reward, tx: Tx
) -> RewardInReach:
    version = terms.at(tx.now)
    # Asked as if in one of its stores: which store the member will be in is not known here.
    store = reward.stores[0] if reward.stores else ""
    channel = reward.channels[0] if reward.channels else ""
    wish = Wish(reward.id, state.member_id, tx.now, store, channel, "", unproven=None)
    found = way_for(version, as_paid(state), wish, changes.stock)
    no = found if isinstance(found, Refused) else None
    price = my_ways(version, state, reward, tx.now)[0].price
    lacks = no is not None and no.code == "not_enough_points"
    there_at = _there_at(terms, state, price, tx.now) if lacks else None
    return RewardInReach(reward, price, no, there_at)


def _there_at(
    terms: Terms, state: MemberState, price: Mapping[str, int], now: datetime
) -> datetime | None:
    """When points that are on their way are enough for this price; nothing where they never are.

    Keeps: what lapses before then is not counted, nor what still waits for an event.
    Example: 40 are there and lapse on Friday; 70 come on Saturday: never enough for 100.
    """
    lots = [
        (terms.wallet_names[lot.wallet], lot, min(lot.expires_at, idle.lapses_at(state, lot, now)))
        for lot in state.lots.values()
    ]
    dates = {lot.activates_at for lot in _pending(state) if lot.activates_at is not None}
    for at in sorted(dates - {NEVER}):
        had = dict.fromkeys(price, 0)
        for name, lot, ends in lots:
            came = lot.state != "pending" or (
                lot.activates_at is not None and lot.activates_at <= at
            )
            if name in had and came and ends > at:
                had[name] += lot.remaining - lot.pinned
        if all(had[name] >= units for name, units in price.items()):
            return at
    return None

"""Where a member stands, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from regulars.base.faults import Refused
from regulars.engine.ladder.forecast import Missing, Outlook
from regulars.flows.show_standing import Lapse, NextBy, NextTier, OnLadder, RewardInReach, Standing
from regulars.records.ledger.types import NEVER, Balance, Lot
from regulars.records.program.types import Tier
from regulars.records.rewards.types import Redemption
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.rewarding.games import GamesShown


class NextLapseShown(Struct, frozen=True):
    """The next points to lapse, when, and whether at their own end or because their member does
    nothing."""

    at: datetime
    units: int
    because: Literal["expiry", "inactivity"]


class LapseShown(Struct, frozen=True):
    """The next points to become usable or to be cancelled, and when."""

    at: datetime
    units: int


class WalletShown(Struct, frozen=True):
    """What one wallet holds now, in units of its scale; what lapsed does not count."""

    available: int
    pending: int
    held: int
    debt: int
    earned: int
    """Everything ever earned, net of returns."""
    lapses_next: NextLapseShown | None
    activates_next: LapseShown | None
    """The next of the pending points that can be spent, and from when."""
    cancels_next: LapseShown | None
    """The next of the pending points that are cancelled unless their activity is confirmed."""


class TierShown(Struct, frozen=True):
    """The tier a member stands on, since when and until when it is sure."""

    id: str
    name: str
    perks: tuple[str, ...]
    since: datetime | None
    until: datetime | None


class NextByShown(Struct, frozen=True):
    """The next tier by the second measure of the ladder."""

    measure: str
    needed: int
    reached: int
    missing: int
    by: datetime | None


class NextTierShown(Struct, frozen=True):
    """The next tier: what it takes, what there is, what is missing (minor units, or visits)."""

    id: str
    name: str
    measure: str
    needed: int
    reached: int
    missing: int
    by: datetime | None
    """Until before when credit counts together with what is there."""
    by_invitation: bool
    """It takes an invitation besides."""
    instead: NextByShown | None
    """The same by the second measure, where the ladder has one: either of the two is enough."""


class ToStay(Struct, frozen=True):
    """What is missing to keep the tier, and until before when it counts."""

    missing: int
    by: datetime | None


class OtherOutlook(Struct, frozen=True):
    """What there is and what is missing by the second measure of the ladder."""

    measure: str
    reached: int
    waiting: int
    needed_to_stay: ToStay | None


class OutlookShown(Struct, frozen=True):
    """Where the tier goes from here."""

    reached: int
    """The credit that counts now."""
    waiting: int
    """Credit that counts only later, when nothing can come back any more."""
    needed_to_stay: ToStay | None
    """Nothing when the tier is for ever, or no credit keeps it."""
    projected: str | None
    """The tier after the next evaluation, if nothing more happens."""
    projected_at: datetime | None
    """When that is; nothing when the tier stays for ever."""
    instead: OtherOutlook | None
    """The same by the second measure, where the ladder has one: either of the two is enough."""


class OnLadderShown(Struct, frozen=True):
    """A step of a further ladder, and until when it is sure."""

    id: str
    name: str
    perks: tuple[str, ...]
    until: datetime | None
    """Exclusive; nothing when it stays for ever."""


class LadderShown(Struct, frozen=True):
    """Where a member stands on a ladder beside the tiers."""

    name: str
    tier: OnLadderShown | None
    next_tier: NextTierShown | None
    outlook: OutlookShown | None


class WhyNot(Struct, frozen=True):
    """Why a reward cannot be had, or a benefit not be used: code, sentence and the facts."""

    code: str
    detail: str
    facts: dict[str, Any]


class RewardReach(Struct, frozen=True):
    """A reward, its price, and whether this member can have it now."""

    reward: str
    name: str
    price: dict[str, int]
    available: bool
    why_not: WhyNot | None
    there_at: datetime | None = None
    """Where points alone are missing: from when those that are on their way are enough."""


class WonShown(Struct, frozen=True):
    """Something a member won: it is kept for them at the counter until it lapses."""

    redemption_id: str
    reward: str
    name: str
    lapses_at: datetime


class RestingShown(Struct, frozen=True):
    """A rule that rests for a member, and the instant from which on it may give again."""

    rule: str
    until: datetime


class StandingShown(Struct, frozen=True):
    """Where a member stands at an instant."""

    member_id: str
    as_of: datetime
    wallets: dict[str, WalletShown]
    tier: TierShown | None
    next_tier: NextTierShown | None
    rewards: list[RewardReach]
    tier_outlook: OutlookShown | None
    ladders: dict[str, LadderShown]
    """Where they stand on each ladder beside the tiers, by its name in the program file."""
    games: GamesShown | None
    """Challenges, streaks and badges; nothing where the program never had any."""
    resting: list[RestingShown]
    """Rules that gave lately and rest for this member."""
    won: list[WonShown]
    """What they won and did not fetch yet; hand it over by capturing the redemption."""


class LotShown(Struct, frozen=True):
    """Points of one origin that lapse together; `held` of the `remaining` ones are reserved.

    Pending ones cannot be spent before `activates_at`, or before their activity is confirmed;
    if nobody does, they are cancelled at `cancels_at`.
    """

    id: str
    wallet: str
    amount: int
    remaining: int
    held: int
    earned_at: datetime
    expires_at: datetime | None
    program_version: int
    state: Literal["open", "pending", "cancelled"]
    activates_at: datetime | None
    cancels_at: datetime | None


class LotsPage(Struct, frozen=True):
    """Some lots in the order they are spent, and where to go on."""

    items: list[LotShown]
    has_more: bool
    next_cursor: str | None


def standing_shown(standing: Standing, games: GamesShown | None = None) -> StandingShown:
    """The standing as the world sees it."""
    return StandingShown(
        member_id=shown("mem", standing.member_id),
        as_of=standing.as_of,
        wallets={
            name: _wallet(standing, name, balance) for name, balance in standing.balances.items()
        },
        tier=_tier(standing, standing.tier),
        next_tier=_next(standing.next_tier),
        rewards=[_reach(one) for one in standing.rewards],
        tier_outlook=_outlook(standing.outlook),
        ladders={name: _ladder(one) for name, one in standing.ladders.items()},
        games=games,
        resting=[RestingShown(*one) for one in standing.resting],
        won=[won_shown(one) for one in standing.won],
    )


def won_shown(one: Redemption) -> WonShown:
    """What was won as the world sees it."""
    id_, name = shown("red", one.redemption_id), one.promised.name
    return WonShown(id_, one.reward, name, one.lapses_at)


def lot_shown(lot: Lot, wallet: str) -> LotShown:
    """A lot as the world sees it."""
    return LotShown(
        id=shown("lot", lot.lot_id),
        wallet=wallet,
        amount=lot.amount,
        remaining=lot.remaining,
        held=lot.pinned,
        earned_at=lot.earned_at,
        expires_at=None if lot.expires_at == NEVER else lot.expires_at,
        program_version=lot.version,
        state=lot.state,
        activates_at=lot.activates_at,
        cancels_at=lot.cancels_at,
    )


def why_not(no: Refused | None) -> WhyNot | None:
    """A refusal beside an answer."""
    return None if no is None else WhyNot(no.code, no.says, no.facts)


def _wallet(standing: Standing, name: str, balance: Balance) -> WalletShown:
    lapses = standing.lapses_next.get(name)
    return WalletShown(
        available=balance.available,
        pending=balance.pending,
        held=balance.held,
        debt=balance.debt,
        earned=balance.earned,
        lapses_next=None if lapses is None else NextLapseShown(*lapses),
        activates_next=_lapse(standing.activates_next.get(name)),
        cancels_next=_lapse(standing.cancels_next.get(name)),
    )


def _lapse(lapse: Lapse | None) -> LapseShown | None:
    return None if lapse is None else LapseShown(lapse.at, lapse.units)


def _tier(standing: Standing, tier: Tier | None) -> TierShown | None:
    if tier is None:
        return None
    since, until = standing.tier_since, standing.tier_until
    return TierShown(tier.id, tier.name or tier.id, tier.perks, since, until)


def _ladder(one: OnLadder) -> LadderShown:
    tier = one.tier
    stands = None
    if tier is not None:
        stands = OnLadderShown(tier.id, tier.name or tier.id, tier.perks, one.until)
    return LadderShown(one.name, stands, _next(one.next_tier), _outlook(one.outlook))


def _next(step: NextTier | None) -> NextTierShown | None:
    if step is None:
        return None
    return NextTierShown(
        id=step.tier.id,
        name=step.tier.name or step.tier.id,
        measure=step.measure,
        needed=step.needed,
        reached=step.reached,
        missing=max(step.needed - step.reached, 0),
        by=step.by,
        by_invitation=step.tier.by == "invitation",
        instead=_next_by(step.instead),
    )


def _next_by(way: NextBy | None) -> NextByShown | None:
    if way is None:
        return None
    missing = max(way.needed - way.reached, 0)
    return NextByShown(way.measure, way.needed, way.reached, missing, way.by)


def _outlook(outlook: Outlook | None) -> OutlookShown | None:
    if outlook is None:
        return None
    other = outlook.by_other
    return OutlookShown(
        reached=outlook.reached,
        waiting=outlook.waiting,
        needed_to_stay=_stay(outlook.to_stay),
        projected=outlook.projected,
        projected_at=outlook.projected_at,
        instead=None if other is None else OtherOutlook(
            other.measure, other.reached, other.waiting, _stay(other.to_stay)
        ),
    )  # fmt: skip


def _stay(missing: Missing | None) -> ToStay | None:
    return None if missing is None else ToStay(missing.credit, missing.by)


def _reach(one: RewardInReach) -> RewardReach:
    return RewardReach(
        reward=one.reward.id,
        name=one.reward.name,
        price=dict(one.price),
        available=one.no is None,
        why_not=why_not(one.no),
        there_at=one.there_at,
    )

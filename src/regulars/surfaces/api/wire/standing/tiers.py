"""Tiers given by hand and invitations, on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.flows.membership.benefits.show_eligible import Eligible
from regulars.flows.membership.tiers.tier_commands import TierGiven
from regulars.records.standing.grants.types import GrantKind, TierGrant
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Slug, Text, Whom

Proof = Annotated[str, Meta(max_length=1000)]


class ChallengeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """So much credit within so many days keeps the tier, in what the ladder measures."""

    credit: Annotated[int, Meta(ge=1, le=10**15)]
    within_days: Annotated[int, Meta(ge=1, le=3660)]


class TierGrantSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member gets a tier by hand."""

    member: Whom
    tier: Slug
    reason: Text
    kind: Literal["granted", "matched"] = "granted"
    """`matched`: because of a status they have elsewhere."""
    actor: Text = ""
    until_at: Instant | None = None
    """Exclusive; it stays until somebody ends it when neither this nor a challenge is said."""
    challenge: ChallengeSent | None = None
    proof: Proof = ""
    """What was shown of the status elsewhere."""


class InvitationSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member is invited to a tier that is reached by invitation."""

    member: Whom
    tier: Slug
    reason: Text
    actor: Text = ""


class TurnSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does it, and why where it is taken away."""

    actor: Text = ""
    reason: Text = ""


class TierGrantDone(Struct, frozen=True):
    """Where what was given stands, and the tier the member stands on now."""

    id: str
    member_id: str
    kind: GrantKind
    tier: str
    state: str
    until_at: datetime | None
    answer_by: datetime | None
    """Until when an invitation can be accepted."""
    member_tier: str | None


class TierGrantShown(Struct, frozen=True):
    """A tier given by hand, with what became of it."""

    id: str
    kind: GrantKind
    tier: str
    state: Literal["waiting", "not_answered", "held", "over", "declined", "withdrawn", "ended"]
    reason: str
    actor: str
    proof: str
    asks: int | None
    """So much credit keeps it."""
    earned: int | None
    """So much of it there is."""
    given_at: datetime
    answer_by: datetime | None
    begun_at: datetime | None
    until_at: datetime | None
    closed_at: datetime | None


class TierGrantsShown(Struct, frozen=True):
    """Everything a member was ever given by hand, oldest first."""

    items: list[TierGrantShown]


class EligibleShown(Struct, frozen=True):
    """Somebody who has the credit for a tier by invitation."""

    member_id: str
    tier: str | None
    reached: int
    needed: int
    or_reached: int | None
    """What they have by the second measure, where the ladder has one."""
    or_needed: int | None
    """What the tier takes of it, where that reaches the tier as well."""


class EligiblePage(Struct, frozen=True):
    """Some of them, by id, and where to go on."""

    items: list[EligibleShown]
    has_more: bool
    next_cursor: str | None


def grant_done(answer: TierGiven) -> TierGrantDone:
    """The answer to a tier given by hand, or to what became of one."""
    return TierGrantDone(
        id=shown("tgr", answer.grant_id),
        member_id=shown("mem", answer.member_id),
        kind=answer.kind,
        tier=answer.tier,
        state=answer.state,
        until_at=answer.until_at,
        answer_by=answer.answer_by,
        member_tier=answer.stands,
    )


def grants_shown(grants: Sequence[tuple[TierGrant, int | None]], now: datetime) -> TierGrantsShown:
    """What was given, with the credit there is where a challenge asks for some."""
    return TierGrantsShown(
        [
            TierGrantShown(
                id=shown("tgr", one.grant_id), kind=one.kind, tier=one.tier,
                state=_state(one, now), reason=one.reason, actor=one.actor, proof=one.proof,
                asks=one.asks, earned=earned, given_at=one.given_at, answer_by=one.answer_by,
                begun_at=one.begun_at, until_at=one.until_at, closed_at=one.closed_at,
            )
            for one, earned in grants
        ]
    )  # fmt: skip


def _state(
    one: TierGrant, now: datetime
) -> Literal["waiting", "not_answered", "held", "over", "declined", "withdrawn", "ended"]:
    if one.closed_as == "declined":
        return "declined"
    if one.closed_as == "withdrawn":
        return "withdrawn"
    if one.closed_as == "ended":
        return "ended"
    if one.begun_at is None:
        return "waiting" if one.waits(now) else "not_answered"
    return "held" if one.holds(now) else "over"


def eligible_shown(one: Eligible) -> EligibleShown:
    """Somebody who may be invited, as the world sees them."""
    who = shown("mem", one.member_id)
    return EligibleShown(who, one.tier, one.reached, one.needed, one.or_reached, one.or_needed)

"""Codes for friends and referrals on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.points.referring.commands import CodeGiven, ReferralNamed
from regulars.records.members.referrals.types import Referral, State
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Slug, Whom

Marks = Annotated[
    dict[Slug, Annotated[str, Meta(min_length=1, max_length=500)]], Meta(max_length=8)
]


class FriendCodeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member wants a code to give to friends."""

    member: Whom
    marks: Marks = {}
    """What else they are known by: `device`, `address`, `payment-card`, any kind; only digests are
    kept, of the first time."""


class FriendCodeDone(Struct, frozen=True):
    """The member's code; it stays the same."""

    member_id: str
    code: str
    link: str
    """Where friends are sent, when the program says."""


class ReferralSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A newcomer names the code of whoever brought them."""

    member: Whom
    code: Annotated[str, Meta(min_length=1, max_length=40)]
    marks: Marks = {}
    """What else the newcomer is known by; equal ones on both sides are one person."""


class ReferralDone(Struct, frozen=True):
    """A referral was kept: `named`, or `rejected` with the reason."""

    id: str
    newcomer_id: str
    referrer_id: str
    state: State
    reason: str
    """`oneself`, `same_household`, `brought_already`, `not_new`, `ring`, `same_mark`,
    `member_blocked` or `member_erased` where it was rejected."""
    buys_until: datetime


class ReferralShown(Struct, frozen=True):
    """A referral and what became of it."""

    id: str
    newcomer_id: str
    referrer_id: str
    state: State
    reason: str
    """Also `not_bought` and, of what was retracted, `came_back`."""
    wallet: str
    referrer_points: int
    newcomer_points: int
    sale_id: str | None
    named_at: datetime
    buys_until: datetime
    due_at: datetime | None
    """When the purchase counts as kept."""
    settled_at: datetime | None
    retracted_at: datetime | None
    program_version: int


class ReferralsPage(Struct, frozen=True):
    """A page of referrals, newest first."""

    items: list[ReferralShown]
    has_more: bool
    next_cursor: str | None


def friend_code_done(given: CodeGiven) -> FriendCodeDone:
    """A member's code as the API answers it."""
    return FriendCodeDone(shown("mem", given.member_id), given.code, given.link)


def referral_done(named: ReferralNamed) -> ReferralDone:
    """What came of naming a code."""
    return ReferralDone(
        id=shown("ref", named.referral_id),
        newcomer_id=shown("mem", named.member_id),
        referrer_id=shown("mem", named.referrer_id),
        state=named.state,
        reason=named.reason,
        buys_until=named.buys_until,
    )


def referrals_shown(found: Sequence[Referral], wallets: Mapping[int, str]) -> list[ReferralShown]:
    """Referrals as the API shows them."""
    return [_shown(one, wallets[one.wallet]) for one in found]


def _shown(one: Referral, wallet: str) -> ReferralShown:
    return ReferralShown(
        id=shown("ref", one.referral_id),
        newcomer_id=shown("mem", one.member_id),
        referrer_id=shown("mem", one.referrer_id),
        state=one.state,
        reason=one.reason,
        wallet=wallet,
        referrer_points=one.referrer_units,
        newcomer_points=one.newcomer_units,
        sale_id=shown("act", one.sale_id) if one.sale_id else None,
        named_at=one.named_at,
        buys_until=one.buys_until,
        due_at=one.due_at,
        settled_at=one.settled_at,
        retracted_at=one.retracted_at,
        program_version=one.version,
    )

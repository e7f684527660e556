"""Memberships people pay for, on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.engine.rewarding.plans.life import Step
from regulars.flows.membership.plans.commands import MembershipStands
from regulars.flows.membership.plans.show_memberships import Shown
from regulars.records.benefits.plans.types import PlanState, Turn, What
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Money, Slug, Text, Whom


class SignedMoney(Struct, frozen=True):
    """An amount of money that may be below nothing: to give back, or not yet recovered."""

    minor: int
    currency: str


class ToldSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something happened that has no amount."""

    source: Text = ""
    external_id: Text = ""
    """The number of this event where it comes from; told again, nothing happens twice."""
    actor: Text = ""
    reason: Text = ""
    """Why; also why another amount than is due was agreed."""
    occurred_at: Instant | None = None
    """When it happened, where it is told later; by that it is judged."""


class MembershipSent(ToldSent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member begins a plan: with its trial, or with the first term paid."""

    member: Whom
    plan: Slug
    trial: bool = False
    amount: Money | None = None
    """What was paid; the fee, unless said."""
    payment_card: Text = ""
    """What the payment card is known by where money is taken: one trial for each."""


class PaidSent(ToldSent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term was paid, or money was given back."""

    amount: Money | None = None
    """What is due, or all that is left, unless said."""


class RefundedSent(PaidSent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money was given back."""

    payment: Text = ""
    """The number of the payment it gives back, as it was told under this source; the last one,
    unless said. A term that is over has no say in the one that runs."""


class CancelledSent(ToldSent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No further term."""

    at: Literal["period_end", "now"] = "period_end"


class ChangedSent(ToldSent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another plan, from now on or from the next term on."""

    plan: Slug
    at: Literal["period_end", "now"] = "period_end"


class BegunQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which membership was begun under this number?"""

    source: Text
    external_id: Text


class ChangeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What would another plan come to?"""

    plan: Slug
    at: Literal["period_end", "now"] = "period_end"


class MembershipDone(Struct, frozen=True):
    """Where a membership stands after what was told."""

    id: str
    member_id: str
    plan: str
    state: PlanState
    from_at: datetime
    until_at: datetime
    wait_until: datetime | None
    """The end of the grace, or the latest end of the pause."""
    next_plan: str | None
    amount: SignedMoney
    """Paid; below nothing: given back, or to give back."""
    next_fee: SignedMoney | None
    balances: dict[str, int]


class TurnShown(Struct, frozen=True):
    """Something that happened to a membership."""

    what: What
    at: datetime
    state: PlanState
    plan: str
    amount: SignedMoney
    until_at: datetime
    source: str
    external_id: str
    actor: str
    reason: str
    payment: str | None
    """Of a refund: the number of the payment it gives back, where it was named."""


class MembershipShown(Struct, frozen=True):
    """A membership as it stands now, and what its term brought so far."""

    id: str
    member_id: str
    plan: str
    state: PlanState
    from_at: datetime
    until_at: datetime
    wait_until: datetime | None
    next_plan: str | None
    next_fee: SignedMoney | None
    refundable: SignedMoney
    """What comes back of the running term by the promise of the plan."""
    uses: int
    worth: SignedMoney
    """What the benefits that were used in this term are worth."""
    saved: SignedMoney
    """That less what was paid; below nothing until the fee is recovered."""
    turns: list[TurnShown]


class MembershipsShown(Struct, frozen=True):
    """Every membership of a member, oldest first."""

    items: list[MembershipShown]


class PlanQuoteShown(Struct, frozen=True):
    """What another plan would come to."""

    plan: str
    due: SignedMoney
    """To pay now; below nothing: to give back."""
    until_at: datetime


def done_shown(answer: MembershipStands, currency: str) -> MembershipDone:
    """The answer to what was told about a membership."""
    due = answer.due_minor
    return MembershipDone(
        id=shown("mbs", answer.membership_id),
        member_id=shown("mem", answer.member_id),
        plan=answer.plan,
        state=answer.state,
        from_at=answer.from_at,
        until_at=answer.until_at,
        wait_until=answer.wait_until,
        next_plan=answer.next_plan or None,
        amount=SignedMoney(answer.amount_minor, currency),
        next_fee=None if due is None else SignedMoney(due, currency),
        balances=answer.balances,
    )


def membership_shown(
    member_id: UUID, found: Shown, turns: Sequence[Turn], currency: str
) -> MembershipShown:
    """A membership as the world sees it."""
    one, due = found.one, found.due_minor
    return MembershipShown(
        id=shown("mbs", one.membership_id),
        member_id=shown("mem", member_id),
        plan=one.plan,
        state=one.state,
        from_at=one.from_at,
        until_at=one.until_at,
        wait_until=one.wait_until,
        next_plan=one.next_plan or None,
        next_fee=None if due is None else SignedMoney(due, currency),
        refundable=SignedMoney(found.refund_minor, currency),
        uses=found.uses,
        worth=SignedMoney(found.worth_minor, currency),
        saved=SignedMoney(found.saved_minor, currency),
        turns=[_turn(turn, currency) for turn in turns],
    )


def change_shown(step: Step, currency: str) -> PlanQuoteShown:
    """What a change of the plan would come to."""
    plan = step.after.next_plan or step.after.plan
    return PlanQuoteShown(plan, SignedMoney(step.amount_minor, currency), step.after.until_at)


def _turn(turn: Turn, currency: str) -> TurnShown:
    return TurnShown(
        what=turn.what,
        at=turn.at,
        state=turn.after.state,
        plan=turn.after.plan,
        amount=SignedMoney(turn.amount_minor, currency),
        until_at=turn.after.until_at,
        source=turn.source,
        external_id=turn.external_id,
        actor=turn.actor,
        reason=turn.reason,
        payment=turn.payment or None,
    )

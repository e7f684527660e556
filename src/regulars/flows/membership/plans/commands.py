"""What is told about memberships people pay for, and the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.benefits.plans.types import PlanState
from regulars.records.members.types import Asked, MemberRef

Told = Literal[
    "paid", "failed", "refunded", "restored", "cancelled", "paused", "resumed", "changed"
]
When = Literal["now", "period_end"]


class StartMembership(Struct, frozen=True, omit_defaults=True):
    """A member begins a plan: with its trial, or with the first term paid."""

    member: MemberRef
    plan: str
    trial: bool = False
    amount_minor: int | None = None
    """What was paid; the fee, unless said."""
    currency: str = ""
    card: str = ""
    """What a payment card is known by where money is taken: nobody has two trials with one."""
    source: str = ""
    external_id: str = ""
    """Its number where it comes from; the same one is one membership."""
    actor: str = ""
    reason: str = ""
    occurred_at: datetime | None = None
    """When it happened, where it is told later; by that it is judged."""
    more_follows: bool = False
    """Whether a later payment is told next: until then the clock brings nothing about."""
    asked: Asked = Asked()


class TurnMembership(Struct, frozen=True, omit_defaults=True):
    """Something happened to a membership."""

    membership_id: UUID
    what: Told
    amount_minor: int | None = None
    currency: str = ""
    at: When = "period_end"
    """Of a cancellation and of a change of the plan."""
    plan: str = ""
    source: str = ""
    external_id: str = ""
    actor: str = ""
    reason: str = ""
    occurred_at: datetime | None = None
    """When it happened, where it is told later; by that it is judged."""
    payment: str = ""
    """Of a refund: the number of the payment it gives back; the last one, unless said. Of one that
    did not arrive (`restored`): the number of that refund."""
    more_follows: bool = False
    """Whether a later payment is told next: until then the clock brings nothing about."""
    asked: Asked = Asked()


class MembershipStands(Struct, frozen=True, omit_defaults=True):
    """Where a membership stands after what was told."""

    membership_id: UUID
    member_id: UUID
    turn_id: UUID
    plan: str
    state: PlanState
    from_at: datetime
    until_at: datetime
    wait_until: datetime | None = None
    next_plan: str = ""
    amount_minor: int = 0
    """Paid, or below nothing given back or to give back."""
    paid_minor: int = 0
    due_minor: int | None = None
    """What the next term costs."""
    balances: dict[str, int] = {}
    replayed: bool = False


MembershipOutcome = MembershipStands | Refused | Fault

"""Pending points on the wire: how the waiting of an activity ended."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.flows.commands import Confirmed
from regulars.surfaces.api.strict.ids import shown


class ConfirmSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said: the address names the activity."""


class CancelSent(Struct, frozen=True, forbid_unknown_fields=True):
    """The address names the activity; of a kind that is moderated it is said why."""

    reason: Annotated[str, Meta(max_length=500)] = ""
    """The member is told."""


class ActivityEnded(Struct, frozen=True):
    """How the waiting ended; `points` turned by this very request, none when it was said before."""

    id: str
    member_id: str
    outcome: Literal["confirmed", "cancelled"]
    points: dict[str, int]
    balances: dict[str, int]


def activity_ended(answer: Confirmed) -> ActivityEnded:
    """The answer to a confirmation or a cancellation."""
    return ActivityEnded(
        id=shown("act", answer.activity_id),
        member_id=shown("mem", answer.member_id),
        outcome=answer.outcome,  # type: ignore[arg-type]
        points=answer.points,
        balances=answer.balances,
    )

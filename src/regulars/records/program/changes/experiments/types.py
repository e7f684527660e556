"""An experiment, and into which of its arms chance puts a member."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["everybody", "hold_out", "split"]
"""Who gets nothing of any campaign; who gets nothing of this one; who gets which of several."""
Outcome = Literal["spend", "orders", "came"]
"""Money less returns, how many orders, whether there was one: of each member since they are in."""
State = Literal["draft", "running", "ended"]

PREFIX: Final = "experiment-"
"""What attributes that we say begin with; `records.members.profile` leaves them to us."""
HELD_OUT: Final = "held-out"
FEWEST: Final = 500
"""Below so many members nobody is held out: it would cost sales and say nothing."""


class Arm(Struct, frozen=True):
    """One of the groups, and its part: of arms with 9 and 1, one in ten is in the second."""

    name: str
    parts: int


class Experiment(Struct, frozen=True):
    """What is compared with what, for whom, and how long.

    Order: the first arm is the one the others are compared with.
    """

    experiment_id: UUID
    code: str
    title: str
    kind: Kind
    outcome: Outcome
    arms: tuple[Arm, ...]
    seed: bytes
    made_at: datetime
    made_by: str
    wanted: int = 0
    """Members planned for each arm; 0 where nobody planned."""
    ends_at: datetime | None = None
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""
    emptied_at: datetime | None = None
    """When nobody was said to be in an arm any more."""

    @property
    def state(self) -> State:
        """Not begun, under way, over."""
        if self.ended_at is not None:
            return "ended"
        return "draft" if self.begun_at is None else "running"

    @property
    def attribute(self) -> str:
        """What rules ask for: `experiment-<code>`."""
        return PREFIX + self.code

    def arm_for(self, member_id: UUID) -> int:
        """The place of the arm into which chance puts this member.

        Order: the same on every machine and at any time. Example: with arms of 9 parts and 1, who
        draws 0.95 of the whole is in the second; a member who is in the first of one experiment is
        no likelier to be in the first of the next.
        """
        drawn = blake2b(member_id.bytes, key=self.seed, digest_size=8).digest()
        place = int.from_bytes(drawn) * sum(arm.parts for arm in self.arms) >> 64
        for at, arm in enumerate(self.arms):
            place -= arm.parts
            if place < 0:
                return at
        raise AssertionError("the parts make the whole")


class Placed(Struct, frozen=True):
    """A member in an arm, and since when."""

    member_id: UUID
    arm: int
    since: datetime


class Look(Struct, frozen=True):
    """What was seen of an experiment at an instant."""

    at: datetime
    found: dict[str, Any]

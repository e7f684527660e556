"""Experiments on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars.records.program.changes.experiments.types import (
    Arm,
    Experiment,
    Kind,
    Look,
    Outcome,
    State,
)
from regulars.surfaces.api.wire.parts import Instant

Word = Annotated[str, Meta(min_length=1, max_length=40)]


class ArmSent(Struct, frozen=True, forbid_unknown_fields=True):
    """An arm and its part: of arms with 9 and 1, one member in ten is in the second."""

    name: Word
    parts: Annotated[int, Meta(ge=1, le=1_000)]


class ExperimentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be tried."""

    title: Annotated[str, Meta(min_length=1, max_length=80)]
    arms: Annotated[tuple[ArmSent, ...], Meta(min_length=2, max_length=6)]
    """The first is the one the others are compared with."""
    kind: Kind = "split"
    outcome: Outcome = "spend"
    """What decides; the others are shown as well."""
    wanted: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    """Members planned for each arm; 0 where nobody planned."""
    ends_at: Instant | None = None


class EndSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it ends."""

    why: Annotated[str, Meta(min_length=1, max_length=200)]


class ArmShown(Struct, frozen=True):
    """An arm, and how many members are in it by now."""

    name: str
    parts: int
    members: int


class ExperimentShown(Struct, frozen=True):
    """An experiment as it is."""

    code: str
    title: str
    kind: Kind
    outcome: Outcome
    state: State
    attribute: str
    """What a rule asks for: `if: member`, with this attribute in the name of an arm."""
    arms: list[ArmShown]
    wanted: int
    made_at: datetime
    begun_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    why: str


class ExperimentsShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[ExperimentShown]


class LookShown(Struct, frozen=True):
    """What there was to be seen at an instant."""

    at: datetime
    found: dict[str, Any]
    """`arms` with members and sums, `mismatch`, `effects` of each arm beside the first, `stop`;
    `points` says by wallet with which share of what they cost points count that members hold
    (`comes_back`: so much of what is left is expected to be redeemed; `null`, and all of it counts,
    where that cannot be said yet)."""


class ExperimentRead(Struct, frozen=True):
    """An experiment, and the last look at it."""

    experiment: ExperimentShown
    look: LookShown | None


class InArm(Struct, frozen=True):
    """A member in an arm."""

    experiment: str
    arm: str
    since: datetime
    over: bool


class ArmsOfMember(Struct, frozen=True):
    """In which arms somebody is, those of experiments that are over, too."""

    items: list[InArm]


SmallerPart = Annotated[
    int,
    Meta(ge=1, le=50, description="So many of a hundred members are in the smaller of two arms."),
]
Arms = Annotated[
    int,
    Meta(
        ge=2,
        le=6,
        description="So many arms the experiment has. Each after the first is beside the first one "
        "and judged the more strictly the more there are; both numbers are of such two.",
    ),
]


class SizeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The share that does it today, and the difference to be noticed."""

    share: Annotated[int, Meta(ge=1, le=999)]
    """In thousandths: 100 is one member in ten."""
    lift: Annotated[int, Meta(ge=-998, le=998)]
    """In thousandths, more or less than that."""
    part: SmallerPart = 50
    arms: Arms = 2


class SizeShown(Struct, frozen=True):
    """Members it takes so that four of five such differences are sure, by the bounds that hold at
    every look, as an experiment is judged.

    `members` are those of the smaller arm, as `wanted` of an experiment counts them; `larger` those
    of the other one.
    """

    members: int
    larger: int


def experiment_shown(one: Experiment, members: Mapping[int, int]) -> ExperimentShown:
    """As it is shown; `members` are those of each arm by its place."""
    arms = [ArmShown(arm.name, arm.parts, members.get(at, 0)) for at, arm in enumerate(one.arms)]
    return ExperimentShown(
        one.code, one.title, one.kind, one.outcome, one.state, one.attribute, arms, one.wanted,
        one.made_at, one.begun_at, one.ends_at, one.ended_at, one.why,
    )  # fmt: skip


def look_shown(looks: Sequence[Look]) -> LookShown | None:
    """The last look, if there is one."""
    return LookShown(looks[0].at, looks[0].found) if looks else None


def arms_of(sent: ExperimentSent) -> tuple[Arm, ...]:
    """The arms as we know them."""
    return tuple(Arm(arm.name, arm.parts) for arm in sent.arms)

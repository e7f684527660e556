"""What may be asked about experiments, and what is answered."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.program.changes.experiments.types import Arm, Experiment, Kind, Outcome


class PlanExperiment(Struct, frozen=True):
    """An experiment is to be like this; once it has begun only title, plan and end may change.

    Order: the first arm is the one the others are compared with; of a hold-out it is the part
    that gets nothing.
    """

    code: str
    title: str
    kind: Kind
    outcome: Outcome
    arms: tuple[Arm, ...]
    by: By
    wanted: int = 0
    ends_at: datetime | None = None


class BeginExperiment(Struct, frozen=True):
    """From now on chance puts members into its arms."""

    code: str
    by: By


class EndExperiment(Struct, frozen=True):
    """It is over, for this reason: everybody is treated alike again."""

    code: str
    why: str
    by: By


class DropExperiment(Struct, frozen=True):
    """A plan that never began is forgotten."""

    code: str
    by: By


ExperimentCommand = PlanExperiment | BeginExperiment | EndExperiment | DropExperiment
ExperimentOutcome = Experiment | Refused | Fault

"""Why a word about a membership is refused, told in one place."""

from __future__ import annotations

from datetime import datetime

from regulars.base.faults import Refused
from regulars.engine.rewarding.plans.fees import sold
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Membership


def unknown_plan(name: str) -> Refused:
    """The refusal of a plan that the program in force does not have."""
    return Refused("unknown_plan", f"there is no plan {name} in this program")


def not_sold() -> Refused:
    """The refusal of a term of a plan that nobody begins any more."""
    return Refused("plan_ended", "this plan is not sold any more")


def no_trial() -> Refused:
    """The refusal of a trial that the plan does not have."""
    return Refused("no_trial", "this plan has no trial")


def ended() -> Refused:
    """The refusal of whatever a membership that is over would need to run for."""
    return Refused("membership_over", "this membership has ended; begin another one")


def not_running(one: Membership) -> Refused:
    """The refusal of what cannot be done as it stands."""
    says = f"this cannot be done while it is {one.state.replace('_', ' ')}"
    return Refused("not_running", says, {"state": one.state})


def no_plan(version: Version, name: str, at: datetime) -> Refused | None:
    """Why a term of a plan of this name cannot begin at an instant; nothing where it can."""
    plan = version.plans.get(name)
    if plan is None:
        return unknown_plan(name[:40])
    return None if sold(version, plan, at) else not_sold()

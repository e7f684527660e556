"""May this be told: a review without its proof, or of a thing that was told of before?"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.terms import Version
from regulars.records.activity.types import Activity, Detail
from regulars.records.program.parts.advocacy import Advocacy

Told = dict[tuple[UUID, str, str], set[UUID]]
"""Who told of what by which kind of activity: the activities that say so and stand."""


def action_of(version: Version, kind: str) -> Advocacy | None:
    """What the program says of this kind of activity, where it says something."""
    return next((one for one in version.program.advocacy if one.on == kind), None)


def not_so(version: Version, activity: Activity, told: Told) -> Refused | None:
    """Why this activity is not taken as it is told; what is taken is told from then on."""
    said = action_of(version, activity.kind) if version.program.advocacy else None
    if said is None:
        return None
    if said.proof and not activity.external_id:
        says = "say where it can be seen: its id there, as `external_id`"
        return Refused("proof_needed", says, {"kind": said.on})
    if said.about is None:
        return None
    key = subject_of(activity, said.about)
    if key is None:
        says = f"say what it is about, as detail {said.about}"
        return Refused("subject_needed", says, {"kind": said.on, "detail": said.about})
    if key in told:
        return Refused("told_before", "this member told of it before", {"kind": said.on})
    told.setdefault(key, set()).add(activity.activity_id)
    return None


def taken_back(activity: Activity, told: Told) -> None:
    """What is taken back may be told of again, unless something else that says so stands."""
    for key in [key for key, by in told.items() if activity.activity_id in by]:
        told[key].discard(activity.activity_id)
        if not told[key]:
            del told[key]


def subject_of(activity: Activity, about: str) -> tuple[UUID, str, str] | None:
    """Who tells of what by this activity, where it says so under this detail."""
    subject = activity.body.details.get(about)
    name = "" if subject is None else plain(text_of(subject))
    return (activity.member_id, activity.kind, name) if name else None


def text_of(detail: Detail) -> str:
    """A detail as the database writes it."""
    return str(detail).lower() if isinstance(detail, bool) else str(detail)


def plain(subject: str) -> str:
    """A subject however it is written: capitals and blanks make no other thing of it."""
    return " ".join(subject.casefold().split())


class Once:
    """What members told of while a history goes by, each thing once, as at the till."""

    def __init__(self, cancelled: Callable[[UUID, UUID], bool] | None = None) -> None:
        self._told: Told = {}
        self._by: dict[tuple[UUID, str, str], UUID] = {}
        self._cancelled = cancelled or (lambda member_id, activity_id: False)

    def why_not(self, version: Version, activity: Activity) -> str:
        """Why this activity takes no part; empty when it does.

        Order: in that in which things were told. What was not approved may be told again.
        """
        said = action_of(version, activity.kind)
        key = subject_of(activity, said.about) if said is not None and said.about else None
        before = None if key is None else self._by.get(key)
        if key is not None and before and self._cancelled(activity.member_id, before):
            self._told.pop(key, None)
        no = not_so(version, activity, self._told)
        if no is None and key is not None:
            self._by[key] = activity.activity_id
        return "" if no is None else no.says

"""What members told of before, for activities that may be told once of each thing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.records.activity import read
from regulars.records.activity.types import Activity
from regulars.records.program.parts.advocacy import Advocacy

Told = set[tuple[UUID, str, str]]
"""Who told of what by which kind of activity."""


def action_of(version: Version, kind: str) -> Advocacy | None:
    """What the program says of this kind of activity, where it says something."""
    return next((one for one in version.program.advocacy if one.on == kind), None)


async def load_told(tx: Tx, terms: Terms, kinds: Iterable[str], members: Iterable[UUID]) -> Told:
    """What these members told of by these kinds, where a version asks what it is about.

    Order: after the members are held. What was not approved may be told again.
    """
    wanted = set(kinds)
    asked = {
        (one.on, one.about)
        for version in terms.versions
        for one in version.program.advocacy
        if one.about is not None and one.on in wanted
    }
    told = await read.told_about(tx, sorted(members), sorted(asked)) if asked else set()
    return {(who, kind, _plain(subject)) for who, kind, subject in told}


def not_so(version: Version, activity: Activity, told: Told) -> Refused | None:
    """Why this activity is not taken as it is told; what is taken is told from then on."""
    said = action_of(version, activity.kind)
    if said is None:
        return None
    if said.proof and not activity.external_id:
        says = "say where it can be seen: its id there, as `external_id`"
        return Refused("proof_needed", says, {"kind": said.on})
    if said.about is None:
        return None
    subject = activity.body.details.get(said.about)
    about = "" if subject is None else _plain(read.text_of(subject))
    if not about:
        says = f"say what it is about, as detail {said.about}"
        return Refused("subject_needed", says, {"kind": said.on, "detail": said.about})
    key = (activity.member_id, said.on, about)
    if key in told:
        return Refused("told_before", "this member told of it before", {"kind": said.on})
    told.add(key)
    return None


def _plain(subject: str) -> str:
    """A subject however it is written: capitals and blanks make no other thing of it."""
    return " ".join(subject.casefold().split())

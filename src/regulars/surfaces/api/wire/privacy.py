"""What leaves and what is forgotten, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from regulars.records.members.erasure.types import About, SetAside
from regulars.surfaces.api.strict.ids import shown


class MemberErased(Struct, frozen=True):
    """The member whose data were erased, and when."""

    id: str
    erased_at: datetime
    voided: int
    """Open redemptions that were given back first."""


class PersonShown(Struct, frozen=True):
    """Everything that is kept of a member, by the files of an export."""

    id: str
    as_of: datetime
    holds: dict[str, list[dict[str, Any]]]
    """`members`, `identifiers`, `activities`, `entries` and so on, each a list of rows."""


class LateShown(Struct, frozen=True):
    """Something told of an erased member; nothing of it is personal, and nothing was booked."""

    id: str
    member_id: str
    about: About
    kind: str
    source: str
    external_id: str
    store: str
    occurred_at: datetime | None
    amount_minor: int | None
    actor: str
    recorded_at: datetime


class QuarantinePage(Struct, frozen=True):
    """What was told of erased members, the latest first, and where to go on."""

    items: list[LateShown]
    has_more: bool
    next_cursor: str | None


def late_shown(kept: SetAside) -> LateShown:
    """Something in quarantine as the world sees it."""
    late = kept.late
    return LateShown(
        id=str(kept.quarantine_id),
        member_id=shown("mem", late.member_id),
        about=late.about,
        kind=late.kind,
        source=late.source,
        external_id=late.external_id,
        store=late.store,
        occurred_at=late.occurred_at,
        amount_minor=late.amount_minor,
        actor=late.actor,
        recorded_at=kept.recorded_at,
    )

"""What members do for the shop, and what waits to be looked at, on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from regulars.flows.points.show_advocacy import Actions
from regulars.records.activity.types import Unapproved
from regulars.records.program.parts.advocacy import Advocacy
from regulars.surfaces.api.strict.cursors import cursor_of
from regulars.surfaces.api.strict.ids import shown


class ActionShown(Struct, frozen=True):
    """Something the program rewards beside purchases."""

    kind: str
    name: str
    says: str
    about: str | None
    """The detail that says what it is about."""
    proof: bool
    """Whether it needs an `external_id`."""
    moderated: bool
    """Whether its points wait until it is approved."""


class WaitingShown(Struct, frozen=True):
    """Something a member did that waits to be looked at: confirm it, or cancel it with a reason."""

    activity_id: str
    member_id: str
    kind: str
    source: str
    external_id: str
    about: str
    occurred_at: datetime
    until: datetime
    """Then its points are gone."""
    points: dict[str, int]


class AdvocacyShown(Struct, frozen=True):
    """The actions of the program in force, and what waits, the oldest first."""

    actions: list[ActionShown]
    waiting: list[WaitingShown]
    has_more: bool = False
    next_cursor: str | None = None


def advocacy_shown(
    found: Actions, wallets: Mapping[int, str], says: Callable[[Advocacy], str]
) -> AdvocacyShown:
    """All of it, as the API shows it; `says` puts an action into words."""
    return AdvocacyShown(
        [
            ActionShown(one.on, one.name, says(one), one.about, one.proof, bool(one.moderated))
            for one in found.promises
        ],
        [_waiting(one, wallets) for one in found.waiting],
        found.next is not None,
        cursor_of(found.next),
    )


def _waiting(one: Unapproved, wallets: Mapping[int, str]) -> WaitingShown:
    return WaitingShown(
        activity_id=shown("act", one.activity_id),
        member_id=shown("mem", one.member_id),
        kind=one.kind,
        source=one.source,
        external_id=one.external_id,
        about=one.about,
        occurred_at=one.occurred_at,
        until=one.until,
        points={wallets[code]: points for code, points in one.points.items()},
    )

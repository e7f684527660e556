"""Sandboxes and their clocks on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.night.sandbox.types import Sandbox, Unsent
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant
from regulars.surfaces.api.wire.terms.planning import DraftShown

Name = Annotated[str, Meta(min_length=1, max_length=40)]
Days = Annotated[int, Meta(ge=1, le=1098)]
Minutes = Annotated[int, Meta(ge=1, le=1_581_120)]


class SandboxSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A sandbox is wanted: its name, and the version it begins with; the one in force when not
    said."""

    name: Name
    version: Annotated[int, Meta(ge=1, le=10**6)] | None = None


class ClockSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the clock is to go: to an instant, or so many days or minutes on. One of the three."""

    to: Instant | None = None
    days: Days | None = None
    minutes: Minutes | None = None


class ClockMoves(Struct, frozen=True):
    """A clock on its way; `done_percent` of the way lie behind it."""

    from_at: datetime
    to_at: datetime
    done_percent: Annotated[int, Meta(ge=0, le=100)]


class SandboxShown(Struct, frozen=True):
    """A sandbox. `now` is what its clock shows, `moving` its way while it is being moved."""

    name: str
    now: datetime
    ahead_seconds: int
    """How far its clock is ahead of ours."""
    moving: ClockMoves | None
    made_at: datetime
    made_by: str


class SandboxMade(Struct, frozen=True):
    """A new sandbox. `key` opens it, is shown now and never again, and may what the key may it was
    made with. It is null when this is the answer to a request that was sent again."""

    sandbox: SandboxShown
    key_id: str | None
    key: str | None


class SandboxesShown(Struct, frozen=True):
    """The sandboxes of the program, oldest first."""

    items: list[SandboxShown]


class PromoteSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Into which draft of the program, and the revision of it that was read; 0 for a new one."""

    draft: Name
    revision: Annotated[int, Meta(ge=0, le=10**9)] = 0


class ToMakeAnew(Struct, frozen=True):
    """Something that stays behind in the sandbox and has to be made in the program."""

    kind: str
    """`api_key`, `webhook` or `store`."""
    name: str
    says: str


class Promoted(Struct, frozen=True):
    """The draft, to be compared and published as any other, and what has to be made anew."""

    draft: DraftShown
    make_anew: list[ToMakeAnew]


class UnsentShown(Struct, frozen=True):
    """A letter or text message nobody was sent, as it would have gone out."""

    id: str
    member_id: str
    channel: str
    kind: str
    subject: str
    text: str
    written_at: datetime


class UnsentPage(Struct, frozen=True):
    """What would have been sent, newest first."""

    items: list[UnsentShown]
    has_more: bool
    next_cursor: str | None


def sandbox_shown(one: Sandbox, now: datetime) -> SandboxShown:
    """A sandbox as the world sees it, when its clock shows this."""
    moving = None
    if one.from_at is not None and one.to_at is not None:
        moving = ClockMoves(one.from_at, one.to_at, one.gone(now))
    ahead = int(one.ahead.total_seconds())
    return SandboxShown(one.name, now, ahead, moving, one.made_at, one.made_by)


def unsent_shown(one: Unsent) -> UnsentShown:
    """A letter as the world sees it."""
    return UnsentShown(
        shown("dlv", one.delivery_id), shown("mem", one.member_id), one.channel, one.kind,
        one.about, one.says, one.written_at,
    )  # fmt: skip

"""All the reference keeps of who looks after whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class Clerk:
    """Somebody of the shop."""

    name: str
    role: str
    stores: tuple[str, ...] | None
    number: int
    there: bool = True


@dataclass(eq=False)
class Span:
    """Somebody looks after a member for some time."""

    who: str
    benefit: str
    staff: str
    number: int
    looked: datetime
    ended: datetime | None = None
    why: str = ""


@dataclass(eq=False)
class Count:
    """What somebody used of a benefit elsewhere, in one period."""

    who: str
    counted: tuple[str, str]
    times: int


@dataclass(eq=False)
class Brought:
    """A tier somebody was brought over with."""

    who: str
    tier: str
    since: datetime
    until: datetime | None


@dataclass
class Care:
    """What happened so far."""

    clerks: dict[str, Clerk] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)

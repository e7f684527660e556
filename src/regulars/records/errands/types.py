"""An errand and a file brought for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["trial", "check", "import", "undo_check", "undo"]
"""A draft tried on history; a file looked at without touching; a file brought over; an import
weighed, whether it can be taken back; an import taken back."""
State = Literal["waiting", "running", "done", "failed", "stopped"]
OPEN: Final = frozenset({"waiting", "running"})
KEPT: Final = timedelta(days=7)
"""So long a file lies there."""


class Errand(Struct, frozen=True):
    """What somebody asked for, how far it is, and what came of it."""

    errand_id: UUID
    kind: Kind
    title: str
    ask: dict[str, Any]
    asked_by: str
    asked_at: datetime
    state: State = "waiting"
    stop: bool = False
    """Somebody asked for its end."""
    stage: str = ""
    """What is done now, in one word."""
    total: int = 0
    """Steps of this stage; 0 where nobody knows."""
    done: int = 0
    tries: int = 0
    """The number of the attempt; only the last one may write."""
    falls: int = 0
    """So often its program fell by itself; one that went with its worker did not."""
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    says: str = ""
    """Why it failed."""
    outcome: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being done."""
        return self.state in OPEN


class Upload(Struct, frozen=True):
    """A file that was brought, and which column of it is which field."""

    upload_id: UUID
    name: str
    bytes: int
    choices: dict[str, Any]
    kept_by: str
    kept_at: datetime

    @property
    def goes_at(self) -> datetime:
        """When it is taken away."""
        return self.kept_at + KEPT

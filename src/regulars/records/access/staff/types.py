"""Somebody who works here, as data: who they are, how they come in, what they did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.records.access.staff.permissions import Permission, Role, permits

StaffState = Literal["invited", "active", "closed"]
How = Literal["password", "passkey", "link"]
"""By what somebody came in."""
TryKind = Literal["account", "address", "pin", "lookup", "lookup_day"]
"""By what somebody tries to come in; how often a till looks for whom nobody knows."""
_PRINCIPAL: Final = "staff_"


class Tried(NamedTuple):
    """How often it was tried since when, the last time included."""

    tries: int
    began_at: datetime


class WorkedIn(NamedTuple):
    """In which stores somebody worked until they were given others."""

    until: datetime
    stores: tuple[str, ...] | None
    """Nothing means every one."""


class Staff(Struct, frozen=True):
    """Somebody who works here, without what proves that they are it."""

    staff_id: UUID
    name: str
    email: str
    role: Role
    stores: tuple[str, ...] | None
    """The stores they work in; nothing means every one."""
    state: StaffState
    made_at: datetime
    made_by: str
    member_id: UUID | None = None
    closed_at: datetime | None = None
    has_password: bool = False
    has_pin: bool = False
    full_view: bool = False
    """Whether they want to see files, ids and versions, and not the sentences alone."""
    month_letter: str = ""
    """In which language they get each month on one page by e-mail; nothing where they do not."""

    @property
    def is_active(self) -> bool:
        """Whether they may come in."""
        return self.state == "active"

    @property
    def principal(self) -> str:
        """As whom they are written down where they act."""
        return principal_of(self.staff_id)

    def may(self, permission: Permission) -> bool:
        """Whether they may do this now."""
        return self.is_active and permits(self.role, permission)

    def works_in(self, store: str) -> bool:
        """Whether this store is one of theirs."""
        return self.stores is None or store in self.stores


class Session(Struct, frozen=True):
    """Somebody who is signed in, in one browser."""

    session_id: UUID
    staff_id: UUID
    how: How
    address: str
    made_at: datetime
    seen_at: datetime
    idle_minutes: int
    ends_at: datetime
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything at this instant; its ends are exclusive."""
        idle_until = self.seen_at + timedelta(minutes=self.idle_minutes)
        return self.ended_at is None and now < self.ends_at and now < idle_until


class Passkey(Struct, frozen=True):
    """A key in somebody's device, of which we have the public half."""

    credential_id: bytes
    staff_id: UUID
    public_key: bytes
    uses: int
    name: str
    made_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None


class Act(Struct, frozen=True):
    """One thing somebody did, and how it was before and after. No texts of people."""

    act_id: UUID
    staff_id: UUID | None
    actor: str
    did: str
    about: str
    about_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    address: str
    at: datetime


class By(Struct, frozen=True):
    """Who does it and from where; nobody of the staff: the command line, by name."""

    staff_id: UUID | None = None
    words: str = ""
    address: str = ""

    @property
    def actor(self) -> str:
        """As whom it is written down."""
        return principal_of(self.staff_id) if self.staff_id else self.words


def principal_of(staff_id: UUID) -> str:
    """As whom somebody of the shop asks: `staff_` and 32 digits."""
    return f"{_PRINCIPAL}{staff_id.hex}"


def staff_of(principal: str) -> UUID | None:
    """Who of the shop asks by this principal; nobody where a key or a member does.

    Example: `staff_` and 32 digits is somebody, also where a till's name follows after a space.
    """
    if not principal.startswith(_PRINCIPAL):
        return None
    digits = principal.removeprefix(_PRINCIPAL).partition(" ")[0]
    if len(digits) != 32:
        return None
    try:
        return UUID(hex=digits)
    except ValueError:
        return None

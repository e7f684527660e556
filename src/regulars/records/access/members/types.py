"""A sign-in code and a member's session as data."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

Purpose = Literal["sign_in", "consent", "spending"]
"""What a code is for: to come in, to say that a consent was really meant, or to spend at a counter.
"""

CODE_LASTS: Final = timedelta(minutes=10)
LINK_LASTS: Final = timedelta(minutes=15)
TILL_LASTS: Final = timedelta(minutes=5)
AT_TILL: Final = "till"
"""What a sign-in code is about whose link a till showed as a square; it has no digits."""
CONSENT_LASTS: Final = timedelta(days=2)
MOST_TRIES: Final = 5
IDLE_FOR: Final = timedelta(days=30)
"""A session that nobody used for so long is over."""
LASTS: Final = timedelta(days=180)
"""A session is over after so long, however much it was used."""
SHOP_IDLE_FOR: Final = timedelta(days=2)
SHOP_LASTS: Final = timedelta(days=7)
"""In a web shop it is over sooner: there a script of the shop can read what it hangs on."""
SEEN_AGAIN: Final = timedelta(hours=12)
"""So much later it is noted again that a session was used; not with every page."""
FORGOTTEN: Final = timedelta(days=3)
"""A code is kept so long for its limits, and then forgotten."""
PROVES_FOR: Final = LASTS
"""But the last one that was read at an address: so long it is known whose the address is."""

LIMITS: Final = (
    (timedelta(minutes=15), 3),
    (timedelta(days=1), 10),
)
"""So many codes for one address within so long."""
MACHINE_LIMITS: Final = (
    (timedelta(minutes=15), 10),
    (timedelta(days=1), 60),
)
"""So many codes for one machine: a household or a small office behind one address of the net."""


class SignInCode(Struct, frozen=True):
    """Somebody asked for a code; `member_id` is nobody's where the address is no member's."""

    code_id: UUID
    purpose: Purpose
    address: bytes
    """A keyed digest of the address it was asked for."""
    recorded_at: datetime
    member_id: UUID | None = None
    about: str = ""
    machine: bytes | None = None
    tries: int = 0
    used_at: datetime | None = None

    def open_for(self, now: datetime, lasts: timedelta) -> bool:
        """Whether it can still be used at this instant; its end is exclusive."""
        return self.used_at is None and now < self.recorded_at + lasts

    def code_lasts(self) -> timedelta:
        """How long its digits are good for."""
        if self.purpose == "sign_in" and self.about == AT_TILL:
            return timedelta(0)
        return CONSENT_LASTS if self.purpose == "consent" else CODE_LASTS

    def link_lasts(self) -> timedelta:
        """How long its link is good for."""
        if self.purpose == "spending":
            return timedelta(0)
        if self.purpose == "sign_in" and self.about == AT_TILL:
            return TILL_LASTS
        return LINK_LASTS if self.purpose == "sign_in" else CONSENT_LASTS


class MemberSession(Struct, frozen=True):
    """A browser in which a member is signed in: to their card, or on the pages of a web shop."""

    session_id: UUID
    member_id: UUID
    opened_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    device: str = ""
    shop_key_id: UUID | None = None
    """Of a web shop: by which public key it was opened."""
    origin: str = ""
    """And where its pages come from; by it nobody is in anywhere else."""

    def is_open(self, now: datetime) -> bool:
        """Whether it still lets its member in; both ends are exclusive."""
        idle, lasts = (SHOP_IDLE_FOR, SHOP_LASTS) if self.origin else (IDLE_FOR, LASTS)
        fresh = now < self.seen_at + idle and now < self.opened_at + lasts
        return self.ended_at is None and fresh

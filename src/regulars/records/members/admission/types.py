"""What somebody told when they joined: birthday, country, who invited and who answers for them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec import Struct


class Admission(Struct, frozen=True):
    """What was told of somebody who joined, as far as the program asked for it."""

    member_id: UUID
    birthday: date | None = None
    country: str = ""
    guardian_id: UUID | None = None
    invited_by: UUID | None = None
    actor: str = ""
    """The person of the shop who let them in."""

    @property
    def says(self) -> bool:
        """Whether anything was told at all."""
        told = (self.birthday, self.country, self.guardian_id, self.invited_by, self.actor)
        return any(told)

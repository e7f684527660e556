"""A choice of one of several rewards or benefits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Choice(Struct, frozen=True):
    """Somebody chose one of several for a period; not anew while that is to be had."""

    member_id: UUID
    choice_id: UUID
    word: str
    period: int
    chosen: str
    """The reward or benefit, as in the program file."""
    version: int
    chosen_at: datetime
    actor: str

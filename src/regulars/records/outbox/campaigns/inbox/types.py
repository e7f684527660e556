"""A message that lies in a member's card."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Laid(NamedTuple):
    """A message as its member reads it, in the language it was written for them in."""

    message_id: UUID
    language: str
    about: str
    says: str


class PassedOn(NamedTuple):
    """A message as another system is told to say it, and where its member ends all of the kind."""

    language: str
    about: str
    says: str
    stop: str


class Lying(NamedTuple):
    """A message that lies there; `read_at` is when it was opened first."""

    message_id: UUID
    campaign_id: UUID
    language: str
    about: str
    says: str
    laid_at: datetime
    read_at: datetime | None

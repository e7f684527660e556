"""What was typed while a shop is set up, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

NO_PROGRAM: Final = 0
"""Under this number stands what is typed before there is a program."""


class Typed(Struct, frozen=True):
    """What was typed at one step, and how often it was changed."""

    step: str
    answers: Mapping[str, str]
    revision: int
    changed_at: datetime


class Look(Struct, frozen=True):
    """How a shop looks: its colour as it was chosen, or none; whether it has a logo."""

    accent: str = ""
    has_logo: bool = False
    revision: int = 0
    """How often it was changed; pictures have it in their address."""


PLAIN: Final = Look()
"""How a shop looks that chose nothing."""

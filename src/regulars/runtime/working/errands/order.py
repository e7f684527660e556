"""What the program of an errand is told, and what it tells of how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.records.errands.types import Kind
from regulars.runtime.installation.addresses import Addresses

STAGES: Final = (
    ("Reading", "reading"),
    ("Looking", "looking"),
    ("Deciding under the draft", "draft"),
    ("Deciding", "force"),
    ("Lines are compared", "comparing"),
    ("Lines are put", "ordering"),
    ("Members are taken back", "taking_back"),
    ("Members are weighed", "weighing"),
)
"""How a stage of the command line begins, and what the console calls it."""

AWAY_CODE: Final = 75
"""How a program ends that found the database gone, as `EX_TEMPFAIL` of sysexits.h."""


class Order(Struct, frozen=True):
    """One attempt at one errand: what is to be done, and where everything is."""

    program_id: int
    errand_id: UUID
    kind: Kind
    tries: int
    ask: dict[str, Any]
    owner: str
    app: str
    uploads: str

    @property
    def addresses(self) -> Addresses:
        """Where the database is reached."""
        return Addresses(owner=self.owner, app=self.app)

    @property
    def root(self) -> Path:
        """Where files that were brought lie."""
        return Path(self.uploads)


class Telling:
    """How far it is: written by who works, read by who keeps it."""

    def __init__(self) -> None:
        self.stage, self.total, self.done = "", 0, 0

    def begins(self, stage: str, total: int) -> None:
        """A stage begins, with so many steps; nobody knows how many where it is 0."""
        names = (code for words, code in STAGES if stage.startswith(words))
        self.stage, self.total, self.done = next(names, "booking"), total, 0

    def advances(self, by: int) -> None:
        """So many steps more are done."""
        self.done += by

    @property
    def how_far(self) -> tuple[str, int, int]:
        """Stage, steps in all, steps done."""
        return self.stage, self.total, self.done

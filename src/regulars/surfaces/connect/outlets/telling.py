"""How one system is told of members, and what it may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from regulars.surfaces.connect.catching.asking import Send, Shop
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.senders.outgoing.client import Answer

LONGEST_PAUSE_S: Final = 86_400
FIRST_PAUSE_S: Final = 60
"""So long it is left alone where it asks for a pause and does not say for how long."""


class Record(NamedTuple):
    """One member as this system is told of them."""

    member_id: UUID
    key: str
    version: int
    """How often anything changed of them: what is told once more after it was otherwise is news."""
    fields: Mapping[str, Any]


class Wish(NamedTuple):
    """What a system is to be told: by which mapping, of whom, and when that is."""

    by: MembersMap
    records: Sequence[Record]
    now: datetime


class Refusal(NamedTuple):
    """It does not take this record, in words of ours: what it says may name somebody."""

    code: str
    field: str
    problem: str
    passes: bool = False
    """Whether it may take it in a moment: somebody else holds the row there."""


class Heard(NamedTuple):
    """What it made of some records: of each a refusal, or nothing where it has it."""

    refused: Sequence[Refusal | None]
    rest_s: int = 0
    """So long it wants to be left alone from now on."""


class NotTaken(Exception):
    """It takes none of these records as they are, and may take each of them alone."""

    def __init__(self, why: str, code: str, *, fell: bool = False, field: str = "") -> None:
        super().__init__(why)
        self.why, self.code, self.fell, self.field = why, code, fell, field
        """`fell`: it fell over, which may have nothing to do with what was told. `field`: which of
        its fields it is about, where there is one record."""


class Teller(Protocol):
    """How one kind of system is told.

    Raises, from every method: NotTold where it cannot be told anything now; NotTaken; NoAnswer and
    NotAllowed, as they come.
    """

    @property
    def most(self) -> int:
        """So many records it takes at once."""

    async def tell(self, send: Send, shop: Shop, wish: Wish) -> Heard:
        """It has these records from now on; told again, nothing is there twice."""

    async def greet(self, send: Send, shop: Shop, wish: Wish) -> None:
        """It answers, knows the key, and has every field that is told; nothing is changed."""


def pause_s(answer: Answer, now: datetime | None = None) -> int:
    """How long it asks to be left alone, in seconds: as a number, or as the date until when.

    Example: `Retry-After: 120` is 120; without any it is a minute, and never more than a day.
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return max(1, min(int(said[:9]), LONGEST_PAUSE_S))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return FIRST_PAUSE_S
    if now is None:
        return FIRST_PAUSE_S
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    left = round((until - now).total_seconds())
    return max(1, min(left, LONGEST_PAUSE_S))

"""An event of ours in other words, and how far ours were retold."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

ACCOUNT_CREATED: Final = "loyalty.account.created"
ACCOUNT_UPDATED: Final = "loyalty.account.updated"
ACCOUNT_DELETED: Final = "loyalty.account.deleted"
EVENT_CREATED: Final = "loyalty.event.created"
PROGRAM_CREATED: Final = "loyalty.program.created"
PROGRAM_UPDATED: Final = "loyalty.program.updated"
PROMOTION_CREATED: Final = "loyalty.promotion.created"
PROMOTION_UPDATED: Final = "loyalty.promotion.updated"
RETOLD: Final = (
    ACCOUNT_CREATED, ACCOUNT_DELETED, ACCOUNT_UPDATED, EVENT_CREATED, PROGRAM_CREATED,
    PROGRAM_UPDATED, PROMOTION_CREATED, PROMOTION_UPDATED,
)  # fmt: skip
"""Every type there is of them."""
_LOW: Final = (1 << 62) - 1
_PARTS: Final = 2


class Reach(NamedTuple):
    """How far our own events were retold."""

    below_tx: int
    after_id: UUID
    cluster: int
    """Whose numbers of transactions these are."""
    floor_at: datetime
    """What was recorded up to then is retold to nobody."""
    version: int
    """Of the program, as it was told of last; 0: none."""


class Heard(NamedTuple):
    """One of our own events that may be retold."""

    event_id: UUID
    member_id: UUID
    sequence: int
    type: str
    payload: str
    recorded_at: datetime
    recorded_tx: int


class Retold(NamedTuple):
    """One event in other words; `says` is JSON, and the same for ever."""

    event_id: UUID
    member_id: UUID
    sequence: int
    type: str
    says: str
    recorded_at: datetime


def retold_id(of: UUID, part: int) -> UUID:
    """The id of the event by which something is retold: always the same one for the same part.

    Order: as the ids it is made of, and of one id as the parts (0 to 3).
    """
    assert 0 <= part < 1 << _PARTS, part
    low = ((of.int & _LOW) << _PARTS) & _LOW | part
    return UUID(int=of.int & ~_LOW | low)

"""A segment as kept, and how far its members follow the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

EVERYBODY: Final = UUID(int=0)
"""Of which the tally says how many active members there are."""
Kind = Literal["rule", "list"]
"""Who fits a condition; whom somebody put on a list."""

Because = Literal["told", "time"]
"""Something was booked or said of the member; a day began."""
State = Literal["draft", "saved", "changed"]
"""It never counted; it counts; it counts, and something newer waits beside it."""


class Segment(Struct, frozen=True):
    """A segment: what it is called, which version of its condition counts, who made it.

    `version` is the latest that was written down, `saved` the one by which it counts who is in it;
    nothing while it is only a draft. A list has one version, without a condition.
    """

    segment_id: UUID
    code: str
    name: str
    kind: Kind
    version: int
    saved: int | None
    made_at: datetime
    made_by: str
    changed_at: datetime
    filled: int | None = None
    """By which version its members stand."""
    filled_on: date | None = None
    """As of which day of the program; nothing while what it asks is folded anew: then its members
    stand as they were, and all are asked as soon as it is there."""
    filled_by: int | None = None
    """By which version of the program."""
    tells: bool = False
    """Whether other systems hear who comes and who goes."""

    @property
    def state(self) -> State:
        """Whether it counts, and whether something newer waits."""
        if self.saved is None:
            return "draft"
        return "saved" if self.saved == self.version else "changed"


class Written(Struct, frozen=True):
    """A version of a segment's condition, as plain values; who wrote it and when."""

    version: int
    condition: Any
    made_at: datetime
    made_by: str


def counting(one: Segment, versions: Sequence[Written]) -> Any:
    """The condition that counts, as plain values; of what never counted the latest."""
    wanted = one.saved or one.version
    return next((each.condition for each in versions if each.version == wanted), None)


class Move(NamedTuple):
    """Somebody came into a segment or went out of it."""

    member_id: UUID
    at: datetime
    entered: bool
    because: Because


class Reach(NamedTuple):
    """Below which transaction of which cluster all is in the members of segments."""

    cluster: int
    below_tx: int


class Horizon(NamedTuple):
    """Up to where what segments ask is: prepared rows, and these with what was bought of each good
    (nothing while that is folded anew)."""

    rows: Reach
    goods: Reach | None

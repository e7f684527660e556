"""The frozen record of a decision: enough to make it again, and to say why."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

ENGINE: Final = 1
"""The revision of the engine that made a decision; raised when its meaning changes."""


class Steps(Struct, frozen=True, array_like=True):
    """What the rules saw and gave, frozen with the activity; a return reads only this.

    Units: `given` in wallet units per rule in the order of that version's file (after caps and
    the one rounding); `credit` in the measure of the tiers.
    """

    version: int
    day: int
    weekday: int
    hour: int
    tier: int
    given: tuple[int, ...]
    room: tuple[int, ...] = ()
    member: dict[str, bool | int | str] = {}
    credit: int = 0
    credit_period: int = 0
    returned: tuple[int, ...] = ()
    """Pieces of each line that came back so far."""
    carried: dict[str, int] = {}
    """Per wallet: points that came out of, or went into, the kept remainder."""
    stands: dict[str, int] = {}
    """Of a return, per wallet that keeps remainders: grains that the sale still gives."""
    lapsed: dict[str, int] = {}
    """Of a return, per wallet: points that had lapsed and count as given back, in all so far."""
    times: int = 0
    """How often it was decided anew because something came late."""
    because: UUID | None = None
    """The activity that came late, when it was decided anew."""
    minute: int = 0
    """The minute since 1970 in which it happened, where a rule rests for hours after it gave."""
    milestones: tuple[int, ...] = ()
    """What of it counts for each milestone, leaderboard and draw of that version, in file order;
    nothing without."""
    other_credit: int = 0
    """Credit by the second measure of the ladder, where it has one; of the same period."""
    further: dict[str, tuple[int, int, int, int]] = {}
    """Per further ladder: the step the rules saw, credit by its first and second measure, and the
    period that counts in."""
    code_of: str = ""
    """What the code that was told with it counted for when it was decided anew, where that is no
    longer what was told: `!` and why."""
    came_back: dict[str, tuple[tuple[int, int, int], ...]] = {}
    """Per further ladder that looks at returned credit at the end of a period only: the period of
    each return, and what it took of the credit by the first and second measure."""
    rated: int = 0
    """The later version by whose tables it was rated; 0: by those of its own."""


class Trail(Struct, frozen=True):
    """The steps of one activity; of a return also the sale they are about."""

    activity_id: UUID
    member_id: UUID
    sale_id: UUID | None
    steps: Steps


pack = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Steps)


def unpack(packed: bytes) -> Steps:
    """The steps as they were frozen."""
    return _decoder.decode(packed)

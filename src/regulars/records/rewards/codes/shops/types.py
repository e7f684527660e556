"""A code of a reward as a discount code in a web shop, and how far that is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.records.rewards.types import Promised

ShopCodeState = Literal["wanted", "made", "ending", "ended", "failed"]
"""The shop is to have it; it has it; it is to have it no more; it has not; it does not take it."""
LONGEST_PAUSE: Final = timedelta(hours=1)
LEASE: Final = timedelta(minutes=2)
"""So long whoever took one has for it; then somebody else tries."""
TWICE: Final = "it was over here, and a paid order of the shop used it all the same"
"""The problem of a code that was over here and that an order names all the same."""
READ_EVERY: Final = timedelta(minutes=5)
"""So often it is written down how far codes were looked for."""
LOOK_BACK: Final = timedelta(hours=1)
"""A code that was issued in a transaction that ended late is found so long."""


class CodeShop(Struct, frozen=True):
    """The shop that has the codes of a program."""

    inlet_id: UUID
    since: datetime
    """Codes that were issued from then on."""
    read_to: datetime
    """All that were issued before are listed."""
    changed_by: str


class ShopCode(Struct, frozen=True):
    """One code and what became of it there."""

    code_id: UUID
    inlet_id: UUID
    state: ShopCodeState
    said: str
    """As the member reads it."""
    there_id: str
    tries: int
    problem: str
    changed_at: datetime


class Wanted(Struct, frozen=True):
    """A code that is to be made there, or ended, with all that is to be said of it."""

    one: ShopCode
    member_id: UUID | None
    promised: Promised | None
    issued_at: datetime | None
    ends_at: datetime | None


class Settled(Struct, frozen=True):
    """What came of a try."""

    code_id: UUID
    tries: int
    """As it was when it was taken: whoever took it since settles it, and nobody else."""
    state: ShopCodeState
    there_id: str = ""
    problem: str = ""
    wait_s: int = 0
    """The shop asks for so long a pause."""


def try_again_at(one: Settled, now: datetime) -> datetime | None:
    """When it is tried again; nothing where there is nothing to do. Ever later, up to an hour."""
    if one.state not in ("wanted", "ending"):
        return None
    if one.wait_s:
        return now + timedelta(seconds=one.wait_s)
    pause = timedelta(seconds=15 << min(one.tries, 10))
    return now + min(pause, LONGEST_PAUSE)

"""An address whose letters come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

BounceKind = Literal["soft", "hard", "complaint"]
"""It failed for now; the address is wrong; whoever reads there called a letter unwanted."""
Meant = Literal["", "soft", "hard", "complaint"]
"""What an answer says of the address; nothing where it speaks of something else."""
WEIGHT: Final[dict[BounceKind, int]] = {"soft": 0, "hard": 1, "complaint": 2}


class Bounce(Struct, frozen=True):
    """Of which address, by a keyed digest; whose letter came back, why, and when."""

    address: bytes
    member_id: UUID
    reason: str
    bounced_at: datetime
    kind: BounceKind = "hard"
    times: int = 1
    """How often it failed for now; of what marks an address nothing is counted."""


def gravest(bounces: Iterable[Bounce]) -> list[Bounce]:
    """Of each address what weighs most, and of that the first; soft ones are counted together.

    Order: by address, so that whoever writes them waits for others and never for each other.
    Example: soft, hard, soft of one address are one hard one; three soft ones are one, three times.
    """
    found: dict[bytes, Bounce] = {}
    for one in bounces:
        before = found.get(one.address)
        if before is None or WEIGHT[one.kind] > WEIGHT[before.kind]:
            found[one.address] = one
        elif one.kind == before.kind == "soft":
            found[one.address] = replace(one, times=before.times + one.times)
    return [found[address] for address in sorted(found)]

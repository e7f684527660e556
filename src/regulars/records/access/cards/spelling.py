"""How the code of a card is spelled, and how a right one is known.

`RG1:` and forty signs: whose card it is, and a proof made of the half minute with a key that only
this member has. Letters and digits only, so that the square stays small.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.keyed import Keyed, digest_of, same
from regulars.records.access.cards.types import STEP_S, STEPS_GOOD

PROOF_BYTES: Final = 9
_CODE = re.compile(r"RG1:([A-Z2-7]{40})")


class Holder(NamedTuple):
    """Whose card: the program and the member."""

    program_id: int
    member_id: UUID


def step_of(now: datetime) -> int:
    """In which half minute an instant lies."""
    return int(now.timestamp()) // STEP_S


def code_at(keyed: Keyed, holder: Holder, step: int) -> str:
    """The code of a member in one half minute.

    Shape: 16 bytes of the member and 9 of proof, in base32. 72 bits that are good for a minute,
    and are asked about one by one, need not be more.
    """
    raw = holder.member_id.bytes + _proof(keyed, holder, step)
    return f"RG1:{b32encode(raw).decode()}"


def told_by(said: str) -> UUID | None:
    """Of whom a code says that it is; whether it is so, `step_meant` knows."""
    found = _CODE.fullmatch(said.strip())
    return UUID(bytes=b32decode(found[1])[:16]) if found else None


def step_meant(
    keyed: Keyed, holder: Holder, said: str, now: datetime, good: int = STEPS_GOOD
) -> int | None:
    """From which half minute a code is: this one or the one before, or of so many as are `good`;
    nothing for any other."""
    newest = step_of(now)
    right = None
    for step in range(newest, newest - good, -1):
        if same(code_at(keyed, holder, step), said.strip()):
            right = step
    return right


def _proof(keyed: Keyed, holder: Holder, step: int) -> bytes:
    own = digest_of(keyed, "card", str(holder.program_id), holder.member_id.bytes)
    return hmac.digest(own, step.to_bytes(8, "big"), "sha256")[:PROOF_BYTES]

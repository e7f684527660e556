"""What was asked by the API is kept for some days, beside what it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.requests import write
from regulars.records.access.requests.types import Noted

PORTION: Final = 500
"""So many pages are forgotten in one transaction."""


async def keep_requests(tx: Tx, noted: Sequence[Noted]) -> None:
    """Write down these requests, after they were answered."""
    await tx.write(write.keep(tx, noted))


async def forget_requests(tx: Tx, _terms: Terms, _most: int, *, until: datetime) -> int:
    """Forget some of those that came before; how many, so that somebody asks again."""
    return await write.forget(tx, until, PORTION)

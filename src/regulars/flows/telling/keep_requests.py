"""What was asked by the API is kept for some days, beside what it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.requests import write
from regulars.records.access.requests.types import Noted
from regulars.records.access.staff.read import chosen

PORTION: Final = 500
"""So many pages are forgotten in one transaction."""


async def keep_requests(tx: Tx, noted: Sequence[Noted]) -> None:
    """Write down these requests, after they were answered."""
    await tx.write(write.keep(tx, noted))


async def forget_requests(tx: Tx, _terms: Terms, _most: int, *, until: datetime) -> int:
    """Forget some of those that came before; how many, so that somebody asks again.

    Order: the installation says for how long they are kept at most (`until`); a shop may keep its
    own for less.
    """
    days = (await chosen(tx)).of("requests_kept_days")
    # By the clock by which they were written down, also where a sandbox shows another.
    until = max(until, tx.now - tx.ahead - timedelta(days=days))
    return await write.forget(tx, until, PORTION)

"""What the night answered to usual questions of reports is kept."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.records.prepared.told import write
from regulars.records.prepared.told.types import ReportTold


async def keep_reports(tx: Tx, these: Sequence[ReportTold]) -> None:
    """Each takes the place of what was told of its question before; said again nothing changes."""
    for one in these:
        await tx.write([write.keep(tx, one)])

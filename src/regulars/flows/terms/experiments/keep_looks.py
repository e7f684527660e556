"""What was seen of an experiment is kept, one look a day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments import write
from regulars.records.program.changes.experiments.types import Experiment, Look


async def keep_look(tx: Tx, one: Experiment, zone: ZoneInfo, look: Look) -> None:
    """Keep this look as that of its day in the shop's zone; a later one of the day replaces it."""
    await tx.write(write.keep_look(tx, one, look.at.astimezone(zone).date(), look))

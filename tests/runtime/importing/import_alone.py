"""Runs one import in a program of its own, to be killed: `import_alone.py ORDER.json`.

It prints each stage as it begins. `planted` moves a lane on before its lines are booked, and falls
in between: the bug that a kill must bring to light.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from regulars.runtime.importing import booking, readers, run
from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources
from regulars.runtime.importing.run import run_import
from regulars.runtime.installation.addresses import Addresses


class Aloud:
    """Says every stage, so that somebody outside knows when to strike."""

    def begins(self, stage: str, total: int) -> None:
        print(stage, flush=True)

    def advances(self, by: int) -> None:
        pass


def plant_early_lane() -> None:
    """The lane is moved on in a transaction of its own, before its lines are booked."""
    book = booking.Booker._once
    left = [3]

    async def early(self: Any, lane: int, most: int) -> int:
        job = self._job
        async with self._database.transaction(job.program_id) as tx:
            held = await booking.read.hold_lane(tx, job.import_id, job.part, lane)
            lines = await booking.read.waiting(tx, job.import_id, held, most)
            if lines and left[0] <= 0:
                moved = held._replace(place=lines[-1].place, taken=held.taken + len(lines))
                await tx.write(booking.write.advance(tx, job.import_id, moved))
        if lines and left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return await book(self, lane, most)

    booking.Booker._once = early  # type: ignore[method-assign]


def main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    if told["planted"]:
        plant_early_lane()
    run.WORTH_A_PROGRAM = 1  # type: ignore[misc]  # even small parts get programs of their own
    readers.WORTH_READERS = 0  # type: ignore[misc]
    mapping, text = find_mapping(told["mapping"])
    wanted = Wanted(
        told["program"],
        find_sources(told["files"], mapping),
        mapping,
        text,
        activities_earn=True,
        workers=told["workers"],
        batch=told["batch"],
        slips=Path(told["slips"]),
    )
    where = Addresses(owner=told["owner"], app=told["app"])
    outcome = asyncio.run(run_import(where, wanted, Aloud()))
    print(f"done {outcome.taken} {outcome.known} {outcome.left_out}", flush=True)


if __name__ == "__main__":
    main()

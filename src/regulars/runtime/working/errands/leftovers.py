"""What a demo left on this machine goes once it started for real: files, and how to sign in."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import structlog

_THERE: Final = "select program_id, made_up from program"

log = structlog.get_logger()


class Leftovers:
    """The duty: files of programs that are gone, and `demo.json` where no demo is any more.

    Order: folders are listed before programs are asked for, so that of a program founded meanwhile
    nothing is taken. Keeps: whatever belongs to a program that is there.
    """

    name = "leftovers"
    every = timedelta(minutes=1)

    def __init__(self, owner_dsn: str, home: Path, uploads: Path) -> None:
        self._owner_dsn, self._home, self._uploads = owner_dsn, home, uploads

    async def run(self, now: datetime) -> None:
        """Take away what nobody's program has a use for."""
        folders = [one for one in self._uploads.glob("*") if one.name.isdigit()]
        sign_ins = self._home / "demo.json"
        if not folders and not sign_ins.exists():
            return
        there = await self._programs()
        gone = [one for one in folders if int(one.name) not in there]
        for folder in gone:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        over = bool(there) and not any(there.values())
        if over:
            sign_ins.unlink(missing_ok=True)
        if gone or over:
            log.info("leftovers.gone", folders=len(gone), sign_ins=over)

    async def _programs(self) -> dict[int, bool]:
        """Every program of this installation, and whether its people are made up."""
        connection = await asyncpg.connect(self._owner_dsn)
        try:
            rows = await connection.fetch(_THERE)
        finally:
            await connection.close()
        return {row["program_id"]: row["made_up"] for row in rows}

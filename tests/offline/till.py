"""A till that can be killed: what it recorded lies in a file of its own, signed and chained."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.offline.line import Cut, Line
from tests.surfaces.tills.device import Record, Signer, plain

AT_ONCE = 12
PATIENCE = 12
_TABLES = """
create table if not exists made (sequence integer primary key, signed text, signature text);
create table if not exists queue (sequence integer primary key, signed text, signature text);
create table if not exists chain (one integer primary key, sequence integer, previous text);
create table if not exists ended (hash text primary key, outcome text, reason text);
"""


class Killed(BaseException):
    """The till is gone, with everything that did not lie in its file."""


class Till(Signer):
    """Records first, tells afterwards; `dies` says whether it is killed at this very step."""

    def __init__(self, file: Path, token: str, off: timedelta, dies: Callable[[], bool]) -> None:
        super().__init__()
        self.file, self.token, self.off, self.dies = file, token, off, dies
        self.kills = 0
        self.clock: Callable[[], datetime] = datetime.now
        self.disk = self._disk()

    def _disk(self) -> sqlite3.Connection:
        disk = sqlite3.connect(self.file, isolation_level=None)
        disk.executescript("pragma journal_mode = wal; pragma synchronous = full;" + _TABLES)
        return disk

    def begins(self, till_id: str, first_previous: str) -> None:
        """It was paired."""
        self.id, self.previous = till_id, first_previous
        self.disk.execute("insert into chain values (1, 0, ?)", (first_previous,))

    def starts_again(self) -> None:
        """What a restart finds: the file, and nothing else."""
        self.kills += 1
        self.disk.close()
        self.disk = self._disk()
        (row,) = self.disk.execute("select sequence, previous from chain")
        self.sequence, self.previous = row

    def copied(self, file: Path, chance: random.Random) -> Till:
        """Another device with this one's file as it is now: an old copy that was put back."""
        self.disk.execute("pragma wal_checkpoint(truncate)")
        shutil.copy(self.file, file)
        other = Till(file, self.token, self.off, self.dies)
        other.private, other.clock, other.id = self.private, self.clock, self.id
        other.heard_at, other.offset_ms = self.heard_at, self.offset_ms
        other.starts_again()
        return other

    def step(self) -> None:
        """A moment at which it can be killed."""
        if self.dies():
            raise Killed

    def records(self, kind: str, content: dict[str, Any], **instead: Any) -> str:
        """One more record, durable before its key is answered."""
        record = self.links(self.clock() + self.off, kind, content, **instead)
        row = (self.sequence, record["signed"], record["signature"])
        self.step()
        with self._whole() as disk:
            disk.execute("insert into made values (?, ?, ?)", row)
            disk.execute("insert into queue values (?, ?, ?)", row)
            self.step()
            disk.execute("update chain set sequence = ?, previous = ?", (row[0], self.previous))
        self.step()
        return str(json.loads(record["signed"])["key"])

    def waiting(self) -> list[Record]:
        rows = self.disk.execute("select signed, signature from queue order by sequence limit 400")
        return [{"signed": signed, "signature": signature} for signed, signature in rows]

    def made(self) -> list[str]:
        """The text of everything it ever recorded."""
        return [row[0] for row in self.disk.execute("select signed from made order by sequence")]

    async def hands_in(self, line: Line, chance: random.Random) -> None:
        """Tells some of what waits, in any order; goes on from the file wherever it is cut."""
        waits = self.waiting()
        some = chance.sample(waits, min(len(waits), chance.randint(1, AT_ONCE)))
        self.step()
        said = await line.post("/v1/till/records", {"records": some}, self.token)
        self.step()
        self._hears(said["server_at"])
        self.forgets(some, said["results"])

    async def tells_all(self, line: Line, chance: random.Random) -> None:
        """Hands in until nothing waits, or nothing becomes less for long: then it is lost."""
        idle = 0
        while (before := len(self.waiting())) and idle < PATIENCE:
            try:
                await self.hands_in(line, chance)
            except Cut:
                pass
            except Killed:
                self.starts_again()
            idle = idle + 1 if len(self.waiting()) == before else 0

    def forgets(self, told: Sequence[Record], results: Sequence[dict[str, Any]]) -> None:
        """What was answered for goes; what is on its way there is told again."""
        with self._whole() as disk:
            for record, result in zip(told, results, strict=True):
                if result["outcome"] == "taken":
                    continue
                row = (hash_of(record["signed"]), result["outcome"], result["reason"])
                disk.execute("insert or replace into ended values (?, ?, ?)", row)
                disk.execute("delete from queue where signed = ?", (record["signed"],))
                self.step()

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """All of it lies in the file, or nothing."""
        self.disk.execute("begin immediate")
        try:
            yield self.disk
        except BaseException:
            self.disk.execute("rollback")
            raise
        self.disk.execute("commit")

    def _hears(self, server_at: str) -> None:
        at = datetime.fromisoformat(server_at)
        self.heard_at = server_at
        self.offset_ms = (at - (self.clock() + self.off)) // timedelta(milliseconds=1)


def hash_of(signed: str) -> str:
    return plain(sha256(signed.encode()).digest())

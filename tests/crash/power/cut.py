"""What a disk may hold after a power cut: all that was synced, and of the rest anything at all.

The kernel may have written each page it was given, or not, in any order, also half of one; what was
never synced may be gone. Synced are the files as of the last checkpoint, the log up to where it was
flushed, and the control file.
"""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

HALF: Final = 4_096
"""Less than a page of PostgreSQL: what a disk writes whole."""
PAGE: Final = 8_192
SEGMENT: Final = 16 << 20
UNSYNCED: Final = ("base", "global", "pg_xact", "pg_multixact")
KEPT: Final = {"pg_control", "pg_filenode.map", "PG_VERSION"}
"""Synced whenever they are written."""
Takes = Callable[[int], bool]
"""Whether the half of that number was written."""


def lsn_of(text: str) -> int:
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def power_cut(synced: Path, now: Path, flushed: int, takes: Takes) -> int:
    """Turn the folder of a database that was killed into what a power cut may leave of it; how many
    halves were lost.

    Shape: `synced` is a copy as of the last checkpoint; `flushed` is how far the log was, at least.
    Keeps: no page is ahead of the log, as PostgreSQL syncs that first; so what the pages say was
    flushed counts too.
    """
    lost, furthest = 0, flushed
    for top in UNSYNCED:
        for path in sorted((now / top).rglob("*")):
            if not path.is_file() or path.name in KEPT:
                continue
            if path.name == "pg_internal.init":
                path.unlink()
                continue
            if top in ("base", "global"):
                furthest = max([furthest, *map(_lsn, _pages(path.read_bytes()))])
            lost += _mixed(synced / path.relative_to(now), path, takes)
    cut_log(now / "pg_wal", furthest)
    return lost


def _mixed(before: Path, path: Path, takes: Takes) -> int:
    """A file of which some halves are as they were synced; one that was not there may be gone."""
    written = path.read_bytes()
    if not before.exists():
        if not takes(0):
            path.unlink()
        return 0
    synced, lost = before.read_bytes(), 0
    mixed = bytearray(written)
    for place in range(0, max(len(written), len(synced)), HALF):
        was, is_ = synced[place : place + HALF], written[place : place + HALF]
        if was != is_ and not takes(place // HALF):
            lost += 1
            mixed[place : place + len(is_)] = was if was else bytes(len(is_))
    path.write_bytes(mixed)
    return lost


def _pages(content: bytes) -> list[bytes]:
    return [content[at : at + PAGE] for at in range(0, len(content), PAGE)]


def _lsn(page: bytes) -> int:
    """How far the log was when this page was changed last."""
    if len(page) < 8:
        return 0
    high, low = struct.unpack_from("<II", page)
    return int((high << 32) + low)


def cut_log(folder: Path, flushed: int) -> None:
    """Forget all of the log that was not flushed."""
    number, at = divmod(flushed, SEGMENT)
    for path in sorted(folder.glob("0*")):
        if len(path.name) != 24:
            continue
        mine = int(path.name[8:16], 16) * (1 << 32) // SEGMENT + int(path.name[16:], 16)
        if mine > number:
            path.write_bytes(bytes(path.stat().st_size))
        elif mine == number:
            with path.open("r+b") as piece:
                piece.seek(at)
                piece.write(bytes(SEGMENT - at))


def by_chance(seed: int) -> Takes:
    chance = random.Random(seed)
    return lambda half: chance.random() < 0.5


def torn(half: int) -> bool:
    """Of every page the second half alone was written."""
    return half % 2 == 1


def copied(now: Path, to: Path) -> Path:
    """A copy of what lies there, of files that come and go meanwhile as well."""
    shutil.copytree(now, to, ignore=shutil.ignore_patterns("pg_wal", "postmaster.pid", "log"))
    return to

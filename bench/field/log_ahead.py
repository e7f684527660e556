"""Files for PostgreSQL's log, made before they are needed, as on a server that has run for a day.

A server that runs writes its log into files it used before, given back by a checkpoint. A run of
ours knows no checkpoint (README, "Full pages"), so each file would have to be made first, and
whoever commits meanwhile waits for some tens of milliseconds: on every side, at random.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bench.field.ground import Ground

_ASKED: Final = """
select current_setting('data_directory') as folder,
       pg_size_bytes(current_setting('wal_segment_size')) as size,
       pg_walfile_name(pg_current_wal_insert_lsn()) as current
"""


def make_log_ahead(ground: Ground, gigabytes: float) -> int:
    """Make so much of the log in files of zeros; how many were made.

    PostgreSQL takes a file that has the name of its next one as it is (`XLogFileInit`).
    """
    (asked,) = ground.rows("postgres", _ASKED)
    folder, size, current = Path(asked["folder"]) / "pg_wal", asked["size"], asked["current"]
    zeros, made = bytes(size), 0
    while made * size < gigabytes * 2**30:
        current = after(current, size)
        if not (folder / current).exists():
            _make(folder, current, zeros)
        made += 1
    os.sync()
    return made


def after(name: str, size: int) -> str:
    """The name of the file that follows this one: timeline, then what 4 GB and which file of it.

    Example: of files of 16 MB, 0000000100000000000000FF is followed by 000000010000000100000000.
    """
    timeline, whole, part = (int(name[at : at + 8], 16) for at in (0, 8, 16))
    whole, part = (whole + 1, 0) if part + 1 == 2**32 // size else (whole, part + 1)
    return f"{timeline:08X}{whole:08X}{part:08X}"


def _make(folder: Path, name: str, zeros: bytes) -> None:
    """Whole before it has its name; it belongs to whom the folder belongs to."""
    making, owner = folder / f"{name}.making", folder.stat()
    making.write_bytes(zeros)
    making.chmod(0o600)
    os.chown(making, owner.st_uid, owner.st_gid)
    making.rename(folder / name)

"""Where files that were brought lie: a folder for each, below one of its program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from uuid import UUID

ENDINGS: Final = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet")
"""What can be read; a spreadsheet is saved as CSV first."""
LONGEST: Final = 100
_STRANGE: Final = re.compile(r"[^\w.\- ]+")


def folder_of(root: Path, program_id: int, upload_id: UUID) -> Path:
    """Where the file lies, and what is wrong with its lines."""
    return root / str(program_id) / upload_id.hex


def file_of(root: Path, program_id: int, upload_id: UUID, name: str) -> Path:
    """The file itself."""
    return folder_of(root, program_id, upload_id) / tame(name)


def slips_of(root: Path, program_id: int, upload_id: UUID, errand_id: UUID) -> Path:
    """What an errand found wrong with its lines."""
    return folder_of(root, program_id, upload_id) / f"{errand_id.hex}.slips"


def tame(name: str) -> str:
    """A file's own name as one that is safe to write; its ending is kept, in small letters.

    Example: `../../Kunden 2026.CSV` is `Kunden 2026.csv`.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = _STRANGE.sub("_", stem).strip(" .")[:LONGEST] or "file"
    return f"{stem}.{_STRANGE.sub('', ending).lower()}" if dot else stem

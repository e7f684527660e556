"""What is written on a backup, and whether what lies in it is still what was put there."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from regulars.runtime.problems import SetupProblem

LABEL: Final = "regulars.json"
FORM: Final = 1
CHUNK: Final = 1 << 20


class File(msgspec.Struct, frozen=True):
    """One file of a backup as it was when it was made."""

    bytes: int
    sha256: str


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one wants to know of a backup before touching it."""

    form: int = FORM
    kind: Literal["base", "dump"]
    begun_at: datetime
    ended_at: datetime
    """From this instant on it can be restored."""
    release: str
    """The version of Regulars that made it."""
    postgresql: str
    archive: str = ""
    """Of a base backup: the folder beside it that continues it; empty where there is none."""
    migration: int
    """The last migration its tables have taken."""
    files: dict[str, File]
    life: str = ""
    """Of which installation it is, from one restore to the next; older backups do not say."""

    @property
    def whose(self) -> str:
        """The life it belongs to, as far as it is known."""
        return self.life or self.archive


def describe(folder: Path) -> dict[str, File]:
    """The size and hash of each file in a folder."""
    return {
        path.name: File(path.stat().st_size, hash_of(path))
        for path in sorted(folder.iterdir())
        if path.name != LABEL
    }


def write_label(folder: Path, label: Label) -> None:
    """Put the label on a backup, last of all."""
    text = msgspec.json.format(msgspec.json.encode(label), indent=2)
    (folder / LABEL).write_bytes(text + b"\n")


def read_label(folder: Path) -> Label:
    """What is written on a backup; refuses a folder that is none."""
    try:
        label = msgspec.json.decode((folder / LABEL).read_bytes(), type=Label)
    except (FileNotFoundError, NotADirectoryError):
        raise SetupProblem(
            f"{folder} is no backup of Regulars: it has no {LABEL}.",
            "Name a folder that `regulars backup` made; `regulars backup --list` shows them.",
        ) from None
    except msgspec.DecodeError as error:
        raise SetupProblem(
            f"The label {folder / LABEL} cannot be read: {error}.", "Use another backup."
        ) from None
    if label.form != FORM:
        raise SetupProblem(
            f"{folder} was made by a later release ({label.release}).", "Restore it with that one."
        )
    return label


def check_files(folder: Path, label: Label) -> None:
    """Refuse a backup of which anything is missing or is not what it was."""
    wrong = []
    for name, put in label.files.items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif path.stat().st_size != put.bytes:
            wrong.append(f"{name} has {path.stat().st_size} bytes, it had {put.bytes}")
        elif hash_of(path) != put.sha256:
            wrong.append(f"{name} is not what it was")
    if wrong:
        raise SetupProblem(
            f"The backup {folder} is damaged: {'; '.join(wrong)}.",
            "Nothing was changed. Use another backup: `regulars backup --list` shows them.",
        )


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, whatever its size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()

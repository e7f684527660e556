"""The folder of an export: it is there whole or not at all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from regulars.base.faults import Invalid
from regulars.insight.export.manifest import MANIFEST, Manifest
from regulars.insight.export.tabling import wrong_with


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """A folder to write to, which gets its name when everything is in it.

    Keeps: killed half-way, the target is not there; what was begun is thrown away by the next one.
    Faults: Invalid where there is something already, or somebody writes there now.
    """
    if target.exists():
        raise Invalid(f"{target} exists already; choose another folder", field="FOLDER")
    begun = target.with_name(f"{target.name}.partial")
    try:
        begun.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(begun / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as wrong:
        raise Invalid(f"{begun} cannot be written: {wrong.strerror}", field="FOLDER") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Invalid(f"somebody is writing {begun} right now", field="FOLDER") from None
        _empty(begun)
        try:
            yield begun
        except BaseException:
            shutil.rmtree(begun, ignore_errors=True)
            raise
        for path in begun.rglob("*"):
            _sync(path)
        _sync(begun)
        (begun / ".lock").unlink()
        begun.rename(target)
        _sync(target.parent)
    finally:
        os.close(lock)


def manifest_in(folder: Path) -> Manifest:
    """The manifest of an export. Faults: Invalid where there is none that can be read."""
    path = folder / MANIFEST if folder.is_dir() else folder
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as wrong:
        raise Invalid(f"{path} is not the manifest of an export: {wrong}", field="FOLDER") from None


def check_folder(folder: Path) -> list[str]:
    """What is wrong with an export: missing or changed files, rows or sums that do not fit."""
    manifest = manifest_in(folder)
    return [said for one in manifest.files if (said := wrong_with(folder, one))]


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".lock":
            path.unlink()


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

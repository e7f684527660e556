"""Extracts in a folder of this machine: below the one its operator opened, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from regulars.surfaces.connect.extracts.shelves.shelf import BESIDE, MANIFEST, NotPut

_ONLY_IN: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """A folder of this program's own, walked into step by step.

    Keeps: no link is followed on the way, so that whoever may make links there has nothing written
    elsewhere.
    """

    host_key = ""

    def __init__(self, root: Path, own: str, address: str) -> None:
        self._root = root
        self._steps = [own, *(step for step in address.split("/") if step)]

    async def whole(self, name: str) -> bytes | None:
        """The manifest under its own name."""
        return await asyncio.to_thread(self._manifest, name)

    async def begun(self, name: str) -> Mapping[str, int]:
        """What lies beside."""
        return await asyncio.to_thread(self._sizes, name)

    async def put(self, name: str, file: str, path: Path) -> None:
        """A copy, beside."""
        await asyncio.to_thread(self._copy, name, file, path)

    async def finish(self, name: str, manifest: Path) -> None:
        """The folder beside gets its own name."""
        await asyncio.to_thread(self._rename, name, manifest)

    def _manifest(self, name: str) -> bytes | None:
        path = self._here() / name / MANIFEST
        return path.read_bytes() if path.is_file() and not path.is_symlink() else None

    def _sizes(self, name: str) -> dict[str, int]:
        beside = self._here() / f"{name}{BESIDE}"
        return {
            str(path.relative_to(beside)): path.stat().st_size
            for path in beside.rglob("*")
            if path.is_file() and not path.is_symlink()
        }

    def _copy(self, name: str, file: str, path: Path) -> None:
        to = self._here() / f"{name}{BESIDE}" / file
        try:
            to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(path, to, follow_symlinks=False)
            to.chmod(0o600)
            with to.open("rb") as kept:
                os.fsync(kept.fileno())
        except OSError as error:
            raise NotPut(f"it cannot be written to: {error.strerror}") from None

    def _rename(self, name: str, manifest: Path) -> None:
        self._copy(name, MANIFEST, manifest)
        here = self._here()
        try:
            (here / f"{name}{BESIDE}").rename(here / name)
        except OSError as error:
            raise NotPut(f"it cannot be written to: {error.strerror}") from None

    def _here(self) -> Path:
        """The folder itself, made where it is not there yet; no step of it is a link."""
        path = self._root
        if not path.is_dir():
            raise NotPut("the folder that is open to this installation is not there")
        for step in self._steps:
            path /= step
            try:
                path.mkdir(mode=0o700, exist_ok=True)
                os.close(os.open(path, _ONLY_IN))
            except OSError:
                raise NotPut(f"{step} is a file or a link, and no folder") from None
        return path

"""A place extracts are put to: file by file beside, and then it is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from regulars.surfaces.connect.feeds.places.there import NotReached

MANIFEST: Final = "manifest.json"
BESIDE: Final = ".partial"
"""Behind the name of an extract that is not whole yet."""


class NotPut(NotReached):
    """Something cannot be written there."""


class Shelf(Protocol):
    """A place that answers."""

    @property
    def host_key(self) -> str:
        """By which key it proves who it is; nothing where certificates do."""

    async def whole(self, name: str) -> bytes | None:
        """The manifest of the extract of this name, where it is there whole. Raises: NotReached."""

    async def begun(self, name: str) -> Mapping[str, int]:
        """What was put of it so far, by the names of its files: their sizes. Raises: NotReached."""

    async def put(self, name: str, file: str, path: Path) -> None:
        """One more of its files, beside. Raises: NotReached."""

    async def finish(self, name: str, manifest: Path) -> None:
        """All of it is there: now, and under its own name. Raises: NotReached."""


async def put_all(shelf: Shelf, name: str, folder: Path, files: list[str]) -> None:
    """Put an extract there; of one that was begun, what is missing. Raises: NotReached.

    Keeps: nobody sees half of one. Put once more after it is there, nothing happens.
    """
    manifest = folder / MANIFEST
    told = manifest.read_bytes()
    if await shelf.whole(name) == told:
        return
    there = await shelf.begun(name)
    for file in files:
        path = folder / file
        if there.get(file) != path.stat().st_size:
            await shelf.put(name, file, path)
    there = await shelf.begun(name)
    short = [file for file in files if there.get(file) != (folder / file).stat().st_size]
    if short:
        raise NotPut("what was put there is not all there; it is put once more")
    await shelf.finish(name, manifest)

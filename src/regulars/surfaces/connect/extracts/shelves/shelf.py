"""A place extracts are put to: file by file beside, and then it is there."""

from __future__ import annotations

from asyncio import timeout
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from regulars.surfaces.connect.feeds.places.there import NotReached

MANIFEST: Final = "manifest.json"
BESIDE: Final = ".partial"
"""Behind the name of an extract that is not whole yet."""
ANSWERED_S: Final = 300.0
"""How long a place may take to let us in, to say what is there, and to give an extract its name."""
PUT_S: Final = 900.0
SLOWEST: Final = 1_000_000
"""How long one file may take: so many seconds, and one more for each so many bytes of it."""


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


async def is_there(shelf: Shelf, name: str, folder: Path) -> bool:
    """Whether this very extract is there whole already. Raises: NotReached, TimeoutError."""
    told = (folder / MANIFEST).read_bytes()
    async with timeout(ANSWERED_S):
        return await shelf.whole(name) == told


async def put_all(shelf: Shelf, name: str, folder: Path, files: list[str]) -> None:
    """Put an extract there; of one that was begun, what is missing.

    Keeps: nobody sees half of one. Put once more after it is there, nothing happens. A place that
    is silent is not waited for any longer than above, since other programs wait behind this one.
    Raises: NotReached, TimeoutError.
    """
    if await is_there(shelf, name, folder):
        return
    sizes = {file: (folder / file).stat().st_size for file in files}
    for file in await _missing(shelf, name, sizes):
        async with timeout(PUT_S + sizes[file] / SLOWEST):
            await shelf.put(name, file, folder / file)
    if await _missing(shelf, name, sizes):
        raise NotPut("what was put there is not all there; it is put once more")
    async with timeout(ANSWERED_S):
        await shelf.finish(name, folder / MANIFEST)


async def _missing(shelf: Shelf, name: str, sizes: Mapping[str, int]) -> list[str]:
    async with timeout(ANSWERED_S):
        there = await shelf.begun(name)
    return [file for file, size in sizes.items() if there.get(file) != size]

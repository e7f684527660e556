"""Files in a folder of this machine: below the one its operator opened, and nowhere else."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from regulars.records.inlets.feeding.types import MOST_FILES, Listed, wanted
from regulars.surfaces.connect.feeds.places.there import (
    GREW,
    TOO_MANY,
    NotFetched,
    NotReached,
    as_text,
)

_ONLY_IN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folder:
    """A folder, walked into step by step from the one that was opened.

    Keeps: no link is followed on the way, so that whoever may put files there reads no others.
    """

    host_key = ""

    def __init__(self, root: Path, own: str, address: str) -> None:
        self._root = root
        self._steps = [own, *(step for step in address.split("/") if step)]
        self._names: dict[str, str] = {}
        """By the name as it is told, the one it has there."""

    async def files(self) -> list[Listed]:
        """The files in it; neither folders nor links."""
        return await asyncio.to_thread(self._list)

    async def fetch(self, one: Listed, to: Path) -> None:
        """A copy of a file, which is as it was listed."""
        await asyncio.to_thread(self._copy, one, to)

    def _list(self) -> list[Listed]:
        found = []
        with self._inside() as here, os.scandir(here) as entries:
            for entry in entries:
                if not wanted(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                name, told = as_text(entry.name), entry.stat(follow_symlinks=False)
                self._names[name] = entry.name
                found.append(Listed(name, told.st_size, _at(told)))
                if len(found) > MOST_FILES:
                    raise NotReached(TOO_MANY)
        return found

    def _copy(self, one: Listed, to: Path) -> None:
        with self._inside() as here:
            try:
                name = self._names.get(one.name, one.name)
                file = os.open(name, _ONLY_IN | os.O_NONBLOCK, dir_fd=here)
            except OSError as error:
                raise NotFetched(f"it cannot be read: {error.strerror}") from None
            with os.fdopen(file, "rb") as stream, to.open("wb") as copy:
                if not _same(os.fstat(file), one):
                    raise NotFetched(GREW)
                shutil.copyfileobj(stream, copy)
                if not _same(os.fstat(file), one):
                    raise NotFetched(GREW)

    @contextmanager
    def _inside(self) -> Iterator[int]:
        try:
            here = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            why = f"the folder that is open to this installation cannot be read: {error.strerror}"
            raise NotReached(why) from None
        try:
            for step in self._steps:
                inner = _into(here, step, "/".join(self._steps))
                os.close(here)
                here = inner
            yield here
        finally:
            os.close(here)


def _into(above: int, step: str, whole: str) -> int:
    try:
        return os.open(step, _ONLY_IN | os.O_DIRECTORY, dir_fd=above)
    except FileNotFoundError:
        why = f"there is no folder {whole} below the one that is open to this installation"
    except NotADirectoryError:  # a link to one is none either
        why = f"{step} in {whole} is a file or a link, and no folder"
    except OSError as error:
        why = f"the folder {whole} cannot be read: {error.strerror}"
    raise NotReached(why)


def _same(told: os.stat_result, one: Listed) -> bool:
    plain = stat.S_ISREG(told.st_mode)
    return plain and (told.st_size, _at(told)) == (one.size, one.modified)


def _at(told: os.stat_result) -> datetime:
    return datetime.fromtimestamp(told.st_mtime, UTC)

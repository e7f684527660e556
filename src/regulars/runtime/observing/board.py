"""Where the processes of an installation put their numbers, so that any of them can tell all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
import psutil

from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.numbers import Numbers

EVERY_S: Final = 1.0
_DECODER: Final = msgspec.json.Decoder(Numbers)


def board_of(settings: Settings) -> Path:
    """The folder with a file of numbers per process."""
    return settings.home / "metrics"


def clear(settings: Settings) -> None:
    """Begin anew: called by the supervisor, whose children count from nothing."""
    board = board_of(settings)
    for path in board.glob("*.json") if board.exists() else ():
        path.unlink(missing_ok=True)


@asynccontextmanager
async def on_board(
    settings: Settings, numbers: Numbers, fill: Callable[[], None]
) -> AsyncIterator[None]:
    """Put a process's numbers up every second for as long as the block lasts."""
    board = board_of(settings)
    board.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers.pid = os.getpid()
    task = asyncio.create_task(_keep(board, numbers, fill))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        fill()
        numbers.gauges.clear()
        _put(board, numbers)


def everybody(settings: Settings) -> Iterator[tuple[Numbers, bool]]:
    """What each process put up last, and whether it still runs."""
    for path in sorted(board_of(settings).glob("*.json")):
        with suppress(OSError, msgspec.DecodeError):
            numbers = _DECODER.decode(path.read_bytes())
            yield numbers, psutil.pid_exists(numbers.pid)


async def _keep(board: Path, numbers: Numbers, fill: Callable[[], None]) -> None:
    while True:
        fill()
        _put(board, numbers)
        await asyncio.sleep(EVERY_S)


def _put(board: Path, numbers: Numbers) -> None:
    draft = board / f".{numbers.pid}"
    # A full disk costs figures, not service.
    with suppress(OSError):
        draft.write_bytes(msgspec.json.encode(numbers))
        draft.replace(board / f"{numbers.part}-{numbers.pid}.json")

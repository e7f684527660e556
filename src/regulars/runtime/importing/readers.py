"""Files are read by this program, or piece by piece by several side by side."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import Final

from regulars.base.faults import Invalid
from regulars.runtime.importing.asking import Wanted
from regulars.runtime.importing.reader import LENGTH, Piece, ReadingOrder, pack, piece_of, unpack
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.connect.moving.fields import Place
from regulars.surfaces.connect.moving.lines import read_file
from regulars.surfaces.connect.moving.tables import Share

WORTH_READERS: Final = 8 << 20
"""Fewer bytes are read here before another program has started."""
_AHEAD: Final = 2
"""Pieces that wait to be taken in, per program."""
_COMMAND: Final = (sys.executable, "-m", "regulars.runtime.importing.reader")


async def read_files(wanted: Wanted, place: Place) -> AsyncGenerator[Piece]:
    """Everything the files tell, in pieces.

    Order: none among the pieces; each line says where it stood.
    Faults: Invalid for a file that is not what its mapping says, as a whole; SetupProblem when a
    program that reads falls.
    """
    size = sum(source.path.stat().st_size for source in wanted.sources)
    if wanted.workers < 2 or size < WORTH_READERS:
        for piece in _read_here(wanted, place):
            yield piece
        return
    async with _readers(_orders(wanted, place)) as running, aclosing(_taken(running)) as taken:
        async for piece in taken:
            yield piece


def _read_here(wanted: Wanted, place: Place) -> Iterator[Piece]:
    for source in wanted.sources:
        for chunk in read_file(source, wanted.mapping, place):
            yield piece_of(source.number, chunk)


def _orders(wanted: Wanted, place: Place) -> list[ReadingOrder]:
    files = [(str(one.path), one.name, one.number) for one in wanted.sources]
    of = wanted.workers
    return [ReadingOrder(files, wanted.mapping_text, place, Share(n, of)) for n in range(of)]


@asynccontextmanager
async def _readers(orders: list[ReadingOrder]) -> AsyncIterator[list[Process]]:
    """A program per order; none outlives the block."""
    running: list[Process] = []
    try:
        for order in orders:
            me = str(os.getpid())
            each = await asyncio.create_subprocess_exec(*_COMMAND, me, stdin=PIPE, stdout=PIPE)
            running.append(each)
            assert each.stdin is not None
            each.stdin.write(pack(order))
            each.stdin.write_eof()
        yield running
    finally:
        for each in running:
            if each.returncode is None:
                each.kill()
            await each.wait()


async def _taken(running: list[Process]) -> AsyncGenerator[Piece]:
    """The pieces of all programs as they come, until each has said that nothing is missing."""
    waiting: asyncio.Queue[Piece | None] = asyncio.Queue(_AHEAD * len(running))
    takers = [asyncio.create_task(_take(each, waiting)) for each in running]
    try:
        left = len(running)
        while left:
            piece = await waiting.get()
            if piece is None:
                raise SetupProblem(
                    "A program that reads the files fell.",
                    "The log says why. Nothing was written; the same command begins again.",
                )
            if piece.fault:
                raise Invalid(piece.fault)
            if piece.last:
                left -= 1
            else:
                yield piece
    finally:
        for each in takers:
            each.cancel()


async def _take(one: Process, waiting: asyncio.Queue[Piece | None]) -> None:
    """Take in what a program read; nothing when it ended before it had said all."""
    assert one.stdout is not None
    try:
        while True:
            length = int.from_bytes(await one.stdout.readexactly(LENGTH), "big")
            piece: Piece = unpack(await one.stdout.readexactly(length))
            await waiting.put(piece)
            if piece.last:
                return
    except asyncio.IncompleteReadError:
        await waiting.put(None)

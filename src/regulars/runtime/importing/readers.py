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
    """The pieces of all programs as they come, until each has said its last one."""
    coming = {asyncio.create_task(_next(each)): each for each in running}
    try:
        while coming:
            done, _ = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                reader, piece = coming.pop(each), each.result()
                if piece.fault:
                    raise Invalid(piece.fault)
                if not piece.last:  # its next one comes while this one is taken in
                    coming[asyncio.create_task(_next(reader))] = reader
                    yield piece
    finally:
        for each in coming:
            each.cancel()


async def _next(reader: Process) -> Piece:
    """The next piece that a program read; it may not end before it has said which is its last."""
    assert reader.stdout is not None
    try:
        length = int.from_bytes(await reader.stdout.readexactly(LENGTH), "big")
        piece: Piece = unpack(await reader.stdout.readexactly(length))
    except asyncio.IncompleteReadError:
        raise SetupProblem(
            "A program that reads the files fell.",
            "The log says why. Nothing was written; the same command begins again.",
        ) from None
    return piece

"""Files are read by this program, or piece by piece by several hands side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Final

from regulars.base.faults import Invalid
from regulars.runtime.importing.asking import Wanted
from regulars.runtime.importing.crew import Crew, Hand
from regulars.runtime.importing.reader import Piece, ReadingOrder, pack, piece_of, unpack
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.connect.moving.lines import read_file
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.connect.moving.tables import Share

WORTH_READERS: Final = 8 << 20
"""Fewer bytes are read here before another program has started."""


async def read_files(wanted: Wanted, place: Place, crew: Crew) -> AsyncGenerator[Piece]:
    """Everything the files tell, in pieces.

    Order: none among the pieces; each line says where it stood.
    Faults: Invalid for a file that is not what its mapping says, as a whole; SetupProblem when a
    program that reads falls.
    """
    if not worth_hands(wanted):
        for piece in _read_here(wanted, place):
            yield piece
        return
    hands = await crew.hands()
    for hand, order in zip(hands, _orders(wanted, place, len(hands)), strict=True):
        hand.ask(pack(order))
    async with aclosing(_taken(hands)) as taken:
        async for piece in taken:
            yield piece


def worth_hands(wanted: Wanted) -> bool:
    """Whether the files are so large that several read them sooner than one."""
    size = sum(source.path.stat().st_size for source in wanted.sources)
    return wanted.workers > 1 and size >= WORTH_READERS


def _read_here(wanted: Wanted, place: Place) -> Iterator[Piece]:
    for source in wanted.sources:
        for chunk in read_file(source, wanted.mapping, place):
            yield piece_of(source.number, chunk)


def _orders(wanted: Wanted, place: Place, of: int) -> list[ReadingOrder]:
    files = [(str(one.path), one.name, one.number) for one in wanted.sources]
    return [ReadingOrder(files, wanted.mapping_text, place, Share(n, of)) for n in range(of)]


async def _taken(hands: list[Hand]) -> AsyncGenerator[Piece]:
    """The pieces of all hands as they come, until each has said its last one."""
    coming = {asyncio.create_task(_next(each)): each for each in hands}
    try:
        while coming:
            done, _ = await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                hand, piece = coming.pop(each), each.result()
                if piece.fault:
                    raise Invalid(piece.fault)
                if not piece.last:  # its next one comes while this one is taken in
                    coming[asyncio.create_task(_next(hand))] = hand
                    yield piece
    finally:
        for each in coming:
            each.cancel()


async def _next(hand: Hand) -> Piece:
    """The next piece that a hand read; it may not end before it has said which is its last."""
    try:
        piece: Piece = unpack(await hand.answer())
    except asyncio.IncompleteReadError:
        raise SetupProblem(
            "A program that reads the files fell.",
            "The log says why. Nothing was written; the same command begins again.",
        ) from None
    return piece

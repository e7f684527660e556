"""A program that reads some pieces of the files of an import; its order comes on standard input.

What it read goes to standard output, one chunk after the other, each behind its length.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.records.imports.packing import packed_lines, packed_names
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.supervising.lifeline import die_with_parent
from regulars.surfaces.connect.moving.fields import Place
from regulars.surfaces.connect.moving.lines import Chunk, Source, StagedSlip, read_file
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.connect.moving.tables import Share

LENGTH: Final = 8
"""Bytes before each piece that say how long it is."""


class ReadingOrder(Struct, frozen=True):
    """Which share of which files is read: path, name in the mapping and number of each."""

    files: list[tuple[str, str, int]]
    mapping: str
    place: Place
    share: Share


class Piece(Struct, array_like=True):
    """What was read of the file with this number, as it is taken in; or what is wrong with all of
    it, and nothing more."""

    file: int
    lines: bytes = b""
    names: bytes = b""
    slips: list[StagedSlip] = []
    read: int = 0
    left_aside: int = 0
    fault: str = ""
    last: bool = False
    """Nothing follows."""


pack: Final = msgspec.msgpack.Encoder().encode
unpack: Final = msgspec.msgpack.Decoder(Piece).decode


def piece_of(file: int, chunk: Chunk) -> Piece:
    """What a chunk told, as it is taken in."""
    lines, names = packed_lines(chunk.lines), packed_names(chunk.names)
    return Piece(file, lines, names, chunk.slips, chunk.read, chunk.left_aside)


def read_share(order: ReadingOrder, out: BinaryIO) -> None:
    """Read this share of all files, one file after the other.

    Keeps: the last piece says that it is the last, so nobody takes a part for the whole.
    """
    mapping = read_mapping(order.mapping)
    for path, name, number in order.files:
        source = Source(Path(path), name, number)
        try:
            for chunk in read_file(source, mapping, order.place, order.share):
                _send(out, piece_of(number, chunk))
        except Fault as fault:
            _send(out, Piece(number, fault=fault.says, last=True))
            return
    _send(out, Piece(len(order.files), last=True))


def _send(out: BinaryIO, piece: Piece) -> None:
    packed = pack(piece)
    out.write(len(packed).to_bytes(LENGTH, "big"))
    out.write(packed)
    out.flush()


def main() -> None:
    """Read the order and do it."""
    die_with_parent(int(sys.argv[1]))
    settle_memory()
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ReadingOrder)
    read_share(order, sys.stdout.buffer)


if __name__ == "__main__":
    if os.getppid() == int(sys.argv[1]):
        main()

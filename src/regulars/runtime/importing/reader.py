"""Some pieces of the files of an import are read, and sent one chunk after the other."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.records.imports.packing import packed_lines, packed_names
from regulars.runtime.importing.messages import send
from regulars.surfaces.connect.moving.lines import Chunk, Source, StagedSlip, read_file
from regulars.surfaces.connect.moving.mapping import read_mapping
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.connect.moving.tables import Share


class ReadingOrder(Struct, frozen=True, tag="read"):
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
                send(out, pack(piece_of(number, chunk)))
        except Fault as fault:
            send(out, pack(Piece(number, fault=fault.says, last=True)))
            return
    send(out, pack(Piece(len(order.files), last=True)))

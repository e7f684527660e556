"""Lots that have no number of their own get a name by which they are known again (ADR 0931)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.importing.commands import OpenLot, content_of, lot_key
from regulars.records.imports.naming import read, write
from regulars.records.imports.naming.types import Named, Standing
from regulars.records.once.read import known

AT_ONCE: Final = 20_000
"""Lines of before that are looked for at a time."""
FARTHEST: Final = 10_000_000
"""In no file of before a lot is looked for behind this line."""
_TURNS: Final = 8
_pack: Final = msgspec.msgpack.Encoder().encode
_unpack: Final = msgspec.msgpack.Decoder(OpenLot).decode


class _Line(NamedTuple):
    """A lot that is here by the number of its line."""

    file: int
    line: int
    member_id: UUID
    content: UUID

    @property
    def name(self) -> str:
        return f"line {self.line} of {self.file}"


async def name_lots(tx: Tx, source: str) -> None:
    """Count the lots that are alike, through all files, so that each is one of its own.

    Order: first those that are here since a release that knew them by their line; the same lot
    is known by that name still, wherever it stands now, so that none is booked twice.
    """
    lines = await _lines(tx, source) if await read.unnumbered(tx) else []
    if lines:
        await _as_before(tx, lines)
    for lanes in await read.alike(tx):
        told = await read.further(tx, lanes)
        await write.name(tx, [_named(place, _unpack(lot), n) for place, lot, n in told])


def _named(place: str, lot: OpenLot, nth: int) -> Named:
    return _called(place, lot, f"{lot.lot} {nth}")


def _called(place: str, lot: OpenLot, name: str) -> Named:
    packed = _pack(replace(lot, lot=name))
    return Named(place, lot_key(lot.source, name), content_of(packed), packed)


async def _lines(tx: Tx, source: str) -> list[_Line]:
    """The lots of this source that are here by their line: where they stood, whose, and what.

    Order: side by side through all files, until as many are found as were booked. Lines without
    points were left aside and have no name here, so nothing found ends no file.
    """
    before, found = await read.before(tx), list[_Line]()
    for first in range(1, FARTHEST, AT_ONCE):
        if len(found) >= before.lots:
            break
        for file in range(1, before.files + 1):
            found += await _some_lines(tx, source, file, range(first, first + AT_ONCE))
    return sorted(found)


async def _some_lines(tx: Tx, source: str, file: int, lines: Sequence[int]) -> list[_Line]:
    names = {lot_key(source, f"line {n} of {file}"): n for n in lines}
    there = await known(tx, list(names))
    return [_Line(file, names[key], one.member_id, one.content) for key, one in there.items()]


async def _as_before(tx: Tx, lines: Sequence[_Line]) -> None:
    """Lots that are the same as one of these are called so.

    Keeps: one that says something else on the very line of its member's is called so, too, and
    with that refused: it is more likely to be that lot with another number than one beside it.
    """
    taken: set[int] = set()
    at = {(one.file, one.line): number for number, one in enumerate(lines)}
    await write.stand(tx, [one.member_id for one in lines])
    for turn in range(_TURNS):
        lots = await read.of_them(tx, turn, _TURNS)
        told, others = list[Named](), list[Standing]()
        for lot in lots:
            same = _same(lot, lines, taken)
            if same is None:
                others.append(lot)
            else:
                taken.add(same[0])
                told.append(same[1])
        for lot in others:
            number = at.get((lot.file + 1, lot.line))
            if number in lot.numbers and number not in taken:
                taken.add(number)
                told.append(_called(lot.place, _unpack(lot.packed), lines[number].name))
        await write.name(tx, told)


def _same(lot: Standing, lines: Sequence[_Line], taken: set[int]) -> tuple[int, Named] | None:
    """Which of its member's lots of before this one is, and how it is called with that."""
    command = _unpack(lot.packed)
    for number in lot.numbers:
        if number not in taken:
            named = _called(lot.place, command, lines[number].name)
            if named.content == lines[number].content:
                return number, named
    return None

"""Points of which some was spent elsewhere between two exports are the lot that came before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.importing.commands import OpenLot, content_of, lot_key
from regulars.records.imports import staging
from regulars.records.imports.naming import read, write
from regulars.records.imports.naming.types import Named, Rest, Smaller
from regulars.records.once.read import known
from regulars.surfaces.connect.moving.points import ALIKE, alike_name

_TURNS: Final = 32
_MOST: Final = 10_000
"""Of so many lines at a time it is worked out what they may have been."""
_pack: Final = msgspec.msgpack.Encoder().encode
_unpack: Final = msgspec.msgpack.Decoder(OpenLot).decode


class _Larger(NamedTuple):
    """What a lot may have been when it came: by which key it is here, of how many points, and as
    which one of those that are alike."""

    key: UUID
    came: int
    nth: int


async def known_before(tx: Tx) -> list[Rest]:
    """Lots that are here with more points are known by those, so that they do not come again; of
    which line, how many are left elsewhere and how many came (ADR 0949).

    Order: once all lots have names, some at a time. A lot that another line tells as it came is
    that line's; of several that fit the smallest is taken, those first that say the same otherwise.
    """
    rests: list[Rest] = []
    if not await read.brought(tx):
        return rests
    await tx.fetch(staging.COUNTED_ANEW)
    taken: set[UUID] = set()
    for turn in range(_TURNS):
        smaller = await read.smaller(tx, turn, _TURNS)
        for first in range(0, len(smaller), _MOST):
            rests += await _known(tx, smaller[first : first + _MOST], taken)
    return rests


async def _known(tx: Tx, some: Sequence[Smaller], taken: set[UUID]) -> list[Rest]:
    """Which of these are here with more points; from now on they are called as those are.

    Keeps: what stands there in other words (its origin, what it waits for) is called so as well,
    for whoever compares it with the books to refuse it; else it would come once more.
    """
    rests, told = [], []
    all_larger = [list(_larger(one)) for one in some]
    there = await known(tx, [each.key for larger in all_larger for each in larger])
    taken |= await read.told(tx, list(there))
    for one, larger in zip(some, all_larger, strict=True):
        free = [each for each in larger if each.key in there and each.key not in taken]
        named = [_named(one, each) for each in free]
        alike = [at for at, each in enumerate(named) if there[each.key].content == each.content]
        if free:
            at = alike[0] if alike else 0
            taken.add(named[at].key)
            told.append(named[at])
        if alike:
            lot = _unpack(one.packed)
            rests.append(Rest(one.file, one.line, lot.wallet, lot.units, free[at].came))
    await write.name(tx, told)
    return rests


def _larger(one: Smaller) -> Iterator[_Larger]:
    """What this lot may have been when it came, the smallest first."""
    lot = _unpack(one.packed)
    if not lot.lot.startswith(f"{ALIKE} "):
        return
    for came, alike in groupby(one.amounts):
        name = alike_name(replace(lot, units=came), one.who)
        for nth in range(1, len(list(alike)) + 1):
            yield _Larger(lot_key(lot.source, _called(name, nth)), came, nth)


def _named(one: Smaller, larger: _Larger) -> Named:
    """This lot, called as what it was when it came."""
    as_it_came = replace(_unpack(one.packed), units=larger.came)
    called = _called(alike_name(as_it_came, one.who), larger.nth)
    packed = _pack(replace(as_it_came, lot=called))
    return Named(one.place, larger.key, content_of(packed), packed)


def _called(name: str, nth: int) -> str:
    return f"{name} {nth}" if nth > 1 else name


def added_up(rests: Sequence[Rest]) -> dict[str, dict[str, int]]:
    """Per wallet how many lots have less elsewhere than came, and how much less."""
    found: dict[str, dict[str, int]] = {}
    for one in rests:
        of = found.setdefault(one.wallet, {"lots": 0, "points": 0})
        of["lots"] += 1
        of["points"] += one.came - one.left
    return found

"""Points of which some was spent elsewhere between two exports are the lot that came before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final
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
_pack: Final = msgspec.msgpack.Encoder().encode
_unpack: Final = msgspec.msgpack.Decoder(OpenLot).decode


async def known_before(tx: Tx) -> list[Rest]:
    """Lots that are here with more points are known by those, so that they do not come again; of
    which line, how many are left elsewhere and how many came (ADR 0949).

    Order: once all lots have names, some lanes at a time. A lot that another line tells as it came
    is that line's; of several that fit the smallest is taken.
    """
    rests: list[Rest] = []
    if not await read.brought(tx):
        return rests
    await tx.fetch(staging.COUNTED_ANEW)
    taken: set[UUID] = set()
    for turn in range(_TURNS):
        told: list[Named] = []
        some = [(one, list(_larger(one))) for one in await read.smaller(tx, turn, _TURNS)]
        keys = [named.key for _, larger in some for named, _ in larger]
        there = await known(tx, keys) if keys else {}
        taken |= await read.told(tx, list(there))
        for one, larger in some:
            same = next((each for each in larger if _free(each[0], there, taken)), None)
            if same is not None:
                named, came = same
                lot = _unpack(one.packed)
                taken.add(named.key)
                told.append(named)
                rests.append(Rest(one.file, one.line, lot.wallet, lot.units, came))
        await write.name(tx, told)
    return rests


def _free(named: Named, there: dict[UUID, Any], taken: set[UUID]) -> bool:
    """Whether this lot is here, as it would be told, and no line is it yet."""
    one = there.get(named.key)
    return one is not None and one.content == named.content and named.key not in taken


def _larger(one: Smaller) -> Iterator[tuple[Named, int]]:
    """What this lot may have been when it came, the smallest first: how it is called as that."""
    lot = _unpack(one.packed)
    if not lot.lot.startswith(f"{ALIKE} "):
        return
    for amount, alike in groupby(one.amounts):
        as_it_came = replace(lot, units=amount)
        name = alike_name(as_it_came, one.who)
        for nth in range(1, len(list(alike)) + 1):
            called = f"{name} {nth}" if nth > 1 else name
            packed = _pack(replace(as_it_came, lot=called))
            yield Named(one.place, lot_key(lot.source, called), content_of(packed), packed), amount


def added_up(rests: Sequence[Rest]) -> dict[str, dict[str, int]]:
    """Per wallet how many lots have less elsewhere than came, and how much less."""
    found: dict[str, dict[str, int]] = {}
    for one in rests:
        of = found.setdefault(one.wallet, {"lots": 0, "points": 0})
        of["lots"] += 1
        of["points"] += one.came - one.left
    return found

"""How far the system of a source is told of members, as its page shows it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.inlets.types import Inlet
from regulars.records.outbox.hooks.outlets import read
from regulars.records.outbox.hooks.outlets.types import Open, Outlet, Standing
from regulars.surfaces.api.strict.ids import shown

SHOWN: Final = 20
_FIRST: Final = UUID(int=0)


class ToldOf(Struct, frozen=True):
    """How far the system of a source is told of members."""

    here: Outlet | None
    stands: Standing
    open: list[tuple[str, Open]]


async def told_of(tx: Tx, inlet: Inlet) -> ToldOf:
    """What the page of a source says of it."""
    one, stands = await read.one(tx, inlet.inlet_id), await read.standing(tx, inlet.inlet_id)
    found = await read.open_ones(tx, inlet.inlet_id, _FIRST, SHOWN) if stands.open else []
    return ToldOf(one, stands, [(shown("mem", each.member_id), each) for each in found])

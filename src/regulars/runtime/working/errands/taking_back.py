"""An import is weighed, or taken back; what comes of it are counts, nobody's name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from regulars.runtime.importing.undoing import undo_import, weigh_undo
from regulars.runtime.working.errands.order import Order, Telling


class BackAsk(msgspec.Struct, frozen=True):
    """Which import, of which files, and who asks."""

    imported: str
    files: str
    actor: str


async def weigh(order: Order, telling: Telling) -> dict[str, Any]:
    """What taking it back would come to; nothing changes. Faults: as `weigh_undo`."""
    ask = msgspec.convert(order.ask, BackAsk)
    telling.begins("Members are weighed", 0)
    found = await weigh_undo(order.app, order.program_id, UUID(ask.imported))
    told: dict[str, Any] = msgspec.to_builtins(found)
    return told


async def take_back(order: Order, telling: Telling) -> dict[str, Any]:
    """Take it back, or go on with it. Faults: as `undo_import`."""
    ask = msgspec.convert(order.ask, BackAsk)
    asked = (order.program_id, UUID(ask.imported), ask.actor)
    told: dict[str, Any] = msgspec.to_builtins(await undo_import(order.app, asked, telling))
    return told

"""A draft is tried on the shop's own books or on a file of sales; what comes of it are figures."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from regulars.base.faults import Invalid
from regulars.runtime.checking.replay import Wanted, replay_books, replay_file
from regulars.runtime.working.errands.order import Order, Telling
from regulars.surfaces.console.errands.shelf import file_of
from regulars.surfaces.replay.figures import figures

MOST_LINES: Final = 500_000
"""So many lines of the books are held in memory here: one of them is some two kilobytes."""
_LINES: Final = "select count(*) from activity where program_id = $1"
_SLUG: Final = "select slug from program where program_id = $1"


class TrialAsk(msgspec.Struct, frozen=True):
    """Which draft, beside which terms, on which history."""

    draft: str
    revision: int
    source: str
    version: int
    against: str
    since: str = ""
    until: str = ""
    upload: str = ""
    file: str = ""


async def try_draft(order: Order, telling: Telling) -> dict[str, Any]:
    """The figures of a draft on a history. Faults: Invalid, ProgramFault."""
    ask = msgspec.convert(order.ask, TrialAsk)
    found = await (_on_file(order, ask, telling) if ask.upload else _on_books(order, ask, telling))
    told: dict[str, Any] = msgspec.to_builtins(figures(found))
    return told


async def _on_books(order: Order, ask: TrialAsk, telling: Telling) -> Any:
    slug = await _small_enough(order)
    wanted = Wanted(draft=ask.source.encode(), since=_day(ask.since), until=_day(ask.until))
    # In a loop and a thread of its own, so that how far it is can be told meanwhile.
    return await asyncio.to_thread(
        lambda: asyncio.run(replay_books(order.addresses, wanted, slug, telling))
    )


async def _on_file(order: Order, ask: TrialAsk, telling: Telling) -> Any:
    path = file_of(order.root, order.program_id, UUID(ask.upload), ask.file)
    if not path.is_file():
        raise Invalid("this file is not here any more; bring it again")
    wanted = Wanted(
        draft=ask.source.encode(), sales=path, against=ask.against.encode(),
        since=_day(ask.since), until=_day(ask.until),
    )  # fmt: skip
    return await asyncio.to_thread(replay_file, wanted, telling)


async def _small_enough(order: Order) -> str:
    connection = await asyncpg.connect(order.owner)
    try:
        lines = await connection.fetchval(_LINES, order.program_id)
        slug: str = await connection.fetchval(_SLUG, order.program_id)
    finally:
        await connection.close()
    if lines > MOST_LINES:
        raise Invalid(
            f"the books have {lines:,} sales and returns, more than the {MOST_LINES:,} that are "
            "tried here; use `regulars replay` on a machine with memory for them"
        )
    return slug


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

"""Read what was typed while setting up, how a shop looks, and whether its people are made up."""

from __future__ import annotations

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.opening.types import PLAIN, Look, Typed

_STEPS = """
select step, answers::text as answers, revision, changed_at from setup_step
 where program_id = $1::int order by step
"""
_LOOK = """
select accent, logo is not null as has_logo, revision from shop_look where program_id = $1::int
"""
_LOGO = "select logo from shop_look where program_id = $1::int and logo is not null"
_EMPTY = "select first_program() is null as is_empty"
# Whoever was made up was written down before the demo was there: its year lies behind it.
_SINCE = """
select count(*) as members from member m join program p using (program_id)
 where m.program_id = $1::int and m.recorded_at > p.created_at and m.state <> 'erased'
"""
_MADE_UP = "select made_up from program where program_id = $1::int"


async def typed(tx: Tx) -> dict[str, Typed]:
    """What was typed so far, by step."""
    return {
        row["step"]: Typed(
            row["step"], msgspec.json.decode(row["answers"]), row["revision"], row["changed_at"]
        )
        for row in await tx.fetch(_STEPS, tx.program_id)
    }


async def is_empty(tx: Tx) -> bool:
    """Whether there is no program at all in this installation."""
    return bool((await tx.fetch(_EMPTY))[0]["is_empty"])


async def look(tx: Tx) -> Look:
    """How the shop looks."""
    rows = await tx.fetch(_LOOK, tx.program_id)
    return Look(*rows[0].values()) if rows else PLAIN


async def logo(tx: Tx) -> bytes | None:
    """The shop's logo as a PNG, if it has one."""
    rows = await tx.fetch(_LOGO, tx.program_id)
    return bytes(rows[0]["logo"]) if rows else None


async def is_made_up(tx: Tx) -> bool:
    """Whether this is a demo, whose people are nobody."""
    rows = await tx.fetch(_MADE_UP, tx.program_id)
    return bool(rows and rows[0]["made_up"])


async def joined_since(tx: Tx) -> int:
    """How many members were written down since this program was founded.

    Example: in a demo whose till was used, those who joined at it; they may be real people.
    """
    return int((await tx.fetch(_SINCE, tx.program_id))[0]["members"])

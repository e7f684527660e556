"""What members did for the shop that somebody has to look at."""

from __future__ import annotations

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.activity import read
from regulars.records.activity.types import Unapproved
from regulars.records.program.parts.advocacy import Advocacy


class Actions(Struct, frozen=True):
    """The actions of the program in force, and what waits, the oldest first."""

    promises: tuple[Advocacy, ...]
    waiting: list[Unapproved]


async def show_advocacy(tx: Tx, terms: Terms, most: int) -> Actions:
    """What the shop rewards beside purchases, and so many of those that wait to be looked at.

    Order: what happened first comes first.
    """
    asked = {
        one.on: one.about or ""
        for version in terms.versions
        for one in version.program.advocacy
        if one.moderated is not None
    }
    waiting = await read.to_approve(tx, sorted(asked.items()), most) if asked else []
    return Actions(terms.at(tx.now).program.advocacy, waiting)

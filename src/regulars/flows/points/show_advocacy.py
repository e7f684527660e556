"""What members did for the shop that somebody has to look at."""

from __future__ import annotations

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.activity import read
from regulars.records.activity.read import Waited
from regulars.records.activity.types import Unapproved
from regulars.records.program.parts.advocacy import Advocacy


class Actions(Struct, frozen=True):
    """The actions of the program in force, and what waits, the oldest first."""

    promises: tuple[Advocacy, ...]
    waiting: list[Unapproved]
    next: Waited | None = None
    """After which the next ones come, if there are more."""


async def show_advocacy(tx: Tx, terms: Terms, most: int, after: Waited | None = None) -> Actions:
    """What the shop rewards beside purchases, and so many of those that wait to be looked at.

    Order: what happened first comes first.
    """
    asked = {
        one.on: one.about or ""
        for version in terms.versions
        for one in version.program.advocacy
        if one.moderated is not None
    }
    found = await read.to_approve(tx, sorted(asked.items()), most + 1, after) if asked else []
    waiting, last = found[:most], None
    if len(found) > most:
        last = (waiting[-1].occurred_at, waiting[-1].activity_id, waiting[-1].member_id)
    return Actions(terms.at(tx.now).program.advocacy, waiting, last)

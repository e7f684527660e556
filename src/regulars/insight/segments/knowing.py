"""What the shop has that conditions may name: read once, for checking and for counting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.segments.compiling import Asked
from regulars.records.community.clubs import read as clubs
from regulars.records.prepared.goods import read as goods
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.conditions import Condition
from regulars.records.program.changes.segments.ground import Ground, Setting, ground_of, plain
from regulars.records.program.changes.segments.reading import Known, read
from regulars.records.tills import read as tills


async def ground(tx: Tx, there: Setting) -> Ground:
    """What conditions stand on now: the program in force, the shop's day, what is saved."""
    saved = {
        code: one if isinstance(one, UUID) else condition_of(one)
        for code, one in (await segments.saved(tx)).items()
    }
    return ground_of(there, saved)


async def known(tx: Tx, there: Setting, itself: str = "") -> Known:
    """The same, with the stores and clubs there are."""
    stores, those = await tills.stores(tx), await clubs.clubs(tx)
    named = frozenset(one.code for one in those)
    ready = await goods.whole(tx)
    return Known(await ground(tx, there), frozenset(stores), named, ready, itself)


def asked(condition: Condition, base: Ground, there: Setting) -> Asked:
    """A condition as it is asked now of members."""
    return Asked(plain(condition, base), base, there.zone)


def condition_of(kept: Any) -> Condition:
    """A condition that was kept; it was read when it was written down."""
    condition, found = read(kept)
    assert condition is not None, found
    return condition

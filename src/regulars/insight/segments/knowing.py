"""What the shop has that conditions may name: read once, for checking and for counting."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.segments.conditions import Condition
from regulars.engine.segments.ground import Ground, ground_of, plain
from regulars.engine.segments.reading import Known, read
from regulars.engine.terms import Terms
from regulars.insight.segments.compiling import Asked
from regulars.records.segments import read as segments
from regulars.records.tills import read as tills


async def ground(tx: Tx, terms: Terms) -> Ground:
    """What conditions stand on now: the program in force, the shop's day, what is saved."""
    version = terms.at(tx.now)
    return ground_of(
        version.program,
        terms.wallet_names,
        day_of(terms, tx.now),
        {code: one if isinstance(one, UUID) else condition_of(one)
         for code, one in (await segments.saved(tx)).items()},
    )  # fmt: skip


async def known(tx: Tx, terms: Terms, itself: str = "") -> Known:
    """The same, with the stores there are."""
    stores = await tills.stores(tx)
    return Known(await ground(tx, terms), frozenset(stores), itself)


def asked(condition: Condition, there: Ground, terms: Terms, now: datetime) -> Asked:
    """A condition as it is asked now of members."""
    return Asked(plain(condition, there), there, str(terms.at(now).zone))


def condition_of(kept: Any) -> Condition:
    """A condition that was kept; it was read when it was written down."""
    condition, found = read(kept)
    assert condition is not None, found
    return condition


def day_of(terms: Terms, now: datetime) -> date:
    """The shop's day at an instant."""
    return now.astimezone(terms.at(now).zone).date()

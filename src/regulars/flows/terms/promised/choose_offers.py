"""For each member of a segment one of several offers is chosen, and given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.terms.promised.desk import giving_on
from regulars.records.program.changes.choices import read, write
from regulars.records.program.changes.choices.expecting import chosen, expected
from regulars.records.program.changes.choices.types import Choice
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.offers import write as give
from regulars.records.program.changes.offers.types import Offer

PORTION: Final = 5_000
"""Members of one transaction."""
AGAIN: Final = timedelta(minutes=10)
"""So long after all of a segment were looked at they are looked at again, for who came since."""
_FIRST: Final = UUID(int=0)


async def walk_choices(tx: Tx, terms: Terms, most: int = PORTION) -> bool:
    """One step for one open choice: what is expected is worked out for the day, a portion of its
    segment is chosen for, or it is closed; whether there is more to do.

    Order: who keeps choices waits first, then who keeps offers. Cut off, the step was never begun.
    Keeps: each choice is made among all of its offers: once one of them is given away, closed or
    over, nobody new is chosen for.
    """
    await write.hold(tx)
    await give.hold(tx)
    version = terms.at(tx.now)
    today = tx.now.astimezone(version.zone).date()
    for one in await read.opened(tx):
        some = await offers.some(tx, one.offers)
        room = min(_room(some.get(id_), today) for id_ in one.offers)
        if room == 0:
            over = replace(one, state="closed", closed_at=tx.now, closed_by="clock")
            await tx.write(write.keep(tx, over))
            return True
        if not _due(tx, one):
            continue
        if one.expects_on != today:
            seen = await read.seen(tx, one, today)
            found = expected(seen, len(one.among))
            await tx.write([write.expects(tx, one, found, today)])
            return True
        await _portion(tx, version, (one, some), (today, min(most, room)))
        return True
    return False


def _room(one: Offer | None, today: date) -> int:
    """How many members may still be given it."""
    if one is None or one.state != "open" or one.over(today):
        return 0
    return max(one.most - one.given, 0)


def _due(tx: Tx, one: Choice) -> bool:
    return one.chosen_after is not None or one.chosen_at is None or one.chosen_at + AGAIN <= tx.now


async def _portion(
    tx: Tx, version: Version, what: tuple[Choice, Mapping[UUID, Offer]], how: tuple[date, int]
) -> None:
    (one, some), (today, most) = what, how
    after = one.chosen_after or _FIRST
    many, last = await read.part(tx, one, after, most)
    drawn = await read.drawn(tx, one, today, after, most)
    made = [chosen(one, each) for each in drawn]
    for arm, offer_id in enumerate(one.among):
        members = [each.member_id for each in made if each.arm == arm]
        if offer_id is None or not members:
            continue
        offer = some[offer_id]
        given = await give.give(tx, offer, members, giving_on(version, offer, today, "choice"))
        assert len(given) == len(members), (one.code, offer.code, len(given), len(members))
    over = many < most
    writes = [write.reached(tx, one, None if over else last, tx.now if over else None)]
    await tx.write([*writes, *([write.made(tx, one, made, today)] if made else [])])

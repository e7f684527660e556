"""What every flow does that looks after campaigns: one of which too much comes back pauses."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.access.staff.read import chosen
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.campaigns.journeys import write as journeys
from regulars.records.outbox.campaigns.returned import read, write
from regulars.records.outbox.campaigns.returned.types import (
    Bearable,
    Suspect,
    Tally,
    TooMuch,
    looked_at,
    too_much,
)
from regulars.records.outbox.campaigns.write import hold_messages

BY: Final = By(words="what came back")
"""Who paused it, in the log."""


async def judge_returned(tx: Tx) -> int:
    """Whatever goes out and had more come back than the shop bears pauses, and says why; how many.

    Order: whoever takes messages waits, and finds it paused: none is sent after this. A step of a
    journey pauses its journey.
    Keeps: what somebody let go on is judged by what was sent since.
    Assumes: nobody else keeps a campaign meanwhile.
    """
    found = await read.suspects(tx)
    if not found:
        return 0
    bounds = bearable(await chosen(tx))
    judged = [(one, *await _judged(tx, one, bounds)) for one in found]
    await tx.write(write.judged(tx, found))
    worst = [(one, tally, why) for one, tally, why in judged if why is not None]
    if any(one.journey_id is not None for one, _, _ in worst):
        await journeys.hold(tx)
    if worst:
        await hold_messages(tx)
    for one, tally, why in worst:
        await tx.write(_paused(tx, one, tally, why))
    return len(worst)


def bearable(settings: Chosen) -> Bearable:
    """How much of what was sent may come back, as the shop decided."""
    of = settings.of
    return Bearable(of("bounces_most"), of("complaints_most"), of("returned_least"))


async def _judged(tx: Tx, one: Suspect, bounds: Bearable) -> tuple[Tally, TooMuch | None]:
    sent = await read.sent(tx, one.campaign_id, looked_at(one, bounds))
    tally = Tally(sent, one.bounces, one.complaints)
    return tally, too_much(tally, bounds)


def _paused(tx: Tx, one: Suspect, tally: Tally, why: TooMuch) -> list[Write]:
    count = tally.complaints if why == "complaints" else tally.bounces
    sort, code = ("journey", one.journey) if one.journey else ("campaign", one.code)
    after = {"name": one.name, "why": why}
    done = Done(BY, f"{sort}.paused", sort, code, before={}, after=after)
    return [*write.pause(tx, one, why, (count, tally.sent)), *acted(tx, [done])]

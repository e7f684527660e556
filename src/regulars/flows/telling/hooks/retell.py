"""What happened is retold in the words that clients of another system's API know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.activity.types import NOBODY
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks.types import SQUARE
from regulars.records.outbox.retold import read, write
from regulars.records.outbox.retold.types import Heard, Reach, Retold
from regulars.records.program import read as programs

MOST: Final = 500
"""Events of one round."""
FOR_EVER: Final = (1 << 63) - 1
STRIDE: Final = 256
"""While nothing happens it is written down after so many transactions that nothing did."""


class Asked(Struct, frozen=True):
    """What is to be retold: these events of ours, as far as somebody wants to hear of it."""

    heard: Sequence[Heard]
    wanted: frozenset[str]
    version: int
    """The version of the program that was told of last; 0 before the first."""
    ruling: int
    """The one that rules now."""


class Retells(Protocol):
    """Who knows the other words."""

    async def __call__(self, tx: Tx, asked: Asked) -> Sequence[Retold]: ...


async def retell_events(tx: Tx, retells: Retells, most: int = MOST) -> bool:
    """Retell what was committed since, once; whether there is more.

    Order: as webhooks are planned: below the oldest transaction that still runs, and what stands
    before one of these in its member's order with it.
    Keeps: what is retold says what was so at that event, as the books have it; it is written down
    then, so that whoever hears it twice hears the same.
    """
    reach = await read.reach(tx, SQUARE)
    if reach is None:
        return False
    here = await following.horizon(tx)
    home = reach.cluster == here.cluster
    begins, below_tx = (reach.below_tx, reach.after_id), here.below_tx if home else FOR_EVER
    found, end = await following.ahead(tx, begins, below_tx, list(EVENTS), most)
    ruling = await programs.ruling(tx)
    if not found and ruling == reach.version and home and end[0] - begins[0] < STRIDE:
        return False
    whole = [*found, *await hooks.earlier(tx, end, list(EVENTS), found)] if found else []
    heard = await read.heard(tx, [one.event_id for one in whole]) if whole else []
    asked = Asked(heard, await read.wanted(tx, SQUARE), reach.version, ruling)
    events, more = await retells(tx, asked), len(found) == most
    ends = Reach(*end, reach.cluster, ruling)
    if not (home or more):  # all of the cluster before is told; this one's numbers begin anew
        ends, more = Reach(0, NOBODY, here.cluster, ruling), True
    await tx.write([*write.tell(tx, events), *write.reached(tx, ends)])
    return more

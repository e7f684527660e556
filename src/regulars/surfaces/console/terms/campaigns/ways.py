"""Several ways of a campaign, beside each other: in sentences, and whether one may stop looking."""

from __future__ import annotations

from typing import NamedTuple

from regulars.base.tx import Tx
from regulars.insight.estimators.comparing.sums import More
from regulars.insight.experiments.campaigns import DAYS
from regulars.insight.experiments.variants import Way, Ways, by_way
from regulars.records.outbox.campaigns.types import WAYS, Campaign
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.changed import Group, group, rounded


class Row(NamedTuple):
    """One way as its reader reads it; `beside` is what it brought beside the first."""

    name: str
    group: Group
    beside: str


class Compared(NamedTuple):
    """All ways, and what is said of them."""

    says: str
    sure: bool
    rows: tuple[Row, ...]
    days: int
    of: int


async def compared(here: Here, tx: Tx, found: Campaign) -> Compared | None:
    """What came of each way; nothing while it is said in one, or nobody read one of them."""
    if not found.variants or found.queued_at is None:
        return None
    begun_on, today = (at.astimezone(here.zone).date() for at in (found.queued_at, tx.now))
    came = await by_way(tx, found.campaign_id, begun_on, today, 1 + len(found.variants))
    if came is None:
        return None
    rows = tuple(
        Row(WAYS[at].upper(), group(here, one.side), _beside(here, one))
        for at, one in enumerate(came.ways)
    )
    return Compared(_says(here, came), came.best is not None, rows, came.days, DAYS)


def _says(here: Here, came: Ways) -> str:
    say = here.reader.say
    if came.best is not None:
        return say(
            "%(way)s is better for sure: you may stop looking, and write like that next time.",
            way=WAYS[came.best].upper(),
        )
    if came.worse:
        worse = ", ".join(WAYS[at].upper() for at in came.worse)
        if came.stop == "over":
            return say(
                "All days are over. Worse than another for sure: %(ways)s. Of the others none is"
                " better for sure: choose what you like.",
                ways=worse,
            )
        return say(
            "Worse than another for sure: %(ways)s. Of the others none is better for sure by now."
            " Look again: these bounds hold at every look.",
            ways=worse,
        )
    if came.stop == "over":
        return say("All days are over, and none is better for sure: choose what you like.")
    return say("None is better for sure by now. Look again: these bounds hold at every look.")


def _beside(here: Here, one: Way) -> str:
    """By bounds that hold at every look."""
    reader, found = here.reader, one.orders_always
    if one.orders is None:
        return "–"
    if not isinstance(found, More):
        return reader.say("not enough to say yet")
    told = {name: reader.number(rounded(100 * getattr(found, name))) for name in _NAMES}
    return reader.say("%(value)s of a hundred (%(low)s to %(high)s)", **told)


_NAMES = ("value", "low", "high")

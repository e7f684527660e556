"""What came back of a campaign or of the steps of a journey, with its share and its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from regulars.insight.estimators.asking.shares import share
from regulars.records.outbox.campaigns.returned.types import Tally
from regulars.records.outbox.campaigns.types import WAYS
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

PAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bounces": N(
            "It paused by itself: too many letters found nobody at their address. Look at where "
            "these addresses come from before you let it go on."
        ),
        "complaints": N(
            "It paused by itself: too many who read it complained. Look at what it says and to "
            "whom before you let it go on."
        ),
    }
)
"""Why something pauses, to whoever may let it go on."""
_MILLION: Final = 1_000_000


class BackRow(NamedTuple):
    """One way or step as its reader reads it."""

    name: str
    sent: str
    bounces: str
    complaints: str


def returned_rows(here: Here, found: Sequence[Tally], several: bool = False) -> list[BackRow]:
    """What came back, a row for each way or step; the way is named where there are several."""
    rows: list[BackRow] = []
    for one in found:
        name = one.step or (WAYS[one.way].upper() if several else "")
        parts = (_part(here, part, one.sent) for part in (one.bounces, one.complaints))
        rows.append(BackRow(name, here.reader.number(one.sent), *parts))
    return rows


def _part(here: Here, part: int, whole: int) -> str:
    """So many, their share, and from where to where it lies."""
    found, reader = share(part, whole), here.reader
    low, high = (
        reader.fine_share(round(end * _MILLION), _MILLION) for end in (found.low, found.high)
    )
    return reader.say(
        "%(n)s: %(share)s (%(low)s to %(high)s)",
        n=reader.number(part), share=reader.fine_share(part, whole), low=low, high=high,
    )  # fmt: skip

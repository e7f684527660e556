"""Who of the shop looks after whom, as plain values; see `tests.model.events`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Hires(NamedTuple):
    """Somebody works here from now on, in these stores or everywhere."""

    name: str
    role: str
    stores: tuple[str, ...] | None = None


class Leaves(NamedTuple):
    """Somebody does not work here any more."""

    name: str


class Assigns(NamedTuple):
    """Somebody of the shop, or whose turn it is, looks after a member from now on."""

    who: str
    benefit: str
    staff: str = ""


class LetsGo(NamedTuple):
    """Nobody looks after a member any more."""

    who: str
    benefit: str


class PassesOn(NamedTuple):
    """All whom somebody looks after go to another one, or each to whose turn it is."""

    staff: str
    to: str = ""


class Follows(NamedTuple):
    """What the worker does each minute: who reached it has somebody, who lost it no more."""


class BringsTier(NamedTuple):
    """A member stood on this step elsewhere, since then and until then."""

    who: str
    tier: str
    since: datetime | None = None
    until: datetime | None = None
    by_rule: bool = False


class BringsCount(NamedTuple):
    """A member used a benefit so often elsewhere, in the month of this day."""

    who: str
    benefit: str
    times: int
    at: datetime


class MovesOver(NamedTuple):
    """What the worker does once a version with another ladder rules, one member after the other."""

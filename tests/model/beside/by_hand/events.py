"""What the shop hands out by hand, as plain values; see `tests.model.events`.

A name of an event is what the machine calls that which comes of it: a code, a use, a tier given.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Tops(NamedTuple):
    """So much money was paid for a gift balance."""

    who: str
    wallet: str
    units: int
    key: str = ""


class Fills(NamedTuple):
    """So many codes from elsewhere are laid into the pool of a reward."""

    reward: str
    name: str
    times: int
    key: str = ""


class Issues(NamedTuple):
    """So many codes for whoever shows them, or one to each of these; the first is `name.0`."""

    reward: str
    name: str
    times: int = 0
    whom: tuple[str, ...] = ()
    ends: datetime | None = None
    key: str = ""


class ShowsCode(NamedTuple):
    """Somebody shows a code at the till."""

    code: str
    key: str = ""


class Withdraws(NamedTuple):
    """A code is taken out of use."""

    code: str
    key: str = ""


class Grants(NamedTuple):
    """A benefit is granted so often, until then or for ever."""

    who: str
    benefit: str
    times: int
    until: datetime | None = None
    key: str = ""


class Uses(NamedTuple):
    """A benefit is used once, perhaps with guests, or booked for a time."""

    who: str
    benefit: str
    name: str
    store: str = ""
    key: str = ""
    guests: int = 0
    at: datetime | None = None


class Rebooks(NamedTuple):
    """An appointment is moved to another time, and has another name then."""

    name: str
    at: datetime
    into: str
    key: str = ""


class StaysAway(NamedTuple):
    """Nobody came to an appointment."""

    name: str
    key: str = ""


class Comes(NamedTuple):
    """Somebody is there for their appointment."""

    name: str
    key: str = ""


class Undoes(NamedTuple):
    """A use is taken back."""

    name: str
    key: str = ""


class GivesTier(NamedTuple):
    """A tier is given, matched or offered; kept by so much credit where it `asks` for any."""

    who: str
    kind: str
    tier: str
    name: str
    days: int | None = None
    """From now; a challenge lasts so long."""
    asks: int | None = None
    key: str = ""


class TurnsTier(NamedTuple):
    """What was offered is accepted, declined or withdrawn; what was given is ended."""

    name: str
    what: str
    key: str = ""


class Erases(NamedTuple):
    """Somebody wants to be forgotten."""

    who: str
    key: str = ""


class TakesBack(NamedTuple):
    """A version of the program is withdrawn, by its number."""

    version: int


class Claims(NamedTuple):
    """Somebody misses what they collected with a partner under this number."""

    who: str
    units: int
    number: str
    name: str
    at: datetime
    key: str = ""


class Disputes(NamedTuple):
    """A partner disputes a line of its account."""

    kind: str
    of: str
    name: str
    key: str = ""


class Decides(NamedTuple):
    """A claim or a dispute is granted or rejected."""

    name: str
    decision: str
    key: str = ""

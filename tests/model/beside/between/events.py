"""What can happen between members, and between them, partners and the shop, as plain values."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Names(NamedTuple):
    """A newcomer names the code of whoever brought them; a mark is a device or an address."""

    who: str
    by: str
    mark: str = ""


class LooksAtFriends(NamedTuple):
    """It is looked what became of all that were named."""


class Forms(NamedTuple):
    """`team` is what the machine calls it."""

    who: str
    challenge: str
    team: str


class Enters(NamedTuple):
    who: str
    team: str


class Leaves(NamedTuple):
    who: str
    challenge: str


class TakesPart(NamedTuple):
    who: str
    challenge: str


class Houses(NamedTuple):
    """Somebody founds a household as its head, or comes to live in it; units a buyer may spend."""

    who: str
    role: str
    limits: tuple[tuple[str, int], ...] = ()


class MovesOut(NamedTuple):
    who: str


class PaysTogether(NamedTuple):
    """Somebody pays a part of a basket with what their household has; so much of it, in cents, or
    as much as can be. Each whose points pay has a redemption `name-who`."""

    who: str
    amount: int
    name: str
    want: int | None = None
    capture: bool = True


class Agrees(NamedTuple):
    """So many cents for so many units from now on; without a limit a partner pays beforehand."""

    partner: str
    kind: str
    wallet: str
    cents: int
    per: int
    limit: int | None = None
    look_back: int = 0


class PartnerPays(NamedTuple):
    partner: str
    cents: int
    number: str


class Collects(NamedTuple):
    """A member collected with a partner (`accrual`), or spent there (`redemption`)."""

    partner: str
    kind: str
    who: str
    wallet: str
    units: int
    number: str
    at: datetime | None = None


class GoesBack(NamedTuple):
    """So much of what a partner told under a number came back; all that is left for 0."""

    partner: str
    kind: str
    of: str
    number: str
    units: int = 0


class Announces(NamedTuple):
    draw: str


class ClosesList(NamedTuple):
    draw: str


class Draws(NamedTuple):
    """A draw is held. Chance decides who wins, so the driver notes it in `won`: who has which
    prize, the first one first; whether that may be is for the reference to say."""

    draw: str
    words: str
    won: list[str]


Between = Names | LooksAtFriends | Forms | Enters | Leaves | TakesPart | Houses | MovesOut
Between |= (
    PaysTogether | Agrees | PartnerPays | Collects | GoesBack | Announces | ClosesList | Draws
)

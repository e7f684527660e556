"""A place on a leaderboard, which board is asked for, and what was decided at its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Asked(Struct, frozen=True):
    """One board in one period: its counter, and how its members are called."""

    counter: int
    period: int
    nicknames: bool
    unlisted: str
    """The attribute that is true of members who are not to be shown."""


class Place(Struct, frozen=True):
    """One place: how somebody is called there, and how much they have."""

    rank: int
    name: str
    score: int


class Ranked(Struct, frozen=True):
    """One place, and whose it is."""

    rank: int
    member_id: UUID
    score: int


class End(Struct, frozen=True):
    """A period of a board that is over and closed: what its places have is decided."""

    board: str
    store: str
    """Empty where it is of all of the program."""
    began_on: int
    """The first day of the period."""
    version: int
    """Whose promise it is."""
    paid: int
    """How many have something."""
    closed_at: datetime


class Paid(Struct, frozen=True):
    """A place that has something, as it was when its period was closed."""

    member_id: UUID
    board: str
    store: str
    began_on: int
    rank: int
    score: int
    prize: int
    """Which of the prizes in the file, from 0."""
    units: int
    """How many points, where it is points."""
    needs: int
    """So much they must still have, where what comes back takes it."""

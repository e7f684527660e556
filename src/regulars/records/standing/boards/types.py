"""A place on a leaderboard, and which board is asked for."""

from __future__ import annotations

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

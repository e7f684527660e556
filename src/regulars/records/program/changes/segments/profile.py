"""What segments may know of a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct


class DayHere(NamedTuple):
    """What a member did on a day in a store; an order is a day on which something is left of it."""

    day: date
    store: str
    ordered: bool
    net_minor: int
    seen: bool


class Profile(Struct, frozen=True):
    """All that segments may know of a member, as of a day.

    `attributes` are those the shop said and those we say, with `joined-on`; `points` by wallet:
    what is there and what is reserved, less debts; `scores` the last answer to each question.
    """

    tier: str | None = None
    attributes: Mapping[str, bool | int | str] = {}
    tags: frozenset[str] = frozenset()
    consents: Mapping[str, str] = {}
    contacts: frozenset[str] = frozenset()
    points: Mapping[str, int] = {}
    days: tuple[DayHere, ...] = ()
    scores: Mapping[str, int] = {}
    lists: frozenset[UUID] = frozenset()
    did: Mapping[str, tuple[tuple[date, int], ...]] = {}
    """By kind of activity, how many of it lie on which day of the shop's."""
    goods: Mapping[tuple[bool, str], tuple[tuple[date, int], ...]] = {}
    """By article (or category) the days on which they bought of it, and what of that stayed, in
    minor units."""
    lapse: int | None = None
    """The chance that they order nothing within 90 days, in thousandths."""
    worth_minor: int | None = None
    """What they are likely to bring within a year, in minor units."""
    clubs: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()
    """Those of memberships that are not over."""

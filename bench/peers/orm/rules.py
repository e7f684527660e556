"""The eight rules of the bench program as plain Python, written by hand for this one program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
TIERS = (("gold", 200_000), ("silver", 50_000), ("bronze", 0))
HIGHEST_COFFEE = 200


class Bought(NamedTuple):
    """A line as the rules see it."""

    category: str
    quantity: int
    amount_minor: int


class Given(NamedTuple):
    """What a sale brings: points, coffee points among them, the local day, what was spent."""

    points: int
    coffee: int
    day: int
    month: int
    spent_minor: int


def points_of(
    lines: Sequence[Bought], occurred_at: datetime, channel: str, tier: str, coffee_so_far: int
) -> Given:
    here = occurred_at.astimezone(ZONE)
    spent = sum(line.amount_minor for line in lines)
    pairs = sum(line.quantity for line in lines if line.category == "coffee") // 2
    coffee = min(pairs * 5, max(HIGHEST_COFFEE - coffee_so_far, 0))
    percent = 50 * (here.weekday() >= 5) + 10 * (channel in ("app", "web"))
    percent += 25 * (tier in ("silver", "gold")) + 25 * (tier == "gold")
    multiplied = (spent + pairs * 500) * percent
    points = (spent * 100 + coffee * 10_000 + multiplied) // 10_000
    if points and spent >= 10_000:
        points += 20
    rolls = sum(line.quantity for line in lines if line.category == "bakery")
    if rolls >= 2 and 6 <= here.hour < 11:
        points += 3
    return Given(points, coffee, here.toordinal(), here.year * 100 + here.month, spent)


def tier_of(credit_by_day: Mapping[int, int], day: int) -> str:
    """The tier that the spending of the last 365 days reaches."""
    credit = sum(value for when, value in credit_by_day.items() if day - 365 < when <= day)
    return next(name for name, at in TIERS if credit >= at)


def lapses_at(occurred_at: datetime) -> datetime:
    """Twelve months on, then to the end of that month."""
    here = occurred_at.astimezone(ZONE)
    years, month = divmod(here.year * 12 + here.month + 12, 12)
    return datetime(years, month + 1, 1, tzinfo=ZONE)


def tier_until(occurred_at: datetime) -> datetime:
    return occurred_at + timedelta(days=365)

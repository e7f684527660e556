"""What the machine draws from: baskets, moments, jumps of the clock; the plain ones first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from tests.model import wall
from tests.model.events import Basket, Details, Sold
from tests.model.kept import Person
from tests.model.reference import World

AMOUNTS = (100, 250, 333, 750, 799, 999, 1000, 1001, 1290, 2500, 5999, 12_345, 0)
CATEGORIES = ("coffee", "coffee", "coffee", "cake", "beans", "gift-card", "")
SKUS = ("", "c1", "c2", "b1")


def _basket(rng: Random) -> Basket:
    lines = tuple(_line(rng) for _ in range(rng.choice((1, 1, 2, 2, 3))))
    net = sum(line.amount - line.discount for line in lines)
    plain = rng.random() < 0.6
    off = 0 if plain else rng.choice((0, 1, 100, net // 3, net))
    return Basket(
        lines,
        order_discount=min(off, net),
        shipping=0 if plain else rng.choice((0, 399)),
        tips=0 if plain else rng.choice((0, 55)),
        in_points=0 if plain else rng.choice((0, 0, min(net - min(off, net), 150))),
    )


def _line(rng: Random) -> Sold:
    amount = rng.choice(AMOUNTS)
    discount = rng.choice((0, 0, 0, amount // 10, amount))
    tax = rng.choice((0, 0, (amount - discount) // 6))
    quantity = rng.choice((1, 1, 2, 3, 5))
    return Sold(amount, rng.choice(CATEGORIES), rng.choice(SKUS), quantity, discount, tax)


BASKETS: Final = (
    *(Basket((Sold(1000, "coffee", "c1", 2),)), Basket((Sold(333, "cake"),))),
    *(_basket(Random(seed)) for seed in range(400)),
)
WHOLES: Final = (*AMOUNTS, 33_333, 99_999)
DETAILS: Final[tuple[Details, ...]] = ((), (("vip", True), ("city", "gold")), (("age", 1),))
STORES: Final = ("", "mitte", "altona")
CHANNELS: Final = ("", "app", "till")
LATE: Final = (
    None, None, None, None, None, timedelta(0), timedelta(seconds=1), timedelta(minutes=31),
    timedelta(hours=5), timedelta(days=1), timedelta(days=29), timedelta(days=400),
    timedelta(hours=-3),
)  # fmt: skip
"""How long before now something happened; nothing: just now, as nobody said when."""
STARTS: Final = (
    datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 9, 59, 59, tzinfo=UTC),
    datetime(2028, 2, 28, 22, 0, tzinfo=UTC),
    datetime(2011, 12, 28, 10, 0, tzinfo=UTC),
    datetime(2026, 10, 24, 21, 0, tzinfo=UTC),
)
UNITS: Final = (100, 0, 1, 5, 20, 300, -1, -3, -20, -1000)
"""What is given or taken by hand; nothing stands for all there is."""
GIFTS: Final = (1, 2, 5, 10, 0, 0, 30, 1000)
"""What members give each other; nothing stands for all there is."""
SECOND: Final = timedelta(seconds=1)
STRETCHES: Final = {
    "a second": SECOND,
    "a minute": timedelta(minutes=1),
    "an hour": timedelta(hours=1),
    "half a day": timedelta(hours=12),
    "a day": timedelta(days=1),
    "a week": timedelta(days=7),
    "a month": timedelta(days=31),
    "a quarter": timedelta(days=90),
    "400 days": timedelta(days=400),
    "nothing": timedelta(0),
    "back an hour": timedelta(hours=-1),
}
EDGES: Final = ("midnight", "month", "end", "hold", "tier", "wait", "term")
AROUND: Final = {"before": -SECOND, "at": timedelta(0), "after": SECOND}
JUMPS: Final = (*STRETCHES, *(f"{side} {edge}" for edge in EDGES for side in AROUND))


def moved(jump: str, now: datetime, world: World) -> datetime:
    """Where the clock stands after a jump; at an edge that is not there it moves an hour."""
    if jump in STRETCHES:
        return now + STRETCHES[jump]
    side, edge = jump.split()
    ahead = [at for at in _edges(edge, now, world) if at + AROUND[side] > now]
    return min(ahead, default=now + timedelta(hours=1)) + AROUND[side]


def _edges(edge: str, now: datetime, world: World) -> list[datetime]:
    terms, people = world.terms(now), world.people.values()
    today = terms.day(now)
    if edge == "midnight":
        return [wall.begins(terms.zone, today + days * wall.DAY) for days in (1, 2)]
    if edge == "month":
        following = wall.after_period("month", today)
        return [wall.begins(terms.zone, following)]
    if edge == "hold":
        return [taken.lapses for taken in world.taken.values() if taken.state == "held"]
    if edge == "tier":
        return [person.until for person in people if person.until]
    if edge in ("wait", "term"):
        waits = [lot.turns for person in people for lot in person.lots if lot.waits and lot.left]
        terms_end = [one.ends for one in world.plans.values() if one.state != "ended"]
        return waits if edge == "wait" else terms_end
    return [end for person in people for end in _ends(person)]


def _ends(person: Person) -> list[datetime]:
    return [lot.ends for lot in person.lots if lot.left and lot.ends.year < 9000]

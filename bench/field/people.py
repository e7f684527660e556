"""Who the members are, row by row, as text for COPY.

Every member has a loyalty number, an opened wallet and a tier: of twenty, sixteen are bronze,
three silver and one gold; who is above bronze made one sale 200 days ago that took them there.
The first `rich` members have four lots of 500 points to spend, or as many as are asked for. All of
it is as the real flows would have left it, so `regulars verify` finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from regulars.records.members.number import check_digit
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.records.trail.types import ENGINE, Steps, pack

PROGRAM = "bench"
MEMBER = "01900000-0000-7000-8000-{:012x}"
"""The id of member 1, 2, 3 …, so that every load generator can name members by number."""
MOVE = "01900000-0000-7000-9000-{:012x}"
SALE = "01900000-0000-7000-a000-{:012x}"
GIFT = "01900000-0000-7000-b000-{:012x}"
LOTS, LOT = 4, 500
"""Who has points to spend has so many lots of so many points."""


class Seeded(NamedTuple):
    """What the peers must know of what was loaded."""

    members: int
    rich: int
    """So many of them have points to spend."""
    credit_counter: int
    limit_counter: int
    today: int
    """The ordinal of the day of loading."""
    lots: int = LOTS
    """How many lots each of the rich has."""


Row = Callable[[int], str]


class Table(NamedTuple):
    """One table: its columns, and the lines of the member with this number ('' for none)."""

    name: str
    columns: str
    row: Row


def since(days: int) -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=days
    )


def tables(seeded: Seeded) -> Iterator[Table]:
    joined, raised, until = (str(since(days)) for days in (400, 200, -165))
    day = seeded.today - 200
    above = {0: ("gold", 250_000)} | dict.fromkeys((1, 2, 3), ("silver", 60_000))
    stands = [above.get(i, ("bronze", 0)) for i in range(20)]
    told = [f'{{"from":null,"to":"{tier}","reason":"reached"}}' for tier, _ in stands]
    packed = [_steps(day, spent) for _, spent in stands]
    me, rich = MEMBER.format, seeded.rich

    yield Table(
        "member",
        "program_id member_id number state joined_at recorded_at",
        lambda i: f"1\t{me(i)}\t{number(i)}\tactive\t{joined}\t{joined}\n",
    )
    yield Table(
        "identifier",
        "program_id kind value member_id linked_at",
        lambda i: f"1\tnumber\t{number(i)}\t{me(i)}\t{joined}\n",
    )
    yield Table(
        "standing",
        "program_id member_id version tier tier_since tier_until",
        lambda i: f"1\t{me(i)}\t{1 + (i <= rich)}\t{stands[i % 20][0]}\t{raised}\t{until}\n",
    )
    yield Table(
        "tier_move",
        "program_id member_id move_id to_tier reason until_at occurred_at recorded_at",
        lambda i: (
            f"1\t{me(i)}\t{MOVE.format(i)}\t{stands[i % 20][0]}\treached\t{until}\t{raised}"
            f"\t{raised}\n"
        ),
    )
    yield Table(
        "outbox",
        "program_id outbox_id member_id sequence type payload recorded_at",
        lambda i: (
            f"1\t{MOVE.format(i)}\t{me(i)}\t1\ttier.changed\t{told[i % 20]}\t{raised}\n"
            + (_gift_told(i, joined, seeded.lots) if i <= rich else "")
        ),
    )
    yield Table(
        "balance",
        "program_id member_id wallet available",
        lambda i: f"1\t{me(i)}\t1\t{seeded.lots * LOT if i <= rich else 0}\n",
    )
    yield from _sales(seeded, stands, packed, (day, raised))
    if rich:
        yield from _riches(rich, seeded.lots, (joined, until))


def _sales(
    seeded: Seeded, stands: Sequence[tuple[str, int]], packed: Sequence[str], at: tuple[int, str]
) -> Iterator[Table]:
    """The one sale of whoever is above bronze; it was made while nothing earned points."""
    me, (day, raised) = MEMBER.format, at

    def once(line: Row) -> Row:
        return lambda i: line(i) if stands[i % 20][1] else ""

    yield Table(
        "counter",
        "program_id member_id counter period value",
        once(lambda i: f"1\t{me(i)}\t{seeded.credit_counter}\t{day}\t{stands[i % 20][1]}\n"),
    )
    yield Table(
        "activity",
        "program_id member_id activity_id kind source external_id occurred_at recorded_at store "
        "channel amount_minor body actor",
        once(
            lambda i: (
                f"1\t{me(i)}\t{SALE.format(i)}\tpurchase\ttill\t\t{raised}\t{raised}\t\ttill"
                f"\t{stands[i % 20][1]}\t{{}}\tbench\n"
            )
        ),
    )
    yield Table(
        "trail",
        "program_id member_id activity_id version engine packed recorded_at",
        once(lambda i: f"1\t{me(i)}\t{SALE.format(i)}\t1\t{ENGINE}\t{packed[i % 20]}\t{raised}\n"),
    )


def _steps(day: int, spent: int) -> str:
    """The trail of a sale that earned nothing but credit, as COPY reads bytes."""
    given = (0,) * len(read_program(load_template(PROGRAM)).rules)
    return "\\\\x" + pack(Steps(1, day, 1, 12, 1, given, credit=spent, credit_period=day)).hex()


def _gift_told(i: int, joined: str, lots: int) -> str:
    gift = GIFT.format(i)
    payload = f'{{"wallet":"points","units":{lots * LOT},"entry_id":"{gift}"}}'
    return f"1\t{gift}\t{MEMBER.format(i)}\t2\tpoints.adjusted\t{payload}\t{joined}\n"


def _riches(rich: int, lots: int, at: tuple[str, str]) -> Iterator[Table]:
    """So many lots of 500 points in one entry by hand, for members who redeem."""
    me, (joined, until) = MEMBER.format, at

    def some(line: Row) -> Row:
        return lambda i: line(i) if i <= rich else ""

    yield Table(
        "entry",
        "program_id member_id entry_id kind cause_id occurred_at recorded_at actor reason",
        some(
            lambda i: (
                f"1\t{me(i)}\t{GIFT.format(i)}\tadjust\t{GIFT.format(i)}\t{joined}\t{joined}"
                "\tbench\tto begin with\n"
            )
        ),
    )
    yield Table(
        "posting",
        "program_id member_id entry_id line wallet account amount",
        some(
            lambda i: (
                f"1\t{me(i)}\t{GIFT.format(i)}\t0\t1\t14\t-{lots * LOT}\n"
                f"1\t{me(i)}\t{GIFT.format(i)}\t1\t1\t1\t{lots * LOT}\n"
            )
        ),
    )
    yield Table(
        "lot",
        "program_id member_id wallet lot_id entry_id cause_id version amount remaining earned_at "
        "expires_at",
        some(
            lambda i: "".join(
                f"1\t{me(i)}\t1\t{GIFT.format(i * lots + n)}\t{GIFT.format(i)}\t{GIFT.format(i)}\t1"
                f"\t{LOT}\t{LOT}\t{joined}\t{until}\n"
                for n in range(lots)
            )
        ),
    )


@cache
def _tails(head: str) -> list[str]:
    """The check digits of ten thousand numbers that begin with `head`.

    A check digit depends on the digits before only through one digit, so they are worked out
    once for each of the ten it can be.
    """
    return _tails_after(check_digit(head))


@cache
def _tails_after(interim: str) -> list[str]:
    stand_in = next(str(d) for d in range(10) if check_digit(str(d)) == interim)
    return [check_digit(f"{stand_in}{tail:04d}") for tail in range(10_000)]


def number(i: int) -> str:
    """The loyalty number of the member with this number."""
    head, tail = f"{5_000_000 + i // 10_000}", i % 10_000
    return f"{head}{tail:04d}{_tails(head)[tail]}"

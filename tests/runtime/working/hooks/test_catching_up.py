"""A webhook that catches up costs what it takes, and holds up no other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.activity.types import NOBODY
from regulars.records.outbox.following import read
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.runtime.working.hooks.duty import Hooks

AT = datetime(2026, 11, 27, tzinfo=UTC)
TYPES = ("points.earned",)


class Books:
    """A million events, one for each transaction but where there are none; counts what is read."""

    program_id = 1

    def __init__(self, *, none_below: int = 0) -> None:
        self.none_below = none_below
        self.looked_at = 0

    async def fetch(self, _: str, *args: Any) -> list[dict[str, Any]]:
        from_tx, below_tx, after_id, most = args[1], args[2], args[3], args[5]
        first = max(from_tx, self.none_below)
        self.looked_at += max(below_tx - first, 0)
        rows = [self._row(number) for number in range(first, min(below_tx, first + most + 1))]
        past = [one for one in rows if (one["recorded_tx"], one["outbox_id"]) > (from_tx, after_id)]
        return past[:most]

    def _row(self, number: int) -> dict[str, Any]:
        return {
            "outbox_id": UUID(int=number + 1), "member_id": UUID(int=1), "sequence": number,
            "type": TYPES[0], "recorded_at": AT, "recorded_tx": number,
        }  # fmt: skip


def test_a_round_reads_a_few_times_what_it_gives_however_much_waits() -> None:
    books = Books()
    tx = cast("Tx", books)
    at, seen = (0, NOBODY), []
    for _ in range(4):
        found, at = asyncio.run(read.ahead(tx, at, 1_000_000, TYPES, 500))
        seen += [one.recorded_tx for one in found]
    assert seen == list(range(2000))
    assert books.looked_at < 5 * 4 * 500


def test_where_nothing_happened_it_goes_on_in_great_strides() -> None:
    books = Books(none_below=900_000)
    found, at = asyncio.run(read.ahead(cast("Tx", books), (0, NOBODY), 1_000_000, TYPES, 500))
    assert [one.recorded_tx for one in found] == list(range(900_000, 900_500))
    assert at == (900_499, found[-1].event_id)
    end = asyncio.run(read.ahead(cast("Tx", Books()), (999_900, NOBODY), 1_000_000, TYPES, 500))
    assert (len(end[0]), end[1]) == (100, (1_000_000, NOBODY))


def test_what_is_due_goes_out_while_another_program_catches_up() -> None:
    sent: list[Way] = []

    class Slow:
        async def plan(self, _: int) -> None:
            await asyncio.sleep(60)

        async def send(self, way: Way) -> int:
            sent.append(way)
            return 1

        async def close(self, but: frozenset[Way] = frozenset()) -> None:
            """Nothing is open."""

    class Owner:
        async def fetch(self, _: str, *at: datetime) -> list[dict[str, Any]]:
            if not at:  # nobody wants anything once more
                return []
            return [{"program_id": 1, "hook_id": UUID(int=7), "form": "standard", "due": True}]

    class Clock:
        def clock(self) -> datetime:
            return AT

    async def a_look() -> None:
        duty = Hooks(cast("Dispatcher", Slow()), cast("Any", Clock()), "")
        await asyncio.wait_for(duty._look(cast("Any", Owner())), 1)
        await asyncio.sleep(0)
        await duty.stop()

    asyncio.run(a_look())
    assert sent == [Way(1, UUID(int=7))]

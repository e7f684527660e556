"""Duties that go on beside the others: none waits for them, and no program for another."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from regulars.runtime.supervising.priority import LESS
from regulars.runtime.working.duties import Beside, EachBeside, Turn

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SOON = timedelta(seconds=1)


def test_what_something_that_gave_way_begins_gives_way_as_much() -> None:
    """A worker begins errands: neither is behind the other, and both are behind the tills."""
    says = "import os; from regulars.runtime.supervising.priority import give_way as give;"
    says += "give(); print(os.nice(0)); give(); print(os.nice(0))"
    began = os.nice(0)
    told = subprocess.run([sys.executable, "-c", says], capture_output=True, check=True, text=True)
    assert told.stdout.split() == [str(max(LESS, began))] * 2


def played(play: Callable[[], object]) -> None:
    asyncio.run(asyncio.wait_for(play(), 5))  # type: ignore[arg-type]


async def breaks() -> None:
    raise ZeroDivisionError


def test_a_round_begins_where_none_goes_on_and_nobody_waits_for_it() -> None:
    begun: list[int] = []

    async def slow() -> None:
        begun.append(2)
        await asyncio.sleep(3_600)

    async def turns() -> list[Turn]:
        begun.append(1)
        return [Turn(1, breaks), Turn(2, slow)]

    async def play() -> None:
        duty = Beside("slow", SOON, turns)
        for _ in range(3):
            await duty.run(NOW)
            await asyncio.sleep(0.01)
        assert begun == [1, 2], "what breaks stops nobody, and one round is enough"
        await duty.stop()
        await duty.run(NOW)
        await asyncio.sleep(0.01)
        assert begun == [1, 2, 1, 2]
        await duty.stop()

    played(play)


def test_a_round_that_does_not_know_what_is_due_is_begun_again() -> None:
    asked: list[int] = []

    async def turns() -> list[Turn]:
        asked.append(1)
        raise OSError

    async def play() -> None:
        duty = Beside("away", SOON, turns)
        for _ in range(2):
            await duty.run(NOW)
            await asyncio.sleep(0.01)
        assert len(asked) == 2
        await duty.stop()

    played(play)


def test_what_goes_on_may_end_by_itself() -> None:
    done: list[int] = []

    async def sends() -> None:
        await asyncio.sleep(0.05)
        done.append(1)

    async def turns() -> list[Turn]:
        return [Turn(1, sends)]

    async def play(grace_s: float) -> None:
        duty = Beside("sends", SOON, turns, grace_s)
        await duty.run(NOW)
        await asyncio.sleep(0.01)
        await duty.stop()

    played(lambda: play(1))
    assert done == [1]
    played(lambda: play(0))
    assert done == [1], "the control: without any grace it is cut off"


def test_many_go_on_each_by_itself_but_not_all_at_once() -> None:
    begun: list[int] = []
    free = asyncio.Event()

    async def one(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ZeroDivisionError
        await free.wait()

    async def turns() -> list[tuple[UUID, Turn]]:
        return [(UUID(int=n), Turn(n, partial(one, n))) for n in range(4)]

    async def play() -> None:
        duty = EachBeside("many", SOON, 2, turns)
        await duty.run(NOW)
        await asyncio.sleep(0.01)
        assert begun == [0, 1], "two at once"
        await duty.run(NOW)
        await asyncio.sleep(0.01)
        assert begun == [0, 1, 0], "who broke has another turn, who goes on has none beside it"
        free.set()
        await duty.ended()
        await duty.stop()

    played(play)

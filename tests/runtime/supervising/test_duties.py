"""Duties that go on beside the others: none waits for them, and no program for another."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from uuid import UUID

import pytest

from regulars.flows.midnight import lapse_holds, review_tiers
from regulars.flows.terms.move_over import move_over
from regulars.flows.terms.rates.rate_again import rate_again
from regulars.runtime.embedded import Cluster
from regulars.runtime.supervising.priority import LESS
from regulars.runtime.working import night
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


class Slow(night.Night):
    """A night whose steps end when somebody lets them."""

    def __init__(self) -> None:
        super().__init__(None, SimpleNamespace(forget=lambda _: None))  # type: ignore[arg-type]
        self.begun: list[tuple[int, str]] = []
        self.may_end = asyncio.Event()

    async def midnight(self, program_id: int, now: datetime) -> None:
        for name in ("review_tiers", "expire_lots"):
            await self._do(program_id, name, now.date())

    async def _repeat(self, program_id: int, step: night.Step, counted: object) -> None:
        self.begun.append((program_id, step.__name__))
        if step in (review_tiers, move_over):
            await self.may_end.wait()


def test_while_a_night_works_the_others_go_on_and_nothing_is_done_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def programs(_: str) -> list[tuple[int, timedelta]]:
        return [(1, timedelta(0))]

    monkeypatch.setattr(night, "programs_ahead", programs)

    async def play() -> None:
        slow = Slow()
        duty = night.beside("midnight", SOON, slow.midnight_alone, "", lambda: NOW)
        await duty.run(NOW)
        await asyncio.sleep(0.01)
        assert slow.begun == [(1, "review_tiers")], "it is at work, and nobody waits for it"
        await slow.until_done(1, lapse_holds)
        await slow.until_done(1, review_tiers)  # the night is at it
        await slow.alone_until_done(rate_again, 1, NOW)  # it comes to that itself
        await slow.midnight_alone(1, NOW)
        await slow.alone_until_done(rate_again, 2, NOW)
        assert slow.begun[1:] == [(1, "lapse_holds"), (2, "rate_again")]
        slow.may_end.set()
        await duty.ended()
        assert slow.begun[3:] == [(1, "expire_lots")]

    played(play)


def test_a_night_waits_for_what_is_done_of_a_step_by_its_own_clock() -> None:
    async def play() -> None:
        slow = Slow()
        own = asyncio.create_task(slow.until_done(1, review_tiers))
        await asyncio.sleep(0)
        whole = asyncio.create_task(slow.midnight_alone(1, NOW))
        await asyncio.sleep(0.01)
        assert slow.begun == [(1, "review_tiers")]
        slow.may_end.set()
        await asyncio.gather(own, whole)
        assert slow.begun[1:] == [(1, "review_tiers"), (1, "expire_lots")]

    played(play)


def test_what_may_take_hours_is_no_part_of_the_row(cluster: Cluster) -> None:
    async def play() -> None:
        async with night.duties(cluster.settings) as them:
            beside = {duty.name for duty in them if isinstance(duty, Beside)}
            in_a_row = {duty.name for duty in them if isinstance(duty, night.EveryProgram)}
        assert {"midnight", "terms", "rates", "pending points"} <= beside
        assert {"lapse holds", "late sales"} <= in_a_row

    played(play)

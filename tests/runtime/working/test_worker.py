"""Of several workers one is on duty; when it falls the next takes over; one bug stops nobody."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import pytest

from regulars.runtime.working import worker


@dataclass
class Round:
    """A duty that only notes when it was done."""

    name: str = "round"
    every: timedelta = timedelta(milliseconds=5)
    done_at: list[datetime] = field(default_factory=list)

    async def run(self, now: datetime) -> None:
        self.done_at.append(now)


class Broken(Round):
    """A duty with a bug."""

    async def run(self, now: datetime) -> None:
        await super().run(now)
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK_AGAIN_S", 0.02)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.01)


def test_only_one_worker_is_on_duty_and_the_next_takes_over(fresh_database) -> None:
    async def story() -> None:
        duties = [Round("first"), Round("second")]
        stops = [asyncio.Event(), asyncio.Event()]
        tasks = [
            asyncio.create_task(worker.work(fresh_database.app_dsn, [duty], stop))
            for duty, stop in zip(duties, stops, strict=True)
        ]
        await until(lambda: any(duty.done_at for duty in duties))
        on = 0 if duties[0].done_at else 1
        await until(lambda: len(duties[on].done_at) > 5)
        assert duties[1 - on].done_at == []
        stops[on].set()
        await tasks[on]
        done = len(duties[on].done_at)
        await until(lambda: len(duties[1 - on].done_at) > 5)
        assert len(duties[on].done_at) == done
        stops[1 - on].set()
        await tasks[1 - on]

    asyncio.run(story())


def test_a_duty_with_a_bug_does_not_keep_the_others_from_being_done(fresh_database) -> None:
    async def story() -> None:
        broken, sound, stop = Broken("broken"), Round("sound"), asyncio.Event()
        task = asyncio.create_task(worker.work(fresh_database.app_dsn, [broken, sound], stop))
        await until(lambda: len(broken.done_at) > 2 and len(sound.done_at) > 2)
        stop.set()
        await task

    asyncio.run(story())


@pytest.mark.parametrize("every", [timedelta(milliseconds=5), timedelta(0)])
def test_a_cut_connection_is_made_anew_and_duties_go_on(fresh_database, every: timedelta) -> None:
    """Cut between two questions, or (without a pause) amid one, again and again."""

    async def story() -> None:
        duty, stop = Round(every=every), asyncio.Event()
        task = asyncio.create_task(worker.work(fresh_database.app_dsn, [duty], stop))
        axe = await asyncpg.connect(fresh_database.app_dsn)
        for _ in range(20):
            done = len(duty.done_at)
            await until(lambda done=done: task.done() or len(duty.done_at) > done + 2)
            cut = await axe.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
            assert cut == 1
        await axe.close()
        stop.set()
        await task

    asyncio.run(story())


def test_a_driver_that_loses_its_thread_is_a_database_away(
    fresh_database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        duty, stop, asked = Round(), asyncio.Event(), []
        connect = asyncpg.connect

        async def loses_its_thread_once(dsn: str) -> object:
            asked.append(dsn)
            if len(asked) == 1:
                raise asyncpg.InternalClientError
            return await connect(dsn)

        monkeypatch.setattr(worker.asyncpg, "connect", loses_its_thread_once)
        task = asyncio.create_task(worker.work(fresh_database.app_dsn, [duty], stop))
        await until(lambda: task.done() or len(duty.done_at) > 2)
        stop.set()
        await task
        assert len(asked) == 2

    asyncio.run(story())

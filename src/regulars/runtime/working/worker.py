"""The worker: of all that run, one at a time holds the lock and does what the clock asks for."""

import asyncio
import importlib
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final

import asyncpg
import structlog
import uvloop

from regulars.runtime.installation.addresses import addresses
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.logs import set_up_logs
from regulars.runtime.observing.board import on_board
from regulars.runtime.observing.duties import Counted, look
from regulars.runtime.observing.numbers import Numbers
from regulars.runtime.serving.memory import settle_memory
from regulars.runtime.storage.away import AWAY
from regulars.runtime.storage.database import utc_now
from regulars.runtime.supervising.lifeline import die_with_parent
from regulars.runtime.supervising.priority import give_way
from regulars.runtime.working.duties import Duty

TURN: Final = 7_246_932
LOOK_AGAIN_S: Final = 2.0

log = structlog.get_logger()

Assign = Callable[[Settings], AbstractAsyncContextManager[Sequence[Duty]]]


async def work(app_dsn: str, assigned: Sequence[Duty], stop: asyncio.Event) -> None:
    """Do the duties while we hold the lock; wait for it while another worker does."""
    while not stop.is_set():
        try:
            connection = await asyncpg.connect(app_dsn)
        except AWAY as outage:
            log.warning("worker.database_away", error=str(outage))
        else:
            try:
                await _work_while_connected(connection, assigned, stop)
            except AWAY as outage:
                log.warning("worker.database_lost", error=str(outage))
            finally:
                connection.terminate()
        await _pause(stop, LOOK_AGAIN_S)


async def _work_while_connected(
    connection: Any, assigned: Sequence[Duty], stop: asyncio.Event
) -> None:
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", TURN):
        await _pause(stop, LOOK_AGAIN_S)
        if stop.is_set():
            return
    log.info("worker.on_duty", duties=[duty.name for duty in assigned])
    due = dict.fromkeys(range(len(assigned)), 0.0)
    while not stop.is_set():
        for number, duty in enumerate(assigned):
            if due[number] <= time.monotonic() and not stop.is_set():
                await _do(duty)
                due[number] = time.monotonic() + duty.every.total_seconds()
        # The lock is ours only as long as this connection is; asking is how we learn.
        await connection.execute("SELECT 1")
        next_due = min(due.values(), default=float("inf")) - time.monotonic()
        await _pause(stop, max(0.0, min(LOOK_AGAIN_S, next_due)))


async def _do(duty: Duty) -> None:
    try:
        await duty.run(utc_now())
    except Exception:
        # The edge of the process: one duty's bug must not keep the others from being done.
        log.exception("worker.duty_failed", duty=duty.name)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def run_worker(settings: Settings, target: str) -> None:
    """Run the duties named by `module:function` until told to stop."""
    set_up_logs(settings, "worker")
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    module, _, name = target.partition(":")
    assign: Assign = getattr(importlib.import_module(module), name or "duties")
    numbers = Numbers(part="worker")
    async with assign(settings) as assigned:
        counted = [Counted(duty, numbers) for duty in assigned]
        settle_memory()
        async with on_board(settings, numbers, lambda: look(numbers)):
            await work(addresses(settings).app, counted, stop)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    give_way()
    uvloop.run(run_worker(read_settings(), sys.argv[1]))

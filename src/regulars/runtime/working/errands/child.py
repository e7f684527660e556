"""The program of one attempt at one errand; its order comes on the standard input."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import msgspec
import structlog

from regulars.base.faults import Fault, Outage
from regulars.flows.errands.carry_errands import end_errand, tell_errand
from regulars.records.errands.types import State
from regulars.records.program.problems import ProgramFault
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.logs import set_up_logs
from regulars.runtime.serving.gate import LOST
from regulars.runtime.storage.database import Database
from regulars.runtime.supervising.lifeline import die_with_parent
from regulars.runtime.supervising.priority import give_way
from regulars.runtime.working.errands.bringing import bring
from regulars.runtime.working.errands.order import AWAY_CODE, Order, Telling
from regulars.runtime.working.errands.taking_back import take_back, weigh
from regulars.runtime.working.errands.trying import try_draft

TELL_EVERY_S: Final = 0.5
MOST_MEMORY: Final = 4 << 30
"""Bytes of its own; who wants more is told so, instead of everything else going without."""
TOO_LARGE: Final = (
    "this needs more memory than such a job may take here; "
    "use `regulars replay` or `regulars import` at the command line"
)
AWAY: Final = (Outage, ConnectionError, *(one for one in LOST if not issubclass(one, OSError)))
"""What a deed meets when the database goes away; a full disk or a lost file is none of it."""
Deed = Callable[[Order, Telling], Awaitable[dict[str, Any]]]
DEEDS: Final[dict[str, Deed]] = {
    "trial": try_draft,
    "check": bring,
    "import": bring,
    "undo_check": weigh,
    "undo": take_back,
}

log = structlog.get_logger()


async def carry_out(order: Order, deed: Deed) -> None:
    """Do it, tell how far it is, and keep what came of it.

    Order: as soon as another attempt has begun, this one ends at once and writes nothing. Where the
    database goes away, it ends at once and says so by its code: that is no fall.
    """
    try:
        await _carry_out(order, deed)
    except AWAY as outage:
        log.warning("errand.outage", errand_id=str(order.errand_id), says=str(outage))
        os._exit(AWAY_CODE)


async def _carry_out(order: Order, deed: Deed) -> None:
    with _asked():
        database = await Database.connect(order.app, size=1)
    telling = Telling()
    work = asyncio.ensure_future(deed(order, telling))
    while not work.done():
        await asyncio.wait([work], timeout=TELL_EVERY_S)
        if not await _may_go_on(database, order, telling):
            os._exit(0)
    came = _came(order, work)
    with _asked():
        async with database.transaction(order.program_id) as tx:
            await end_errand(tx, order.errand_id, order.tries, came)
    await database.close()


async def _may_go_on(database: Database, order: Order, telling: Telling) -> bool:
    with _asked():
        async with database.transaction(order.program_id) as tx:
            return await tell_errand(tx, order.errand_id, order.tries, telling.how_far)


@contextmanager
def _asked() -> Iterator[None]:
    """Only the database is asked in here: whatever is lost, it is away. Faults: Outage."""
    try:
        yield
    except LOST as error:
        raise Outage("the database does not answer") from error


def _came(
    order: Order, work: asyncio.Future[dict[str, Any]]
) -> tuple[State, str, dict[str, Any] | None]:
    """What is kept; a mistake of ours falls instead, and is tried again."""
    try:
        return "done", "", work.result()
    except ProgramFault as fault:
        one = fault.problems[0]
        return "failed", f"line {one.line}: {one.what}", None
    except Fault as fault:
        return "failed", fault.says, None
    except MemoryError:
        log.warning("errand.too_large", errand_id=str(order.errand_id))
        return "failed", TOO_LARGE, None


def bound_memory() -> None:
    """Let this program take so much memory and no more."""
    with suppress(ValueError, OSError):  # a stricter bound stands already, or none can be set
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def main() -> None:
    """Read the order and do it."""
    die_with_parent(int(sys.argv[1]))
    bound_memory()
    give_way()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    set_up_logs(read_settings(owner=False), "errand")
    asyncio.run(carry_out(order, DEEDS[order.kind]))


if __name__ == "__main__":
    if os.getppid() == int(sys.argv[1]):
        main()

"""How long we wait for a body: one clock for all of them, since each of its own costs too much."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Final

from regulars.surfaces.api.faults import TooSlow

PATIENCE_S: Final = 20.0
LOOK_S: Final = 1.0


class Patience:
    """Ends the waiting of requests whose body does not come; one for an application.

    A timer for each request costs ten microseconds; to look once a second who waits too long
    costs none.
    """

    def __init__(self) -> None:
        self._since: dict[asyncio.Task[Any], float] = {}
        self._ended: set[asyncio.Task[Any]] = set()
        self._looking = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        loop = task.get_loop()
        if not self._looking:
            self._looking = True
            loop.call_later(LOOK_S, self._look, loop)
        self._since[task] = loop.time()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._since.pop(task, None)
        if self._ended and task in self._ended:
            self._ended.discard(task)
            task.uncancel()
            if kind is asyncio.CancelledError:
                raise TooSlow(f"the body did not arrive within {PATIENCE_S:g} seconds")

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        late = loop.time() - PATIENCE_S
        for task in [task for task, since in self._since.items() if since <= late]:
            self._since.pop(task)
            self._ended.add(task)
            task.cancel()
        self._looking = bool(self._since)
        if self._looking:
            loop.call_later(LOOK_S, self._look, loop)

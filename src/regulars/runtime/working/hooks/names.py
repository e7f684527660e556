"""Which addresses a name has: a name server that takes its time holds up nobody but who asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from regulars.surfaces.senders.outgoing.client import TooSlow

LOOK_S: Final = 3.0
"""So long one waits for a name; the look-up itself cannot be called off and goes on."""
AT_ONCE: Final = 64
"""Look-ups at the same time. They have threads of their own, as some never end in time."""
_THREADS: Final = ThreadPoolExecutor(AT_ONCE, "names")

Found = Sequence[Any]
"""What `socket.getaddrinfo` answers."""


class Names:
    """Looks names up for one client: each name once at a time, whoever waits for it."""

    def __init__(
        self, ask: Callable[..., Found] = socket.getaddrinfo, patience_s: float = LOOK_S
    ) -> None:
        self._ask = ask
        self._patience_s = patience_s
        self._asked: dict[tuple[str, int], asyncio.Future[Found]] = {}

    async def __call__(self, host: str, port: int) -> list[str]:
        """Its addresses, each once. Raises TooSlow, or OSError for a name that is none."""
        flying = self._flying((host, port))
        try:
            async with asyncio.timeout(self._patience_s):
                found = await asyncio.shield(flying)
        except TimeoutError:
            raise TooSlow from None
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _flying(self, name: tuple[str, int]) -> asyncio.Future[Found]:
        if name not in self._asked:
            loop = asyncio.get_running_loop()
            flying = loop.run_in_executor(_THREADS, self._look, *name)
            flying.add_done_callback(lambda done: self._over(name, done))
            self._asked[name] = flying
        return self._asked[name]

    def _look(self, host: str, port: int) -> Found:
        return self._ask(host, port, type=socket.SOCK_STREAM)

    def _over(self, name: tuple[str, int], done: asyncio.Future[Found]) -> None:
        del self._asked[name]
        if not done.cancelled():
            done.exception()  # nobody may wait any more, and then it is nobody's

"""How much memory programs hold while something large goes through them."""

from __future__ import annotations

import threading
from contextlib import suppress
from types import TracebackType

import psutil

MIB = 1 << 20
LOOK_EVERY_S = 0.2


class Scales:
    """Weighs a program and all it starts, again and again; keeps the most each of them held.

    Units: MiB that lie in memory. A program that has just begun is light, so growth is told from
    what it held when the weighing began, and the most is told of each by itself.
    """

    def __init__(self, *pids: int) -> None:
        self._roots = [psutil.Process(pid) for pid in pids]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self.first: dict[int, int] = {}
        self.most: dict[int, int] = {}

    def __enter__(self) -> Scales:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def heaviest(self) -> int:
        """What the heaviest of these programs held at most."""
        return max(self.most.values())

    @property
    def grew(self) -> int:
        """By how much the one grew that grew most since it was first seen."""
        return max(self.most[pid] - self.first[pid] for pid in self.first)

    def _go(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        for root in self._roots:
            with suppress(psutil.NoSuchProcess):
                for one in (root, *root.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess):
                        held = one.memory_info().rss // MIB
                        self.first.setdefault(one.pid, held)
                        self.most[one.pid] = max(held, self.most.get(one.pid, 0))

"""Whether the disk is so slow that the next batch is decided while one is written (ADR 0271)."""

from __future__ import annotations

from typing import Final

WORTH: Final = 4
"""A second batch in flight pays when going to the disk takes over a quarter of deciding."""
_MEMORY: Final = 16
"""About so many batches are remembered."""


class Pace:
    """How long batches took of late: to be decided, and then to reach the disk."""

    def __init__(self) -> None:
        self._deciding = self._flushing = 0.0

    def note(self, decided: float, flushed: float) -> None:
        """One batch more, in seconds; what was long ago counts for less and less."""
        self._deciding += (decided - self._deciding) / _MEMORY
        self._flushing += (flushed - self._flushing) / _MEMORY

    @property
    def disk_is_slow(self) -> bool:
        """Whether the processor would wait for the disk.

        Order: before the first batch nothing is known, and the disk is taken for slow.
        Example: batches of 12 ms that flush in 1 ms wait for each other; with 4 ms they overlap.
        """
        return self._flushing * WORTH >= self._deciding

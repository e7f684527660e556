"""How often somebody may show a code that opens nothing, before no further one is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from regulars.base.faults import Refused
from regulars.surfaces.api.answers import No

WINDOW_S: Final = 900.0
MOST_WRONG: Final = 20
"""From a hundred addresses that are two thousand tries in a quarter of an hour: of forty bits, one
of ten codes that are open is found once in some fifteen hundred years."""
MOST_REMEMBERED: Final = 10_000


class Guesses:
    """Wrong codes by where they came from, kept in this process for a quarter of an hour.

    Order: the try is counted before it is looked up, so that a hundred at once are a hundred.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._tried: dict[str, tuple[float, int]] = {}

    def count(self, address: str) -> None:
        """One try more. Raises: No (`too_many_tries`), alike for right codes and wrong ones."""
        now = self._ticks()
        began, tries = self._tried.get(address, (now, 0))
        if now - began >= WINDOW_S:
            began, tries = now, 0
        if tries >= MOST_WRONG:
            seconds = max(1, int(began + WINDOW_S - now) + 1)
            says = "this was tried too often; wait a while and try again"
            raise No(Refused("too_many_tries", says, {"retry_after_seconds": seconds}))
        if len(self._tried) >= MOST_REMEMBERED:
            self._tried.clear()
        self._tried[address] = (began, tries + 1)

    def right(self, address: str) -> None:
        """The code opened something: that was no guess."""
        self._tried.pop(address, None)

"""What takes long to add up is added up once a minute, for all who look."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final, Generic, TypeVar

from regulars.base.tx import Tx
from regulars.surfaces.console.here import Here

KEPT_S: Final = 60.0
Found = TypeVar("Found")


class Minutely(ABC, Generic[Found]):
    """Of each shop what was found, at most a minute old: a million rows are not read for every
    visit."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[float, Found]] = {}

    @abstractmethod
    async def look(self, tx: Tx, here: Here) -> Found:
        """Add it up."""

    async def kept(self, here: Here) -> Found:
        """What was found within the last minute, or is found now."""
        until, found = self._kept.get(here.terms.program_id, (0.0, None))
        if found is None or until <= here.given.ticks():
            async with here.transaction as tx:
                found = await self.look(tx, here)
            self._kept[here.terms.program_id] = here.given.ticks() + KEPT_S, found
        return found

"""What the worker does by the clock, and how the parts it needs come to life."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

from regulars.runtime.installation.settings import Settings


class Duty(Protocol):
    """Something that must be done again and again; doing it twice does no harm."""

    @property
    def name(self) -> str:
        """What the log calls it."""

    @property
    def every(self) -> timedelta:
        """How long after one round the next is due."""

    async def run(self, now: datetime) -> None:
        """Do what is due at this instant; what is left undone is found the next time."""


@asynccontextmanager
async def duties(settings: Settings) -> AsyncIterator[Sequence[Duty]]:
    """The duties of this installation, alive for as long as the block lasts."""
    yield ()

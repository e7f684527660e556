"""The duties that look elsewhere: files and streams that are read, extracts that are put there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.working.duties import EachBeside
from regulars.runtime.working.errands.extract_duty import Extracts, extracting
from regulars.runtime.working.errands.settling import settling
from regulars.runtime.working.inlets.feeding import feeding
from regulars.runtime.working.inlets.streaming import streaming
from regulars.runtime.working.senders import guard_of, keyed_of, outside_of, reach_of


@asynccontextmanager
async def elsewhere(
    settings: Settings, where: Addresses
) -> AsyncIterator[tuple[EachBeside, EachBeside, Extracts, EachBeside]]:
    """The duties of this installation, for as long as the block lasts."""
    keyed = keyed_of(settings)
    async with (
        feeding(where.owner, where.app, keyed, reach_of(settings)) as files,
        streaming(where.owner, where.app, keyed, guard_of(settings)) as streams,
        extracting(where, keyed, outside_of(settings), settings.home) as fresh,
        settling(where, keyed, outside_of(settings), settings.home) as settled,
    ):
        yield files, streams, fresh, settled

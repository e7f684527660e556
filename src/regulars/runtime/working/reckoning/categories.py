"""The duty that reckons each week what members buy from next."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.flows.membership.office.keep_categories import end_category_run, say_categories
from regulars.records.prepared import read as rows
from regulars.records.standing.categories import read
from regulars.records.standing.categories.types import CategoryRun, Stretch
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

AT_ONCE: Final = 2_000
WEEK: Final = timedelta(days=7)
LOOKS_BACK: Final = timedelta(days=2 * 365)
"""A year before each of the origins that it is judged at."""
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
_BEGAN: Final = date(1970, 1, 1)


class Categories:
    """Reckons for one installation; whoever holds the worker's lock runs it.

    Keeps: a run is over when its row is there; cut off before, all of it is done again, and says
    the same. Order: after the prepared rows, of which all are there.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database, self._programs = database, programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Reckon as of the day that ended last, where nobody did within a week."""
        terms = await self._programs.terms(program_id)
        zone = terms.at(now).zone
        here = now.astimezone(zone)
        as_of = here.date() - timedelta(days=1)
        began = here.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.transaction(program_id) as tx:
            before = await read.last_run(tx)
            if before is not None and before.as_of > as_of - WEEK:
                return
            if not await rows.whole(tx, began):
                return  # asked again in some minutes
        from regulars.insight.estimators.buying import next_category as asked

        members, names, columns = await self._bought(program_id, as_of, zone.key)
        sold, today = asked.Sold(*columns), (as_of - _BEGAN).days
        found = await asyncio.to_thread(asked.next_category, sold, today) if names else None
        said: dict[UUID, str] = {}
        told: dict[str, Any] = {"missing": {"what": "groups", "have": 0, "wanted": 2}}
        if isinstance(found, asked.Next):
            numbers = zip(found.member.tolist(), found.category.tolist(), strict=True)
            said = {members[member]: names[category] for member, category in numbers}
            told = {"tried": msgspec.to_builtins(found.tried)}
        elif isinstance(found, asked.NotBetter):
            told = {"tried": msgspec.to_builtins(found.tried), "missing": {"what": "better"}}
        elif found is not None:
            told = {"missing": msgspec.to_builtins(found)}
        for these in _stretches(said):
            async with self._database.transaction(program_id) as tx:
                await say_categories(tx, these)
        run = CategoryRun(as_of, now, len(said), asked.VERSION if said else "", told)
        async with self._database.transaction(program_id) as tx:
            await end_category_run(tx, run)

    async def _bought(
        self, program_id: int, as_of: date, zone: str
    ) -> tuple[list[UUID], list[str], tuple[Any, ...]]:
        """Members, categories, and a row for each day on which one bought from the other."""
        members: list[UUID] = []
        names: dict[str, int] = {}
        columns = array("q"), array("q"), array("q")
        after: UUID | None = FIRST
        span = (as_of - LOOKS_BACK, as_of)
        while after is not None:
            async with self._database.transaction(program_id) as tx:
                after, found = await read.bought(tx, after, AT_ONCE, span, zone)
            for row in found:
                if not members or row["member_id"] != members[-1]:
                    members.append(row["member_id"])
                columns[0].append(len(members) - 1)
                columns[1].append(row["day"])
                columns[2].append(names.setdefault(row["category"], len(names)))
        import numpy as np

        return members, list(names), tuple(np.array(column, dtype=np.int64) for column in columns)


def _stretches(said: dict[UUID, str]) -> Iterator[Stretch]:
    """All members there are, in their order, with what is said of some."""
    ids, after = sorted(said), FIRST
    for begin in range(0, len(ids), AT_ONCE):
        these = ids[begin : begin + AT_ONCE]
        yield Stretch(after, these[-1], {one: said[one] for one in these})
        after = these[-1]
    yield Stretch(after, LAST, {})

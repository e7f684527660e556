"""The duty that reckons each day what members are worth from now on."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from regulars.flows.membership.office.keep_values import end_run, keep_values
from regulars.insight.values.sums import Sums
from regulars.records.access.staff.read import chosen
from regulars.records.prepared import read as rows
from regulars.records.standing.values import read
from regulars.records.standing.values.types import Run, Value
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

if TYPE_CHECKING:
    from regulars.insight.values.reckoning import Reckoned

AT_ONCE: Final = 5_000
_FIRST: Final = UUID(int=0)
_BEGAN: Final = date(1970, 1, 1)


class Values:
    """Reckons for one installation; whoever holds the worker's lock runs it.

    Keeps: a day is reckoned when its run is there; cut off before, all of it is done again.
    Order: after the prepared rows, of which all are there with whatever was told before today.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Reckon the day that ended last, where nobody did yet."""
        terms = await self._programs.terms(program_id)
        here = now.astimezone(terms.at(now).zone)
        yesterday = here.date() - timedelta(days=1)
        began = here.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.transaction(program_id) as tx:
            before = await read.last_run(tx)
            if before is not None and before.as_of >= yesterday:
                return
            if not await rows.whole(tx, began):
                return  # asked again in some minutes
            interest = (await chosen(tx)).of("interest_percent")
        from regulars.insight.values import reckoning  # numpy: only where it is needed

        members, (who, day, net) = await self._orders(program_id, yesterday)
        known = reckoning.Known(who, day, net, (yesterday - _BEGAN).days)
        found = await asyncio.to_thread(reckoning.reckon, known, interest / 100)
        if not isinstance(found, reckoning.Reckoned):
            told = {"missing": msgspec.to_builtins(found)}
            await self._end(program_id, Run(yesterday, now, 0, "", told))
            return
        digits, sums = reckoning.scores(known), Sums()
        for first, these in _portions(found, members, yesterday):
            async with self._database.transaction(program_id) as tx:
                await keep_values(tx, these, digits[first : first + AT_ONCE])
                await sums.add(tx, [one.member_id for one in these])
        told = {
            "off": None if found.off != found.off else found.off,
            "money_off": None if found.money_off != found.money_off else found.money_off,
            "interest": interest,
            "season": {
                "state": found.season.state,
                "factor": round(found.season.factor, 4),
                "bounds": [round(one, 4) for one in found.season.bounds],
            },
            "judged": msgspec.to_builtins(found.judged),
            "spread": sums.spread,
        }
        if found.untold is not None:
            told["missing"] = msgspec.to_builtins(found.untold)
        if found.untried is not None:
            told["money_missing"] = msgspec.to_builtins(found.untried)
        if found.unvalued is not None:
            told["unvalued"] = msgspec.to_builtins(found.unvalued)
        await self._end(program_id, Run(yesterday, now, len(members), found.model, told, sums.cuts))

    async def _orders(self, program_id: int, until: date) -> tuple[list[UUID], tuple[Any, ...]]:
        """Who ordered, and a row for each day on which they did, members by their place."""
        members: list[UUID] = []
        columns = array("q"), array("q"), array("d")
        after = _FIRST
        while True:
            async with self._database.transaction(program_id) as tx:
                found = await read.orders(tx, after, AT_ONCE, until)
            if not found:
                break
            for row in found:
                if row["member_id"] != after:
                    after = row["member_id"]
                    members.append(after)
                columns[0].append(len(members) - 1)
                columns[1].append(row["day"])
                columns[2].append(row["net"])
        import numpy as np

        # The same memory, seen by numpy: of fifty million days a copy would be another gigabyte.
        return members, tuple(np.asarray(column) for column in columns)

    async def _end(self, program_id: int, run: Run) -> None:
        while True:
            async with self._database.transaction(program_id) as tx:
                if await end_run(tx, run, AT_ONCE):
                    return


def _portions(
    found: Reckoned, members: Sequence[UUID], as_of: date
) -> Iterator[tuple[int, list[Value]]]:
    """The values of everybody, some members at a time, and at which place these begin."""
    from regulars.insight.values.reckoning import healths, worths

    # Which fifth or tenth is asked of everybody, at once; rows are made of some at a time.
    health, worth = healths(found.chance), worths(found.worth)
    for first in range(0, len(found.member), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        columns = [found.member, found.chance, found.orders, found.worth, found.since, found.gap]
        columns.append(found.worth * float("nan") if found.soon is None else found.soon)
        each = zip(
            *(column[some].tolist() for column in columns), health[some], worth[some], strict=True
        )
        yield first, [
            Value(
                members[at], _whole(likely * 1_000), _whole(orders * 100), _whole(money),
                int(since), _whole(between), is_, part, as_of, _whole(soon),
            )
            for at, likely, orders, money, since, between, soon, is_, part in each
        ]  # fmt: skip


def _whole(number: float) -> int | None:
    """The nearest whole number; nothing where there is no number."""
    return None if number != number else round(number)  # noqa: PLR0124 - only NaN is not itself

"""The duties that fill the arms of experiments, empty them, and look what came of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.engine.changing.prices import costs_of
from regulars.engine.terms import Terms
from regulars.flows.terms.experiments.fill_arms import FIRST, empty_arms, end_when_due, fill_arms
from regulars.flows.terms.experiments.keep_looks import keep_look
from regulars.insight.experiments.outcomes import Prices, outcomes
from regulars.insight.metrics.reports.owed.cohorts import comes_back
from regulars.records.access.staff.read import chosen
from regulars.records.access.staff.settings import Chosen
from regulars.records.prepared import read as rows
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Experiment, Look
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

AT_ONCE: Final = 2_000
PORTIONS: Final = 25
"""So many in a row, before another program has its turn."""
AGAIN: Final = timedelta(hours=1)
"""So often everybody is gone through: a card of nobody's may have got its person."""
SMALL: Final = 20_000
"""Of an experiment with fewer members there is a look every hour, else every day."""


class Experiments:
    """Keeps the arms of one installation; whoever holds the worker's lock runs it.

    Keeps: how far it came is only remembered; begun anew it goes through everybody, and who is in
    an arm stays there.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs
        self._behind: dict[UUID, UUID] = {}
        self._whole: dict[UUID, datetime] = {}

    async def go(self, program_id: int, now: datetime) -> None:
        """The next members of everything that runs; who is in an arm of something over leaves."""
        async with self._database.transaction(program_id) as tx:
            running, over = await read.running(tx), await read.to_empty(tx)
        for one in running:
            async with self._database.transaction(program_id) as tx:
                if await end_when_due(tx, one):
                    continue
            await self._fill(program_id, one, now)
        for one in over:
            await self._empty(program_id, one)

    async def _fill(self, program_id: int, one: Experiment, now: datetime) -> None:
        id_ = one.experiment_id
        if now - self._whole.get(id_, now - AGAIN) >= AGAIN:
            self._behind[id_], self._whole[id_] = FIRST, now
        for _ in range(PORTIONS):
            async with self._database.transaction(program_id) as tx:
                filled = await fill_arms(tx, one, self._behind[id_], AT_ONCE)
            self._behind[id_] = filled.after
            if filled.over:
                return

    async def _empty(self, program_id: int, one: Experiment) -> None:
        after = FIRST
        while True:
            async with self._database.transaction(program_id) as tx:
                left = await empty_arms(tx, one, after, AT_ONCE)
            if left.over:
                return
            after = left.after

    async def look(self, program_id: int, _now: datetime) -> None:
        """What can be seen by now of everything that runs, where the last look is long ago; and
        once more of what is over.

        Order: after the prepared rows: while everybody is folded anew nobody looks.
        """
        async with self._database.transaction(program_id) as tx:
            some = await read.to_look(tx)
        for one in some:
            await self._look(program_id, one)

    async def _look(self, program_id: int, one: Experiment) -> None:
        from regulars.insight.experiments.looking import seen  # numpy: only where it is needed

        terms = await self._programs.terms(program_id)
        version = terms.at(self._database.clock())
        async with self._database.transaction(program_id) as tx:
            before = await read.looks(tx, one.experiment_id)
            inside = (await read.counts(tx, [one.experiment_id])).get(one.experiment_id, {})
            wait = AGAIN if sum(inside.values()) < SMALL else timedelta(days=1)
            if one.ended_at is None and before and tx.now - before[0].at < wait:
                return
            if not await rows.whole(tx, _began(tx.now, version.zone)):
                return
            said = await chosen(tx)
            points, comes = await points_cost(tx, terms, version.zone)
            prices = Prices(points, messages_cost(said))
            found, at = await outcomes(tx, one, version.zone, prices), tx.now
        told = await asyncio.to_thread(seen, one, found, said.of("margin_percent"))
        look = Look(at, told | {"points": comes})
        async with self._database.transaction(program_id) as tx:
            await keep_look(tx, one, version.zone, look)


def _began(now: datetime, zone: ZoneInfo) -> datetime:
    """When the shop's day began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def messages_cost(said: Chosen) -> Mapping[str, Fraction]:
    """What a message costs by each channel, in minor units; those that cost nothing left out."""
    costs = {"email": said.of("letter_cost"), "sms": said.of("sms_cost")}
    return {channel: Fraction(cost, 100) for channel, cost in costs.items() if cost}


def worth_by_code(terms: Terms, now: datetime) -> Mapping[int, Fraction]:
    """What a unit of each wallet costs when it is spent, in minor units, by the wallet's number."""
    worth = costs_of(terms.at(now).program)
    return {code: worth[name] for code, name in terms.wallet_names.items() if name in worth}


async def points_cost(
    tx: Tx, terms: Terms, zone: ZoneInfo
) -> tuple[dict[int, Fraction], list[dict[str, Any]]]:
    """What a point that is held costs, by the number of its wallet: what it costs when it is spent,
    times the share of what members have that comes back; and that share by wallet.

    Order: where nobody can say yet what comes back, all of it is taken to; the share is None then.
    """
    costs, told = dict[int, Fraction](), list[dict[str, Any]]()
    for code, each in worth_by_code(terms, tx.now).items():
        share = await comes_back(tx, code, tx.now.astimezone(zone).date())
        costs[code] = (
            each if share is None else each * Fraction(round(share, 4)).limit_denominator()
        )
        comes = None if share is None else round(share, 4)
        told.append({"wallet": terms.wallet_names[code], "comes_back": comes})
    return costs, told

"""Settles accounts of partners at their time, and puts what was settled where partners fetch it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from regulars.base.faults import Fault, Invalid
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.commands import Settle
from regulars.flows.points.partners.keep_settlement_plans import (
    Put,
    current_begin,
    is_same_place,
    settlements_put,
)
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.records.errands.extracts.read import own_name
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read
from regulars.records.rewards.partners.settling.types import SettlementPlan
from regulars.records.rewards.partners.types import Partner
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.duties import EachBeside, Turn, programs_in
from regulars.surfaces.connect.extracts.settlements.putting import about_file, all_lines, put_there
from regulars.surfaces.connect.extracts.shelves.opening import Outside
from regulars.surfaces.connect.feeds.places.there import NotReached

AT_ONCE: Final = 2
BY: Final = "settlement plan"
_FULL: Final = "it cannot be written on this machine"
# A sandbox settles nothing by itself: it is for trying out, and its clock is ahead.
_DUE: Final = """
select distinct p.program_id from settlement_plan p
 where p.state = 'active' and p.next_at <= $1::timestamptz
   and not exists (select from sandbox x where x.program_id = p.program_id)
 order by 1
"""

log = structlog.get_logger()


class Settler:
    """Settles for one installation; whoever holds the worker's lock runs it."""

    def __init__(
        self, database: Database, programs: Programs, keyed: Keyed, outside: Outside, root: Path
    ) -> None:
        self._database, self._programs = database, programs
        self._keyed, self._outside, self._root = keyed, outside, root

    async def due(self, program_id: int) -> list[UUID]:
        """Partners of a program that are to get a settlement now."""
        async with self._database.transaction(program_id) as tx:
            return await read.due(tx)

    async def go(self, program_id: int, partner_id: UUID) -> None:
        """Settle what is over, and put every settlement there that is not there yet.

        Order: the settlement is made and kept first; a place that does not answer gets the very
        same one later.
        """
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            found = await self._made(tx, terms, partner_id)
            own = await own_name(tx)
        if found is None:
            return
        plan, partner = found
        problem, host_key = "", ""
        try:
            while plan.state == "active":
                async with self._database.transaction(program_id) as tx:
                    one = await read.one(tx, partner_id, plan.put_number + 1)
                    if one is None:
                        break
                    lines = await all_lines(tx, one)
                    about = await about_file(tx, one, partner, terms)
                what = (one, lines, about)
                reach = (self._outside, self._keyed, (program_id, own))
                host_key = await put_there(reach, plan, what, self._root / str(program_id))
                # Told one by one: whoever looks sees how far it is, and a stop loses nothing.
                put = Put(plan, one.number, "", host_key, more=True)
                async with self._database.transaction(program_id) as tx:
                    (after,) = await settlements_put(tx, terms, [put])
                if after is None or not is_same_place(after, plan):
                    return
                plan = after
        except (NotReached, TimeoutError, OSError, Invalid) as why:
            problem = _in_our_words(why)
            log.warning("settlements.not_put", program_id=program_id, why=problem)
        async with self._database.transaction(program_id) as tx:
            await settlements_put(tx, terms, [Put(plan, plan.put_number, problem, host_key)])

    async def _made(
        self, tx: Tx, terms: Terms, partner_id: UUID
    ) -> tuple[SettlementPlan, Partner] | None:
        """Settle up to the beginning of the running day, week or month, unless that is done."""
        plan = await read.plan(tx, partner_id, held=True)
        if plan is None or plan.state == "paused" or plan.next_at > tx.now:
            return None
        known = await accounts.partners(tx)
        partner = next(one for one in known.values() if one.partner_id == partner_id)
        zone = ZoneInfo(terms.versions[-1].program.zone)
        until = current_begin(zone, plan.every, tx.now)
        (outcome,) = await settle_accounts(tx, terms, [Settle(partner.slug, BY, until)])
        if isinstance(outcome, Fault):
            raise outcome
        return plan, partner


def settling_of(settler: Settler, database: Database, owner_dsn: str) -> EachBeside:
    """The duty that settles: wherever it is due and nobody settles yet."""

    async def turns() -> list[tuple[UUID, Turn]]:
        due: list[tuple[UUID, Turn]] = []
        for id_ in await programs_in(owner_dsn, _DUE, database.clock()):
            due += [
                (partner, Turn(id_, partial(settler.go, id_, partner)))
                for partner in await settler.due(id_)
            ]
        return due

    return EachBeside("settlements", timedelta(seconds=5), AT_ONCE, turns)


@asynccontextmanager
async def settling(
    where: Addresses, keyed: Keyed, outside: Outside, home: Path
) -> AsyncIterator[EachBeside]:
    """The duty of this installation, for as long as the block lasts."""
    database = await Database.connect(where.app, size=2)
    settler = Settler(database, Programs(database), keyed, outside, home / "settlements")
    duty = settling_of(settler, database, where.owner)
    try:
        yield duty
    finally:
        await duty.stop()
        await database.close()


def _in_our_words(why: BaseException) -> str:
    if isinstance(why, NotReached):
        return why.why
    if isinstance(why, Invalid):
        return why.says
    return "it did not answer in time" if isinstance(why, TimeoutError) else _FULL

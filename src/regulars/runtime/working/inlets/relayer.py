"""Tells other systems of members: some in one request, each as they are by now."""

from __future__ import annotations

import os
import time
from typing import Final

import structlog

from regulars.base.faults import StaleTerms
from regulars.base.keyed import Keyed
from regulars.flows.inlets.outlets.tell_members import (
    Settle,
    Taken,
    plan_members,
    settle_members,
    take_members,
)
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read as catching
from regulars.records.outbox.hooks.outlets import read
from regulars.records.outbox.hooks.outlets.types import Outlet, failing
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.outlets import rounds
from regulars.surfaces.connect.outlets.crm.signing_in import Sealing
from regulars.surfaces.connect.outlets.known import TELLS
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.outlets import Where, members_of, told
from regulars.surfaces.connect.outlets.telling import NotTaken, Wish

TURN_S: Final = 20.0
"""So long one system is told, before another one has its turn."""
PLANS_S: Final = 2.0

log = structlog.get_logger()


class Relayer:
    """Tells for one installation. Two that tell at once take different members."""

    def __init__(self, database: Database, programs: Programs, keyed: Keyed, send: Send) -> None:
        self._database, self._programs = database, programs
        self._sealing, self._send = Sealing(database.transaction, keyed, os.urandom), send

    async def relay(self, program_id: int) -> None:
        """Note who moved, then tell every system of a program whose turn it is."""
        until = time.monotonic() + PLANS_S
        more = True
        while more and time.monotonic() < until:
            async with self._database.transaction(program_id) as tx:
                more = await plan_members(tx)
        async with self._database.transaction(program_id) as tx:
            due = await read.due(tx)
            known = {one.inlet_id: one for one in await inlets.inlets(tx)} if due else {}
            asked = await catching.all_of_them(tx) if due else {}
        for one in due:
            inlet = known[one.inlet_id]
            await self._one(program_id, Where(inlet, one, asked.get(one.inlet_id)))

    async def _one(self, program_id: int, where: Where) -> None:
        """Tell one system until it knows all there is, for a while.

        Order: members are taken, told outside of any transaction, then what came of it is written
        down. Cut off in between they are told again, and nothing is there twice.
        """
        until = time.monotonic() + TURN_S
        try:
            by = members_of(where.inlet)
        except NotTold as why:
            now = self._database.now(program_id)
            how = failing(where.outlet, why.why, now)
            await self._keep(program_id, Settle(where.outlet.inlet_id, (), how))
            return
        while time.monotonic() < until:
            taken = await self._take(program_id, where, by)
            if not taken.due:
                return
            settled = await self._told(program_id, where, taken, by)
            kept = await self._keep(program_id, settled)
            if kept is None or kept.next_at > self._database.now(program_id):
                return
            where = Where(where.inlet, kept, where.asked)

    async def _take(self, program_id: int, where: Where, by: MembersMap) -> Taken:
        most = min(by.at_once, TELLS[where.inlet.kind].most)
        while True:
            terms = await self._programs.terms(program_id)
            try:
                async with self._database.transaction(program_id) as tx:
                    return await take_members(tx, terms, where.outlet, most)
            except StaleTerms:
                self._programs.forget(program_id)

    async def _told(self, program_id: int, where: Where, taken: Taken, by: MembersMap) -> Settle:
        one = rounds.begun(taken, by, self._database.now(program_id))
        if not one.records:
            return rounds.silent(one)
        try:
            # Who is told has a real clock, whatever a sandbox shows.
            wish = Wish(by, one.records, self._database.clock())
            answer = await told(self._send, self._sealing, where, wish)
        except NotTaken as no:
            return rounds.not_taken(one, no)
        except NotTold as why:
            if not why.wait_s:
                log.warning("outlets.not_told", program_id=program_id, why=why.why)
            return rounds.not_told(one, why)
        return rounds.heard(one, answer)

    async def _keep(self, program_id: int, settled: Settle) -> Outlet | None:
        """What came of it is written down; the system as it stands then."""
        async with self._database.transaction(program_id) as tx:
            await settle_members(tx, [settled])
            return await read.one(tx, settled.inlet_id)

"""Asks for what events only hinted at, and keeps the answers as if they had been sent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import structlog

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.inlets.keep_arrivals import KeepArrivals, Sent, keep_arrivals
from regulars.flows.inlets.keep_catch_ups import move_on
from regulars.flows.inlets.settle_hints import Became, settle_hints
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read
from regulars.records.inlets.catching.types import CatchUp, failed, pause_after
from regulars.records.inlets.types import Arrival
from regulars.runtime.serving.gate import AGAIN
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.inlets.booker import own
from regulars.surfaces.connect.catching.asking import InPart, NotTold, Odd, Send, shop_of
from regulars.surfaces.connect.catching.shops_known import COMPLETED, LOOKED_UP
from regulars.surfaces.connect.inlets.kinds import root_of
from regulars.surfaces.connect.vendors import ENOUGH, HINTS

MOST: Final = 200
"""Events of one account that are asked about in a row."""
MOST_ODD: Final = 10
"""Questions in a row that a shop may leave open before it is let alone until the next round."""
MOST_LATER: Final = 10_000
MOST_PAGES: Final = 50
"""So often newer events of an account are looked for behind those that wait for a later round."""
FORGOTTEN: Final = "\0"
"""What an event is about whose words were forgotten, which no shop has."""
TURN_S: Final = 20.0

log = structlog.get_logger()


class Hinted(NamedTuple):
    """One thing that several events may hint at."""

    inlet_id: UUID
    about: str
    events: tuple[UUID, ...]
    newest: Any
    """What the newest of them says, by its own clock."""


class Looker:
    """Asks for one installation. Two that ask at once keep two answers that tell nothing twice.

    Order: one question that a shop has no answer to waits by itself, ever longer, and holds no
    other up. For how long is not kept: a worker that begins anew asks once more.
    """

    def __init__(self, database: Database, programs: Programs, keyed: Keyed, send: Send) -> None:
        self._database, self._programs = database, programs
        self._keyed, self._send = keyed, send
        self._later: dict[tuple[UUID, str], tuple[int, datetime]] = {}
        """What was answered oddly: how often in a row, and when it is asked again."""
        self._rests: dict[UUID, datetime] = {}
        """Accounts that asked for a pause, and until when."""

    async def look(self, program_id: int) -> None:
        """Ask for all that events of a program hint at, one thing at a time."""
        async with self._database.transaction(program_id) as tx:
            kinds = {one.inlet_id: one.kind for one in await inlets.inlets(tx)}
            accounts = await read.all_of_them(tx)
            hinted = await self._hinted(tx, kinds)
        until, silent, odd = time.monotonic() + TURN_S, set[UUID](), Counter[UUID]()
        for one in hinted:
            if one.inlet_id in silent or odd[one.inlet_id] >= MOST_ODD:
                continue
            if time.monotonic() > until or self._waits(program_id, one):
                continue
            account = accounts[one.inlet_id]
            try:
                where = (account, kinds[one.inlet_id])
                await self._ask_and_settle(program_id, where, one)
                self._later.pop((one.inlet_id, one.about), None)
                odd.pop(one.inlet_id, None)
            except AGAIN:  # somebody told the same just now: asked again
                return
            except Odd as why:
                log.warning("inlets.hint_not_told", program_id=program_id, why=why.why)
                odd[one.inlet_id] += 1
                self._ask_later(program_id, one)
            except NotTold as why:
                if why.wait_s:
                    now = self._database.now(program_id)
                    self._rests[one.inlet_id] = now + timedelta(seconds=why.wait_s)
                    continue
                log.warning("inlets.account_not_asked", program_id=program_id, why=why.why)
                silent.add(one.inlet_id)
                await self._say(program_id, account, why.why)
            except Exception as error:  # a mistake of ours: the others are asked all the same
                if not own(error):
                    raise  # the database's trouble: tried again by the next round
                log.exception("inlets.account_broke", program_id=program_id)
                odd[one.inlet_id] += 1
                self._ask_later(program_id, one)

    async def _hinted(self, tx: Tx, kinds: Mapping[UUID, str]) -> list[Hinted]:
        """What is to be asked for now, so many events of each account at most.

        Order: behind those that wait for a later round newer ones are looked for, so that a few
        hundred odd ones hold nothing up.
        """
        found: list[Hinted] = []
        counts, behind = Counter[UUID](), dict[UUID, UUID]()
        for _ in range(MOST_PAGES):
            arrivals = await inlets.asks(tx, MOST, behind)
            some = [x for x in hinted_at(arrivals, kinds) if not self._waits(tx.program_id, x)]
            counts.update(Counter({one.inlet_id: len(one.events) for one in some}))
            found += some
            page, last = Counter(x.inlet_id for x in arrivals), {}
            for one in arrivals:
                last[one.inlet_id] = one.arrival_id
            behind = {
                id_: last[id_]
                for id_, many in page.items()
                if many >= MOST and counts[id_] < MOST and not self._rests_yet(tx.program_id, id_)
            }
            if not behind:
                break
        return found

    def _rests_yet(self, program_id: int, inlet_id: UUID) -> bool:
        now = self._database.now(program_id)
        return self._rests.get(inlet_id, now) > now

    def _waits(self, program_id: int, one: Hinted) -> bool:
        """Whether this is not to be asked yet."""
        now = self._database.now(program_id)
        _, at = self._later.get((one.inlet_id, one.about), (0, now))
        return at > now or self._rests_yet(program_id, one.inlet_id)

    def _ask_later(self, program_id: int, one: Hinted) -> None:
        if len(self._later) >= MOST_LATER:
            self._later.clear()
        key = (one.inlet_id, one.about)
        tries = self._later[key][0] + 1 if key in self._later else 1
        self._later[key] = (tries, self._database.now(program_id) + pause_after(tries))

    async def _ask_and_settle(
        self, program_id: int, where: tuple[CatchUp, str], one: Hinted
    ) -> None:
        """Ask, and keep the answer; what was told in part is kept, and the question stays open.

        Raises: NotTold.
        """
        try:
            answer = await self._asked(program_id, where, one)
        except InPart as part:
            terms = await self._programs.terms(program_id)
            async with self._database.transaction(program_id) as tx:
                await keep_arrivals(tx, terms, [KeepArrivals(one.inlet_id, (part.told,))])
            raise
        await self._settle(program_id, one, where[1], answer)

    async def _asked(self, program_id: int, where: tuple[CatchUp, str], one: Hinted) -> Sent | None:
        """What it is by now. Raises: NotTold."""
        if one.about in ("", FORGOTTEN):
            return None
        account, kind = where
        shop = shop_of(self._keyed, (program_id, account))
        if kind in COMPLETED:
            return await COMPLETED[kind](self._send, shop, one.newest, self._database.clock())
        return await LOOKED_UP[kind](self._send, shop, one.about, self._database.clock())

    async def _settle(self, program_id: int, one: Hinted, kind: str, answer: Sent | None) -> None:
        """Keep the answer and that the events were asked about, together.

        Keeps: of a shop whose events say enough, one about what was deleted there meanwhile is
        booked as it came.
        """
        became: Became = "asked" if answer is not None else "nothing"
        if answer is None and one.about and kind in ENOUGH:
            became = "as_told"
        became = "forgotten" if one.about == FORGOTTEN else became
        terms = await self._programs.terms(program_id)
        async with self._database.transaction(program_id) as tx:
            if answer is not None:
                await keep_arrivals(tx, terms, [KeepArrivals(one.inlet_id, (answer,))])
            await settle_hints(tx, one.events, became)

    async def _say(self, program_id: int, account: CatchUp, why: str) -> None:
        async with self._database.transaction(program_id) as tx:
            await move_on(tx, [failed(account, why, tx.now)])


def hinted_at(arrivals: Sequence[Arrival], kinds: Mapping[UUID, str]) -> list[Hinted]:
    """What is to be asked for, each once, the oldest hint first."""
    found: dict[tuple[UUID, str], list[tuple[Arrival, Any]]] = {}
    for one in arrivals:
        kind = kinds.get(one.inlet_id, "")
        root = None if one.body is None else root_of(one, kind)
        hints = HINTS.get(kind)
        about = hints.hints_at(root) if hints and root is not None else ""
        about = FORGOTTEN if one.body is None else about
        found.setdefault((one.inlet_id, about or ""), []).append((one, root))
    return [
        Hinted(*key, tuple(one.arrival_id for one, _ in some), max(some, key=_when)[1])
        for key, some in found.items()
    ]


def _when(event: tuple[Arrival, Any]) -> datetime:
    one, _ = event
    return one.told_at or one.received_at

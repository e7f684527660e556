"""Tells shops of codes: each is made there once, and ended once it is over here."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from regulars.base.keyed import Keyed
from regulars.flows.points.codes.keep_in_shops import (
    Errand,
    plan_shop_codes,
    settle_shop_codes,
    take_shop_codes,
)
from regulars.records.rewards.codes.shops.types import Settled
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.connect.catching.asking import NotTold, Send, shop_of
from regulars.surfaces.connect.catching.codes import (
    CodeThere,
    NotTaken,
    code_there,
    in_other_money,
)
from regulars.surfaces.connect.catching.shops_known import MAKES, PRICED
from regulars.surfaces.senders.outgoing.client import NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

MOST: Final = 20
"""Codes of one turn; each is a request or two."""

log = structlog.get_logger()


class CodeTeller:
    """Tells for one installation. Two that tell at once take different codes."""

    def __init__(self, database: Database, programs: Programs, keyed: Keyed, send: Send) -> None:
        self._database, self._programs = database, programs
        self._keyed, self._send = keyed, send
        self._alike: set[tuple[UUID, str]] = set()
        """Shops whose prices are in the program's currency: of which source, at which address."""

    async def tell(self, program_id: int) -> bool:
        """Tell the shop of a program what is due; whether there may be more.

        Order: what is to be done is written down, then the shop is told outside of any
        transaction, then what came of it is written down. Cut off in between it is told again, and
        the shop knows the code.
        """
        terms = await self._programs.terms(program_id)
        currency = terms.versions[-1].program.currency
        async with self._database.transaction(program_id) as tx:
            more = await plan_shop_codes(tx)
        async with self._database.transaction(program_id) as tx:
            errands = await take_shop_codes(tx, MOST)
        for one in errands:
            settled = await self._one(program_id, one, currency)
            async with self._database.transaction(program_id) as tx:
                await settle_shop_codes(tx, [settled])
        return more or len(errands) == MOST

    async def _one(self, program_id: int, one: Errand, currency: str) -> Settled:
        code = one.what.one
        tries = code.tries
        try:
            shop, maker = shop_of(self._keyed, (program_id, one.shop)), MAKES[one.inlet.kind]
            if code.state == "ending":
                await maker.end(self._send, shop, code.said, code.there_id)
                return Settled(code.code_id, tries, "ended")
            there = code_there(one, currency)
            await self._in_its_money(one, there, currency)
            made = await maker.make(self._send, shop, there)
            return Settled(code.code_id, tries, "made", made)
        except NotTaken as why:
            return Settled(code.code_id, tries, "failed", problem=why.why)
        except NotTold as why:
            return Settled(code.code_id, tries, code.state, "", why.why, why.wait_s)
        except (NoAnswer, NotAllowed) as why:
            return Settled(code.code_id, tries, code.state, problem=why.why)

    async def _in_its_money(self, one: Errand, there: CodeThere, currency: str) -> None:
        """A shop takes an amount as it is, whatever money its prices are in: it is asked which.

        Keeps: one whose prices are in the program's is asked once; another one each time, as
        somebody may mend it. Raises: NotTaken, NotTold.
        """
        asks = PRICED.get(one.inlet.kind)
        if asks is None or not in_other_money(there, currency, ""):
            return
        shop = shop_of(self._keyed, (one.inlet.program_id, one.shop))
        if (one.inlet.inlet_id, shop.address) in self._alike:
            return
        if why := in_other_money(there, currency, await asks(self._send, shop)):
            raise NotTaken(why)
        self._alike.add((one.inlet.inlet_id, shop.address))

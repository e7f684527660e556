"""Who lacks points hears by when they are there, where they are on their way (ADR 0686)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.show_standing import there_by
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call


@asynccontextmanager
async def saying_by_when(call: Call, member: MemberRef, reward: str = "") -> AsyncIterator[None]:
    """What is refused inside as `not_enough_points` gets the fact `there_at`, where there is one.

    Raises: No, as it was refused.
    """
    try:
        yield
    except No as no:
        facts = no.refused.facts
        if no.refused.code != "not_enough_points" or "price" not in facts:
            raise
        price = {str(facts["wallet"]): int(facts["price"])}

        async def look(tx: Tx, terms: Terms) -> datetime | None:
            (who,) = await members.whom(tx, terms.versions[-1].program.country, [member])
            if isinstance(who, Fault):
                return None
            return await there_by(tx, terms, who, reward, price)

        at = await call.read(look)
        if at is None:
            raise
        raise No(replace(no.refused, facts={**facts, "there_at": at})) from None

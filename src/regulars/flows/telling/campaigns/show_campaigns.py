"""What a campaign would say to one member, and how far it came; nothing is changed."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.filling import Reader
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read


async def show_reader(tx: Tx, terms: Terms, member: MemberRef) -> Reader | Fault:
    """What the fields of messages are of this member at this moment, as whom they stand.

    Faults: `unknown_member`.
    """
    (who,) = await members.whom(tx, terms.at(tx.now).program.country, [member])
    if isinstance(who, Fault):
        return who
    return (await readers(tx, terms, [who]))[who]


async def readers(tx: Tx, terms: Terms, ids: list[UUID]) -> dict[UUID, Reader]:
    """What the fields are of each of these members."""
    if not ids:
        return {}
    people = await members.members(tx, ids)
    had, tiers = await read.points(tx, ids), await read.tiers(tx, ids)
    names = terms.wallet_names
    return {
        who: Reader(
            one, {names[code]: units for code, units in had.get(who, {}).items()},
            tiers.get(who, ""),
        )
        for who, one in people.items()
    }  # fmt: skip

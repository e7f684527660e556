"""What a member held at an instant of the past, and what we knew of it then."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import Invalid, UnknownMember
from regulars.records.access.types import Scope
from regulars.records.ledger import read
from regulars.records.members import read as members
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.balances import (
    BalancesQuery,
    BalancesShown,
    balances_shown,
    times_of,
)

_EXAMPLE: Final = {
    "member_id": examples.STANDING["member_id"],
    "as_of": "2026-03-31T22:00:00Z",
    "as_known": None,
    "wallets": {"points": {"available": 107, "pending": 0, "held": 0, "debt": 0, "earned": 107}},
}


async def balances(call: Call) -> Reply:
    """Balances from the books, along two times."""
    id_ = addressed("mem", call.ids["member_id"])
    query: BalancesQuery = call.query
    try:
        happened, known = times_of(query)
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None
    names = (await call.terms()).wallet_names
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise UnknownMember("nobody here has this id; check it for a slip")
        found = await read.balances_at(tx, [id_], as_of=happened, as_known=known)
    return Reply(balances_shown(call.ids["member_id"], (happened, known), names, found[id_]))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/balances",
        name="get_balances",
        tag="Standing and books",
        says="What a member held as of an instant, as we knew it at another",
        notes="From the books alone: what had happened by `as_of`, of that what was booked by "
        "`as_known`. Points that lapse are gone from the instant of their expiry on, whenever the "
        "night's work was done; until it was done, the books do not know it.",
        scopes=(Scope.BOOKS_READ,),
        query=BalancesQuery,
        answers={200: BalancesShown},
        answer_example=_EXAMPLE,
        codes=("unknown_member",),
        do=balances,
    ),
)

"""A contract with a partner ends before its time: over the API, and as a settlement names it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.flows.points.partners.commands import EndContract
from regulars.flows.points.partners.end_contracts import end_contracts
from regulars.records.access.types import Scope
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners.settling.types import Settlement
from regulars.records.rewards.partners.types import ContractEnd
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.parts import Instant, Text, instant_of

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CON: Final = "con_019e0000000070008000000000000040"


class ContractEndSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract ends before its time."""

    ends_at: Instant | None = None
    """From then on nothing is collected or spent by it; at once, unless said."""
    actor: Text = ""
    reason: Text = ""


class ContractEndDone(Struct, frozen=True):
    """From when on a contract holds no more."""

    id: str
    ends_at: datetime


class ContractEndShown(Struct, frozen=True):
    """A contract that ended before its time."""

    id: str
    ends_at: datetime
    reason: str


async def ends_of(tx: Tx, one: Settlement) -> list[ContractEnd]:
    """Which contracts ended before their time in the stretch that is settled."""
    return await read.ends(tx, one.partner_id, (one.from_at or _FIRST, one.until_at))


async def ended_in(tx: Tx, one: Settlement) -> list[ContractEndShown]:
    """The same, as a settlement shows them."""
    return [
        ContractEndShown(shown("con", each.contract_id), each.ends_at, each.reason)
        for each in await ends_of(tx, one)
    ]


async def end(call: Call) -> Reply:
    """A contract ends before its time."""
    sent: ContractEndSent = call.sent
    command = EndContract(
        call.ids["partner"],
        addressed("con", call.ids["contract_id"]),
        str(sent.actor or call.asked.principal),
        instant_of(sent.ends_at, "/ends_at"),
        sent.reason,
        call.asked,
    )
    answer = await call.do(end_contracts, command)
    done = ContractEndDone(shown("con", answer.contract_id), answer.ends_at)
    return Reply(done, 201, answer.replayed)


ENDING: Final = Operation(
    method="POST",
    path="/v1/partners/{partner}/contracts/{contract_id}/end",
    name="end_contract",
    tag="Partners",
    scopes=(Scope.PARTNERS_WRITE,),
    says="End a contract before its time",
    notes="Nothing is collected or spent by it from then on. What was sold before is booked "
    "whenever it is told, and settled; the settlement of that time names it. It cannot be taken "
    "back; sign another one instead.",
    sent=ContractEndSent,
    answers={201: ContractEndDone},
    example={"ends_at": "2027-06-30T22:00:00Z", "reason": "bought by another"},
    answer_example={"id": _CON, "ends_at": "2027-06-30T22:00:00Z"},
    codes=("not_found", "invalid"),
    do=end,
)

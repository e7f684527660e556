"""What partners tell in events and files: booked with the member it names, or kept with why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.partners.answer_lines import answer_lines
from regulars.flows.points.partners.book_activities import book_activities, take_back
from regulars.flows.points.partners.commands import (
    AnswerLine,
    Booked,
    PartnerActivity,
    TakeBack,
)
from regulars.records.inlets import write
from regulars.records.inlets.types import Arrival, Became, Ended
from regulars.records.members import read as members
from regulars.records.members.types import MemberErased, MemberRef

PARTNER: Final = "partner"
"""Of an event that is booked as a line of a partner's account, and as no activity."""
ANSWER: Final = "answer"
"""Of an event that answers a line of a settlement."""


class PartnerTold(Struct, frozen=True):
    """What an event of a partner tells."""

    command: PartnerActivity | TakeBack | AnswerLine
    refs: tuple[MemberRef, ...] = ()
    """By what its member may be found; the first that somebody is known by counts."""
    places: Mapping[str, str] = {}
    """By field of the command, where it stands in the payload."""


async def book_told(
    tx: Tx, terms: Terms, told: Sequence[tuple[Arrival, PartnerTold]]
) -> dict[UUID, Ended]:
    """By event, what became of what a partner told by it.

    Order: what was collected or spent first, then what came back of it, then answers, each in the
    order they came. A return whose sale is not there waits for it for `SALE_WITHIN`: files may tell
    them in any order, also far apart.
    """
    ended: dict[UUID, Ended] = {}
    became: list[Became] = []
    for kind, flow in _FLOWS:
        some = [(arrival, one) for arrival, one in told if isinstance(one.command, kind)]
        if not some:
            continue
        commands = await _with_members(tx, terms, [one for _, one in some])
        outcomes = await flow(tx, terms, commands)
        for (arrival, one), outcome in zip(some, outcomes, strict=True):
            id_ = arrival.arrival_id
            ended[id_] = _waits(tx.now, arrival, one, outcome) or _ended(id_, one, outcome)
            if isinstance(outcome, Booked):
                became.append(Became(id_, outcome.entry_id, not outcome.replayed))
    await tx.write(write.became(tx, became))
    return ended


async def _with_members(tx: Tx, terms: Terms, told: Sequence[PartnerTold]) -> list[Any]:
    """The commands, each with the first name that somebody is known by."""
    country = terms.versions[-1].program.country
    refs = list(dict.fromkeys(ref for one in told for ref in one.refs))
    whom = dict(zip(refs, await members.whom(tx, country, refs), strict=True)) if refs else {}
    found: list[Any] = []
    for one in told:
        meant = next((ref for ref in one.refs if not isinstance(whom[ref], Fault)), None)
        one_command: Any = one.command
        found.append(one_command if meant is None else replace(one_command, member=meant))
    return found


def _waits(now: datetime, arrival: Arrival, one: PartnerTold, outcome: Any) -> Ended | None:
    """Of a return whose sale is not there yet: that it waits, each time twice as long."""
    no_sale = isinstance(outcome, NotFound) and outcome.field == "/of"
    if not no_sale or now >= arrival.received_at + SALE_WITHIN:
        return None
    # Doubled no further than the longest pause, as somebody may run a thing again many times.
    pause = min(FIRST_PAUSE * 2 ** min(arrival.tries, 12), LONGEST_PAUSE)
    at = min(now + pause, arrival.received_at + SALE_WITHIN)
    field = one.places.get("of", "")
    return Ended(arrival.arrival_id, "waiting", "no_sale_yet", field, _NO_SALE, try_at=at)


SALE_WITHIN: Final = timedelta(days=7)
"""So long after it came a return waits for its sale; then somebody has to look at it."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
_NO_SALE: Final = "the sale that it takes back was not told yet; it waits for it"
_FLOWS: Final[tuple[tuple[type, Any], ...]] = (
    (PartnerActivity, book_activities),
    (TakeBack, take_back),
    (AnswerLine, answer_lines),
)
_FIELDS: Final = {
    "no_contract": "occurred_at",
    "name_mismatch": "name",
    "before_enrolment": "occurred_at",
    "already_credited": "external_id",
    "pack_used_up": "units",
    "partner_limit_reached": "units",
    "not_enough_points": "units",
    "nothing_left": "of",
    "own_membership": "member",
    "member_erased": "member",
    "member_blocked": "member",
    "already_answered": "answer",
    "already_decided": "answer",
    "not_settled": "line",
}
"""Which field of what was told is meant by a refusal."""
_MENDS: Final = {
    "no_contract": "Sign a contract for that time and wallet, then run it again",
    "name_mismatch": "Ask the partner whose number it is, or mend the member's name; run it again",
    "not_found": "Check the reference; once its sale is booked, run it again",
    "unknown_member": "Once they have joined, or know this number, run it again",
    "before_enrolment": "Agree on more days to look back, or leave it",
    "pack_used_up": "Once the partner paid for a further pack, run it again",
    "partner_limit_reached": "Once the partner paid, run it again",
    "already_credited": "Nothing is to be done: it counts once",
    "not_settled": "Settle the account first, then run it again",
}
"""What to do about it."""
_TWICE: Final = (
    "a sale was told under this receipt, or something else under this reference; it counts once"
)


def _ended(id_: UUID, one: PartnerTold, outcome: Any) -> Ended:
    if isinstance(outcome, Refused):
        field = one.places.get(_FIELDS.get(outcome.code, ""), "")
        mend = _MENDS.get(outcome.code, "")
        forget = outcome.code == "member_erased"
        return Ended(id_, "refused", outcome.code, field, outcome.says, mend, forget=forget)
    if isinstance(outcome, KeyReused):
        has_receipts = bool(getattr(one.command, "receipts", ()))
        field = one.places.get("receipts" if has_receipts else "external_id", "")
        return Ended(id_, "refused", outcome.code, field, _TWICE, _MENDS["already_credited"])
    if isinstance(outcome, Fault):
        name = outcome.field.strip("/").split("/")[0]
        field = one.places.get(name, outcome.field)
        mend = _MENDS.get(outcome.code, str(outcome.facts.get("mend", "")))
        forget = isinstance(outcome, MemberErased)
        return Ended(id_, "refused", outcome.code, field, outcome.says, mend, forget=forget)
    return Ended(id_, "booked", ANSWER if isinstance(one.command, AnswerLine) else PARTNER)

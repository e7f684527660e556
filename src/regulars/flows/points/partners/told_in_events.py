"""What partners tell in events and files: booked with the member it names, or kept with why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused, Refused
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
from regulars.records.inlets.types import Became, Ended
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
    tx: Tx, terms: Terms, told: Sequence[tuple[UUID, PartnerTold]]
) -> dict[UUID, Ended]:
    """By event, what became of what a partner told by it.

    Order: what was collected or spent first, then what came back of it, then answers, each in the
    order they came: a file may tell a sale and its return in any order of rows.
    """
    ended: dict[UUID, Ended] = {}
    became: list[Became] = []
    for kind, flow in _FLOWS:
        some = [(id_, one) for id_, one in told if isinstance(one.command, kind)]
        if not some:
            continue
        commands = await _with_members(tx, terms, [one for _, one in some])
        outcomes = await flow(tx, terms, commands)
        for (id_, one), outcome in zip(some, outcomes, strict=True):
            ended[id_] = _ended(id_, one, outcome)
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

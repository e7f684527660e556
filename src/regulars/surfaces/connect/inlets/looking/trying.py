"""What a payload tells by a mapping, shown before anything is booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.base.faults import Fault
from regulars.flows.inlets.book_arrivals import Told
from regulars.flows.points.partners.commands import AnswerLine, TakeBack
from regulars.flows.points.partners.told_in_events import PartnerTold
from regulars.records.members.types import MemberRef
from regulars.surfaces.connect.inlets.mapping import MappingFault
from regulars.surfaces.connect.inlets.reading import Event, Place, reader
from regulars.surfaces.connect.inlets.wire import PayloadRead, ToldActivity, ToldLetter, ToldPartner
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.vendors import looked_at_text

EXAMPLE_ID = "the-event-id"


def tried(
    root: Any, mapping: str, place: Place, now: datetime, id_: str = EXAMPLE_ID
) -> PayloadRead:
    """The activities a payload tells, or the place that does not fit.

    Faults: MappingFault, where it is the mapping that is not right.
    """
    reads = reader(mapping, place)
    type_ = reads.type_of(root)
    try:
        event = Event(root, id_, now, "")
        told, letter, _, _, partner = reads.all_of(event)
    except MappingFault:
        raise
    except Wrong as wrong:
        return PayloadRead(False, type_, [], wrong.column, wrong.says, wrong.mend)
    except Fault as fault:
        return PayloadRead(False, type_, [], fault.field, fault.says, "")
    shown = None if letter is None else ToldLetter(*(getattr(letter, n) for n in _LETTER))
    tells = [shown_told(one) for one in told]
    by_partner = None if partner is None else _of_partner(partner)
    return PayloadRead(True, type_, tells, letter=shown, partner=by_partner)


def tried_text(payload: bytes, by: tuple[str, str], place: Place, now: datetime) -> PayloadRead:
    """The same, of a payload that somebody typed for a source of this kind, with this mapping.

    Faults: as `tried`, and what is no event at all.
    """
    kind, mapping = by
    try:
        root = looked_at_text(payload, kind)
    except Wrong as wrong:
        return PayloadRead(False, "", [], wrong.column, wrong.says, wrong.mend)
    return tried(root, mapping, place, now)


def _of_partner(told: PartnerTold) -> ToldPartner:
    one = told.command
    if isinstance(one, AnswerLine):
        line = f"pen_{one.entry_id.hex}"
        return ToldPartner("answer", one.partner, line=line, answer=one.answer)
    if isinstance(one, TakeBack):
        number, of = one.external_id, one.of
        return ToldPartner(
            "return", one.partner, one.kind, units=one.units, external_id=number, of=of
        )
    return ToldPartner(
        "activity", one.partner, one.kind, one.wallet, one.units, one.external_id,
        found_by=_names(told.refs),
    )  # fmt: skip


def _names(refs: Sequence[MemberRef]) -> list[dict[str, str]]:
    return [{n: str(value) for n, value in msgspec.to_builtins(ref).items()} for ref in refs]


_LETTER = ToldLetter.__struct_fields__


def shown_told(one: Told) -> ToldActivity:
    """An activity as it would be booked, without what is empty."""
    fields: dict[str, Any] = msgspec.to_builtins(one.command)
    fields.pop("asked", None)
    body = fields.pop("body", {})
    return ToldActivity({**fields, **body}, _names(one.refs))

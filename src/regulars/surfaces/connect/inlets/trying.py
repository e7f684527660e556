"""What a payload tells by a mapping, shown before anything is booked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from regulars.base.faults import Fault
from regulars.flows.inlets.book_arrivals import Told
from regulars.surfaces.connect.inlets.mapping import MappingFault
from regulars.surfaces.connect.inlets.reading import Event, Place, reader
from regulars.surfaces.connect.inlets.wire import PayloadRead, ToldActivity, ToldLetter
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
        told, letter = reads.tells(event), reads.letter(event)
    except MappingFault:
        raise
    except Wrong as wrong:
        return PayloadRead(False, type_, [], wrong.column, wrong.says, wrong.mend)
    except Fault as fault:
        return PayloadRead(False, type_, [], fault.field, fault.says, "")
    shown = None if letter is None else ToldLetter(*(getattr(letter, n) for n in _LETTER))
    return PayloadRead(True, type_, [shown_told(one) for one in told], letter=shown)


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


_LETTER = ToldLetter.__struct_fields__


def shown_told(one: Told) -> ToldActivity:
    """An activity as it would be booked, without what is empty."""
    fields: dict[str, Any] = msgspec.to_builtins(one.command)
    fields.pop("asked", None)
    body = fields.pop("body", {})
    found = [
        {name: str(value) for name, value in msgspec.to_builtins(ref).items()} for ref in one.refs
    ]
    return ToldActivity({**fields, **body}, found)

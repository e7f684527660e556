"""From a member as they are to the record another system is told, by its mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.flows.inlets.outlets.pictures import Picture, Told
from regulars.records.once.types import digest
from regulars.surfaces.connect.inlets.places.pieces import From, Said
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.telling import Record

encoded: Final = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode
"""As it is sent: the same record is always the same bytes, and 12.50 is no rounded number."""

_PLAIN: Final[tuple[Any, ...]] = ("POST", "", {}, {}, False, None)


def record_of(one: Picture, version: int, by: MembersMap) -> Record:
    """What this system is told of a member: every field the mapping names, and no other.

    Keeps: what is not known is told as nothing, so that what was known before goes; of who is gone
    everything goes but the key and what says so.
    """
    fields = {name: _value(one.tells, said, gone=one.gone) for name, said in by.fields.items()}
    return Record(one.member_id, str(one.tells["member"]), version, fields)


def digest_of(record: Record, by: MembersMap, address: str) -> UUID:
    """What it knows once it has this record, by which another one is told apart.

    Keeps: what stands at one address, in one object or path, by one key, stands nowhere else.
    """
    place = (address, by.path, by.object, by.key)
    return digest(*place, *_written_by(by), encoded(record.fields))


def rendered(record: Record, by: MembersMap) -> dict[str, Any]:
    """A record as it is written for a CRM: its fields where the mapping wants them.

    Example: `{"email": "a@b.de"}` within `properties`, with `id: member` beside, is
    `{"id": "mem_…", "properties": {"email": "a@b.de"}}`.
    """
    told = record.fields
    if by.empty is not None:
        told = {name: by.empty if found is None else found for name, found in told.items()}
    fields = _stepped(told) if by.dotted else dict(told)
    whole: dict[str, Any] = {name: _beside(record, said) for name, said in by.beside.items()}
    if not by.within:
        return _merged(_stepped(whole) if by.dotted else whole, fields)
    if not by.dotted:
        return {**whole, by.within: fields}
    return _merged(_stepped(whole), _stepped({by.within: fields}))


def body_of(records: Sequence[Record], by: MembersMap) -> bytes:
    """What is sent: the list of records by its name, or the one record where it has none."""
    if not by.list:
        (record,) = records
        return encoded({**by.around, **rendered(record, by)})
    return encoded({**by.around, by.list: [rendered(one, by) for one in records]})


def _written_by(by: MembersMap) -> tuple[bytes, ...]:
    """How records are written, where it is otherwise than it was before mappings could say so."""
    asked = (by.method, by.within, by.beside, by.around, by.dotted, by.empty)
    return () if asked == _PLAIN else (encoded(asked),)


def _beside(record: Record, said: Said) -> str | int:
    if isinstance(said, str):
        return record.key
    return said.prefix + record.key if said.constant is None else said.constant


def _stepped(told: Mapping[str, Any]) -> dict[str, Any]:
    """Fields within fields: of names that are no steps of one another."""
    made: dict[str, Any] = {}
    for name, found in told.items():
        here, *steps = name.split(".")
        inner: Any = found
        for step in reversed(steps):
            inner = {step: inner}
        made = _merged(made, {here: inner})
    return made


def _merged(one: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(one)
    for name, found in other.items():
        known = both.get(name)
        if isinstance(known, dict) and isinstance(found, dict):
            both[name] = _merged(known, found)
        else:
            both[name] = found
    return both


def _value(tells: Mapping[str, Told], said: Said, *, gone: bool) -> Any:
    if isinstance(said, str):
        return _plain(tells.get(said))
    if said.constant is not None:
        return None if gone else said.constant
    return _translated(tells.get(said.column), said, gone=gone)


def _translated(found: Told, said: From, *, gone: bool) -> Any:
    """A value in their words; one that the mapping has no word for is told as it is."""
    if found is None:
        return said.default or None if not gone else None
    if said.values is None:
        return _plain(found)
    text = text_of(_plain(found))
    meant = said.values.get(text, said.values.get("*", "*"))
    return _plain(found) if meant == "*" else meant


def _plain(found: Told) -> Any:
    """As JSON has it: instants in UTC to the second, days as days, numbers as they are."""
    if isinstance(found, datetime):
        return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, Decimal):
        return found
    return found

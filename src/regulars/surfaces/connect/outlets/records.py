"""From a member as they are to the record another system is told, by its mapping."""

from __future__ import annotations

from collections.abc import Mapping
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
    return digest(*place, encoded(record.fields))


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

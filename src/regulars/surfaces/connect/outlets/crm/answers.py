"""What a CRM says of single records, found where its mapping says; its own words are not kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.inlets.places.values import way
from regulars.surfaces.connect.outlets.crm.shapes import RefusedMap
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.telling import NotTaken, Record, Refusal
from regulars.surfaces.senders.outgoing.client import Answer

_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_QUOTED: Final = re.compile(r"[\"'“‘`]([^\"'“”‘’`]{1,80})[\"'”’`]")
NOT_TAKEN: Final = "it does not take this record"
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


def read(answer: Answer) -> Any:
    """What came back; nothing where it is no JSON."""
    try:
        scan(answer.body)
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        return None


def refusals(answer: Answer, by: MembersMap, records: Sequence[Record]) -> list[Refusal | None]:
    """Of each record whether it was taken, and why not.

    Keeps: where a mapping says how refusals are told, one that is about no record we know leaves
    none of them taken: each is tried alone. Raises: NotTaken.
    """
    rows, at = _rows(read(answer), by.refused), by.refused
    if not at.key and rows and len(rows) != len(records):
        raise NotTaken("it answers something that is not one result for each record", "not_taken")
    said: dict[str, Refusal] = {}
    for place, row in enumerate(rows):
        refusal = _refusal(row, by)
        if refusal is None:
            continue
        keys = _keys(row, at) if at.key else [records[place].key]
        said |= dict.fromkeys(keys, refusal)
        if at != RefusedMap() and not {one.key for one in records} & set(keys):
            if len(records) > 1:
                raise NotTaken("it does not say which of these records it takes", "not_taken")
            said[records[0].key] = refusal
    return [said.get(one.key) for one in records]


def refusal_of_one(answer: Answer, by: MembersMap) -> tuple[str, str]:
    """Of an answer to one record that says no as a whole: its code, and which field it is about."""
    root = read(answer)
    rows = [*_rows(root, by.refused), *([root] if isinstance(root, dict) else [])]
    found = [one for row in rows if (one := _refusal(row, by)) is not None]
    fields = [one.field for one in found if one.field]
    return found[0].code if found else "not_taken", fields[0] if fields else ""


def _rows(root: Any, at: RefusedMap) -> list[Mapping[str, Any]]:
    found = way(at.list)(root) if at.list else root
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _keys(row: Mapping[str, Any], at: RefusedMap) -> list[str]:
    found = way(at.key)(row)
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _refusal(row: Mapping[str, Any], by: MembersMap) -> Refusal | None:
    code = way(by.refused.code)(row)
    if isinstance(code, int) and not isinstance(code, bool):
        code = str(code)
    if not isinstance(code, str) or not _CODE.fullmatch(code) or code in by.refused.but:
        return None
    return Refusal(code, _field(row, by), NOT_TAKEN)


def _field(row: Mapping[str, Any], by: MembersMap) -> str:
    """The first of our fields that is named there, by itself or within quotation marks."""
    found = way(by.refused.field)(row)
    texts = found if isinstance(found, list) else [found]
    for text in texts:
        if not isinstance(text, str):
            continue
        if text in by.fields:
            return text
        for name in _QUOTED.findall(text):
            if name in by.fields:
                return str(name)
    return ""

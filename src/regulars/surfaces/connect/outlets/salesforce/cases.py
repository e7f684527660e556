"""Asks Salesforce for cases that changed, in the order in which they did.

Source: Salesforce, SOQL; `SystemModstamp` is to the second, and changes with whatever changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered
from regulars.records.once.types import digest
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.inlets.kinds import Told, encoded, sent_of
from regulars.surfaces.connect.inlets.mapping import EventMap, MappingFault, read_mapping
from regulars.surfaces.connect.inlets.places.pieces import From
from regulars.surfaces.connect.outlets.salesforce.asking import Salesforce, Tokens
from regulars.surfaces.connect.outlets.telling import NotTaken

CASE: Final = "Case"
ALWAYS: Final = ("Id", "CaseNumber", "IsClosed", "SystemModstamp")
DELETED: Final = "IsDeleted"
"""A mapping that names it is told of deleted cases, too."""
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,5}")
_NONE: Final = ("attributes", "type")
MOST_PAGES: Final = 50
"""Of one second; somebody who changes more at once is told about it."""


class SalesforceCases:
    """Cases since a moment, the one that changed first before all others."""

    def __init__(self, tokens: Tokens, mapping: str = "") -> None:
        self._tokens, self._mapping = tokens, mapping

    def by(self, mapping: str) -> SalesforceCases:
        """Asks for what this mapping names."""
        return SalesforceCases(self._tokens, mapping)

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """What changed from there on.

        Order: by when it changed, then by id. A page ends where a second ends, so that none is
        passed over of whose second only a part was read. Raises: NotTold.
        """
        api = Salesforce(send, shop, self._tokens)
        try:
            return await _page(api, fields_of(self._mapping), since.at)
        except NotTaken as why:
            raise NotTold(why.why) from None


async def _page(api: Salesforce, fields: Sequence[str], since: datetime) -> Page:
    # Deleted ones are only there for who asks for all, and only who names the field means them.
    where = "queryAll" if DELETED in fields else "query"
    path = f"{where}?q={quote(soql_of(fields, since), safe='')}"
    rows: list[dict[str, Any]] = []
    done = False
    for _ in range(MOST_PAGES):
        said = await api.get(path)
        found = said.found if isinstance(said.found, dict) else {}
        records = found.get("records")
        if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
            raise NotTold("it answers something that is no list of cases")
        rows += records
        done, path = bool(found.get("done", True)), str(found.get("nextRecordsUrl", ""))
        # Whoever goes on begins a second before the last: it must lie behind where this began.
        if done or not rows or _changed(rows[-1]) >= since.replace(microsecond=0) + _TWO_S:
            break
    else:
        raise NotTold("more cases changed in one second than are read at once")
    events = tuple(case_of(one) for one in rows)
    last = _changed(rows[-1]) if rows else None
    total = found.get("totalSize")
    ahead = max(0, total - len(rows)) if isinstance(total, int) else None
    return Page(events, Answered(last, len(rows), not done, ahead))


_TWO_S: Final = timedelta(seconds=2)


def case_of(row: dict[str, Any]) -> Sent:
    """A case as it was at a moment: read again it is the same one. Raises: NotTold."""
    number, at = row.get("Id"), _changed(row)
    if not isinstance(number, str) or not number.isalnum():
        raise NotTold("it answers a case without an Id")
    kept = {**row, "attributes": {"type": CASE}}
    body = encoded(kept)
    key = ("salesforce", number, digest(body).hex)
    try:
        sent = sent_of(key, CASE, number, Told(kept, body))
    except Fault:
        raise NotTold("it answers something that is no case") from None
    return Sent(sent.key, sent.content, CASE, number, "", body, told_at=at)


def fields_of(mapping: str) -> list[str]:
    """The fields of a case that are asked for: what its mapping names, and no other.

    Keeps: what is no name of a field is never asked for. Raises: NotTold.
    """
    try:
        events = read_mapping(mapping).events.values() if mapping else ()
    except MappingFault:
        raise NotTold("its mapping is not right: mend it") from None
    named = {place for one in events for place in _places(one)}
    found = {
        place for place in named if _FIELD.fullmatch(place) and place.split(".")[0] not in _NONE
    }
    return [*ALWAYS, *sorted(found - set(ALWAYS))]


def _places(part: object) -> Iterator[str]:
    """Every place a mapping names."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, From):
        yield part.column
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            if name == "values" or (isinstance(part, EventMap) and name == "says"):
                continue
            yield from _places(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from _places(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _places(value)


def _changed(row: dict[str, Any]) -> datetime:
    """When it changed, to the second. Raises: NotTold."""
    said = row.get("SystemModstamp")
    try:
        at = datetime.strptime(str(said), "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        raise NotTold("it answers a case without SystemModstamp") from None
    return at.astimezone(UTC)


def soql_of(fields: Iterable[str], since: datetime) -> str:
    """What is asked for; nothing of it is a text that somebody wrote but names of fields."""
    at = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    wanted = ("SELECT", ", ".join(fields), "FROM", CASE, "WHERE", "SystemModstamp", ">=", at)
    return " ".join((*wanted, "ORDER BY", "SystemModstamp, Id"))

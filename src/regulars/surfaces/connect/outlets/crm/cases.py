"""Asks any CRM for cases that changed, in the order in which they did, as its mapping says how."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered
from regulars.records.once.types import digest
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.inlets.kinds import Told, encoded, sent_of
from regulars.surfaces.connect.inlets.mapping import Mapping, MappingFault, read_mapping
from regulars.surfaces.connect.inlets.places.values import way
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.connect.outlets.crm.answers import read
from regulars.surfaces.connect.outlets.crm.members import check, key_header
from regulars.surfaces.connect.outlets.crm.shapes import SINCE, CasesMap
from regulars.surfaces.connect.outlets.crm.signing_in import signed_in
from regulars.surfaces.senders.outgoing.client import Sending

NO_CASES: Final = "its mapping does not say how it is asked for cases: add `cases:`"
MOST_PAGES: Final = 50
"""Read at once; of a second that fills more somebody is told."""
LONGEST_ID: Final = 200
_MS: Final = 10**11
"""A moment in milliseconds is a larger number than this, one in seconds is none for 3000 years."""
_NOTHING: Final = 204
"""It has no such case, as some say it."""
_TWO_S: Final = timedelta(seconds=2)


class CrmCases:
    """Cases since a moment, the one that changed first before all others."""

    def __init__(self, mapping: str = "") -> None:
        self._mapping = mapping

    def by(self, mapping: str) -> CrmCases:
        """Asks as this mapping says."""
        return CrmCases(mapping)

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """What changed from there on.

        Order: as it came, which has to be by when it changed. It is read until what changed lies
        two seconds behind where it began, so that of one second none is passed over.
        Keeps: the key goes to no other address, whatever an answer says of where it goes on.
        Raises: NotTold.
        """
        mapping, one = cases_of(self._mapping)
        send, shop = signed_in(send, shop, mapping.signs_in)
        rows: list[tuple[datetime, Sent]] = []
        onward: Any = None
        for _ in range(MOST_PAGES):
            answer = await send(_asking(shop, one, since.at, onward))
            check(answer)
            root = read(answer)
            found = [] if answer.status == _NOTHING else _list(root, one)
            rows += [_case(row, mapping, one) for row in found]
            onward = way(one.next)(root) if one.next else None
            more = bool(onward) and bool(found) if one.next else len(found) >= one.most
            if not more or _is_behind(rows, since.at):
                return _page(rows, more=more)
            if not one.next:
                break
        raise NotTold("more cases changed in one second than are read at once")


def cases_of(text: str) -> tuple[Mapping, CasesMap]:
    """How its mapping says that it is asked. Raises: NotTold."""
    try:
        mapping = read_mapping(text)
    except MappingFault:
        raise NotTold("its mapping is not right: mend it") from None
    if mapping.cases is None:
        raise NotTold(NO_CASES)
    return mapping, mapping.cases


def _page(rows: list[tuple[datetime, Sent]], *, more: bool) -> Page:
    times = [at for at, _ in rows]
    if times != sorted(times):
        raise NotTold("it does not tell cases in the order in which they changed: ask for that")
    last = times[-1] if times else None
    return Page(tuple(sent for _, sent in rows), Answered(last, len(rows), more, None))


def _is_behind(rows: list[tuple[datetime, Sent]], since: datetime) -> bool:
    return bool(rows) and rows[-1][0] >= since.replace(microsecond=0) + _TWO_S


def _asking(shop: Shop, one: CasesMap, since: datetime, onward: Any) -> Sending:
    headers = (key_header(shop, one.header), ("Accept", "application/json"))
    base = f"{shop.address.rstrip('/')}/{one.path}"
    said: list[tuple[str, Any]] = [(one.since, _written(since, one))]
    if onward is not None and one.after:
        said.append((one.after, onward))
    elif onward is not None:
        base = _within(shop, onward)
        if one.method == "GET":
            return Sending("GET", base, headers, b"")
    if one.method == "GET":
        query = [*one.asks.items(), *((name, text_of(value)) for name, value in said)]
        return Sending("GET", f"{base}?{urlencode(query)}", headers, b"")
    body: Any = copy.deepcopy(one.asks)
    for place, value in said:
        body = _put(body, place.split("."), value)
    return Sending("POST", base, (*headers, ("Content-Type", "application/json")), encoded(body))


def _within(shop: Shop, onward: Any) -> str:
    """Where it goes on, at the same address. Raises: NotTold."""
    base = urlsplit(shop.address)
    try:
        said = urlsplit(text_of(onward))
    except ValueError:
        raise NotTold("it goes on at something that is no address") from None
    elsewhere = said.netloc and (said.scheme, said.netloc) != (base.scheme, base.netloc)
    if elsewhere or (said.scheme and not said.netloc) or not said.path.startswith("/"):
        raise NotTold("it goes on at another address, where its key is not sent")
    query = f"?{said.query}" if said.query else ""
    return f"{base.scheme}://{base.netloc}{said.path}{query}"


def _put(here: Any, steps: list[str], value: Any) -> Any:
    """A value at the end of a way, which is made as far as it is not there."""
    step, *rest = steps
    if isinstance(here, list):
        place = int(step) if step.isdecimal() else -1
        if not 0 <= place < len(here):
            raise NotTold("its mapping names a place in what is sent that is not there: mend it")
        here[place] = _put(here[place], rest, value) if rest else value
        return here
    if not isinstance(here, dict):
        here = {}
    here[step] = _put(here.get(step), rest, value) if rest else value
    return here


def _written(at: datetime, one: CasesMap) -> str | int:
    if one.written in ("epoch", "epoch-ms"):
        said: str | int = int(at.timestamp()) * (1000 if one.written == "epoch-ms" else 1)
    else:
        zone = "Z" if one.written == "iso" else "+00:00"
        said = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{zone}"
    return said if one.since_as == SINCE else one.since_as.replace(SINCE, str(said))


def _list(root: Any, one: CasesMap) -> list[dict[str, Any]]:
    found = way(one.list)(root) if one.list else root
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise NotTold("it answers something that is no list of cases")
    return found


def _case(row: dict[str, Any], mapping: Mapping, one: CasesMap) -> tuple[datetime, Sent]:
    """A case as it was at a moment: read again it is the same one. Raises: NotTold."""
    number, at = text_of(way(one.id)(row)), _moment(way(one.changed)(row))
    if not number or len(number) > LONGEST_ID or not number.isprintable():
        raise NotTold(f"it answers a case without {one.id}")
    if at is None:
        raise NotTold(f"it answers a case without {one.changed}")
    kept = _put({"case": row}, mapping.type.split("."), one.type)
    body = encoded(kept)
    try:
        sent = sent_of(("crm", number, digest(body).hex), one.type, number, Told(kept, body))
    except Fault:
        raise NotTold("it answers something that is no case") from None
    return at, Sent(sent.key, sent.content, one.type, number, "", body, told_at=at)


def _moment(found: Any) -> datetime | None:
    """When it changed: an instant with its offset, or a number of seconds or milliseconds."""
    text = text_of(found).strip()
    try:
        if text.isascii() and text.isdigit():
            number = int(text[:16])
            return datetime.fromtimestamp(number / 1000 if number > _MS else number, UTC)
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None

"""A CRM is told of members over REST: some at a time, known by a field that never changes.

Shape: `POST {address}/{path}` with `Authorization: Bearer {key}`, an `Idempotency-Key` that is
the same whenever the same is sent again, and `{"members": [{…}, …]}`. Any 2xx means that it has
them all; `{"results": [{"key": …, "code": …, "field": …}]}` may say which it does not take.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from regulars.base.faults import Fault
from regulars.records.once.types import digest
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import encoded
from regulars.surfaces.connect.outlets.telling import (
    Heard,
    NotTaken,
    Record,
    Refusal,
    Wish,
    pause_s,
)
from regulars.surfaces.senders.outgoing.client import Answer, Sending

_NO: Final = {
    401: "it does not know this key",
    403: "this key may not write members there",
    404: "there is nothing at this address and path",
    405: "nothing can be sent to this address and path",
    415: "it does not take JSON",
}
_WHOLE: Final = (400, 413, 422)
"""It does not take these records as they are."""
_FELL: Final = 500
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
NOT_TAKEN: Final = "it does not take this record"


class CrmMembers:
    """Any CRM that takes records by their key.

    Keeps: at least once. A request of which nothing came back is sent again under the same key;
    what is told again after it was otherwise meanwhile has another one, though it says the same.
    """

    most: Final = 500

    async def tell(self, send: Send, shop: Shop, wish: Wish) -> Heard:
        """It has these records from now on."""
        by, records = wish.by, wish.records
        body = encoded({by.list: [one.fields for one in records]})
        versions = [(one.key, str(one.version)) for one in records]
        once = digest(*(part for pair in versions for part in pair), body)
        answer = await send(_sending(shop, by, body, once.hex))
        if answer.status == _FELL:
            raise NotTaken("it answers 500", "failed", fell=True)
        if answer.status in _WHOLE and records:
            raise NotTaken(f"it answers {answer.status}: {NOT_TAKEN}", "not_taken")
        _check(answer, wish.now)
        return Heard(_refused(answer, by, records))

    async def greet(self, send: Send, shop: Shop, wish: Wish) -> None:
        """It takes an empty list: nothing is there afterwards that was not before."""
        body = encoded({wish.by.list: []})
        answer = await send(_sending(shop, wish.by, body, digest("greeting").hex))
        if answer.status not in _WHOLE:  # it may say that an empty list is none
            _check(answer, wish.now)


def _sending(shop: Shop, by: MembersMap, body: bytes, once: str) -> Sending:
    url = f"{shop.address.rstrip('/')}/{by.path}"
    headers = (
        ("Authorization", f"Bearer {shop.keys.key}"),
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("Idempotency-Key", once),
    )
    return Sending("POST", url, headers, body)


def _check(answer: Answer, now: datetime) -> None:
    if answer.status in (429, 503):
        raise NotTold("it asks for a pause", pause_s(answer, now))
    if not 200 <= answer.status < 300:
        raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))


def _refused(answer: Answer, by: MembersMap, records: Sequence[Record]) -> list[Refusal | None]:
    """Which it does not take, where it says so; its own words are not kept."""
    said = {}
    for one in _results(answer):
        code = one.get("code")
        if isinstance(code, str) and _CODE.fullmatch(code):
            field = one.get("field")
            named = field if isinstance(field, str) and field in by.fields else ""
            said[str(one.get("key"))] = Refusal(code, named, NOT_TAKEN)
    return [said.get(one.key) for one in records]


def _results(answer: Answer) -> list[Mapping[str, Any]]:
    """The list of what it says of single records; most say nothing."""
    try:
        scan(answer.body)
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        return []
    rows = found.get("results") if isinstance(found, dict) else None
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []

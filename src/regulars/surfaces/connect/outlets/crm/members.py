"""A CRM is told of members over REST: some at a time, known by a field that never changes.

Shape: as its mapping says; where it says nothing, `POST {address}/{path}` with `Authorization:
Bearer {key}` and `{"members": [{…}, …]}`. Beside it an `Idempotency-Key` that is the same whenever
the same is sent again. Any 2xx means that it has them all; `{"results": [{"key": …, "code": …,
"field": …}]}`, or what the mapping names in place of it, may say which it does not take.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from regulars.records.once.types import digest
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.outlets.crm.answers import NOT_TAKEN, refusal_of_one, refusals
from regulars.surfaces.connect.outlets.crm.shapes import KEY, KeyHeader
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import body_of, encoded
from regulars.surfaces.connect.outlets.telling import Heard, NotTaken, Record, Wish, pause_s
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
_CONFLICT: Final = 409
_FELL: Final = {500: "it answers 500", _CONFLICT: "it answers 409"}
"""What may pass, and may lie in one record: somebody else holds a row, or has its address."""
_NOBODY: Final = "regulars-greeting"


class CrmMembers:
    """Any CRM that takes records by their key.

    Keeps: at least once. A request of which nothing came back is sent again under the same key;
    what is told again after it was otherwise meanwhile has another one, though it says the same.
    """

    most: Final = 500

    async def tell(self, send: Send, shop: Shop, wish: Wish) -> Heard:
        """It has these records from now on."""
        by, records = wish.by, wish.records
        body = body_of(records, by)
        versions = [(one.key, str(one.version)) for one in records]
        once = digest(*(part for pair in versions for part in pair), body)
        answer = await send(_sending(shop, by, (records[0].key, body), once.hex))
        if answer.status in _FELL:
            raise NotTaken(_FELL[answer.status], "failed", fell=True)
        if answer.status in _WHOLE and records:
            raise _not_taken(answer, by, records)
        check(answer, wish.now)
        return Heard(refusals(answer, by, records))

    async def greet(self, send: Send, shop: Shop, wish: Wish) -> None:
        """It takes an empty list: nothing is there afterwards that was not before.

        Where each record goes to a place of its own, it is asked for one of nobody.
        """
        by = wish.by
        if KEY in by.path:
            answer = await send(_looking(shop, by))
            if answer.status == 404:
                return
        else:
            body = encoded({**by.around, by.list: []} if by.list else {})
            answer = await send(_sending(shop, by, ("", body), digest("greeting").hex))
        if answer.status not in _WHOLE:  # it may say that an empty list is none
            check(answer, wish.now)


def _sending(shop: Shop, by: MembersMap, told: tuple[str, bytes], once: str) -> Sending:
    key, body = told
    headers = (
        key_header(shop, by.header),
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("Idempotency-Key", once),
    )
    return Sending(by.method, _at(shop, by, key), headers, body)


def _looking(shop: Shop, by: MembersMap) -> Sending:
    headers = (key_header(shop, by.header), ("Accept", "application/json"))
    return Sending("GET", _at(shop, by, _NOBODY), headers, b"")


def _at(shop: Shop, by: MembersMap, key: str) -> str:
    path = by.path.replace(KEY, quote(key, safe=""))
    return f"{shop.address.rstrip('/')}/{path}"


def key_header(shop: Shop, header: KeyHeader) -> tuple[str, str]:
    """The header by which it lets itself be asked."""
    return header.name, f"{header.prefix}{shop.keys.key}"


def check(answer: Answer, now: datetime | None = None) -> None:
    """It answered as if all was well. Raises: NotTold."""
    if answer.status in (429, 503):
        raise NotTold("it asks for a pause", pause_s(answer, now))
    if not 200 <= answer.status < 300:
        raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))


def _not_taken(answer: Answer, by: MembersMap, records: Sequence[Record]) -> NotTaken:
    """It takes none of these; of one record also why, by its code and field."""
    why = f"it answers {answer.status}: {NOT_TAKEN}"
    if len(records) > 1:
        return NotTaken(why, "not_taken")
    code, field = refusal_of_one(answer, by)
    return NotTaken(why, code, field=field)

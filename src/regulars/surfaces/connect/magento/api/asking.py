"""Asks a Magento shop by its REST API: one list or thing after another, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop, pause_of, refused
from regulars.surfaces.connect.magento.api.oauth import allowed, refused_by
from regulars.surfaces.connect.magento.api.refusals import message_of
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

MOST_PAGES: Final = 100
LONGEST_WAIT_S: Final = 60
_NO: Final = {
    400: "it does not understand what it is asked",
    401: "it does not know this access token, or takes none that stands alone",
    403: "this key may not read that: give it read permission there",
    404: "it has nothing of this number",
}
# An amount such as 19.90 stays as it is written: read as a number it would be another one.
_decode: Final = msgspec.json.Decoder(float_hook=str).decode
Where = tuple[str, str, str]
"""A field, how it is compared, and with what."""


class Missing(NotTold):
    """The shop has nothing of this number."""


class NotAccepted(Odd):
    """The shop does not take what it was sent; `says` is why, in its words."""

    def __init__(self, why: str, says: str) -> None:
        super().__init__(why)
        self.says = says


class Listed(NamedTuple):
    """One page of a list, and how many there are on all of them."""

    rows: list[dict[str, Any]]
    total: int


class MagentoApi:
    """A shop, for whoever asks it. Raises, from every method: NotTold."""

    def __init__(self, send: Send, shop: Shop) -> None:
        self._send, self._shop = send, shop

    async def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        """What stands at a path."""
        # A space goes as %20: whoever takes the sign + for itself would work out another signature.
        asked = f"?{urlencode(query, quote_via=quote)}" if query else ""
        found = await self.sent("GET", path + asked)
        if not isinstance(found, dict):
            raise Odd("it answers something that is no object")
        return found

    async def sent(self, method: str, path: str, wish: Any = None) -> Any:
        """What it answers to a request, with what is wished as JSON. Raises also: NotAccepted."""
        keys, where = self._shop.keys, f"{self._shop.address.rstrip('/')}/rest/V1/{path}"
        headers = [("Authorization", allowed(keys, method, where)), ("Accept", "application/json")]
        if wish is not None:
            headers.append(("Content-Type", "application/json"))
        body = b"" if wish is None else msgspec.json.encode(wish)
        try:
            answer = await self._send(Sending(method, where, tuple(headers), body))
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None
        return _told(answer, signed=bool(keys.consumer))

    async def listed(
        self, path: str, where: Sequence[Where], sort: Sequence[str], page: tuple[int, int]
    ) -> Listed:
        """One page of a list: which one, and of how many.

        Order: a page behind the last is answered by the last one once more, so how many there are
        in all says when it is over. A list without entries may be no list at all.
        Source: Adobe Commerce, Search using REST endpoints (`searchCriteria`).
        """
        query = []
        for at, (field, compared, value) in enumerate(where):
            one = f"searchCriteria[filter_groups][{at}][filters][0]"
            query += [(f"{one}[field]", field), (f"{one}[condition_type]", compared)]
            query += [(f"{one}[value]", value)]
        for at, field in enumerate(sort):
            one = f"searchCriteria[sortOrders][{at}]"
            query += [(f"{one}[field]", field), (f"{one}[direction]", "ASC")]
        number, size = page
        query += [("searchCriteria[pageSize]", str(size))]
        query += [("searchCriteria[currentPage]", str(number))]
        found = await self.get(path, query)
        rows, count = found.get("items") or [], found.get("total_count")
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise Odd("it answers something that is no list")
        if not isinstance(count, int) or isinstance(count, bool):
            raise Odd("it answers something that is no list")
        if (number - 1) * size >= count:
            return Listed([], count)
        return Listed(rows, count)

    async def everything(
        self, path: str, where: Sequence[Where], size: int, by: str = "entity_id"
    ) -> list[Any]:
        """All of a list."""
        found: list[Any] = []
        for number in range(1, MOST_PAGES + 1):
            page = await self.listed(path, where, (by,), (number, size))
            found += page.rows
            if number * size >= page.total:
                return found
        raise Odd("it answers something that is no list")


def _told(answer: Answer, *, signed: bool) -> Any:
    if answer.status == 429:
        raise pause_of(answer, LONGEST_WAIT_S)
    if answer.status == 400:
        raise NotAccepted(_NO[400], message_of(answer).text)
    if answer.status != 200:
        says = _NO.get(answer.status, f"it answers {answer.status}")
        if answer.status == 401:
            says = _closed(answer, signed=signed)
        raise (Missing if answer.status == 404 else refused(answer.status))(says)
    try:
        scan(answer.body)
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise Odd("it answers something that is no JSON") from None


def _closed(answer: Answer, *, signed: bool) -> str:
    """Why it does not let us in.

    Order: what an integration may not do is told as if nobody knew it, and says which right lacks.
    """
    message = message_of(answer)
    if message.resources and message.resources != "self":
        return f"this integration may not use {message.resources}: allow it there"
    return refused_by(message) if signed else _NO[401]

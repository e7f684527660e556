"""Asks a Magento shop by its REST API: one list or thing after another, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop, pause_of, refused
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


class Listed(NamedTuple):
    """One page of a list, and how many there are on all of them."""

    rows: list[dict[str, Any]]
    total: int


class MagentoApi:
    """A shop, for whoever asks it. Raises, from every method: NotTold."""

    def __init__(self, send: Send, shop: Shop) -> None:
        self._send, self._address, self._token = send, shop.address, shop.keys.key

    async def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        """What stands at a path."""
        asked = f"?{urlencode(query)}" if query else ""
        where = f"{self._address.rstrip('/')}/rest/V1/{path}{asked}"
        headers = (("Authorization", f"Bearer {self._token}"), ("Accept", "application/json"))
        try:
            return _told(await self._send(Sending("GET", where, headers, b"")))
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None

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

    async def everything(self, path: str, where: Sequence[Where], size: int) -> list[Any]:
        """All of a list."""
        found: list[Any] = []
        for number in range(1, MOST_PAGES + 1):
            page = await self.listed(path, where, ("entity_id",), (number, size))
            found += page.rows
            if number * size >= page.total:
                return found
        raise Odd("it answers something that is no list")


def _told(answer: Answer) -> dict[str, Any]:
    if answer.status == 429:
        raise pause_of(answer, LONGEST_WAIT_S)
    if answer.status != 200:
        says = _NO.get(answer.status, f"it answers {answer.status}")
        raise (Missing if answer.status == 404 else refused(answer.status))(says)
    try:
        scan(answer.body)
        found = _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise Odd("it answers something that is no JSON") from None
    if not isinstance(found, dict):
        raise Odd("it answers something that is no object")
    return found

"""Asks a WooCommerce shop by its REST API v3: one thing or list after another, in our words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop, pause_of, refused
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

LONGEST_WAIT_S: Final = 60
NO: Final = {
    401: "it does not know this key and secret",
    403: "this key may not read that: give it read permission there",
    404: "it has nothing of this number",
}
# An amount such as 19.90 stays as it is written: read as a number it would be another one.
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


class Missing(NotTold):
    """The shop has nothing of this number, or nothing at this address; `code` by its own word."""

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.code = code


class WooApi:
    """A shop, for whoever asks it. Raises, from every method: NotTold."""

    def __init__(self, send: Send, shop: Shop) -> None:
        self._send, self._shop = send, shop

    async def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        """What stands at a path."""
        return _told(await self.sent("GET", f"{path}?{urlencode(query)}" if query else path))

    async def listed(self, path: str, query: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """The things of a list."""
        found = await self.get(path, query)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Odd("it answers something that is no list")
        return found

    async def sent(self, method: str, path: str, wish: Any = None) -> Answer:
        """What comes back of one request, whatever it is."""
        keys = self._shop.keys
        who = b64encode(f"{keys.key}:{keys.secret}".encode()).decode()
        headers = [("Authorization", f"Basic {who}"), ("Accept", "application/json")]
        if wish is not None:
            headers.append(("Content-Type", "application/json"))
        body = b"" if wish is None else msgspec.json.encode(wish)
        where = f"{self._shop.address.rstrip('/')}/wp-json/wc/v3/{path}"
        try:
            return await self._send(Sending(method, where, tuple(headers), body))
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None


def _told(answer: Answer) -> Any:
    if answer.status == 429:
        raise pause_of(answer, LONGEST_WAIT_S)
    if answer.status != 200:
        says = NO.get(answer.status, f"it answers {answer.status}")
        if answer.status == 404:
            raise Missing(says, _code(answer))
        raise refused(answer.status)(says)
    return read_answer(answer)


def _code(answer: Answer) -> str:
    try:
        found = read_answer(answer)
    except NotTold:
        return ""
    said = found.get("code") if isinstance(found, dict) else None
    return said if isinstance(said, str) else ""


def read_answer(answer: Answer) -> Any:
    """What an answer says. Raises: NotTold."""
    try:
        scan(answer.body)
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise Odd("it answers something that is no JSON") from None

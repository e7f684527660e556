"""Asks Stripe: one request after another, in one version, with whatever it says in our words."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop, pause_of, refused
from regulars.surfaces.connect.stripe.shapes import VERSION
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

ADDRESS: Final = "https://api.stripe.com"
A_PAGE: Final = 100
"""As many as Stripe tells at once."""
MOST_PAGES: Final = 50
LONGEST_WAIT_S: Final = 60
NO: Final = {
    401: "it does not know this key and secret",
    403: "this key may not read that: give it read permission there",
    404: "it has nothing of this number",
}
Fields = tuple[tuple[str, str], ...]


class Missing(NotTold):
    """Stripe has nothing of this number: it is of another account, or of a test."""


class StripeApi:
    """An account, for whoever asks it. Raises, from every method: NotTold."""

    def __init__(self, send: Send, shop: Shop) -> None:
        self._send, self._address, self._key = send, shop.address, shop.keys.key

    async def get(self, path: str, query: Fields = ()) -> Any:
        """One object."""
        asked = f"?{urlencode(query)}" if query else ""
        return await self._ask(Sending("GET", self._at(path + asked), self._headers(), b""))

    async def post(self, path: str, form: Fields, once: str) -> Any:
        """Something is made there; asked again under the same name it is the same one."""
        headers = (
            *self._headers(),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Idempotency-Key", once),
        )
        return await self._ask(Sending("POST", self._at(path), headers, urlencode(form).encode()))

    async def everything(self, path: str, query: Fields, most: int = MOST_PAGES) -> tuple[Any, ...]:
        """All of a list, the newest first; no more than so many pages of it, and then one more is
        there than fits: the caller narrows it."""
        found: list[Any] = []
        for _ in range(most):
            after = (("starting_after", found[-1]["id"]),) if found else ()
            page = await self.get(path, (*query, ("limit", str(A_PAGE)), *after))
            rows = page.get("data") if isinstance(page, dict) else None
            if not isinstance(rows, list) or not all(_has_id(row) for row in rows):
                raise Odd("it answers something that is no list")
            found += rows
            if not page.get("has_more") or not rows:
                return tuple(found)
        raise TooMany

    def _at(self, path: str) -> str:
        return f"{self._address.rstrip('/')}/v1/{path}"

    def _headers(self) -> tuple[tuple[str, str], ...]:
        who = ("Authorization", f"Bearer {self._key}")
        return (who, ("Stripe-Version", VERSION), ("Accept", "application/json"))

    async def _ask(self, sending: Sending) -> Any:
        try:
            return _told(await self._send(sending))
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None


class TooMany(Exception):
    """There is more of it than is read at once."""


def _told(answer: Answer) -> Any:
    if answer.status == 429:
        raise pause_of(answer, LONGEST_WAIT_S)
    if answer.status != 200:
        says = NO.get(answer.status, f"it answers {answer.status}")
        raise (Missing if answer.status == 404 else refused(answer.status))(says)
    try:
        scan(answer.body)
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise Odd("it answers something that is no JSON") from None
    if not isinstance(found, dict):
        raise Odd("it answers something that is no object")
    return found


def _has_id(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str)

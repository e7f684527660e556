"""Asks Square: one request after another, in one version, with whatever it says in our words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from regulars.base.faults import Fault
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Odd, Send, Shop, pause_of, refused
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

ADDRESS: Final = "https://connect.squareup.com"
VERSION: Final = "2025-08-20"
AT_ONCE: Final = 100
"""So many orders or customers Square tells by their ids in one answer."""
LONGEST_WAIT_S: Final = 60
NO: Final = {
    400: "it does not understand what it is asked",
    401: "it does not know this key and secret",
    403: "this key may not read that: give it read permission there",
    404: "it has nothing of this number",
}
_NO_LIST: Final = "it answers something that is no list"
# Amounts are whole numbers; whatever is none stays as it is written.
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


class Missing(NotTold):
    """Square has nothing of this number: it is of another account, or of a test."""


class SquareApi:
    """A seller's account, for whoever asks it. Raises, from every method: NotTold."""

    def __init__(self, send: Send, shop: Shop) -> None:
        self._send, self._address, self._token = send, shop.address, shop.keys.key

    async def get(self, path: str) -> dict[str, Any]:
        """What stands at a path."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, wish: Any) -> dict[str, Any]:
        """What is answered to a question that is too long for a path."""
        return await self._ask("POST", path, msgspec.json.encode(wish))

    async def put(self, path: str, wish: Any) -> dict[str, Any]:
        """What stands at a path is another from now on."""
        return await self._ask("PUT", path, msgspec.json.encode(wish))

    async def orders(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """These orders by their ids; of another account none."""
        found: dict[str, dict[str, Any]] = {}
        for some in _portions(sorted(set(ids))):
            said = await self.post("orders/batch-retrieve", {"order_ids": some})
            found |= {str(one["id"]): one for one in listed(said, "orders")}
        return found

    async def customers(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """These customers by their ids; whoever was deleted there is left out."""
        found: dict[str, dict[str, Any]] = {}
        for some in _portions(sorted(set(ids))):
            said = await self.post("customers/bulk-retrieve", {"customer_ids": some})
            each = said.get("responses") or {}
            if not isinstance(each, dict):
                raise Odd(_NO_LIST)
            for id_, one in each.items():
                customer = one.get("customer") if isinstance(one, dict) else None
                if isinstance(customer, dict):
                    found[id_] = customer
        return found

    async def payment(self, id_: str) -> dict[str, Any] | None:
        """A payment as it is by now; nothing where there is none of this number."""
        try:
            found = (await self.get(f"payments/{id_}")).get("payment")
        except Missing:
            return None
        if not isinstance(found, dict):
            raise Odd("it answers something that is no object")
        return found

    async def _ask(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        headers = (
            ("Authorization", f"Bearer {self._token}"),
            ("Square-Version", VERSION),
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
        )
        where = f"{self._address.rstrip('/')}/v2/{path}"
        try:
            return _told(await self._send(Sending(method, where, headers, body)))
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None


def listed(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The entries of a list, which is left out where it is empty. Raises: NotTold."""
    found = said.get(name) or []
    if not isinstance(found, list) or not all(_has_id(one) for one in found):
        raise Odd(_NO_LIST)
    return found


def _has_id(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("id"), str)


def _portions(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _told(answer: Answer) -> dict[str, Any]:
    if answer.status == 429:
        raise pause_of(answer, LONGEST_WAIT_S)
    if answer.status != 200:
        says = NO.get(answer.status, f"it answers {answer.status}")
        raise (Missing if answer.status == 404 else refused(answer.status))(says)
    try:
        scan(answer.body)
        found = _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise Odd("it answers something that is no JSON") from None
    if not isinstance(found, dict):
        raise Odd("it answers something that is no object")
    return found

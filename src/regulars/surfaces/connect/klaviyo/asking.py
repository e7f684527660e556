"""How Klaviyo's API is asked: headers, addresses, and what it says of too much at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.keyed import Keyed
from regulars.records.outbox.klaviyo.types import Klaviyo
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.catching.keys import NotOpened, ShopKeys, opened, sealed
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

REVISION: Final = "2026-07-15"
"""Of the API; what it asks for and answers stays as it is under this date."""
TYPE: Final = "application/vnd.api+json"
LONGEST_WAIT_S: Final = 3600
_PLACE: Final = UUID("6b6c6176-6979-6f00-8000-000000000000")
_NO: Final = {
    401: "it does not know this key: it was revoked, or mistyped",
    403: "this key may not do that: give it the scopes of the guide",
    410: "it does not speak this revision of its API any more: Regulars needs an update",
}
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


class Account(Struct, frozen=True):
    """Where an account of Klaviyo is asked, and by which key."""

    address: str
    key: str

    def __repr__(self) -> str:
        return f"Account({self.address})"

    def get(self, path: str, asked: Mapping[str, str]) -> Sending:
        """Something is asked for."""
        where = f"{self.address}/api/{path}" + (f"?{urlencode(asked)}" if asked else "")
        return Sending("GET", where, self._headers(), b"")

    def post(self, path: str, told: Mapping[str, Any]) -> Sending:
        """Something is told."""
        headers = (*self._headers(), ("Content-Type", TYPE))
        return Sending("POST", f"{self.address}/api/{path}", headers, _encode({"data": told}))

    def _headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Authorization", f"Klaviyo-API-Key {self.key}"),
            ("Accept", TYPE),
            ("revision", REVISION),
        )


def sealed_key(keyed: Keyed, program_id: int, key: str, nonce: bytes) -> bytes:
    """A key as it is kept: encrypted for this program and this purpose."""
    return sealed(keyed, (program_id, _PLACE), ShopKeys(key, ""), nonce)


def account_of(keyed: Keyed, program_id: int, link: Klaviyo) -> Account:
    """The account of a program. Raises: NotTold."""
    try:
        return Account(link.address, opened(keyed, (program_id, _PLACE), link.keys).key)
    except NotOpened:
        raise NotTold("its key is of another installation: enter it again") from None


async def asked(send: Send, wish: Sending) -> dict[str, Any]:
    """What it answers, read strictly. Raises: NotTold, also where it asks for a pause."""
    return read(await answered(send, wish))


async def answered(send: Send, wish: Sending) -> Answer:
    """What it answers, where that is a yes. Raises: NotTold."""
    try:
        answer = await send(wish)
    except (NoAnswer, NotAllowed) as why:
        raise NotTold(why.why) from None
    if 200 <= answer.status < 300:
        return answer
    if answer.status in (429, 503):
        said = answer.headers.get("retry-after", "")
        if said.isascii() and said.isdigit():
            wait_s = max(1, min(int(said[:9]), LONGEST_WAIT_S))
            raise NotTold("it asks for a pause", wait_s)
    raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))


def read(answer: Answer) -> dict[str, Any]:
    """The document it answered. Raises: NotTold."""
    try:
        scan(answer.body)
        found = _decode(answer.body)
    except (Fault, msgspec.DecodeError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict):
        raise NotTold("it answers something that is no document of its API")
    return found


def instant(said: object) -> datetime | None:
    """An instant as it writes them; nothing where it is none."""
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def written(at: datetime) -> str:
    """An instant as it reads them."""
    assert at.tzinfo is not None, at
    return at.isoformat()

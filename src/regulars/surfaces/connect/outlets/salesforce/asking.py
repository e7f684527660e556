"""Asks Salesforce: a token for its app, renewed once it is over, and its limits.

Source: Salesforce, REST API, `errorCode` of its errors.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.records.once.types import digest
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.outlets.salesforce.signing_in import MARK, form_of
from regulars.surfaces.connect.outlets.telling import NotTaken, pause_s
from regulars.surfaces.senders.outgoing.client import Answer, Sending

VERSION: Final = "v62.0"
LIMITED_S: Final = 3_600
"""So long it is left alone once its requests of a day are used up: they come back hour by hour."""
MOST_PERCENT: Final = 90
"""So much of its requests of a day we let be used, by whomever; the rest is for others."""
MOST_TOKENS: Final = 1_000
_NO: Final = {
    "REQUEST_LIMIT_EXCEEDED": "its requests of this day are used up",
    "API_DISABLED_FOR_ORG": "its edition has no API",
    "INSUFFICIENT_ACCESS": "this app may not do that: give its user permission there",
    "INSUFFICIENT_ACCESS_OR_READONLY": "this app may not do that: give its user permission there",
    "INVALID_TYPE": "it has no such object",
    "INVALID_FIELD": "it has not all of these fields, or its user may not see them",
    "NOT_FOUND": "it has no such object, or no such External ID",
    "MALFORMED_QUERY": "it does not understand which fields are asked for",
}
_NOT_LET_IN: Final = (
    "it does not know this consumer key and secret, or the app may not sign in",
    "it does not take what was signed: see key, certificate and user of the app there",
)
_decode: Final = msgspec.json.Decoder(float_hook=str).decode


class Token(NamedTuple):
    """By what it lets itself be asked, for a while."""

    said: str


class Tokens:
    """The tokens of this process; none is written down."""

    def __init__(self) -> None:
        self._known: dict[object, Token] = {}

    def get(self, shop: Shop) -> Token | None:
        """The token of this system, where one was given."""
        return self._known.get(_place(shop))

    def keep(self, shop: Shop, token: Token) -> None:
        """It lets itself be asked by this from now on."""
        if len(self._known) >= MOST_TOKENS:
            self._known.clear()
        self._known[_place(shop)] = token

    def drop(self, shop: Shop) -> None:
        """That one is over."""
        self._known.pop(_place(shop), None)


def _place(shop: Shop) -> object:
    return digest(shop.address, shop.keys.key, shop.keys.secret, shop.keys.client)


class Said(NamedTuple):
    """What it answered, and for how long it wants to be left alone."""

    found: Any
    rest_s: int


class Salesforce:
    """One organization, for whoever asks it. Raises, from every method: NotTold, NotTaken; NoAnswer
    and NotAllowed, as they come."""

    def __init__(self, send: Send, shop: Shop, tokens: Tokens) -> None:
        self._send, self._shop, self._tokens = send, shop, tokens

    async def get(self, path: str) -> Said:
        """What stands there."""
        return await self._ask("GET", path, b"")

    async def patch(self, path: str, body: bytes) -> Said:
        """Something is as it says from now on."""
        return await self._ask("PATCH", path, body)

    async def post(self, path: str, body: bytes) -> Said:
        """Something is said to have happened."""
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: bytes) -> Said:
        """Once more with a new token where the old one is over.

        Keeps: a token goes nowhere but where its keys were entered for.
        """
        answer = await self._asked(method, path, body)
        if answer.status == 401:
            self._tokens.drop(self._shop)
            answer = await self._asked(method, path, body)
        if answer.status == 401:
            raise NotTold("it does not take the token it gave")
        return Said(_told(answer), _rest_s(answer))

    async def _asked(self, method: str, path: str, body: bytes) -> Answer:
        token = self._tokens.get(self._shop) or await self._signed_in()
        at = path if path.startswith("/services/data/") else f"/services/data/{VERSION}/{path}"
        headers = (
            ("Authorization", f"Bearer {token.said}"),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
        )
        url = f"{self._shop.address.rstrip('/')}{at}"
        return await self._send(Sending(method, url, headers, body))

    async def _signed_in(self) -> Token:
        form = form_of(self._shop)
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        url = f"{self._shop.address.rstrip('/')}/services/oauth2/token"
        answer = await self._send(Sending("POST", url, headers, urlencode(form).encode()))
        if answer.status in (400, 401):
            raise NotTold(_NOT_LET_IN[self._shop.keys.secret.startswith(MARK)])
        found = _told(answer)
        said = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(said, str) or not said.isascii() or not said.isprintable():
            raise NotTold("it answers something that is no token")
        token = Token(said)
        self._tokens.keep(self._shop, token)
        return token


def _told(answer: Answer) -> Any:
    """What came back; its own words are not kept, as they may name somebody."""
    code = _code(answer)
    if code == "REQUEST_LIMIT_EXCEEDED":
        raise NotTold(_NO[code], LIMITED_S)
    if answer.status in (429, 503):
        raise NotTold("it asks for a pause", pause_s(answer))
    if answer.status == 401:
        return None
    if code in _NO:
        raise NotTold(_NO[code])
    if answer.status in (400, 413):
        raise NotTaken(f"it answers {answer.status} {code}".strip(), code or "not_taken")
    if answer.status == 500:
        raise NotTaken("it answers 500", "failed", fell=True)
    if not 200 <= answer.status < 300:
        raise NotTold(f"it answers {answer.status}")
    return _read(answer)


def _code(answer: Answer) -> str:
    if 200 <= answer.status < 300:
        return ""
    try:
        found = _read(answer)
    except NotTold:
        return ""
    first = found[0] if isinstance(found, list) and found else found
    code = first.get("errorCode") if isinstance(first, dict) else None
    return code if isinstance(code, str) and code.replace("_", "").isalnum() else ""


def _read(answer: Answer) -> Any:
    try:
        scan(answer.body)
        return _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, Fault):
        raise NotTold("it answers something that is no JSON") from None


def _rest_s(answer: Answer) -> int:
    """A pause where nearly all of its requests of a day are used, whoever used them.

    Example: `api-usage=13500/15000` is 90 percent, and an hour.
    """
    for part in answer.headers.get("sforce-limit-info", "").split(","):
        name, _, said = part.strip().partition("=")
        used, _, most = said.partition("/")
        if name == "api-usage" and used.isdecimal() and most.isdecimal() and int(most):
            return LIMITED_S if int(used) * 100 >= int(most) * MOST_PERCENT else 0
    return 0

"""Google Wallet: the card there is changed by asking for it, as whoever made it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey
from msgspec import Struct

from regulars.surfaces.senders.outgoing.client import Answer, Client, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed
from regulars.surfaces.senders.push.apple import PATIENCE_S, Woken

GOOGLE: Final = "https://walletobjects.googleapis.com"
TOKENS: Final = "https://oauth2.googleapis.com/token"
SCOPE: Final = "https://www.googleapis.com/auth/wallet_object.issuer"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AT_ONCE: Final = 8
ASKED_FOR: Final = timedelta(hours=1)
"""So long a token is asked for, which is the longest Google gives."""
EARLIER: Final = timedelta(minutes=1)
"""So long before its end another one is had."""


class GooglePush(Struct, frozen=True):
    """As whom we come, and where: the service account that signs the links, its key as PEM."""

    url: str
    tokens: str
    issuer: str
    account: str
    key: bytes

    def __repr__(self) -> str:
        return f"GooglePush({self.issuer})"


class GooglePusher:
    """Changes cards in Google Wallet; what the world does is no exception."""

    def __init__(
        self, push: GooglePush, now: Callable[[], datetime], patience_s: float = PATIENCE_S
    ) -> None:
        self._push, self._now = push, now
        # The addresses stand in the installation's own settings, so they may be of this house.
        self._client = Client(Guard(anywhere=True), patience_s=patience_s, wide=AT_ONCE)
        self._token: tuple[str, datetime] | None = None

    async def change(self, cards: Sequence[tuple[str, dict[str, Any]]]) -> list[Woken]:
        """Change these (serial number, what is another): told; later; or *absent*, where nobody
        has such a card there."""
        try:
            token = await self._bearer()
        except (NoAnswer, NotAllowed) as why:
            return [Woken("later", f"Google gives no token: {why.why}")] * len(cards)
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(serial: str, said: dict[str, Any]) -> Woken:
            async with turn:
                return await self._one(token, serial, said)

        return list(await asyncio.gather(*(one(*each) for each in cards)))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _one(self, token: str, serial: str, said: dict[str, Any]) -> Woken:
        place = quote(f"{self._push.issuer}.{serial}", safe="")
        url = f"{self._push.url.rstrip('/')}/walletobjects/v1/loyaltyObject/{place}"
        headers = [("authorization", f"Bearer {token}"), ("content-type", "application/json")]
        try:
            answer = await self._client.send(
                Sending("PATCH", url, headers, msgspec.json.encode(said))
            )
        except (NoAnswer, NotAllowed) as why:
            return Woken("later", f"Google does not answer: {why.why}")
        if answer.status == 401:
            self._token = None  # taken back before its end; the next round has another one
        return judged(answer)

    async def _bearer(self) -> str:
        """What proves who we are. Raises: NoAnswer.

        Source: Google, Using OAuth 2.0 for server to server applications; RFC 7523.
        """
        now = self._now()
        if self._token is None or now >= self._token[1]:
            at = int(now.timestamp())
            claims = {
                "iss": self._push.account,
                "scope": SCOPE,
                "aud": self._push.tokens,
                "iat": at,
                "exp": at + int(ASKED_FOR.total_seconds()),
            }
            signed = jwt.encode({"alg": "RS256"}, claims, RSAKey.import_key(self._push.key))
            body = urlencode({"grant_type": GRANT, "assertion": signed}).encode()
            kind = [("content-type", "application/x-www-form-urlencoded")]
            answer = await self._client.post(self._push.tokens, kind, body)
            self._token = given(answer, now)
        return self._token[0]


class _Given(Struct):
    access_token: str
    expires_in: int = 0


def given(answer: Answer, now: datetime) -> tuple[str, datetime]:
    """The token, and until when it is used. Raises: NoAnswer, which names the status alone."""
    try:
        told = msgspec.json.decode(answer.body, type=_Given)
    except (msgspec.DecodeError, UnicodeDecodeError):
        told = None
    if answer.status != 200 or told is None or not told.access_token.isprintable():
        raise NoAnswer(f"it says {answer.status}")
    lasts = min(max(timedelta(seconds=told.expires_in), timedelta()), ASKED_FOR)
    return told.access_token, now + lasts - EARLIER


def judged(answer: Answer) -> Woken:
    """What Google means: only 404 says that nobody saved this card. What we may not do is a mistake
    in settings, and no reason to forget anybody."""
    if 200 <= answer.status < 300:
        return Woken("told")
    return Woken("absent" if answer.status == 404 else "later", str(answer.status))

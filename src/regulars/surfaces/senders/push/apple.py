"""Apple's push service: one short request over HTTP/2 wakes a telephone, which then asks us."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from tempfile import NamedTemporaryFile
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey
from msgspec import Struct

from regulars.surfaces.senders.outgoing.client import Answer, Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

APPLE: Final = "https://api.push.apple.com"
PATIENCE_S: Final = 10.0
AT_ONCE: Final = 50
"""Requests beside each other on the one connection; Apple allows more."""
TOKEN_LASTS: Final = timedelta(minutes=40)
"""Apple takes a token for an hour, and no new one within twenty minutes."""


class ApplePush(Struct, frozen=True):
    """As whom we come: with the certificate the passes are signed by, or with a push key.

    Apple documents the certificate; a push key of the same team is taken, too, and lasts for ever.
    """

    url: str
    pass_type: str
    team: str
    certificates: bytes
    certificate_key: bytes
    key_id: str = ""
    key: bytes = b""

    def __repr__(self) -> str:
        return f"ApplePush({self.pass_type})"


class Woken(NamedTuple):
    """What came of it: told; later (`why` says it); nobody is there any more; or not yet there."""

    outcome: Literal["told", "later", "gone", "absent"]
    why: str = ""


class ApplePusher:
    """Wakes telephones; what the world does is no exception."""

    def __init__(
        self,
        push: ApplePush,
        now: Callable[[], datetime],
        patience_s: float = PATIENCE_S,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._push = push
        self._now = now
        # The address stands in the installation's own settings, so it may be of this house.
        self._client = Client(
            Guard(anywhere=True), patience_s=patience_s, wide=1,
            trust=shown_by(push, trust), http2=True,
        )  # fmt: skip
        self._token: tuple[str, datetime] | None = None

    async def wake(self, tokens: Sequence[tuple[str, str]]) -> list[Woken]:
        """Wake these (address, serial number of the pass), some beside each other."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(token: str, serial: str) -> Woken:
            async with turn:
                return await self._one(token, serial)

        return list(await asyncio.gather(*(one(*each) for each in tokens)))

    async def close(self) -> None:
        """Close the connection."""
        await self._client.close()

    async def _one(self, token: str, serial: str) -> Woken:
        url = f"{self._push.url.rstrip('/')}/3/device/{quote(token, safe='')}"
        try:
            answer = await self._client.post(url, self._headers(serial), b"{}")
        except (NoAnswer, NotAllowed) as why:
            return Woken("later", f"Apple does not answer: {why.why}")
        return judged(answer)

    def _headers(self, serial: str) -> list[tuple[str, str]]:
        """Source: Apple, Sending notification requests to APNs; Adding a web service to update
        passes: the topic is the pass type, the body an empty dictionary."""
        headers = [
            ("apns-topic", self._push.pass_type),
            ("apns-push-type", "background"),
            ("apns-priority", "5"),
            # Of many changes while a telephone is off, one is enough.
            ("apns-collapse-id", serial),
            ("content-type", "application/json"),
        ]
        return (
            [*headers, ("authorization", f"bearer {self._bearer()}")] if self._push.key else headers
        )

    def _bearer(self) -> str:
        now = self._now()
        if self._token is None or now - self._token[1] >= TOKEN_LASTS:
            key = ECKey.import_key(self._push.key)
            header = {"alg": "ES256", "kid": self._push.key_id}
            claims = {"iss": self._push.team, "iat": int(now.timestamp())}
            self._token = jwt.encode(header, claims, key), now
        return self._token[0]


def judged(answer: Answer) -> Woken:
    """What Apple means: only 410 says that nobody is there. A token that does not fit the topic, or
    comes from Apple's other environment, is a mistake in settings, and no reason to forget anybody.
    """
    if 200 <= answer.status < 300:
        return Woken("told")
    reason = f"{answer.status} {_reason(answer.body)}".strip()
    return Woken("gone" if answer.status == 410 else "later", reason)


def shown_by(push: ApplePush, trust: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """How we prove who we are: without a push key by the pass's own certificate."""
    context = trust or ssl.create_default_context()
    if not push.key:
        # The library takes a certificate from files alone.
        with NamedTemporaryFile("wb", suffix=".pem") as both:
            both.write(push.certificate_key + b"\n" + push.certificates)
            both.flush()
            context.load_cert_chain(both.name)
    return context


def _reason(body: bytes) -> str:
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        told = None
    said = told.get("reason", "") if isinstance(told, dict) else ""
    # One word, as Apple publishes them; anything else may be the telephone's address.
    return said if isinstance(said, str) and said.isascii() and said.isalpha() else ""

"""Text messages go to a provider by HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal, Protocol

import httpx
from msgspec import Struct

from regulars.records.outbox.delivery.types import Channel
from regulars.surfaces.senders.types import SENT, Letter, Said, one_line

PATIENCE_S: Final = 20.0
TWILIO: Final = "https://api.twilio.com"
AGAIN: Final = frozenset({408, 425, 429})
"""Answers of the 4xx kind that mean: not now."""
NOT_LET_IN: Final = frozenset({401, 403})
"""Not the message's fault: whatever is sent meets the same answer until the settings are right."""


class SmsProvider(Struct, frozen=True):
    """Who carries text messages, and as whom we come."""

    driver: Literal["twilio", "http"]
    url: str
    account: str
    token: str
    origin: str
    """The number or name they come from; with Twilio also a messaging service (`MG…`)."""


class Driver(Protocol):
    """How a provider wants to be asked."""

    def request(self, provider: SmsProvider, letter: Letter) -> dict[str, Any]:
        """The request, as httpx takes it."""


class Twilio:
    """Twilio's interface: a form at `/2010-04-01/Accounts/{sid}/Messages.json`, basic auth."""

    def request(self, provider: SmsProvider, letter: Letter) -> dict[str, Any]:
        """A form, as Twilio's documentation has it."""
        several = provider.origin.startswith("MG")
        place = f"2010-04-01/Accounts/{provider.account}/Messages.json"
        return {
            "url": f"{provider.url.rstrip('/')}/{place}",
            "auth": (provider.account, provider.token),
            "data": {
                "To": letter.to,
                "MessagingServiceSid" if several else "From": provider.origin,
                "Body": letter.text,
            },
        }


class Plain:
    """One POST of JSON to an address of the shop's own: `id`, `to`, `from`, `text`.

    The header `Idempotency-Key` is the same for each try of one message.
    """

    def request(self, provider: SmsProvider, letter: Letter) -> dict[str, Any]:
        """A body of JSON, with the token as a bearer's."""
        headers = {"Idempotency-Key": letter.mark}
        if provider.token:
            headers["Authorization"] = f"Bearer {provider.token}"
        return {
            "url": provider.url,
            "headers": headers,
            "json": {
                "id": letter.mark, "to": letter.to, "from": provider.origin, "text": letter.text,
            },
        }  # fmt: skip


DRIVERS: Final[dict[str, Driver]] = {"twilio": Twilio(), "http": Plain()}


class SmsSender:
    """Asks a provider to carry text messages."""

    channel: Channel = "sms"

    def __init__(self, provider: SmsProvider, patience_s: float = PATIENCE_S) -> None:
        self._provider = provider
        self._driver = DRIVERS[provider.driver]
        self._patience_s = patience_s
        self.name = f"text messages by {httpx.URL(provider.url).host}"

    async def send(self, letters: Sequence[Letter]) -> list[Said]:
        """One request each; when the provider does not answer, the rest waits."""
        said: list[Said] = []
        # No proxy of the environment, no redirect: it goes where the settings say, or not at all.
        async with httpx.AsyncClient(
            timeout=self._patience_s, trust_env=False, follow_redirects=False
        ) as client:
            for letter in letters:
                lost = bool(said) and said[-1].away
                said.append(said[-1] if lost else await self._one(client, letter))
        return said

    async def _one(self, client: httpx.AsyncClient, letter: Letter) -> Said:
        try:
            answer = await client.post(**self._driver.request(self._provider, letter))
        except (httpx.HTTPError, OSError) as why:
            return Said(
                "later", f"the provider does not answer: {why or type(why).__name__}", away=True
            )
        return _judged(answer)


def _judged(answer: httpx.Response) -> Said:
    if answer.is_success:
        return SENT
    reason = f"{answer.status_code} {_words(answer)}".strip()
    if answer.status_code in NOT_LET_IN:
        return Said("later", f"the provider does not let us in: {reason}", away=True)
    if answer.is_client_error and answer.status_code not in AGAIN:
        return Said("never", reason)
    # A redirect is no answer either: somebody must look at the address in the settings.
    return Said("later", reason, away=answer.is_server_error or answer.is_redirect)


def _words(answer: httpx.Response) -> str:
    """What the provider says about it, as Twilio says it or in the first words of its answer."""
    try:
        told = answer.json()
    except ValueError:
        return one_line(answer.text[:200])
    if isinstance(told, dict) and "message" in told:
        return one_line(f"{told.get('code', '')} {told['message']}"[:200])
    return one_line(answer.text[:200])

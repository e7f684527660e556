"""Text messages go to a provider by HTTP."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple, Protocol
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.records.outbox.bounces.types import Meant
from regulars.records.outbox.delivery.types import Channel
from regulars.surfaces.senders.outgoing.client import BEFORE, Answer, Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed
from regulars.surfaces.senders.types import SENT, Letter, Said, one_line

PATIENCE_S: Final = 20.0
TWILIO: Final = "https://api.twilio.com"
AGAIN: Final = frozenset({408, 425, 429})
"""Answers of the 4xx kind that mean: not now."""
NOT_LET_IN: Final = frozenset({401, 403})
"""Not the message's fault: whatever is sent meets the same answer until the settings are right."""

_OF_THE_NUMBER: Final[dict[int, Meant]] = {
    21610: "complaint",  # its owner answered STOP to Twilio
    21211: "hard", 21217: "hard",  # no number at all
    21614: "hard",  # a landline
}  # fmt: skip
_OF_US: Final = frozenset({21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703, 21704, 63038})
"""Twilio's codes of who sends: its number or service is none, or it sent as much as it may today.
A country it may not write to (21408), or a number that a trial account may not (21608), stops no
other message."""
_FULL: Final = 21611
"""So many of ours wait at Twilio that it takes no more for now."""


class SmsProvider(Struct, frozen=True):
    """Who carries text messages, and as whom we come."""

    driver: Literal["twilio", "http"]
    url: str
    account: str
    token: str
    origin: str
    """The number or name they come from; with Twilio also a messaging service (`MG…`)."""
    told_at: str = ""
    """Where Twilio tells what became of each; nothing: wherever its console says."""


class Asked(NamedTuple):
    """A request: where it goes, what stands above it, what it says."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Driver(Protocol):
    """How a provider wants to be asked."""

    def request(self, provider: SmsProvider, letter: Letter) -> Asked:
        """The request for one message."""

    def refused(self, answer: Answer, reason: str) -> Said:
        """What an answer of the 4xx kind says that is neither *not now* nor *who are you*."""


class Twilio:
    """Twilio's interface: a form at `/2010-04-01/Accounts/{sid}/Messages.json`, basic auth."""

    def request(self, provider: SmsProvider, letter: Letter) -> Asked:
        """A form, as Twilio's documentation has it."""
        several = provider.origin.startswith("MG")
        place = f"2010-04-01/Accounts/{provider.account}/Messages.json"
        form = {
            "To": letter.to,
            "MessagingServiceSid" if several else "From": provider.origin,
            "Body": letter.text,
        }
        if provider.told_at:
            form["StatusCallback"] = provider.told_at
        who = b64encode(f"{provider.account}:{provider.token}".encode()).decode()
        headers = (
            ("Authorization", f"Basic {who}"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        )
        return Asked(f"{provider.url.rstrip('/')}/{place}", headers, urlencode(form).encode())

    def refused(self, answer: Answer, reason: str) -> Said:
        """By its code: the number is none, its owner wants nothing, or it is we who may not."""
        told = _told(answer)
        code = told.get("code") if isinstance(told, dict) else None
        code = code if type(code) is int else 0
        if code in _OF_US or code == _FULL:
            return Said("later", reason, away=code != _FULL)
        return Said("never", reason, back=_OF_THE_NUMBER.get(code, ""))


class Plain:
    """One POST of JSON to an address of the shop's own: `id`, `to`, `from`, `text`.

    The header `Idempotency-Key` is the same for each try of one message.
    """

    def request(self, provider: SmsProvider, letter: Letter) -> Asked:
        """A body of JSON, with the token as a bearer's."""
        headers = [("Idempotency-Key", letter.mark), ("Content-Type", "application/json")]
        if provider.token:
            headers.append(("Authorization", f"Bearer {provider.token}"))
        told = {"id": letter.mark, "to": letter.to, "from": provider.origin, "text": letter.text}
        return Asked(provider.url, tuple(headers), msgspec.json.encode(told))

    def refused(self, answer: Answer, reason: str) -> Said:
        """Refused for good; it has no words for why."""
        return Said("never", reason)


DRIVERS: Final[dict[str, Driver]] = {"twilio": Twilio(), "http": Plain()}


class SmsSender:
    """Asks a provider to carry text messages."""

    channel: Channel = "sms"

    def __init__(self, provider: SmsProvider, patience_s: float = PATIENCE_S) -> None:
        self._provider = provider
        self._driver = DRIVERS[provider.driver]
        self._patience_s = patience_s
        self.takes_key = provider.driver == "http"
        self.name = f"text messages by {urlsplit(provider.url).hostname}"

    async def send(self, letters: Sequence[Letter]) -> list[Said]:
        """One request each; when the provider does not answer, the rest waits."""
        said: list[Said] = []
        # Its address stands in the installation's own settings, so it may be of this house.
        client = Client(Guard(anywhere=True), patience_s=self._patience_s, wide=1)
        try:
            for letter in letters:
                lost = bool(said) and said[-1].away
                said.append(
                    replace(said[-1], unsure=False) if lost else await self._one(client, letter)
                )
        finally:
            await client.close()
        return said

    async def _one(self, client: Client, letter: Letter) -> Said:
        try:
            answer = await client.post(*self._driver.request(self._provider, letter))
        except (NoAnswer, NotAllowed) as why:
            said = f"the provider does not answer: {why.why}"
            return Said("later", said, away=True, unsure=_may_have_it(why))
        return _judged(answer, self._driver)


def _may_have_it(why: NoAnswer | NotAllowed) -> bool:
    """Whether the request may have come to them: not where no connection was made."""
    return isinstance(why, NoAnswer) and why.why not in BEFORE


def _judged(answer: Answer, driver: Driver) -> Said:
    status = answer.status
    if 200 <= status < 300:
        return SENT
    reason = f"{status} {_words(answer)}".strip()
    if status in NOT_LET_IN:
        return Said("later", f"the provider does not let us in: {reason}", away=True)
    if 400 <= status < 500 and status not in AGAIN:
        return driver.refused(answer, reason)
    # A redirect is no answer either: somebody must look at the address in the settings.
    return Said("later", reason, away=status >= 500 or 300 <= status < 400)


def _told(answer: Answer) -> Any:
    try:
        return msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None


def _words(answer: Answer) -> str:
    """What the provider says about it, as Twilio says it or in the first words of its answer."""
    told = _told(answer)
    if isinstance(told, dict) and "message" in told:
        return one_line(f"{told.get('code', '')} {told['message']}"[:200])
    return one_line(answer.body.decode("utf-8", "replace")[:200])

"""Letters go to a mail server by SMTP (RFC 5321), several over one connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from email.errors import MessageError
from typing import Final, Literal

import aiosmtplib
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from msgspec import Struct
from msgspec.structs import replace

from regulars.records.outbox.delivery.types import Channel
from regulars.surfaces.senders.email.letters import Origin, written
from regulars.surfaces.senders.email.refusals import of_the_address, of_the_letter, of_us
from regulars.surfaces.senders.types import SENT, Letter, Said

PATIENCE_S: Final = 20.0
Security = Literal["starttls", "tls", "none"]


class MailServer(Struct, frozen=True):
    """Where letters are handed in, and as whom."""

    host: str
    port: int
    security: Security
    origin: Origin
    user: str = ""
    password: str = ""
    returns: str = ""
    """Where letters come back to that cannot be delivered; nothing: to where they come from."""


class SmtpSender:
    """Hands letters to a mail server, which carries them on and signs them (DKIM)."""

    channel: Channel = "email"

    def __init__(
        self, server: MailServer, now: Callable[[], datetime], patience_s: float = PATIENCE_S
    ) -> None:
        self.name = f"e-mail by {server.host}"
        self._server = server
        self._now = now
        self._patience_s = patience_s

    async def send(self, letters: Sequence[Letter]) -> list[Said]:
        """One connection for all; when it is lost, the rest waits for the next round."""
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._patience_s,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
        )
        try:
            await client.connect()
            if server.user:
                await client.login(server.user, server.password)
        except SMTPAuthenticationError as why:
            client.close()
            return [_away(f"the mail server does not let us in: {_words(why)}")] * len(letters)
        except (SMTPException, OSError, TimeoutError, ValueError) as why:
            client.close()
            return [_away(f"the mail server does not answer: {_words(why)}")] * len(letters)
        said: list[Said] = []
        for letter in letters:
            lost = bool(said) and said[-1].away
            said.append(
                replace(said[-1], unsure=False) if lost else await self._one(client, letter)
            )
        await _goodbye(client)
        return said

    async def _one(self, client: SMTP, letter: Letter) -> Said:
        try:
            mail = written(letter, self._server.origin, self._now())
        except (ValueError, MessageError) as why:  # an address no header can hold
            return Said("never", f"it cannot be written as a letter: {why}")
        try:
            sender = self._server.returns or self._server.origin.address
            # As it is written: `send_message` would fold the address by which it is stopped.
            wide = [] if (sender + letter.to).isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
            await client.sendmail(sender, [letter.to], mail, mail_options=wide)
        except SMTPRecipientsRefused as why:
            return _judged(why.recipients[0])
        except SMTPResponseException as why:
            return _judged(why)
        except SMTPNotSupported:
            return Said("never", "the mail server does not take addresses with such letters")
        except (SMTPException, OSError, TimeoutError) as why:
            return replace(_away(f"the mail server went away: {_words(why)}"), unsure=True)
        return SENT


def _judged(why: SMTPResponseException | SMTPRecipientRefused) -> Said:
    """What a mail server means by its answer: 4yz come again, 5yz never. What it says of us meets
    every letter, so that none of them is given up."""
    if why.code == 421:
        return _away(f"the mail server closes: {why.code} {why.message}")
    first = isinstance(why, SMTPSenderRefused) and not of_the_letter(why.code, why.message)
    if first or of_us(why.code, why.message):
        return _away(f"the mail server takes nothing from us: {why.code} {why.message}")
    if not 500 <= why.code < 600:
        return Said("later", f"{why.code} {why.message}")
    there = isinstance(why, SMTPRecipientRefused)
    back = of_the_address(why.code, why.message) if there else ""
    return Said("never", f"{why.code} {why.message}", back=back)


def _away(reason: str) -> Said:
    return Said("later", reason, away=True)


def _words(why: BaseException) -> str:
    if isinstance(why, aiosmtplib.SMTPResponseException):
        return f"{why.code} {why.message}"
    return str(why) or type(why).__name__


async def _goodbye(client: SMTP) -> None:
    """What was said is said; a server that does not wait for the end changes nothing."""
    try:
        async with asyncio.timeout(2):
            await client.quit()
    except (SMTPException, OSError, TimeoutError):
        client.close()

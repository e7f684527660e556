"""A real mail server on loopback, and a provider of text messages that does as it is told."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class PostOffice:
    """Keeps what it was handed; `answers` are given first, one for each recipient named, and
    `of_us` for each letter that comes from us."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: list[str] = []
        self.of_us: list[str] = []
        self.port = 0

    @property
    def letters(self) -> list[EmailMessage]:
        raw: Any = [envelope.content for envelope in self.envelopes]
        return [message_from_bytes(one, policy=policy.default) for one in raw]  # type: ignore

    async def handle_MAIL(self, _s: Any, _x: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.of_us.pop(0) if self.of_us else "250 OK"
        if answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(self, _s: Any, _x: Any, envelope: Any, address: str, _o: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


def _may_enter(_server: Any, _session: Any, _envelope: Any, _how: str, who: Any) -> AuthResult:
    known = isinstance(who, LoginPassword) and who.password == b"open sesame"
    return AuthResult(success=known, handled=False)


class AnyPort(Controller):
    """Takes whichever port is free, and knows it from then on."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def post_office(**more: Any) -> Iterator[PostOffice]:
    """A mail server that lives for as long as the block lasts."""
    office = PostOffice()
    server = AnyPort(
        office, hostname="127.0.0.1", port=0, authenticator=_may_enter, auth_require_tls=False,
        decode_data=False, enable_SMTPUTF8=True, **more,
    )  # fmt: skip
    server.start()
    try:
        office.port = server.port
        yield office
    finally:
        server.stop()


class Provider:
    """What a provider of text messages was asked; `answers` (status, body) are given first."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: list[tuple[int, str]] = []
        self.url = ""


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider on loopback for as long as the block lasts."""
    kept = Provider()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            form = {key: one[0] for key, one in parse_qs(body.decode()).items()}
            secret = self.headers.get("Authorization", "").removeprefix("Basic ")
            kept.asked.append(
                {
                    "path": self.path, "form": form, "body": body.decode(),
                    "type": self.headers["Content-Type"],
                    "authorization": self.headers.get("Authorization", ""),
                    "auth": base64.b64decode(secret).decode() if " " not in secret else "",
                    "key": self.headers.get("Idempotency-Key", ""),
                }
            )  # fmt: skip
            status, answer = kept.answers.pop(0) if kept.answers else (201, '{"sid": "SM1"}')
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen of whoever tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)

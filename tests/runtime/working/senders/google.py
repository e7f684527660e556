"""A Google on loopback: gives tokens to who signs as its account, and changes cards it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey


class Changed(NamedTuple):
    """One card that was changed: which, with which token, and what of it."""

    card: str
    bearer: str
    said: dict[str, Any]


class Google:
    """Answers 404 for a card nobody `saved`; `answers` has statuses that come before anything."""

    def __init__(self) -> None:
        self.saved: set[str] = set()
        self.changed: list[Changed] = []
        self.claims: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.refuses = False
        self.key: Any = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def gives(self, body: bytes) -> tuple[int, dict[str, Any]]:
        told = parse_qs(body.decode())
        assert told["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        read = jwt.decode(told["assertion"][0], RSAKey.import_key(self.key), algorithms=["RS256"])
        self.claims.append(dict(read.claims))
        if self.refuses:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": f"token{len(self.claims)}", "expires_in": 3599}

    def changes(self, card: str, bearer: str, body: bytes) -> tuple[int, dict[str, Any]]:
        self.changed.append(Changed(card, bearer, json.loads(body)))
        if self.answers:
            return self.answers.pop(0), {}
        return (200 if card.rpartition(".")[2] in self.saved else 404), {}


@contextmanager
def google() -> Iterator[Google]:
    """A Google that lives for as long as the block lasts."""
    there = Google()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/token", self.path
            self._say(*there.gives(self._body()))

        def do_PATCH(self) -> None:
            place, _, card = self.path.rpartition("/")
            assert place == "/walletobjects/v1/loyaltyObject", self.path
            bearer = self.headers["authorization"].removeprefix("Bearer ")
            self._say(*there.changes(card, bearer, self._body()))

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers["content-length"]))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing is said on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    there.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()

"""An account on a port of this machine, for whoever speaks HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import msgspec
from tests.surfaces.connect.stripe.account import Account


class Served(ThreadingHTTPServer):
    """An account on a port of this machine."""

    account: Account

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Served

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        status, found = self.server.account.answer(
            self.command, self.path, dict(self.headers), self.rfile.read(length)
        )
        body = msgspec.json.encode(found)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """It says nothing."""


@contextmanager
def served_on_a_port(account: Account) -> Iterator[Served]:
    """It answers for as long as the block lasts."""
    server = Served(("127.0.0.1", 0), _Door)
    server.account = account
    going = Thread(target=server.serve_forever, daemon=True)
    going.start()
    yield server
    server.shutdown()
    server.server_close()
    going.join()

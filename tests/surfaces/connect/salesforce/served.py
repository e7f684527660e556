"""An organization on a port of this machine, for whoever speaks HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import msgspec
from tests.surfaces.connect.salesforce.org import Org


class Served(ThreadingHTTPServer):
    """An organization on a port of this machine."""

    org: Org

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Door(BaseHTTPRequestHandler):
    server: Served

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        status, found, more = self.server.org.answer(
            self.command, self.path, dict(self.headers), self.rfile.read(length)
        )
        body = msgspec.json.encode(found)
        self.send_response(status)
        for name, value in {"content-type": "application/json", **more}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PATCH = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """It says nothing."""


@contextmanager
def served_on_a_port(org: Org) -> Iterator[Served]:
    """It answers for as long as the block lasts."""
    server = Served(("127.0.0.1", 0), _Door)
    server.org = org
    going = Thread(target=server.serve_forever, daemon=True)
    going.start()
    yield server
    server.shutdown()
    server.server_close()
    going.join()

"""A push service on loopback: it knows who asks by RFC 8292 and reads by RFC 8291 for its
browsers, with none of the libraries of the sender."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_POINT = (Encoding.X962, PublicFormat.UncompressedPoint)


class Browser:
    """One that gave leave: its keys, and what it was told."""

    def __init__(self, url: str) -> None:
        self.path = f"/push/{token_hex(12)}"
        self.endpoint = f"{url}{self.path}"
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.receives = self._private.public_key().public_bytes(*_POINT)
        self.secret = token_bytes(16)
        self.told: list[dict[str, Any]] = []
        self.answers: list[int] = []

    def subscription(self) -> dict[str, str]:
        """As the card's form sends it."""
        return {
            "endpoint": self.endpoint, "p256dh": plain(self.receives), "auth": plain(self.secret),
        }  # fmt: skip

    def read(self, sealed: bytes) -> bytes:
        """What was written for it (RFC 8291, 3.4; RFC 8188, 2)."""
        salt, size = sealed[:16], int.from_bytes(sealed[16:20], "big")
        long = sealed[20]
        theirs, record = sealed[21 : 21 + long], sealed[21 + long :]
        assert len(record) <= size, "more than one record"
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self._private.exchange(ec.ECDH(), point)
        both = b"WebPush: info\0" + self.receives + theirs
        made = HKDF(SHA256(), 32, self.secret, both).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(made)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(made)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert text[-1:] == b"\2", "not the last record"
        return text[:-1]


class PushService:
    """Its browsers, and when it is."""

    def __init__(self) -> None:
        self.url = ""
        self.public = ""
        """The key that leave was given to."""
        self.now: datetime | None = None
        self.browsers: dict[str, Browser] = {}
        self.refused: list[str] = []

    def browser(self) -> Browser:
        """One more that gives leave."""
        made = Browser(self.url)
        self.browsers[made.path] = made
        return made

    def answered(self, path: str, headers: Any, body: bytes) -> int:
        """What it says to this request."""
        browser = self.browsers.get(path)
        if browser is None:
            return 404
        why = self._wrong(headers)
        if why:
            self.refused.append(why)
            return 401
        status = browser.answers.pop(0) if browser.answers else 201
        if status == 201:
            told = json.loads(browser.read(body))
            browser.told.append({**told, "topic": headers["Topic"], "ttl": headers["TTL"]})
        return status

    def _wrong(self, headers: Any) -> str:
        if headers["Content-Encoding"] != "aes128gcm" or not headers["TTL"]:
            return "no message of RFC 8291"
        kind, _, rest = headers["Authorization"].partition(" ")
        parts = dict(one.strip().split("=", 1) for one in rest.split(","))
        if kind != "vapid" or parts["k"] != self.public:
            return "leave was given to another key"
        signed, _, signature = parts["t"].rpartition(".")
        head, claims = (json.loads(raw(one)) for one in signed.split("."))
        both = raw(signature)
        numbers = (int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
        parts_of = urlsplit(self.url)
        assert self.now is not None
        left = claims["exp"] - self.now.timestamp()
        if head["alg"] != "ES256" or claims["aud"] != f"{parts_of.scheme}://{parts_of.netloc}":
            return "it is for another service"
        return "" if 0 < left <= 86_400 and claims["sub"] else "its time is over, or it is nobody's"


@contextmanager
def push_service() -> Iterator[PushService]:
    """A push service for as long as the block lasts."""
    kept = PushService()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status = kept.answered(self.path, self.headers, body)
            except Exception as why:
                kept.refused.append(repr(why))
                status = 400
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

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


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""A browser of somebody of the shop, and a passkey in it, for tests."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from itertools import count
from typing import Any

import cbor2
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from tests.flows.members.staff.people import hires
from tests.surfaces.counter import Counter

from regulars.records.access.staff.passwords import kept_form
from regulars.records.access.staff.types import Staff
from regulars.surfaces.app import build

PASSWORD = "four quiet green boats"
KEPT = kept_form(PASSWORD, b"s" * 16)
HOST = "shop.test"
_TOKEN = re.compile(r'name="_form" value="([^"]+)"')
_RAW = re.compile(r"<(textarea|pre|script|code|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_places = count(1)


def without_marks(answer: httpx.Response) -> httpx.Response:
    """What was answered; a page that shows the marks in which we write code raw is none of ours.

    Keeps: what somebody typed, and files as they are written, may have them.
    """
    if answer.headers.get("content-type", "").startswith("text/html"):
        seen = _RAW.sub("", answer.text)
        place = seen.find("`")
        assert place < 0, seen[max(0, place - 200) : place + 100]
    return answer


class Browser:
    """One browser at an address of its own: its cookies, and what its pages' forms carry."""

    def __init__(self, counter: Counter, *, scheme: str = "http") -> None:
        self.run, self.scheme = counter.shop.run, scheme
        place = next(_places)
        app = vars(counter).setdefault("console", None) or build(counter.given, later=True)
        vars(counter)["console"] = app  # building it takes longer than most of what is asked
        transport = httpx.ASGITransport(
            app,
            client=(f"10.0.{place // 250}.{place % 250 + 1}", 1),
        )
        self.http = httpx.AsyncClient(transport=transport, base_url=f"{scheme}://{HOST}")
        self.form = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        answer = self.run(self.http.get(path, headers=headers))
        found = _TOKEN.search(answer.text)
        if found:
            self.form = found[1]
        return without_marks(answer)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """A form of the page looked at last, unless `_form` is said."""
        told = {"_form": self.form} | (form or {})
        said = {"origin": f"{self.scheme}://{HOST}", "sec-fetch-site": "same-origin"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        return without_marks(self.run(self.http.post(path, data=told, headers=said)))

    def send(self, path: str, told: dict[str, Any] | None = None) -> httpx.Response:
        """The same as JSON, as a script of ours sends it."""
        headers = {"origin": f"{self.scheme}://{HOST}", "x-form-token": self.form}
        return self.run(self.http.post(path, json=told or {}, headers=headers))

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        self.get("/console/sign-in")
        answer = self.post("/console/sign-in", {"email": email, "password": password, **more})
        self.get("/console")
        return answer

    @property
    def token(self) -> str:
        return next(iter(self.http.cookies.jar)).value or ""


def somebody(counter: Counter, role: str = "owner", **more: Any) -> Staff:
    """Somebody who may sign in with PASSWORD."""
    return hires(counter.shop, role, kept=KEPT, **more)


class SoftKey:
    """An authenticator in software: one key that signs what it is asked."""

    def __init__(self, *, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = self.key.public_key().public_numbers().x.to_bytes(32)
        self.uses, self.counts = 0, counts

    def made(self, options: dict[str, Any], origin: str = f"http://{HOST}") -> dict[str, Any]:
        """The answer to being asked to make a credential."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        told = self._told(options["rp"]["id"], 0x45) + held
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        client = _client("webauthn.create", options["challenge"], origin)
        return self._answer(
            {"clientDataJSON": _text(client), "attestationObject": _text(attestation)}
        )

    def signed(self, options: dict[str, Any], origin: str = f"http://{HOST}") -> dict[str, Any]:
        """The answer to being asked who it is."""
        self.uses += self.counts
        told = self._told(options["rpId"], 0x05)
        client = _client("webauthn.get", options["challenge"], origin)
        signature = self.key.sign(told + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(told),
                "signature": _text(signature),
            }
        )

    def _told(self, rp_id: str, flags: int) -> bytes:
        return sha256(rp_id.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4)

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        named = _text(self.id)
        return {"id": named, "rawId": named, "type": "public-key", "response": response}


def _client(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")

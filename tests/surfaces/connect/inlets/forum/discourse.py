"""A forum of our own making: it sends, asks who somebody is and reads answers as Discourse does."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.inlets.providers.discourse.kind import Discourse

FORUM = "https://forum.example.org"
AT = "2026-03-02T09:00:00.000Z"


def mapping_of(address: str = FORUM, groups: str = "[]") -> str:
    told = Discourse().mapping.replace("source: discourse ", "source: web-shop ")
    return told.replace("groups: []", f"groups: {groups}").replace(FORUM, address)


class Forum(Sender):
    """One with its users by number, which it counts events of."""

    def __init__(self, counter: Counter, groups: str = "[]", address: str = FORUM) -> None:
        super().__init__(counter, mapping_of(address, groups), "discourse")
        self.words, self.home, self.events = self.made["secret"], address, 0
        self.users: dict[str, int] = {}
        self.asked: list[str] = []
        self.first = int(self.mark, 16) * 100
        """Its own numbers, so that no two forums of a test tell of the same user."""

    def headers(self, body: bytes, event: str, number: int | None = None) -> dict[str, str]:
        """What stands above a body."""
        self.events += 1
        made = hmac.new(self.words.encode(), body, "sha256").hexdigest()
        return {
            "content-type": "application/json",
            "x-discourse-instance": self.home,
            "x-discourse-event-id": str(number or self.events),
            "x-discourse-event-type": event.partition("_")[0],
            "x-discourse-event": event,
            "x-discourse-event-signature": f"sha256={made}",
        }

    def tell(self, event: str, number: int | None = None, **told: Any) -> httpx.Response:
        """One delivery."""
        body = msgspec.json.encode(told)
        return self.post(body, self.headers(body, event, number))

    def asks(self, nonce: str = "", back: str = "", **more: str) -> dict[str, str]:
        """What it puts behind our address when somebody signs in."""
        self.events += 1
        nonce = nonce or f"cb68251eefb5211e58c00ff1395f{self.events:04x}"
        self.asked.append(nonce)
        told = {"nonce": nonce, "return_sso_url": back or f"{self.home}/session/sso_login"}
        sso = b64encode(urlencode(told | more).encode()).decode()
        return {"sso": sso, "sig": self.sign(sso)}

    def sign(self, sso: str) -> str:
        return hmac.new(self.words.encode(), sso.encode(), "sha256").hexdigest()

    def reads(self, address: str) -> dict[str, str]:
        """What an answer tells it, once it found it well signed and its own; an account is made."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.home}/session/sso_login"
        said = {name: found for name, (found,) in parse_qs(parts.query).items()}
        assert hmac.compare_digest(self.sign(said["sso"]), said["sig"])
        told = {n: f for n, (f,) in parse_qs(b64decode(said["sso"]).decode()).items()}
        self.asked.remove(told["nonce"])  # good once
        self.users.setdefault(told["external_id"], self.first + len(self.users) + 1)
        return told

    def user(self, external_id: str) -> dict[str, Any]:
        """A user as its webhooks tell of one."""
        number = self.users[external_id]
        name = f"user{number}"
        return {"id": number, "username": name, "name": None, "external_id": external_id}

    def topic(self, number: int, user: int, **more: Any) -> dict[str, Any]:
        by = {"id": user, "username": f"user{user}"}
        return {"id": number, "title": "Which grind?", "archetype": "regular", "created_at": AT,
                "created_by": by} | more  # fmt: skip

    def answer(self, number: int, user: int, **more: Any) -> dict[str, Any]:
        return {"id": number, "user_id": user, "post_number": 2, "topic_id": 9, "created_at": AT,
                "topic_archetype": "regular", "cooked": "<p>Fine.</p>"} | more  # fmt: skip

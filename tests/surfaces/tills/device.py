"""A device at the counter: it signs and chains what happens, and hands it in when it can."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.surfaces.counter import Counter

Record = dict[str, str]
STORE = "main-street"


def plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    """The key of a device, and the chain of what it recorded."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = self.previous = self.heard_at = ""
        self.sequence = self.offset_ms = 0

    @property
    def point(self) -> bytes:
        key = self.private.public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def signs(self, text: str) -> Record:
        r, s = decode_dss_signature(self.private.sign(text.encode(), ec.ECDSA(SHA256())))
        return {"signed": text, "signature": plain(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}

    def links(self, clock: datetime, kind: str, content: dict[str, Any], **instead: Any) -> Record:
        """One more record in the chain, at this time of the device's clock."""
        self.sequence += 1
        said = {
            "format": 1,
            "till": self.id,
            "sequence": self.sequence,
            "previous": self.previous,
            "kind": kind,
            "key": f"key-{self.id[-6:]}-{self.sequence:04}",
            "device_at": clock.astimezone(UTC).isoformat(),
            "offset_ms": self.offset_ms,
            "heard_at": self.heard_at or None,
            "content": content,
        } | instead
        record = self.signs(json.dumps(said))
        self.previous = plain(sha256(record["signed"].encode()).digest())
        return record


class Device(Signer):
    """A till as a browser would be one. Its clock may be off by `off`."""

    def __init__(self, counter: Counter, name: str = "Counter 1", **store: Any) -> None:
        super().__init__()
        opened = counter.ask("PUT", f"/v1/stores/{STORE}", {"name": "Main Street", **store})
        assert opened.status_code == 200, opened.text
        self.counter = counter
        self.off = timedelta(0)
        code = counter.post(f"/v1/stores/{STORE}/codes").json()["code"]
        self.paired = self.pair(code, name).json()
        self.id, self.token = self.paired["id"], self.paired["token"]
        self.previous = self.paired["first_previous"]
        self.hears(self.paired["server_at"])

    @property
    def public(self) -> str:
        return plain(self.point)

    def pair(self, code: str, name: str) -> Any:
        body = {"name": name, "public_key": self.public}
        return self.counter.post("/v1/till/pair", body, key=code)

    @property
    def clock(self) -> datetime:
        """What the device's own clock shows."""
        return self.counter.shop.now + self.off

    def hears(self, server_at: str) -> None:
        """Measure the clock against what the server said."""
        at = datetime.fromisoformat(server_at)
        self.heard_at, self.offset_ms = server_at, (at - self.clock) // timedelta(milliseconds=1)

    def records(self, kind: str, content: dict[str, Any], **instead: Any) -> Record:
        """One more record in the chain, now by its own clock."""
        return self.links(self.clock, kind, content, **instead)

    def hands_in(self, *records: Record) -> list[dict[str, Any]]:
        """What became of each."""
        answer = self.counter.post("/v1/till/records", {"records": records}, key=self.token)
        assert answer.status_code == 200, answer.text
        self.hears(answer.json()["server_at"])
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def outcomes(self, *records: Record) -> list[tuple[str, str]]:
        return [(one["outcome"], one["reason"]) for one in self.hands_in(*records)]


def sale(card: str, minor: int = 500, **more: Any) -> dict[str, Any]:
    """A purchase of a member who shows this card."""
    amount = {"minor": minor, "currency": "EUR"}
    return {"kind": "purchase", "member": {"card": card}, "amount": amount, **more}


def newcomer(card: str, **more: Any) -> dict[str, Any]:
    """Somebody who joins with this card."""
    return {"identifiers": [{"kind": "card", "value": card}], "given_name": "Ada", **more}


def books(counter: Counter) -> Sequence[tuple[Any, ...]]:
    """What members have, and what was recorded, however it came in."""
    return counter.shop.rows(
        """select i.value, b.wallet, b.available, b.held,
                  (select count(*) from activity a
                    where a.program_id = $1 and a.member_id = i.member_id)
             from identifier i left join balance b
               on b.program_id = i.program_id and b.member_id = i.member_id
            where i.program_id = $1 and i.kind <> 'number' order by 1, 2"""
    )

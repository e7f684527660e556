"""The chain once more, slowly and written apart: plain Python over plain rows, nothing of ours.

Only docs/guides/developer/seal.md is followed. One value after the other becomes bytes; nothing is
asked of PostgreSQL but what the columns hold.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime
from typing import Any

MIDNIGHT_2000 = datetime(2000, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


def number(value: int) -> bytes:
    return struct.pack(">q", value)


def text(value: str | None) -> bytes:
    if value is None:
        return struct.pack(">I", 0xFFFFFFFF)
    encoded = value.encode("utf-8")
    return struct.pack(">I", len(encoded)) + encoded


def raw(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def uid(value: Any) -> bytes:
    return b"\x00" if value is None else b"\x01" + value.bytes


def moment(value: datetime | None) -> bytes:
    if value is None:
        return b"\x00"
    gone = value - MIDNIGHT_2000
    return b"\x01" + number((gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds)


def listed(rows: list[bytes]) -> bytes:
    return number(len(rows)) + b"".join(rows)


def decided(rows: list[bytes]) -> bytes:
    return b"\x01" + rows[0] if rows else b"\x00"


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


class Books:
    """All rows of one program, by table, as dictionaries; `body` as the text PostgreSQL gives."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.tables = tables

    def of(self, table: str, **wanted: Any) -> list[dict[str, Any]]:
        return [
            row
            for row in self.tables[table]
            if all(row[name] == value for name, value in wanted.items())
        ]

    def head(self, links: list[dict[str, Any]], program_id: int, chain_id: Any) -> bytes:
        """Where the chain ends when each link's row is taken as it is now."""
        before = hashlib.sha256(b"\x03" + chain_id.bytes + number(program_id)).digest()
        for position, link in enumerate(sorted(links, key=lambda each: each["position"]), 1):
            assert link["position"] == position
            before = self.link(link, position, before)
        return before

    def link(self, link: dict[str, Any], position: int, before: bytes) -> bytes:
        make = {1: self.activity, 2: self.entry, 3: self.move, 4: self.version, 5: self.erasure}
        plain, personal = make[link["kind"]](link["subject_id"], link["member_id"])
        secret = bytes(32)
        if personal is not None:
            (salt,) = self.of("seal_salt", member_id=link["member_id"])
            secret = link["secret"]
            if salt["salt"] is not None:
                secret = digest(b"\x02", salt["salt"], link["subject_id"].bytes, personal)
        return digest(
            b"\x00", number(position), struct.pack(">h", link["kind"]), link["subject_id"].bytes,
            link["member_id"].bytes, digest(b"\x01", plain), secret, before,
        )  # fmt: skip

    def activity(self, subject: Any, member: Any) -> tuple[bytes, bytes]:
        (a,) = self.of("activity", activity_id=subject, member_id=member)
        trails = self.of("trail", activity_id=subject, member_id=member)
        plain = [
            text(a["kind"]), uid(a["sale_id"]), moment(a["occurred_at"]), moment(a["recorded_at"]),
            number(a["amount_minor"]),
            decided([
                uid(t["sale_id"]) + number(t["version"]) + number(t["engine"])
                + moment(t["recorded_at"]) for t in trails
            ]),
        ]  # fmt: skip
        words = ("source", "external_id", "store", "channel", "body", "actor")
        personal = [text(a[word]) for word in words] + [decided([raw(t["packed"]) for t in trails])]
        return b"".join(plain), b"".join(personal)

    def entry(self, subject: Any, member: Any) -> tuple[bytes, bytes]:
        (e,) = self.of("entry", entry_id=subject, member_id=member)
        sides = sorted(
            self.of("posting", entry_id=subject, member_id=member), key=lambda p: p["line"]
        )
        moves = sorted(
            self.of("lot_move", entry_id=subject, member_id=member), key=lambda m: m["lot_id"]
        )
        plain = [
            text(e["kind"]), uid(e["cause_id"]), uid(e["reverses"]), moment(e["occurred_at"]),
            moment(e["recorded_at"]),
            listed([
                b"".join(number(p[name]) for name in ("line", "wallet", "account", "amount"))
                for p in sides
            ]),
            listed([uid(m["lot_id"]) + number(m["wallet"]) + number(m["delta"]) for m in moves]),
        ]  # fmt: skip
        if e["kind"] == "hold":
            holds = self.of("hold", member_id=member, redemption_id=e["cause_id"])
            pins = [p for h in holds for p in self.of("hold_lot", hold_id=h["hold_id"])]
            pins.sort(key=lambda p: (p["hold_id"], p["lot_id"]))
            plain.append(
                listed([uid(p["hold_id"]) + uid(p["lot_id"]) + number(p["amount"]) for p in pins])
            )
        return b"".join(plain), text(e["actor"]) + text(e["reason"])

    def move(self, subject: Any, member: Any) -> tuple[bytes, None]:
        (m,) = self.of("tier_move", move_id=subject, member_id=member)
        return b"".join([
            text(m["from_tier"]), text(m["to_tier"]), text(m["reason"]), uid(m["cause_id"]),
            moment(m["until_at"]), moment(m["occurred_at"]), moment(m["recorded_at"]),
            b"" if m["counted"] is None else number(m["counted"]),
        ]), None  # fmt: skip

    def version(self, subject: Any, member: Any) -> tuple[bytes, bytes]:
        assert member.int == 0
        (v,) = self.of("program_version", version=subject.int)
        plain = [
            number(v["version"]), moment(v["effective_from"]), text(v["source"]),
            raw(v["sha256"]), moment(v["published_at"]),
        ]  # fmt: skip
        return b"".join(plain), text(v["published_by"])

    def erasure(self, subject: Any, member: Any) -> tuple[bytes, None]:
        (s,) = self.of("seal_salt", member_id=member)
        assert subject == member
        return moment(s["erased_at"]), None


TABLES = (
    "activity", "trail", "entry", "posting", "lot_move", "hold", "hold_lot", "tier_move",
    "program_version", "seal_salt", "seal_link",
)  # fmt: skip


def questions() -> dict[str, str]:
    """How each table is asked for: whole, one program of it."""
    asked = {table: f"select * from {table} where program_id = $1" for table in TABLES}
    asked["activity"] = "select *, body::text as body from activity where program_id = $1"
    return asked

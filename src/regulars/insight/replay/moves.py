"""Points that changed hands or lived longer, and members who became one, out of the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.records.activity.happening import Happening, What
from regulars.records.ledger.types import NEVER

Row = Mapping[str, Any]
Key = tuple[datetime, datetime, bytes, bool, bytes]


def handed(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    """Each pair of entries by which points changed hands.

    Order: rows come as they were booked, so who gets stands next to who gave.
    """
    waiting: dict[tuple[UUID, str, int], Row] = {}
    for row in rows:
        units = int(row["units"])
        here = (row["cause_id"], row["wallet"], abs(units))
        other = waiting.pop(here, None)
        if other is None:
            waiting[here] = row
            continue
        gave, got = (other, row) if other["units"] > 0 else (row, other)
        now = row["recorded_at"]
        one = Happening(
            what="hand", member_id=gave["member_id"], other_id=got["member_id"], now=now, at=now,
            wallet=row["wallet"], units=abs(units), cause_id=row["cause_id"],
        )  # fmt: skip
        first = min(gave["entry_id"].bytes, got["entry_id"].bytes)
        yield (now, now, first, False, row["wallet"].encode()), one


def united(rows: Sequence[Row], until: datetime) -> Iterator[tuple[Key, Happening]]:
    """Each merge, and its end."""
    for row in rows:
        ends: tuple[tuple[What, datetime | None], ...] = (
            ("merge", row["merged_at"]),
            ("part", row["unmerged_at"]),
        )
        for what, now in ends:
            if now is None or now >= until:
                continue
            one = Happening(
                what=what, member_id=row["from_id"], other_id=row["into_id"], now=now, at=now,
                cause_id=row["merge_id"],
            )  # fmt: skip
            yield (now, now, row["merge_id"].bytes, False, what.encode()), one


def played(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    """Each time somebody took part in a challenge, and each prize they had elsewhere before."""
    for row in rows:
        now = row["told_at"]
        one = Happening(
            what=row["what"], member_id=row["member_id"], now=now, at=row["at"], kind=row["kind"],
            period=row["began_on"], units=row["place"], cause_id=row["id"],
        )  # fmt: skip
        yield (now, now, row["id"].bytes, False, b""), one


def favoured(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    """Each courtesy, forgiven debt, shown notice and erasure."""
    for row in rows:
        now, ends = row["recorded_at"], row["to_at"]
        one = Happening(
            what=row["what"], member_id=row["member_id"], now=now, at=now, wallet=row["wallet"],
            units=int(row["units"]), cause_id=row["cause_id"], lapses_at=row["from_at"],
            ends=None if ends is None or ends >= NEVER else ends,
        )  # fmt: skip
        yield (now, now, row["id"].bytes, False, row["cause_id"].bytes), one


def counted(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    """What was counted elsewhere; whoever joined at the same instant is there before it."""
    for row in rows:
        now = row["opened_at"]
        one = Happening(
            what="count", member_id=row["member_id"], now=now, at=now, units=int(row["value"]),
            kind=row["name"], period=row["period"],
        )  # fmt: skip
        yield (now, now, bytes(16), False, row["member_id"].bytes + row["name"].encode()), one


def given(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    """Each tier given by hand as it began, and as somebody ended it."""
    for row in rows:
        now = row["at"]
        one = Happening(
            what="give" if row["what"] == "begun" else "ungive", member_id=row["member_id"],
            now=now, at=now, tier=row["tier"], kind=row["kind"],
            ends=row["until_at"], cause_id=row["grant_id"],
            units=row["asks"] or 0,
        )  # fmt: skip
        yield (now, now, row["turn_id"].bytes, False, b""), one

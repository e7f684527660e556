"""The tables of foreign_keys.sql that an earn touches, as mapped classes."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Big = BigInteger
Small = SmallInteger


def uuid7() -> UUID:
    """An id in order of time, as the other sides use."""
    low = int.from_bytes(os.urandom(10), "big")
    high = (time.time_ns() // 1_000_000 << 80) | (7 << 76) | (2 << 62)
    return UUID(int=high | (low >> 68) << 64 | low & ((1 << 62) - 1))


class Base(DeclarativeBase):
    """Instants carry their zone, mappings are jsonb."""

    type_annotation_map: ClassVar = {datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}


class Member(Base):
    __tablename__ = "member"
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    program_id: Mapped[int]
    state: Mapped[str]
    attributes: Mapped[dict[str, Any]]
    joined_at: Mapped[datetime]


class Once(Base):
    __tablename__ = "once"
    program_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[UUID]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    subject_id: Mapped[UUID]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime]


class Activity(Base):
    __tablename__ = "activity"
    activity_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    program_id: Mapped[int]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    kind: Mapped[str]
    source: Mapped[str]
    external_id: Mapped[str] = mapped_column(default="")
    sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.activity_id"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    store: Mapped[str]
    channel: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(Big)
    body: Mapped[dict[str, Any]]
    actor: Mapped[str]


class Trail(Base):
    __tablename__ = "trail"
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.activity_id"), primary_key=True)
    program_id: Mapped[int]
    member_id: Mapped[UUID]
    sale_id: Mapped[UUID | None]
    version: Mapped[int]
    engine: Mapped[int] = mapped_column(Small)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime]
    activity: Mapped[Activity] = relationship()


class Entry(Base):
    __tablename__ = "entry"
    entry_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    program_id: Mapped[int]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    kind: Mapped[str]
    cause_id: Mapped[UUID]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class Posting(Base):
    __tablename__ = "posting"
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.entry_id"), primary_key=True)
    line: Mapped[int] = mapped_column(Small, primary_key=True)
    program_id: Mapped[int]
    member_id: Mapped[UUID]
    wallet: Mapped[int] = mapped_column(Small)
    account: Mapped[int] = mapped_column(Small)
    amount: Mapped[int] = mapped_column(Big)
    entry: Mapped[Entry] = relationship()


class Lot(Base):
    __tablename__ = "lot"
    lot_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    program_id: Mapped[int]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    wallet: Mapped[int] = mapped_column(Small)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.entry_id"))
    cause_id: Mapped[UUID]
    version: Mapped[int]
    amount: Mapped[int] = mapped_column(Big)
    remaining: Mapped[int] = mapped_column(Big)
    pinned: Mapped[int] = mapped_column(Big, default=0)
    earned_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    entry: Mapped[Entry] = relationship()


class Standing(Base):
    __tablename__ = "standing"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"), primary_key=True)
    program_id: Mapped[int]
    version: Mapped[int] = mapped_column(Big)
    tier: Mapped[str | None]
    tier_since: Mapped[datetime | None]
    tier_until: Mapped[datetime | None]


class Balance(Base):
    __tablename__ = "balance"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"), primary_key=True)
    wallet: Mapped[int] = mapped_column(Small, primary_key=True)
    program_id: Mapped[int]
    available: Mapped[int] = mapped_column(Big, default=0)
    pending: Mapped[int] = mapped_column(Big, default=0)
    held: Mapped[int] = mapped_column(Big, default=0)
    debt: Mapped[int] = mapped_column(Big, default=0)
    earned: Mapped[int] = mapped_column(Big, default=0)


class Counter(Base):
    __tablename__ = "counter"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"), primary_key=True)
    counter: Mapped[int] = mapped_column(Small, primary_key=True)
    period: Mapped[int] = mapped_column(Integer, primary_key=True)
    program_id: Mapped[int]
    value: Mapped[int] = mapped_column(Big)


class TierMove(Base):
    __tablename__ = "tier_move"
    move_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    program_id: Mapped[int]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    from_tier: Mapped[str | None]
    to_tier: Mapped[str | None]
    reason: Mapped[str]
    cause_id: Mapped[UUID | None]
    until_at: Mapped[datetime | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class Outbox(Base):
    __tablename__ = "outbox"
    outbox_id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    program_id: Mapped[int]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.member_id"))
    sequence: Mapped[int] = mapped_column(Big)
    type: Mapped[str]
    payload: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]

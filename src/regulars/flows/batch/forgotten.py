"""What flows do about people who were erased: numbers stay burnt, what comes late is set aside."""

from __future__ import annotations

from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.flows.commands import RecordActivity
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.erasure.types import Late
from regulars.records.once.types import digest

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


async def free_numbers(tx: Tx, count: int) -> list[str]:
    """Loyalty numbers nobody has and nobody ever had, as many as asked for."""
    free: list[str] = []
    while len(free) < count:
        drawn = await members.free_numbers(tx, count - len(free))
        burnt = await erasures.listed(tx, [("number", number) for number in drawn])
        free += [n for n in drawn if ("number", n) not in burnt and n not in free]
    return free


def late_activity(command: RecordActivity, whom: UUID, receipt: UUID | None) -> Late:
    """What happened to somebody who was erased, without who it was and what people wrote.

    Keeps: the same receipt has the same key, without one the same amounts at the same time.
    """
    key = receipt or digest(
        "late", whom.bytes, command.kind, command.store, command.asked.key,
        str(command.occurred_at), str(command.amount_minor),
        _encode([(line.sku, line.quantity, line.amount_minor) for line in command.body.lines]),
    )  # fmt: skip
    lines = [line.amount_minor - line.discount_minor for line in command.body.lines]
    return Late(
        key=key,
        member_id=whom,
        about="activity",
        kind=command.kind,
        source=command.source,
        external_id=command.external_id,
        store=command.store,
        occurred_at=command.occurred_at,
        amount_minor=sum(lines) if lines else command.amount_minor,
        actor=command.asked.principal,
    )


def late_member(whom: UUID, source: str, actor: str) -> Late:
    """Somebody who was erased is told of as if they joined; once is enough to know it."""
    return Late(digest("late", whom.bytes, source), whom, "member", source=source, actor=actor)

"""What is to be sent to a hook now is taken, to be sent once the transaction is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read, write
from regulars.records.outbox.hooks.rules import LEASE, OPENS_AFTER
from regulars.records.outbox.hooks.types import SQUARE, Hook, Line, Try
from regulars.records.outbox.hooks.write import Settled, Step

LINES: Final = 32
"""Members whose events are sent to one hook in one round."""
EACH: Final = 8
"""Events of one member in one round."""
BROKER_LINES: Final = 256
"""The same for a broker, each with one event: so the last one it has of a member tells whether what
was sent when we were cut off is there."""
RESTORED: Final = "from before the house was restored; it was sent then, perhaps"


class Taken(Struct, frozen=True):
    """A hook and what is to be sent to it now."""

    hook: Hook
    lines: tuple[Line, ...]
    before: Mapping[UUID, Sequence[Try]] = {}
    """By event, the tries in vain since it was put on its way, where the form tells of them."""


async def take_sendings(tx: Tx, hook_id: UUID) -> Taken | None:
    """What is due, line by line; nothing while the hook is paused or its receiver left alone.

    Order: in a line only the first that is not settled, and what follows it. A receiver that has
    not answered for a while is asked with one event alone.
    Keeps: a line, or what was asked for once more, is this worker's for two minutes; if it is
    killed before it says what became of it, what was not settled is sent once more. A line with
    nothing in it any more is at its end. What lay here when the house was restored is dead, and
    can be replayed.
    """
    hook = (await read.some_hooks(tx, [hook_id], held=True)).get(hook_id)
    if hook is None or hook.state != "active" or _rests(hook, tx.now):
        return None
    asks = hook.failures >= OPENS_AFTER
    size = (1, 1) if asks else (LINES, EACH) if hook.entry is None else (BROKER_LINES, 1)
    due = await read.due_lines(tx, hook_id, *size)
    lines = await _fresh(tx, hook_id, [one for one in due if one.sendings])
    await tx.write(write.emptied(tx, hook_id, [one.member_id for one in due if not one.sendings]))
    # A receiver that is asked with one event is asked with one of these where no line is due.
    most = EACH if not asks else 1 - len(lines)
    alone = await read.asked_again(tx, hook_id, most) if most else []
    if not lines and not alone:
        return None
    turns = [(one.member_id, one.turn) for one in lines]
    events = [one.sendings[0].event.event_id for one in alone]
    until = tx.now + LEASE
    await tx.write(
        [
            *write.take(tx, hook_id, until, turns),
            *write.take_again(tx, hook_id, until, events),
        ]
    )
    return Taken(hook, tuple(lines + alone), await _before(tx, hook, [*lines, *alone]))


async def _before(tx: Tx, hook: Hook, lines: Sequence[Line]) -> dict[UUID, list[Try]]:
    again = [one.sendings[0] for one in lines if one.tries]
    if hook.form != SQUARE or not again:
        return {}
    since = {one.event.event_id: one.planned_at for one in again}
    tries = await read.tries(tx, hook.hook_id, since.keys())
    return {
        event_id: [one for one in some if one.tried_at >= since[event_id] and not one.arrived]
        for event_id, some in tries.items()
    }


def _rests(hook: Hook, now: datetime) -> bool:
    return hook.rest_until is not None and now < hook.rest_until


async def _fresh(tx: Tx, hook_id: UUID, lines: Sequence[Line]) -> list[Line]:
    """Without what lay here when the house was restored."""
    raised_at = await following.raised_at(tx) if lines else None
    if raised_at is None:
        return list(lines)
    fresh, steps, dead = [], [], []
    for line in lines:
        old = [one for one in line.sendings if one.planned_at <= raised_at]
        if old:
            turn = line.turn - 1  # it is not taken
            steps.append(Step(line.member_id, turn, old[-1].position, 0, tx.now))
            dead += [Settled(line.member_id, turn, one.position, "dead", RESTORED) for one in old]
        else:
            fresh.append(line)
    await tx.write(write.stepped(tx, hook_id, steps, dead))
    return fresh

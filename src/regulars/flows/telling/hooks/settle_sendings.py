"""What became of events that were sent to a hook is kept, and how its receiver fares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.records.outbox.hooks import read, write
from regulars.records.outbox.hooks.rules import (
    AWAY_REASON,
    GIVEN_UP_AFTER,
    GONE_REASON,
    LONGEST_ASKED_S,
    MOST_TRIES,
    OPENS_AFTER,
    UNASKED,
    pause,
    rest,
)
from regulars.records.outbox.hooks.types import Hook, Try, Went
from regulars.records.outbox.hooks.write import Alone, Settled, Step

LONGEST_REASON: Final = 300


async def settle_sendings(tx: Tx, hook_id: UUID, batch: Sequence[Went]) -> None:
    """Each line is so far now; what did not arrive is tried again later, or is dead.

    Order: a line goes on with the next event only when the one before is delivered or dead; what
    the receiver will never take is dead at once.
    Keeps: every try. A receiver that answers 410, or takes nothing for five days, is disabled and
    what waits for it goes on waiting; one that answers again after it did not has what failed
    meanwhile at once.
    """
    tries = [one for went in batch for one in went.tries]
    hook = (await read.some_hooks(tx, [hook_id], held=True)).get(hook_id)
    steps: list[Step] = []
    settled: list[Settled] = []
    for went in sorted(batch, key=lambda one: one.line.member_id):
        if not went.line.alone:
            steps.append(_step(went, tx.now, settled))
    alone = [_alone(went, tx.now) for went in batch if went.line.alone]
    await tx.write(
        [
            *write.tried(tx, hook_id, tries),
            *write.stepped(tx, hook_id, steps, settled),
        ]
    )
    await tx.write([*write.stepped_alone(tx, hook_id, alone), *_fares(tx, hook, batch)])


def _step(went: Went, now: datetime, settled: list[Settled]) -> Step:
    """How far a line is now; what is settled of it is added to `settled`."""
    line = went.line
    done = line.sendings[0].position - 1
    for sending, tried in zip(line.sendings, went.tries, strict=False):
        if not tried.arrived:
            break
        done = sending.position
        settled.append(Settled(line.member_id, line.turn, done, "delivered", ""))
    arrived = done - line.sendings[0].position + 1
    if arrived == len(went.tries):
        return Step(line.member_id, line.turn, done, 0 if arrived else line.tries, now)
    last, at_last = went.tries[-1], line.sendings[arrived]
    before = line.tries if arrived == 0 else 0
    if last.gone:  # the hook is disabled; this waits with the others
        return Step(line.member_id, line.turn, done, before, now)
    wait = None if last.refused else pause(before + 1, last.event_id)
    if wait is not None:
        return Step(line.member_id, line.turn, done, before + 1, now + wait)
    why = last.reason if last.refused else f"tried {MOST_TRIES} times; the last time: {last.reason}"
    why = why[:LONGEST_REASON]
    settled.append(Settled(line.member_id, line.turn, at_last.position, "dead", why))
    return Step(line.member_id, line.turn, done + 1, 0, now)


def _alone(went: Went, now: datetime) -> Alone:
    """When what was asked for once more is sent again: at once while nobody tried, by the schedule
    while it does not arrive, and no more once it did or the schedule is over."""
    event_id = went.line.sendings[0].event.event_id
    if not went.tries or went.tries[0].gone:
        return Alone(event_id, now, arrived=False)
    if went.tries[0].arrived:
        return Alone(event_id, None, arrived=True)
    if went.tries[0].refused:
        return Alone(event_id, None, arrived=False)
    wait = pause(went.line.tries % MOST_TRIES + 1, event_id)
    return Alone(event_id, None if wait is None else now + wait, arrived=False)


def _fares(tx: Tx, hook: Hook | None, batch: Sequence[Went]) -> list[Write]:
    """How the receiver fares after these tries."""
    tries = [one for went in batch if not went.line.alone for one in went.tries]
    again = [one for went in batch if went.line.alone for one in went.tries]
    if hook is None or not (tries or again):
        return []
    after = fared(hook, tries, tx.now, again)
    if after == hook:
        return []
    wakes = hook.failures >= OPENS_AFTER and not after.failures
    return [*write.fares(tx, after), *(write.wake(tx, hook.hook_id) if wakes else ())]


def fared(hook: Hook, tries: Sequence[Try], now: datetime, again: Sequence[Try] = ()) -> Hook:
    """A receiver after these tries: it answers, it is left alone for a while, or it is disabled.

    Order: whatever arrived in between counts for more than what failed beside it.
    Keeps: what somebody asked for once more (`again`) never begins a time in which it fails.
    """
    every = [*tries, *again]
    if any(one.gone for one in every):
        return replace(hook, state="disabled", reason=GONE_REASON)
    asked = max((one.rest_s for one in every), default=0)
    until = now + timedelta(seconds=min(asked, LONGEST_ASKED_S)) if asked else None
    if any(one.arrived or one.refused for one in every):  # either way it answers
        return replace(hook, failures=0, failing_since=None, rest_until=until)
    if not tries and not hook.failures:
        return replace(hook, rest_until=until or hook.rest_until)
    failures, since = _in_vain(hook, len(every), now)
    if failures >= OPENS_AFTER and now - since >= GIVEN_UP_AFTER:
        return replace(
            hook, state="disabled", reason=AWAY_REASON, failures=failures, failing_since=since
        )
    alone = rest(failures, hook.hook_id)
    rests = [one for one in (until, now + alone if alone else None) if one is not None]
    return replace(
        hook, failures=failures, failing_since=since, rest_until=max(rests, default=None)
    )


def _in_vain(hook: Hook, tries: int, now: datetime) -> tuple[int, datetime]:
    """How often in a row it has failed by now, and since when.

    One bad moment fails a whole round, so a round brings it up to where it is left alone and no
    further; from then on each asking counts once. Its time begins when it is left alone, and anew
    after a time in which nobody asked.
    """
    if hook.failures < OPENS_AFTER:
        failures = min(hook.failures + tries, OPENS_AFTER)
        began = hook.failing_since if failures < OPENS_AFTER else None
        return failures, began or now
    silent = hook.rest_until is None or now - hook.rest_until > UNASKED
    return hook.failures + 1, now if silent else hook.failing_since or now

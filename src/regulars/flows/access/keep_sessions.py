"""Somebody comes in, stays in, and goes; how often it was tried is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.beginning import begin_session, sign_in_failed
from regulars.flows.access.commands import (
    CountTry,
    EndSessions,
    KeepSession,
    MayTry,
    Opened,
    OpenSession,
    PinRight,
    SessionDone,
    SessionOutcome,
    TouchSession,
)
from regulars.records.access.staff import read, write
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import Tried
from regulars.records.access.staff.write import Done

WINDOW: Final = timedelta(minutes=15)
MOST_TRIES: Final = {"account": 10, "address": 50, "pin": 6}
"""In a quarter of an hour: of one account, from one address, and of one PIN at one till."""


async def count_tries(tx: Tx, terms: Terms, batch: Sequence[CountTry]) -> list[MayTry | Refused]:
    """Count that somebody tries to come in, before anything is compared.

    Order: every count in the order of its digest, so that no two batches wait for each other.
    Refuses: too many of one account, from one address, or of one PIN (`too_many_tries`, with the
    seconds until the count begins anew), whether there is such an account or not.
    """
    found: dict[tuple[int, str], Tried] = {}
    todo = [(s, place) for place, one in enumerate(batch) for s in one.subjects]
    for (kind, subject), place in sorted(todo):
        found[place, kind] = await write.count_try(tx, kind, subject, WINDOW)
    return [
        _may_try(tx, {k: t for (at, k), t in found.items() if at == p}) for p in range(len(batch))
    ]


async def keep_sessions(tx: Tx, terms: Terms, batch: Sequence[KeepSession]) -> list[SessionOutcome]:
    """Begin sessions of who proved who they are, keep those in use, end those that are over.

    Order: in the order given. A session begins under a token that nobody had before; the one
    their browser came with opens nothing any more.
    Refuses: whoever was closed, or whose password changed, since they were looked at
    (`sign_in_failed`).
    """
    chosen = await read.chosen(tx)
    outcomes: list[SessionOutcome] = []
    for one in batch:
        if isinstance(one, OpenSession):
            outcomes.append(await _open(tx, one, chosen))
            continue
        if isinstance(one, TouchSession):
            await tx.write(write.seen(tx, [one.session_id]))
        elif isinstance(one, EndSessions):
            await _end(tx, one)
        else:
            assert isinstance(one, PinRight), one
            await tx.write(write.forget_tries(tx, "pin", one.subject))
        outcomes.append(SessionDone())
    return outcomes


async def _open(tx: Tx, one: OpenSession, chosen: Chosen) -> Opened | Refused:
    staff = await read.one_staff(tx, one.staff_id)
    present = await read.secrets_of(tx, one.staff_id)
    if staff is None or not staff.is_active or not one.proved or present.password != one.proved:
        return sign_in_failed()
    if one.rekept:
        await tx.write(write.keep_anew(tx, one.staff_id, one.proved, one.rekept))
    if one.subject:
        await tx.write(write.forget_tries(tx, "account", one.subject))
    return await begin_session(tx, one, chosen)


async def _end(tx: Tx, one: EndSessions) -> None:
    did = "session.others_ended" if one.others else "session.ended"
    done = Done(one.by, did, "staff", one.staff_id.hex)
    if one.others:
        ended = write.end_sessions(tx, one.staff_id, but=one.token_hash)
    else:
        ended = write.end_session(tx, one.token_hash)
    await tx.write([*ended, *write.acted(tx, [done])])


def _may_try(tx: Tx, tried: dict[str, Tried]) -> MayTry | Refused:
    for kind, one in tried.items():
        if one.tries > MOST_TRIES[kind]:
            left = one.began_at + WINDOW - tx.now
            seconds = max(1, -(-left // timedelta(seconds=1)))
            return Refused(
                "too_many_tries",
                "this was tried too often; wait a while and try again",
                {"retry_after_seconds": seconds},
            )
    return MayTry()

"""Passkeys: a question is asked once, a device is added, somebody comes in by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.beginning import begin_session, check_keeps, sign_in_failed
from regulars.flows.access.commands import (
    AddPasskey,
    AskPasskey,
    EndPasskey,
    KeepPasskey,
    Opened,
    OpenSession,
    SessionDone,
    SessionOutcome,
    UsePasskey,
)
from regulars.records.access.staff import read, write
from regulars.records.access.staff.types import By, Passkey
from regulars.records.access.staff.write import Done

QUESTION_LASTS: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 10


async def keep_passkeys(tx: Tx, terms: Terms, batch: Sequence[KeepPasskey]) -> list[SessionOutcome]:
    """Ask passkeys, add and end them, and let in whoever answered rightly.

    Order: in the order given. A question is answered once. A passkey whose count did not grow
    since its last use was copied: it opens nothing any more, for nobody. Who takes a colleague's
    passkey away signs them out as well.
    Refuses: `sign_in_failed` for all who do not come in; `passkey_not_added`. Faults: `forbidden`
    to end the passkey of somebody whom one does not keep.
    """
    outcomes: list[SessionOutcome] = []
    for one in batch:
        if isinstance(one, AskPasskey):
            ends_at = tx.now + QUESTION_LASTS
            await tx.write(write.ask_passkey(tx, one.nonce_hash, one.staff_id, ends_at))
            outcomes.append(SessionDone())
        elif isinstance(one, AddPasskey):
            outcomes.append(await _add(tx, one))
        elif isinstance(one, UsePasskey):
            outcomes.append(await _use(tx, one))
        else:
            outcomes.append(await _end(tx, one))
    return outcomes


async def _add(tx: Tx, one: AddPasskey) -> SessionDone | Refused:
    asked = await write.take_nonce(tx, one.nonce_hash)
    staff = await read.one_staff(tx, one.staff_id)
    there = await read.passkeys_of(tx, one.staff_id)
    sound = asked == (one.staff_id,) and staff is not None and staff.is_active
    passkey = Passkey(one.credential_id, one.staff_id, one.public_key, one.uses, one.name, tx.now)
    if not sound or len(there) >= MOST_PASSKEYS or not await write.add_passkey(tx, passkey):
        return passkey_not_added()
    done = Done(one.by, "passkey.added", "staff", one.staff_id.hex)
    await tx.write(write.acted(tx, [done]))
    return SessionDone()


async def _use(tx: Tx, one: UsePasskey) -> Opened | Refused:
    asked = await write.take_nonce(tx, one.nonce_hash)
    known = await read.passkey(tx, one.credential_id)
    if asked != (None,) or known is None or known.ended_at is not None:
        return sign_in_failed()
    staff = await read.one_staff(tx, known.staff_id)
    if staff is None or not staff.is_active:
        return sign_in_failed()
    if await write.use_passkey(tx, one.credential_id, one.uses) is None:
        by = By(words="regulars", address=one.address)
        done = Done(by, "passkey.copied", "staff", known.staff_id.hex)
        ended = write.end_passkey(tx, one.credential_id, "copied")
        await tx.write([*ended, *write.acted(tx, [done])])
        return sign_in_failed()
    session = OpenSession(
        known.staff_id,
        one.token_hash,
        "passkey",
        "",
        address=one.address,
        instead_of=one.instead_of,
    )
    return await begin_session(tx, session, await read.chosen(tx))


async def _end(tx: Tx, one: EndPasskey) -> SessionDone | Fault:
    known = await read.passkey(tx, one.credential_id)
    staff = await read.one_staff(tx, one.staff_id)
    if staff is None or known is None or known.staff_id != one.staff_id or known.ended_at:
        return SessionDone()
    try:
        await check_keeps(tx, one.by, staff)
    except Fault as fault:
        return fault
    done = Done(one.by, "passkey.ended", "staff", one.staff_id.hex)
    writes = write.end_passkey(tx, one.credential_id, "taken away")
    if one.by.staff_id != one.staff_id:  # whoever came in by it is not to stay inside
        writes += write.end_sessions(tx, one.staff_id)
    await tx.write([*writes, *write.acted(tx, [done])])
    return SessionDone()


def passkey_not_added() -> Refused:
    """What somebody is told whose device was not taken in."""
    return Refused("passkey_not_added", "this passkey was not added; begin again")

"""A session begins, by whatever way somebody proved who they are."""

from __future__ import annotations

from datetime import timedelta

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.flows.access.commands import Opened, OpenSession
from regulars.records.access.staff import write
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import By, Session
from regulars.records.access.staff.write import Done


async def begin_session(tx: Tx, session: OpenSession, chosen: Chosen) -> Opened:
    """A session of somebody who proved who they are, by whatever way; written down."""
    opened = Session(
        session_id=tx.new_id(),
        staff_id=session.staff_id,
        how=session.how,
        address=session.address,
        made_at=tx.now,
        seen_at=tx.now,
        idle_minutes=chosen.of("idle_minutes"),
        ends_at=tx.now + timedelta(hours=chosen.of("session_hours")),
    )
    by = By(session.staff_id, address=session.address)
    done = Done(by, "session.begun", "staff", session.staff_id.hex, after={"how": session.how})
    if session.instead_of:
        await tx.write(write.end_session(tx, session.instead_of))
    await tx.write([*write.open_session(tx, opened, session.token_hash), *write.acted(tx, [done])])
    return Opened(opened.session_id, opened.staff_id, opened.ends_at)


def sign_in_failed() -> Refused:
    """What everybody is told who did not come in, for whatever reason."""
    return Refused("sign_in_failed", "this address and password do not fit; try again")

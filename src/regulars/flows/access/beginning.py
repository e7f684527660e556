"""A session begins, by whatever way somebody proved who they are; and who keeps whom of staff."""

from __future__ import annotations

from datetime import timedelta

from regulars.base.faults import Forbidden, Invalid, Refused
from regulars.base.tx import Tx
from regulars.flows.access.commands import Opened, OpenSession
from regulars.records.access.staff import read, write
from regulars.records.access.staff.permissions import ROLES, Permission, may_keep
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import By, Session, Staff
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


async def check_may(tx: Tx, by: By, permission: Permission) -> Staff | None:
    """Whoever sits at the command line may everything; of staff their role says it."""
    if by.staff_id is None:
        return None
    keeper = await read.one_staff(tx, by.staff_id)
    if keeper is None or not keeper.may(permission):
        raise Forbidden("your role does not do this; ask an owner")
    return keeper


async def check_keeper(tx: Tx, by: By, role: str, stores: tuple[str, ...] | None) -> None:
    """Somebody keeps staff of lesser roles, in their own stores."""
    if role not in ROLES:
        mend = f"Choose from {', '.join(ROLES)}"
        raise Invalid("There is no such role", field="/role", mend=mend)
    keeper = await check_may(tx, by, Permission.CASHIERS_WRITE)
    if keeper is None:
        return
    inside = keeper.stores is None or (stores is not None and set(stores) <= set(keeper.stores))
    if not may_keep(keeper.role, role) or not inside:
        raise Forbidden("your role does not do this; ask an owner")


async def check_keeps(tx: Tx, by: By, staff: Staff) -> None:
    """Whether somebody keeps this colleague, or is this person. Faults: Forbidden."""
    if by.staff_id != staff.staff_id:
        await check_keeper(tx, by, staff.role, staff.stores)

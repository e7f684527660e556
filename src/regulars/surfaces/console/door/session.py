"""Who is signed in: the cookie of a browser, and the session behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from litestar import Request
from litestar.datastructures import Cookie

from regulars.flows.access.commands import TouchSession
from regulars.flows.access.keep_sessions import keep_sessions
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.tokens import (
    SECRET_BYTES,
    form_token,
    make_token,
    program_of,
    shortened,
    token_hash,
)
from regulars.records.access.staff.types import By, Session, Staff
from regulars.records.members.types import Asked
from regulars.surfaces.given import Given
from regulars.surfaces.ui.coming import HOST_ONLY, address_of, behind_tls, cookie_of

Asking = Request[Any, Any, Any]

PLAIN: Final = "regulars_staff"
SAFE: Final = f"{HOST_ONLY}{PLAIN}"
"""Browsers take this name only with Secure, from us alone and for the whole site."""
TOUCHED_EVERY: Final = timedelta(minutes=1)


class Visit(NamedTuple):
    """Somebody of the shop who is signed in, asking for something."""

    program_id: int
    staff: Staff
    session: Session
    token: str
    address: str

    def may(self, permission: Permission) -> bool:
        """Whether their role lets them do this."""
        return self.staff.may(permission)

    @property
    def form(self) -> str:
        """What every form they are shown carries, as `_form`."""
        return form_token(self.token)

    @property
    def by(self) -> By:
        """As whom flows write down what they do."""
        return By(self.staff.staff_id, address=self.address)

    def asked(self, key: str) -> Asked:
        """As whom they ask a flow, under the key their form came with."""
        return Asked(self.staff.principal, key)


async def visit_of(given: Given, request: Asking) -> Visit | None:
    """Who is signed in here; nobody without a session that is open, of somebody who works here.

    Order: that they were here is kept at most once a minute.
    """
    token = token_of(request)
    program_id = program_of(token)
    if program_id is None:
        return None
    async with given.database.transaction(program_id) as tx:
        session = await read.session_by_token(tx, token_hash(token))
        if session is None or not session.is_open(tx.now):
            return None
        staff = await read.one_staff(tx, session.staff_id)
        now = tx.now
    if staff is None or not staff.is_active:
        return None
    if now - session.seen_at >= TOUCHED_EVERY:
        await given.gate.submit(program_id, keep_sessions, TouchSession(session.session_id))
    return Visit(program_id, staff, session, token, shortened(address_of(request)))


def token_of(request: Asking) -> str:
    """The token this browser came with; over TLS one under the safe name alone is believed."""
    name = SAFE if behind_tls(request) else PLAIN
    return str(request.cookies.get(name, ""))


def fresh_token(given: Given, request: Asking, program_id: int) -> str:
    """A token for a browser that nobody has signed in with: its forms are bound to it.

    Keeps: one that it has already stays, so that two open pages of it both work.
    """
    had = token_of(request)
    if program_of(had) == program_id:
        return had
    return make_token(program_id, given.random_bytes(SECRET_BYTES))


def cookie(request: Asking, token: str) -> Cookie:
    """The cookie that holds this token until the browser is closed or somebody signs out.

    Keeps: no script reads it, and no other site's page sends it along.
    """
    return cookie_of(PLAIN, token, tls=behind_tls(request), site="strict")


def cookie_over(*, safe: bool) -> Cookie:
    """The cookie by which a browser forgets its token; `safe`: it came by TLS."""
    return cookie_of(PLAIN, "", tls=safe, site="strict")

"""Whether somebody is who they say: passwords and PINs are compared beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from regulars.base.faults import Outage, Refused
from regulars.flows.access.beginning import sign_in_failed
from regulars.flows.access.commands import CountTry, Opened, OpenSession, PinRight
from regulars.flows.access.keep_sessions import count_tries, keep_sessions
from regulars.records.access.staff import passwords, read
from regulars.records.access.staff.tokens import (
    SECRET_BYTES,
    counted_as,
    make_token,
    shortened,
    subject_of,
    token_hash,
)
from regulars.records.access.staff.types import Staff, TryKind
from regulars.records.activity.types import NOBODY
from regulars.surfaces.given import Given
from regulars.surfaces.ui.looks import Looks

Found = TypeVar("Found")

AT_ONCE: Final = 2
"""Each takes 19 MiB and some 30 ms of a core; more at once would only be slower together."""
MOST_WAITING: Final = 64


class Prover:
    """Compares and keeps passwords, few at once, without holding up anybody else.

    Faults: Outage when too many wait already.
    """

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def right(self, secret: str, kept: str) -> bool:
        """Whether this is what was kept; takes as long where nothing was."""
        return await self._aside(passwords.is_right, secret[: passwords.LONGEST + 1], kept)

    async def kept(self, secret: str) -> str:
        """The form in which this is kept, with a salt of its own."""
        salt = self._random_bytes(passwords.SALT_BYTES)
        return await self._aside(passwords.kept_form, secret, salt)

    async def _aside(self, think: Callable[..., Found], *told: Any) -> Found:
        if self._waiting >= MOST_WAITING:
            raise Outage("too many sign in at once; try again in a moment")
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(think, *told)
        finally:
            self._waiting -= 1


class House(NamedTuple):
    """What the pages of staff work with."""

    given: Given
    prover: Prover
    forget_keys: Callable[[], None]
    """A key was revoked through us: it opens nothing from this moment on."""
    looks: Looks

    @classmethod
    def of(cls, given: Given, forget_keys: Callable[[], None] = lambda: None) -> House:
        """A house around what a surface is given."""
        return cls(given, Prover(given.random_bytes), forget_keys, Looks(given))


class Typed(NamedTuple):
    """What somebody typed to come in, from where, and the token their browser had."""

    email: str
    password: str
    address: str
    token: str = ""


class Entered(NamedTuple):
    """Somebody came in: the token for their cookie, to be shown to nobody else."""

    token: str
    opened: Opened


async def sign_in(house: House, program_id: int, typed: Typed) -> Entered | Refused:
    """A session for whoever knows the password of this address.

    Order: the try is counted, then the account looked up, then compared; all of it also where
    there is no such account, so that nobody learns from answer or time who works here.
    Refuses: `too_many_tries`, `sign_in_failed`.
    """
    given, email = house.given, typed.email.strip().casefold()[:300]
    account = subject_of("account", str(program_id), email)
    no = await _counted(house, program_id, ("account", account), of_address(typed.address))
    if no is not None:
        return no
    async with given.database.transaction(program_id) as tx:
        staff = await read.by_email(tx, email) if email else None
        secrets = await read.secrets_of(tx, staff.staff_id if staff else NOBODY)
    kept = secrets.password if staff is not None and staff.is_active else ""
    right = await house.prover.right(typed.password, kept)
    if not right or staff is None:
        return sign_in_failed()
    rekept = await house.prover.kept(typed.password) if passwords.is_outdated(kept) else ""
    token = make_token(program_id, given.random_bytes(SECRET_BYTES))
    wish = OpenSession(
        staff.staff_id,
        token_hash(token),
        "password",
        kept,
        address=shortened(typed.address),
        rekept=rekept,
        subject=account,
        instead_of=token_hash(typed.token) if typed.token else b"",
    )
    outcome = await given.gate.submit(program_id, keep_sessions, wish)
    return Entered(token, outcome) if isinstance(outcome, Opened) else outcome


async def still_them(house: House, program_id: int, staff: Staff, password: str) -> str | Refused:
    """The kept form of somebody's password, if they know it who sits before their session.

    Order: the try is counted with those at the door, so that nobody guesses on inside.
    Refuses: `too_many_tries`, `sign_in_failed`.
    """
    account = subject_of("account", str(program_id), staff.email)
    no = await _counted(house, program_id, ("account", account))
    if no is not None:
        return no
    async with house.given.database.transaction(program_id) as tx:
        kept = (await read.secrets_of(tx, staff.staff_id)).password
    return kept if await house.prover.right(password, kept) else sign_in_failed()


async def pin_right(
    house: House, program_id: int, staff_id: UUID, typed: tuple[str, str], till: str
) -> Staff | Refused:
    """Whoever takes over a till by their PIN; `typed` are the store of the till and the PIN.

    Refuses: `too_many_tries` of one PIN at one till; `pin_wrong` for whoever does not work in
    this store, has no PIN, or typed another one.
    """
    given, (store, pin) = house.given, typed
    subject = subject_of("pin", str(program_id), staff_id.hex, till)
    no = await _counted(house, program_id, ("pin", subject))
    if no is not None:
        return no
    async with given.database.transaction(program_id) as tx:
        staff = await read.one_staff(tx, staff_id)
        secrets = await read.secrets_of(tx, staff_id)
    here = staff is not None and staff.is_active and staff.works_in(store)
    right = await house.prover.right(pin, secrets.pin if here else "")
    if not right or staff is None:
        return Refused("pin_wrong", "this PIN does not fit")
    await given.gate.submit(program_id, keep_sessions, PinRight(subject))
    return staff


def of_address(address: str) -> tuple[TryKind, bytes]:
    """The count of tries from one internet address."""
    return "address", subject_of("address", counted_as(address))


async def count(house: House, program_id: int, address: str) -> Refused | None:
    """Count a try from this address, whatever it is about; why it may not be."""
    return await _counted(house, program_id, of_address(address))


async def _counted(
    house: House, program_id: int, *subjects: tuple[TryKind, bytes]
) -> Refused | None:
    outcome = await house.given.gate.submit(program_id, count_tries, CountTry(subjects))
    return outcome if isinstance(outcome, Refused) else None

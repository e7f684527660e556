"""Take on staff, change and close them; set passwords, PINs and what the shop decides."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Forbidden, Gone, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.access.beginning import check_keeper, check_keeps, check_may
from regulars.flows.access.commands import (
    AddStaff,
    ChangePassword,
    ChangeSetting,
    ChangeStaff,
    CloseStaff,
    KeepStaff,
    MakeLink,
    SetPin,
    StaffKept,
    StaffOutcome,
    UseLink,
)
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.records.access.staff import read, write
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.settings import SETTINGS, wrong_setting
from regulars.records.access.staff.types import By, Staff
from regulars.records.access.staff.write import Done
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.once.write import keep
from regulars.records.outbox.months import write as months

LINK_LASTS: Final = timedelta(hours=24)
LONGEST: Final = 120
MOST_STORES: Final = 500
LETTERED: Final = ("", "en", "de", "tr", "ar")
"""Languages of the letter with each month; nothing for none."""
_LOCK = waiting_for(Alone.STAFF)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")

Answer = tuple[UUID | None, list[Write], list[Done]]
"""Of whom it is, what is written, and what is written down of it."""


async def keep_staff(tx: Tx, terms: Terms, batch: Sequence[KeepStaff]) -> list[StaffOutcome]:
    """Take on, change and close staff, each once; every change is written down with who made it.

    Order: one batch of a program at a time.
    Refuses: `email_taken`, `last_owner`. Faults, each for its own item: `forbidden` beyond one's
    own role and stores, invalid names, addresses, roles and settings; links that are over.
    """
    asked = askings(lambda one: f"staff:{type(one).__name__}", batch, lambda _: None)
    await tx.fetch(_LOCK, tx.program_id)
    await sort_out(tx, asked, StaffKept)
    for item in asked:
        if not item.open:
            continue
        try:
            answer = await _DO[type(item.command)](tx, item.command)
        except Fault as fault:
            answer = fault
        if isinstance(answer, Fault | Refused):
            item.outcome = answer
            continue
        staff_id, writes, done = answer
        item.outcome = StaffKept(staff_id)
        for one in writes:  # some are of one table, and see what the one before wrote
            await tx.write([one])
        rows = kept(item, NOBODY, staff_id or NOBODY)
        await tx.write([*write.acted(tx, done), *keep(tx, rows)])
    return settle_followers(asked)


async def _add(tx: Tx, one: AddStaff) -> Answer | Refused:
    await check_keeper(tx, one.by, one.role, one.stores)
    email = _email(one.email)
    if await read.by_email(tx, email) is not None:
        return email_taken()
    staff = Staff(
        staff_id=tx.new_id(),
        name=_name(one.name),
        email=email,
        role=one.role,
        stores=_stores(one.stores),
        state="invited",
        made_at=tx.now,
        made_by=one.by.actor,
    )
    ends_at = tx.now + LINK_LASTS
    link = write.make_link(tx, staff.staff_id, one.link_hash, one.by, ends_at)
    done = _done(one.by, "staff.added", staff, {}, _told(staff))
    return staff.staff_id, [*write.add(tx, staff), *link], [done]


async def _change(tx: Tx, one: ChangeStaff) -> Answer | Refused:
    before = await _there(tx, one.staff_id)
    after = replace(before, **_changes(one))
    own = one.by.staff_id == one.staff_id
    widens = (after.role, after.stores) != (before.role, before.stores)
    named = before.member_id is not None and after.member_id != before.member_id
    if own and named:
        # Whoever could name another member as themselves could credit their own membership.
        raise Forbidden("which member you are stays; somebody else of the staff changes it")
    if not own or widens:
        await check_keeper(tx, one.by, before.role, before.stores)
        await check_keeper(tx, one.by, after.role, after.stores)
    if after.member_id and after.member_id not in await members.present(tx, [after.member_id]):
        return _unknown_member()
    if after.email != before.email and await read.by_email(tx, after.email) is not None:
        return email_taken()
    if after.role != "owner" and await _is_last_owner(tx, before):
        return last_owner()
    writes = write.change(tx, after)
    if one.month_letter:  # who asks anew says that letters arrive
        writes += months.begin_anew(tx, before.staff_id)
    if widens or after.email != before.email:  # whoever is signed in signs in as what they are now
        writes += write.end_sessions(tx, before.staff_id)
    was, became = _told(before), _told(after)
    changed = [name for name in was if was[name] != became[name]]
    texts = [name for name in ("name", "email") if getattr(before, name) != getattr(after, name)]
    became = {name: became[name] for name in changed}
    if texts:
        became["texts"] = texts  # that they changed; what they say is nobody's to keep for ever
    done = _done(one.by, "staff.changed", before, {name: was[name] for name in changed}, became)
    return before.staff_id, writes, [done] if became else []


async def _close(tx: Tx, one: CloseStaff) -> Answer | Refused:
    before = await _there(tx, one.staff_id)
    await check_keeper(tx, one.by, before.role, before.stores)
    if await _is_last_owner(tx, before):
        return last_owner()
    done = _done(one.by, "staff.closed", before, {"state": before.state}, {"state": "closed"})
    return before.staff_id, write.close(tx, before.staff_id), [done]


async def _link(tx: Tx, one: MakeLink) -> Answer:
    before = await _there(tx, one.staff_id)
    await check_keeper(tx, one.by, before.role, before.stores)
    ends_at = tx.now + LINK_LASTS
    writes = [
        *write.drop_links(tx, before.staff_id),
        *write.make_link(tx, before.staff_id, one.link_hash, one.by, ends_at),
    ]
    return before.staff_id, writes, [_done(one.by, "staff.link_made", before)]


async def _use_link(tx: Tx, one: UseLink) -> Answer | Fault:
    staff_id = await write.use_link(tx, one.link_hash)
    found = await read.one_staff(tx, staff_id) if staff_id else None
    if found is None or found.state == "closed":
        return link_over()
    # Whoever sets it anew does not know who had it: a passkey that a stranger added ends as well.
    passkeys = await read.passkeys_of(tx, found.staff_id)
    writes = [
        *write.set_password(tx, found.staff_id, one.kept),
        *write.end_sessions(tx, found.staff_id),
        *write.end_passkeys(tx, found.staff_id, "another password by a link"),
        *write.drop_links(tx, found.staff_id),
    ]
    by = By(found.staff_id, address=one.address)
    did = ["staff.password_set", *("passkey.ended" for _ in passkeys)]
    return found.staff_id, writes, [_done(by, each, found) for each in did]


async def _password(tx: Tx, one: ChangePassword) -> Answer | Fault:
    found = await _there(tx, one.staff_id)
    present = await read.secrets_of(tx, one.staff_id)
    if one.by.staff_id != one.staff_id or not one.proved or present.password != one.proved:
        return Forbidden("everybody changes their own password, and says the present one")
    writes = [
        *write.set_password(tx, found.staff_id, one.kept),
        *write.end_sessions(tx, found.staff_id, but=one.this_session),
    ]
    return found.staff_id, writes, [_done(one.by, "staff.password_set", found)]


async def _pin(tx: Tx, one: SetPin) -> Answer:
    found = await _there(tx, one.staff_id)
    await check_keeps(tx, one.by, found)
    did = "staff.pin_set" if one.kept else "staff.pin_taken"
    return found.staff_id, write.set_pin(tx, found.staff_id, one.kept), [_done(one.by, did, found)]


async def _setting(tx: Tx, one: ChangeSetting) -> Answer | Fault:
    await check_may(tx, one.by, Permission.SETTINGS_WRITE)
    wrong = wrong_setting(one.name, one.about, one.value)
    if wrong:
        field = "/value" if one.name in SETTINGS else "/name"
        return Invalid("this setting cannot be so", field=field, mend=wrong)
    before = (await read.chosen(tx)).of(one.name, one.about)
    if before == one.value:
        return None, [], []
    named = f"{one.name}:{one.about}".rstrip(":")
    done = Done(
        one.by, "setting.changed", "setting", named, {"value": before}, {"value": one.value}
    )
    return None, write.set_setting(tx, one.name, one.about, one.value, one.by), [done]


_DO: Final[dict[type, Callable[[Tx, Any], Awaitable[Answer | Refused | Fault]]]] = {
    AddStaff: _add,
    ChangeStaff: _change,
    CloseStaff: _close,
    MakeLink: _link,
    UseLink: _use_link,
    ChangePassword: _password,
    SetPin: _pin,
    ChangeSetting: _setting,
}


async def _there(tx: Tx, staff_id: UUID) -> Staff:
    found = await read.one_staff(tx, staff_id)
    if found is None:
        raise NotFound("nobody who works here has this id", field="/staff_id")
    if found.state == "closed":
        raise Gone("they do not work here any more; take them on again under their address")
    return found


async def _is_last_owner(tx: Tx, one: Staff) -> bool:
    if one.role != "owner":
        return False
    others = [
        other
        for other in await read.all_staff(tx)
        if other.role == "owner" and other.is_active and other.staff_id != one.staff_id
    ]
    return one.is_active and not others


def _changes(one: ChangeStaff) -> dict[str, Any]:
    told = {name: value for name, value in asdict(one).items() if value is not UNSET}
    changes: dict[str, Any] = {
        name: told[name]
        for name in ("name", "email", "role", "stores", "full_view", "month_letter")
        if name in told
    }
    if "member" in told:
        changes["member_id"] = told["member"]
    if "name" in changes:
        changes["name"] = _name(changes["name"])
    if "email" in changes:
        changes["email"] = _email(changes["email"])
    if changes.get("month_letter") not in (None, *LETTERED):
        mend = f"Choose from {', '.join(one for one in LETTERED if one)}, or nothing"
        raise Invalid("No month is written in this language", field="/month_letter", mend=mend)
    if "stores" in changes:
        changes["stores"] = _stores(changes["stores"])
    return changes


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= LONGEST or not name.isprintable():
        mend = f"Write 1 to {LONGEST} characters"
        raise Invalid("Everybody who works here has a name", field="/name", mend=mend)
    return name


def _email(text: str) -> str:
    email = text.strip().casefold()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        mend = "Write it as in olga@example.org"
        raise Invalid("This is no e-mail address", field="/email", mend=mend)
    return email


def _stores(stores: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if stores is None:
        return None
    named = tuple(sorted({one.strip() for one in stores} - {""}))
    if not 0 < len(named) <= MOST_STORES or any(len(one) > LONGEST for one in named):
        mend = "Name one store at least, or leave them out for every store"
        raise Invalid("They work somewhere", field="/stores", mend=mend)
    return named


def _told(staff: Staff) -> dict[str, Any]:
    """Somebody without texts that name them."""
    return {
        "role": staff.role,
        "stores": None if staff.stores is None else list(staff.stores),
        "member": staff.member_id.hex if staff.member_id else None,
    }


def _done(
    by: By,
    did: str,
    staff: Staff,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Done:
    return Done(by, did, "staff", staff.staff_id.hex, before or {}, after or {})


def email_taken() -> Refused:
    """What somebody is told who takes on the same person twice."""
    return Refused("email_taken", "somebody who works or worked here has this address")


def last_owner() -> Refused:
    """What somebody is told who would leave the shop without an owner."""
    return Refused("last_owner", "this is the last owner; make somebody else one first")


def link_over() -> Fault:
    """What somebody is told whose link was used, or has run out."""
    return Gone("this link was used or is over; ask for a fresh one")


def _unknown_member() -> Refused:
    return Refused("unknown_own_member", "there is no such member; look them up by their number")

"""Everybody's own page: how they come in, how the console looks, which member they are."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from litestar import Response
from litestar.datastructures import Cookie
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from regulars.base.faults import Fault, NotFound, Refused
from regulars.flows.access.commands import ChangePassword, ChangeStaff, EndPasskey, SetPin
from regulars.flows.access.keep_passkeys import keep_passkeys
from regulars.flows.access.keep_staff import keep_staff
from regulars.records.access.staff import read
from regulars.records.access.staff.passwords import SHORTEST, wrong_password, wrong_pin
from regulars.records.access.staff.tokens import token_hash
from regulars.records.access.staff.types import Passkey
from regulars.records.members import read as members
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.door.guard import next_of
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.passkeys import NOT_THIS
from regulars.surfaces.console.door.proving import still_them
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import found_by, name_of
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.coming import cookie_of
from regulars.surfaces.ui.words import LANGUAGES

A_YEAR_S: Final = 365 * 86_400
THEMES: Final = ("light", "dark")
_TRIED: Final = N("This was tried too often; wait a quarter of an hour")
_NOBODY: Final = N("Nobody is a member by this; try the number on the card")


async def me(here: Here, wrong: dict[str, str] | None = None) -> Response[str]:
    """The page of whoever is signed in; each reaches their own alone."""
    own = here.staff
    async with here.transaction as tx:
        passkeys = await read.passkeys_of(tx, own.staff_id)
        sessions = [one for one in await read.sessions_of(tx, own.staff_id) if one.is_open(tx.now)]
        found = (await members.members(tx, [own.member_id])) if own.member_id else {}
    mine = next(iter(found.values()), None)
    return here.page(
        "team/me.html",
        status=422 if wrong else 200,
        wrong=wrong or {},
        passkeys=[named(one) for one in passkeys],
        sessions=sorted(sessions, key=lambda one: one.seen_at, reverse=True),
        this=here.visit.session.session_id,
        member=(shown("mem", mine.id), name_of(mine) or mine.number) if mine else None,
        shortest=SHORTEST,
    )


async def change_password(here: Here, form: Form) -> Response[Any]:
    """Another password, for who knows the present one; other browsers are signed out."""
    fresh = form.get("password")
    ill = wrong_password(fresh, here.staff.name, here.staff.email)
    if ill:
        return await me(here, {"password": here.reader.say(ill)})
    house = here.house
    proved = await _proved(here, form.get("present"))
    if isinstance(proved, Refused):
        return await me(here, {"present": _unproved(here, proved)})
    wish = ChangePassword(
        here.staff.staff_id,
        proved,
        await house.prover.kept(fresh),
        here.by,
        token_hash(here.visit.token),
        here.asked(),
    )
    await here.do(keep_staff, wish)
    return redirect("/console/me")


async def change_pin(here: Here, form: Form) -> Response[Any]:
    """Another PIN for tills, or none any more; for who knows the password."""
    pin = "" if form.get("none") else form.get("pin").strip()
    ill = "" if form.get("none") else wrong_pin(pin)
    if ill:
        return await me(here, {"pin": here.reader.say(ill)})
    proved = await _proved(here, form.get("by"))
    if isinstance(proved, Refused):
        return await me(here, {"by": _unproved(here, proved)})
    kept = await here.house.prover.kept(pin) if pin else ""
    await here.do(keep_staff, SetPin(here.staff.staff_id, kept, here.by, here.asked()))
    return redirect("/console/me")


async def say_member(here: Here, form: Form) -> Response[Any]:
    """Which member they are: nobody credits or redeems for themselves."""
    async with here.transaction as tx:
        whom = await found_by(tx, here, form.get("member").strip())
    if whom is None:
        return await me(here, {"member": here.reader.say(_NOBODY)})
    wish = ChangeStaff(here.staff.staff_id, here.by, member=whom, asked=here.asked())
    try:
        await here.do(keep_staff, wish)
    except Fault as fault:
        return await me(here, {"member": here.told(fault)})
    return redirect("/console/me")


async def end_passkey(here: Here, form: Form) -> Response[Any]:
    """A passkey of theirs opens nothing any more. Faults: NotFound."""
    await end_passkey_of(here, here.staff.staff_id, form.get("id"))
    return redirect("/console/me")


async def end_passkey_of(here: Here, staff_id: UUID, id_: str) -> None:
    """A passkey of theirs, or of a colleague whom they keep, is no more. Faults: NotFound."""
    try:
        credential_id = base64url_to_bytes(id_)
    except ValueError:
        raise NotFound("there is no such passkey") from None
    await here.do(keep_passkeys, EndPasskey(staff_id, credential_id, here.by))


def named(passkey: Passkey) -> tuple[str, Passkey]:
    """A passkey with what a form calls it by."""
    return bytes_to_base64url(passkey.credential_id), passkey


async def change_look(here: Here, form: Form) -> Response[Any]:
    """Another language or theme in this browser; back to the page they were on."""
    answer = redirect(next_of(form.get("back")))
    said = {"lang": form.get("lang"), "theme": form.get("theme")}
    if said["lang"] in LANGUAGES:
        answer.set_cookie(_kept("lang", said["lang"], here))
    if said["theme"] in (*THEMES, "system"):
        answer.set_cookie(_kept("theme", said["theme"], here))
    return answer


async def change_view(here: Here, form: Form) -> Response[Any]:
    """Sentences alone, or files, ids and versions as well: kept for whoever is signed in."""
    wish = ChangeStaff(
        here.staff.staff_id, here.by, full_view=bool(form.get("full")), asked=here.asked()
    )
    await here.do(keep_staff, wish)
    return redirect(next_of(form.get("back")))


async def change_letter(here: Here, form: Form) -> Response[Any]:
    """Each month on one page by e-mail, in a language of theirs; or not any more."""
    said = form.get("month_letter")
    wish = ChangeStaff(
        here.staff.staff_id,
        here.by,
        month_letter=cast("Any", said if said in LANGUAGES else ""),
        asked=here.asked(),
    )
    await here.do(keep_staff, wish)
    return redirect("/console/me")


async def _proved(here: Here, password: str) -> str | Refused:
    return await still_them(here.house, here.terms.program_id, here.staff, password)


def _unproved(here: Here, no: Refused) -> str:
    says = _TRIED if no.code == "too_many_tries" else NOT_THIS
    return here.reader.say(says)


def _kept(name: str, value: str, here: Here) -> Cookie:
    # No script reads it; every face of this address speaks the same language.
    return cookie_of(name, value, tls=here.safe, seconds=A_YEAR_S)

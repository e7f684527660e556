"""Start for real: out of the demo becomes a shop of one's own."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, Refused
from regulars.flows.terms.start_for_real import StartForReal, start_for_real
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.passwords import SHORTEST, wrong_password
from regulars.records.members import read as members
from regulars.records.program.opening import read
from regulars.records.tills import read as tills
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.proving import still_them
from regulars.surfaces.console.door.session import cookie_over
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

_NO: Final = {
    "sign_in_failed": N("This is not your present password"),
    "too_many_tries": N("This was tried too often; wait a quarter of an hour"),
}
_SAME: Final = N("This is the demo's password, which others know; choose a new one")
_AT: Final = {"name_differs": "name", "perhaps_real": "since"}
"""At which field a refusal is told."""


async def real(
    here: Here, wrong: dict[str, str] | None = None, form: Form | None = None
) -> Response[Any]:
    """What goes, what stays, and the shop's name to be typed by who means it."""
    async with here.transaction as tx:
        made_up = await read.is_made_up(tx)
        since = await read.joined_since(tx) if made_up else 0
        many = await members.how_many(tx)
        team = [one for one in await staff.all_staff(tx) if one.state != "closed"]
        paired = sum(one.state == "paired" for one in await tills.tills(tx))
    return here.page(
        "begin/real.html",
        status=422 if wrong else 200,
        made_up=made_up,
        members=many,
        since=since,
        tills=paired,
        team=[one for one in team if one.staff_id != here.staff.staff_id],
        stay=form.all("stay") if form else (),
        typed=form.get("name") if form else "",
        counted=form.get("since") if form else "",
        wrong=wrong or {},
        shortest=SHORTEST,
    )


async def start(here: Here, form: Form) -> Response[Any]:
    """The made-up people go; whoever did it knows their password, and signs in anew."""
    try:
        chosen = tuple(UUID(hex=one) for one in form.all("stay"))
    except ValueError:
        raise Invalid("this form is not whole; load the page again") from None
    stay = (here.staff.staff_id, *chosen)
    proved = await still_them(
        here.house, here.terms.program_id, here.staff, form.get("present")[:1000]
    )
    if isinstance(proved, Refused):
        return await real(here, {"present": here.reader.say(_NO[proved.code])}, form)
    fresh, prover = form.get("password"), here.house.prover
    ill = wrong_password(fresh, here.staff.name, here.staff.email)
    if not ill and await prover.right(fresh, proved):
        ill = _SAME
    if ill:
        return await real(here, {"password": here.reader.say(ill)}, form)
    counted = form.get("since").strip()
    since = int(counted) if re.fullmatch(r"[0-9]{1,9}", counted) else None
    wish = StartForReal(form.get("name"), stay, here.by, since, await prover.kept(fresh))
    try:
        async with here.transaction as tx:
            outcome = await start_for_real(tx, wish)
    except Fault as fault:
        return await real(here, {"": here.told(fault)}, form)
    if isinstance(outcome, Refused):
        return await real(here, {_AT.get(outcome.code, ""): here.told(outcome)}, form)
    here.given.programs.forget(here.terms.program_id)
    here.house.looks.forget(here.terms.program_id)
    here.house.forget_keys()
    answer = redirect("/console/sign-in?started=yes")
    answer.set_cookie(cookie_over(safe=here.safe))
    return answer

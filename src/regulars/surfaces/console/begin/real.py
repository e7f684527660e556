"""Start for real: out of the demo becomes a shop of one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, Refused
from regulars.flows.terms.start_for_real import StartForReal, start_for_real
from regulars.records.access.staff import read as staff
from regulars.records.members import read as members
from regulars.records.program.opening import read
from regulars.records.tills import read as tills
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.session import cookie_over
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here


async def real(
    here: Here, wrong: dict[str, str] | None = None, form: Form | None = None
) -> Response[Any]:
    """What goes, what stays, and the shop's name to be typed by who means it."""
    async with here.transaction as tx:
        made_up = await read.is_made_up(tx)
        many = await members.how_many(tx)
        team = [one for one in await staff.all_staff(tx) if one.state != "closed"]
        paired = sum(one.state == "paired" for one in await tills.tills(tx))
    return here.page(
        "begin/real.html",
        status=422 if wrong else 200,
        made_up=made_up,
        members=many,
        tills=paired,
        team=[one for one in team if one.staff_id != here.staff.staff_id],
        stay=form.all("stay") if form else (),
        typed=form.get("name") if form else "",
        wrong=wrong or {},
    )


async def start(here: Here, form: Form) -> Response[Any]:
    """The made-up people go; whoever did it signs in anew."""
    try:
        chosen = tuple(UUID(hex=one) for one in form.all("stay"))
    except ValueError:
        raise Invalid("this form is not whole; load the page again") from None
    stay = (here.staff.staff_id, *chosen)
    wish = StartForReal(form.get("name"), stay, here.by)
    try:
        async with here.transaction as tx:
            outcome = await start_for_real(tx, wish)
    except Fault as fault:
        return await real(here, {"": here.told(fault)}, form)
    if isinstance(outcome, Refused):
        field = "name" if outcome.code == "name_differs" else ""
        return await real(here, {field: here.told(outcome)}, form)
    here.given.programs.forget(here.terms.program_id)
    here.house.looks.forget(here.terms.program_id)
    here.house.forget_keys()
    answer = redirect("/console/sign-in?started=yes")
    answer.set_cookie(cookie_over(safe=here.safe))
    return answer

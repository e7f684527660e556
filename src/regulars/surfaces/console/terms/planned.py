"""A version that is planned and has not begun: taken back, with a reason."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.terms.withdraw_version import Withdraw, withdraw_version
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.terms import program

_LONGEST: Final = 9


async def take_back(here: Here, form: Form) -> Response[Any]:
    """A version begins not at all; what ruled before goes on. Faults: NotFound."""
    number = str(form.path["number"])
    if not (number.isascii() and number.isdigit() and len(number) < _LONGEST):
        raise NotFound("there is no such version; look at the list again")
    wish = Withdraw(int(number), form.get("reason"), here.staff.principal)
    try:
        async with here.transaction as tx:
            await withdraw_version(tx, wish)
    except NotFound:
        raise
    except Fault as fault:
        return await program(here, here.told(fault))
    here.given.programs.forget(here.terms.program_id)
    return redirect("/console/program")

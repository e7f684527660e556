"""What was given to causes in members' place, for who keeps the books."""

from __future__ import annotations

from typing import Final

from litestar import Response

from regulars.flows.points.payouts.show_causes import show_causes
from regulars.records.access.staff.permissions import Permission
from regulars.records.program.parts.rewards import Donation
from regulars.surfaces.console.here import Here

PATH: Final = "/console/reports/causes"


def may_see(here: Here) -> bool:
    """Whether there may be something to see, and they may: any terms ever gave to a cause."""
    return here.may(Permission.BOOKS_READ) and any(
        isinstance(one.gives, Donation)
        for each in here.terms.versions
        for one in each.program.rewards
    )


async def giving(here: Here) -> Response[str]:
    """Each cause with what it got, the most first.

    Order: by the names under which it was promised; two names are two causes.
    """
    found = await here.read(show_causes)
    currency = here.version.program.currency
    return here.page(
        "reports/causes.html",
        given=[
            (one, here.reader.money(one.amount_minor, one.currency or currency)) for one in found
        ],
    )

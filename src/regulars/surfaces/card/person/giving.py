"""What a member had given to causes in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.handlers import HTTPRouteHandler

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.payouts.show_causes import show_causes
from regulars.records.program.parts.rewards import Donation
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked, Visit

CAUSES = "/card/me/causes"


def giving_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of what was given."""
    return [desk.shows(CAUSES, "me/causes.html", look_at_causes)]


def gives(terms: Terms) -> bool:
    """Whether any terms there ever were let members give to a cause."""
    return any(
        isinstance(one.gives, Donation) for each in terms.versions for one in each.program.rewards
    )


async def look_at_causes(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Each cause with what it got, the most first; by its name in the reader's language.

    Order: of a cause that the program names no more, its name is that of its day.
    """
    names = _names(visit)
    found = await show_causes(tx, visit.terms, visit.member.id)
    return {
        "given": [
            (
                names.get(one.cause, one.cause),
                visit.reader.money(one.amount_minor, one.currency or visit.program.currency),
                visit.reader.say_many("%(n)s donation", "%(n)s donations", one.times),
                one,
            )
            for one in found
        ]
    }


def _names(visit: Visit) -> dict[str, str]:
    both = zip(visit.version.program.rewards, visit.program.rewards, strict=True)
    return {
        ours.gives.cause: theirs.gives.cause
        for ours, theirs in both
        if isinstance(ours.gives, Donation) and isinstance(theirs.gives, Donation)
    }

"""Whom the made-up shop would write to: three segments somebody keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from regulars.base.faults import Fault
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.office.segments.commands import KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.records.access.staff.types import By
from regulars.records.members.types import ChangeMember, MemberRef
from regulars.runtime.examples.shop.lived.week import House, Week, done

_BY: Final = By(words="regulars demo")
_SHORT: Final = 2
"""Nobody is born in February, which is not as long in every year."""
SEGMENTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "win-back": (
        "Came often, gone quiet",
        {
            "if": "all",
            "of": [{"if": "orders", "at_least": 5}, {"if": "last_order", "at_least": 45}],
        },
    ),
    "best-birthdays": (
        "Best guests, birthday within a week",
        {
            "if": "all",
            "of": [
                {"if": "spent", "at_least": "150.00", "within_days": 365},
                {"if": "anniversary", "attribute": "birthday", "days_before": 7},
            ],
        },
    ),
    "no-second-visit": (
        "Newcomers without a second visit",
        {
            "if": "all",
            "of": [
                {"if": "days_since", "attribute": "joined-on", "at_least": 7, "before": 90},
                {"if": "visits", "at_most": 1},
            ],
        },
    ),
}
"""By code: what each is called, and who is meant. The shop has no tiers, so its best guests are
those who spent most."""


async def _tell_birthdays(house: House, week: Week) -> None:
    """Everybody's birthday is written down; those who come most often have theirs soon."""
    often = sorted(week.here, key=lambda one: (one.every_days, one.number))
    first = week.ends.date()
    wishes = [
        ChangeMember(
            MemberRef(external=one.external),
            attributes={"birthday": f"{1960 + one.number % 45}{first + timedelta(3 * at):-%m-%d}"},
        )
        for at, one in enumerate(often)
        if (first + timedelta(3 * at)).month != _SHORT
    ]
    country = house.terms.versions[-1].program.country
    async with house.database.transaction(house.terms.program_id) as tx:
        done(await change_members(tx, country, wishes, house.terms))


async def keep_three(house: House, week: Week) -> None:
    """In the last week somebody writes down whom they would write to."""
    if week.left:
        return
    await _tell_birthdays(house, week)
    async with house.database.transaction(house.terms.program_id) as tx:
        for code, (name, condition) in SEGMENTS.items():
            for kept in await keep_segments(
                tx, house.terms, [KeepSegment(code, name, _BY, condition)]
            ):
                assert not isinstance(kept, Fault), kept

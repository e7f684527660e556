"""Whom to win back: who slips away by what they are worth, or came often and not for long."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.home.missed import missed
from regulars.records.access.staff.permissions import Permission
from regulars.records.members import read as members
from regulars.records.program.changes.experiments.read import held_out_of_all
from regulars.records.standing.values import read as values
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

WON_BACK: Final = 3
"""So many are shown: as many as one writes to by hand."""
_LOOKED_AT: Final = 24
"""Some of them may be nobody any more, blocked, or held out."""


class Away(NamedTuple):
    """Somebody to win back, and so many days since they were here."""

    member_id: UUID
    days: int


class Shown(NamedTuple):
    """The same as a line of the page."""

    id: str
    name: str
    days: int


async def away(tx: Tx, today: date) -> tuple[Away, ...]:
    """Who slips away by the last reckoning, who is worth most first; while nothing was reckoned,
    who came often and stays away. Whoever is held out of all campaigns is left alone."""
    found = [
        Away(one.member_id, one.since + (today - one.as_of).days)
        for one in await values.slipping(tx, _LOOKED_AT)
    ] or [
        Away(one.member_id, (today - one.last_on).days)
        for one in await missed(tx, today, _LOOKED_AT)
    ]
    held = await held_out_of_all(tx, [one.member_id for one in found])
    return tuple(one for one in found if one.member_id not in held)


async def named(here: Here, found: tuple[Away, ...]) -> list[Shown]:
    """The first three of them by their names; nobody for who may not see members.

    Keeps: a name is looked up anew each time: who was erased meanwhile has none any more.
    """
    if not found or not here.may(Permission.MEMBERS_READ):
        return []
    async with here.transaction as tx:
        people = await members.members(tx, [one.member_id for one in found])
    return [
        Shown(shown("mem", one.member_id), name_of(who) or who.number, one.days)
        for one in found
        if (who := people.get(one.member_id)) is not None and who.state == "active"
    ][:WON_BACK]

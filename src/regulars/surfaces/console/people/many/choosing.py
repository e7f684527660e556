"""For whom something is that is done to many members: ticked in the list, or all who match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.flows.membership.office.keep_rounds import MOST
from regulars.insight.people.find import find
from regulars.records.access.office.read import tags
from regulars.records.once.types import digest
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.looking import looked_in, spelled_alike
from regulars.surfaces.console.words import N

A_PART: Final = 2_000
LOOKS_S: Final = 2.0
"""So long a request goes on looking for whom it is about, part by part."""
_MANY: Final = N("These are more than %(n)s members; narrow the list first.")
_TOO_LONG: Final = N("It takes too long to look for them all; narrow the list first.")
_NOBODY: Final = N("Nobody is chosen. Tick members in the list, or look for some.")


class Chosen(Struct, frozen=True):
    """For whom it is: those who were ticked, or everybody a list looks for."""

    query: str
    only: tuple[str, ...]


class Meant(Struct, frozen=True):
    """Who they are, looked for once in a request; or why they are not told."""

    ids: tuple[UUID, ...] = ()
    no: str = ""

    @property
    def who(self) -> str:
        """A digest of them, so that others in as large a number are not taken for them."""
        return digest(b"".join(one.bytes for one in self.ids)).hex


async def asked_for(here: Here) -> tuple[Chosen, Meant]:
    """Who was ticked, or everybody the list looks for, as the list sends it."""
    everybody = bool(here.query.get("all"))
    chosen = Chosen(here.query.get("query", ""), () if everybody else tuple(here.all("only")))
    if not everybody and not chosen.only:
        return chosen, Meant(no=here.reader.say(_NOBODY))
    return chosen, await meant_by(here, chosen)


async def meant_by(here: Here, chosen: Chosen) -> Meant:
    """Who is meant; nobody where a field is wrong, or where they are none or too many."""
    if chosen.only:
        return _told(here, list(dict.fromkeys(addressed("mem", one) for one in chosen.only)))
    said = looked_in(here, chosen.query)
    if said.wrong:  # a slip would be everybody
        return Meant(no=" ".join(said.wrong.values()))
    if said.wanted.tag:
        async with here.transaction as tx:
            said = spelled_alike(said, await tags(tx))
    # In an order that nobody changes meanwhile, with a new name.
    wanted, ids = replace(said.wanted, sort="oldest"), list[UUID]()
    begun, after, more = here.given.ticks(), None, True
    while more and len(ids) <= MOST:
        async with here.transaction as tx:
            found = await find(tx, wanted, after, A_PART, A_PART * 5)
        # Nobody is given anything who is gone, nor twice who stands under another.
        ids += [one.id for one in found.members if one.state not in ("erased", "merged")]
        after, more = found.after, found.after is not None
        if more and len(ids) <= MOST and here.given.ticks() - begun > LOOKS_S:
            return Meant(no=here.reader.say(_TOO_LONG))
    return _told(here, ids)


def _told(here: Here, ids: Sequence[UUID]) -> Meant:
    if len(ids) > MOST:
        return Meant(no=here.reader.say(_MANY, n=here.reader.number(MOST)))
    return Meant(tuple(ids)) if ids else Meant(no=here.reader.say(_NOBODY))

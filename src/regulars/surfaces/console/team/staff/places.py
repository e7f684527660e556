"""Where somebody works: stores that are there, or every one; never every one by leaving it out."""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.records.tills import read
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

EVERY: Final = "*"
"""No store is called so."""
EVERYWHERE: Final = N("every store")
_NOWHERE: Final = N("Choose where they work: single stores, or every store")
_BOTH: Final = N("Choose either single stores or every store")
_UNKNOWN: Final = N("There is no such store here; look at the list again")


class Where(NamedTuple):
    """What is ticked: these stores, or with nothing every one."""

    stores: tuple[str, ...] | None = ()
    both: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether every store is ticked."""
        return self.stores is None or self.both


class Places(NamedTuple):
    """The stores somebody may be put in, by code with name and whether they are open."""

    named: list[tuple[str, str, bool]]
    may_all: bool

    @property
    def proposed(self) -> Where:
        """What is ticked for who is new: nothing, unless there is nothing to choose."""
        return Where() if self.named else Where(None)

    def wrong(self, where: Where) -> str:
        """Why somebody cannot be put there; nothing where they can."""
        if where.both:
            return _BOTH
        if where.stores is None:
            return "" if self.may_all else _NOWHERE
        if not where.stores:
            return _NOWHERE
        return "" if set(where.stores) <= {code for code, _, _ in self.named} else _UNKNOWN


def where_of(form: Form) -> Where:
    """What was ticked in the form."""
    stores = tuple(sorted(set(form.all("store"))))
    every = bool(form.get("every"))
    return Where(stores if stores or not every else None, both=bool(stores) and every)


def said_where(stores: tuple[str, ...] | None) -> str:
    """The same as one text that two pages compare."""
    return EVERY if stores is None else ", ".join(sorted(stores))


async def places_for(tx: Tx, here: Here, theirs: tuple[str, ...] | None = ()) -> Places:
    """The stores they may choose from who keep staff, and those that somebody has anyway."""
    own, there = here.staff.stores, await read.stores(tx)
    named = [
        (code, one.name or code, True)
        for code, one in there.items()
        if one.closed_at is None and (own is None or code in own)
    ]
    known = {code for code, _, _ in named}
    rest = [code for code in theirs or () if code not in known]
    more = [
        (c, there[c].name if c in there else c, c in there and not there[c].closed_at) for c in rest
    ]
    return Places(named + more, may_all=own is None or theirs is None)

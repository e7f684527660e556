"""The steps of setting up, in their order: before there is a program, and inside it."""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.surfaces.console.begin.link import PATH
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

BEFORE: Final = ("program", "shop", "points", "owner")
INSIDE: Final = ("look", "store", "code", "member")
NAMES: Final = {
    "program": N("Program"),
    "shop": N("Shop"),
    "points": N("Points"),
    "owner": N("You"),
    "look": N("Colours and logo"),
    "store": N("First store"),
    "code": N("Code for the counter"),
    "member": N("First member"),
}
START: Final = "/console/start"


class At(NamedTuple):
    """One step on the way: its name, where it is, and whether one may go there now."""

    id: str
    name: str
    href: str
    here: bool
    open: bool


class Way(NamedTuple):
    """All steps, and where somebody is among them."""

    steps: tuple[At, ...]
    number: int
    back: str
    """The address of the step before; nothing at the first of each part."""


def way_before(reader: Reader, word: str, at: str, filled: int) -> Way:
    """The steps as somebody sees them who has no program yet; `filled` of them are right."""
    shown = [
        At(one, reader.say(NAMES[one]), f"{PATH}/{word}/{one}", one == at, place <= filled)
        for place, one in enumerate(BEFORE)
    ]
    later = [At(one, reader.say(NAMES[one]), "", False, False) for one in INSIDE]
    return _way((*shown, *later), at)


def way_inside(reader: Reader, at: str) -> Way:
    """The steps as an owner sees them: what came before the program is done."""
    done = [At(one, reader.say(NAMES[one]), "", False, False) for one in BEFORE]
    shown = [At(one, reader.say(NAMES[one]), f"{START}/{one}", one == at, True) for one in INSIDE]
    return _way((*done, *shown), at)


def _way(steps: tuple[At, ...], at: str) -> Way:
    number = next(place for place, one in enumerate(steps) if one.id == at)
    before = steps[number - 1].href if number else ""
    return Way(steps, number + 1, before)

"""Words of the shop on members: how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from regulars.base.faults import Invalid

LONGEST: Final = 40
MOST: Final = 200
"""So many different words there are in a program at most: more are no help to anybody."""


def tag_named(typed: str) -> str:
    """The word somebody means, without spaces around or twice. Faults: Invalid.

    Example: "  Regular  guest " is "Regular guest".
    """
    tag = " ".join(typed.split())
    if not 0 < len(tag) <= LONGEST or not tag.isprintable():
        raise Invalid("Give the tag a name", field="/tag", mend=f"1 to {LONGEST} letters")
    return tag


def spelled(tag: str, known: Iterable[str]) -> str:
    """The same word as it is written already, where it is: `vip` is `VIP`."""
    alike = (one for one in known if one.casefold() == tag.casefold())
    return next(alike, tag)

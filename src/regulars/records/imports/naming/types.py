"""Lots that have no number, as data."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class Before(NamedTuple):
    """Of imports whose lots were known by their line: how many files one had at the most, and how
    many lots they booked in all."""

    files: int
    lots: int


class Standing(NamedTuple):
    """A lot without a number, and which of the lots that are here are of its member."""

    place: str
    file: int
    line: int
    packed: bytes
    numbers: list[int]


class Named(NamedTuple):
    """A lot that has its name now."""

    place: str
    key: UUID
    content: UUID
    packed: bytes


class Smaller(NamedTuple):
    """A lot without a number that is not here, of a member to whom larger ones were brought over:
    where it stands, as whom the file names its member, what it is, and how many those were."""

    place: str
    file: int
    line: int
    who: tuple[str, str]
    packed: bytes
    amounts: list[int]


class Rest(NamedTuple):
    """What is left elsewhere of a lot that is here: of which line, in which wallet, how many there
    are there by now, and how many came."""

    file: int
    line: int
    wallet: str
    left: int
    came: int

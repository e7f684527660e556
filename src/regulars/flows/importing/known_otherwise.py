"""Whoever moves with a household may be known here under another number: then by another name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars.base.faults import Fault, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.importing.commands import BringHad
from regulars.records.members import read
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import Identifier


class Name(Struct, frozen=True):
    """What somebody is found by there. No loyalty number: each installation gives its own."""

    kind: Literal["phone", "email", "card", "external"]
    value: Annotated[str, Meta(min_length=1, max_length=254)]


Names = Annotated[tuple[Name, ...], Meta(max_length=100)]


class _Place(Struct, frozen=True):
    role: str = ""
    names: Names = ()


class _Row(Struct, frozen=True):
    """As much of a row as says by what its member is found: of a household that is its head."""

    names: Names = ()
    places: tuple[_Place, ...] = ()


_row: Final = msgspec.json.Decoder(_Row).decode
_OWN: Final = ("email", "phone")
"""What each has of their own; of cards and other systems' numbers here and there are others."""
_TOGETHER: Final = ("household", "spent")
"""What belongs to whoever shares a balance; all else comes by the number alone."""


async def otherwise(
    tx: Tx, terms: Terms, batch: Sequence[BringHad], whom: Sequence[UUID | Fault]
) -> list[UUID | Fault]:
    """The same, and where nobody has the number of such a line, whoever alone has its names.

    Keeps: who was erased stays so.
    """
    lost = [
        at
        for at, who in enumerate(whom)
        if isinstance(who, UnknownMember) and batch[at].kind in _TOGETHER
    ]
    found = await by_names(tx, terms, [_names_of(batch[at].row) for at in lost])
    known: dict[int, Any] = {at: who for at, who in zip(lost, found, strict=True) if who}
    return [known.get(at, who) for at, who in enumerate(whom)]


async def by_names(tx: Tx, terms: Terms, people: Sequence[Sequence[Name]]) -> list[UUID | None]:
    """Who each of these is here: the one member who has any of their names.

    Keeps: nobody where two members have them, or where the one has another e-mail or telephone
    than is told: a couple may share the one, and which of them is meant, nobody knows.
    """
    country = terms.versions[-1].program.country
    spelt = [
        [one for name in names if isinstance(one := _spelt(name, country), Identifier)]
        for names in people
    ]
    found = await read.resolve(tx, [one for names in spelt for one in names])
    here = [{found[one] for one in names if one in found} for names in spelt]
    alone = [next(iter(some)) if len(some) == 1 else None for some in here]
    theirs = await read.identifiers_of(tx, [one for one in alone if one])
    return [
        None if one is None or _speaks_against(names, theirs[one]) else one
        for one, names in zip(alone, spelt, strict=True)
    ]


def _speaks_against(told: Sequence[Identifier], theirs: Sequence[Identifier]) -> bool:
    """Whether both have a name of one kind, and none of them is the same."""
    for kind in _OWN:
        there, here = ({one.value for one in of if one.kind == kind} for of in (told, theirs))
        if there and here and not there & here:
            return True
    return False


def _spelt(name: Name, country: str | None) -> Identifier | Fault:
    return normal_or_fault(name.kind, name.value, country)


def _names_of(row: str) -> Sequence[Name]:
    """By what the member of a line is found; nothing of a row that cannot be read."""
    try:
        told = _row(row)
    except (msgspec.DecodeError, ValueError):
        return ()
    heads = [one for one in told.places if one.role == "head"]
    return heads[0].names if len(heads) == 1 else told.names

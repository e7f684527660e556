"""What each question of a segment asks for: its fields by their names, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from regulars.records.program.types import Program
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.member import WAYS_TO_WRITE
from regulars.surfaces.console.terms.segments.rows import Row
from regulars.surfaces.console.words import N

Choices = Sequence[tuple[str, str]]
_COMMAS: Final = N("Several with commas")
_BOUNDS: Final = {"low": N("At least"), "high": N("At most")}
_COUNTED: Final = {**_BOUNDS, "days": N("Within days"), "which": N("In stores")}
_GONE: Final = {"low": N("At least days"), "high": N("Fewer days than")}
ASKED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "": {},
        "spent": _COUNTED,
        "orders": _COUNTED,
        "visits": _COUNTED,
        "last_order": _GONE,
        "last_seen": _GONE,
        "tier": {"which": N("Tier")},
        "points": {"which": N("Wallet"), **_BOUNDS},
        "tag": {"which": N("Tags")},
        "consent": {"which": N("Channel")},
        "contact": {"which": N("Which")},
        "member": {"which": N("Attribute and values")},
        "anniversary": {"which": N("Attribute"), "low": N("Days before"), "high": N("Days after")},
        "days_since": {"which": N("Attribute"), **_GONE},
        "answered": {"which": N("Question"), **_BOUNDS},
        "segment": {"which": N("Segments")},
    }
)
"""Of each question its fields, in the order in which they stand, and what they are called."""
HINTS: Final = MappingProxyType(
    {
        "tag": _COMMAS,
        "segment": _COMMAS,
        "spent": N("Several with commas; empty is all of them"),
        "orders": N("Several with commas; empty is all of them"),
        "visits": N("Several with commas; empty is all of them"),
        "member": N("As in: student = true"),
    }
)
"""What has to be known to fill in which one is meant."""


class Field(NamedTuple):
    """One field of a question: its name in the form, its words, what stands in it."""

    name: str
    label: str
    value: str
    hint: str
    choices: Choices
    """What can be chosen; empty where it is typed."""


class Question(NamedTuple):
    """One question as it is asked in the form."""

    at: int
    asks: str
    negated: bool
    fields: tuple[Field, ...]


def question(here: Here, at: int, row: Row) -> Question:
    """The fields that this question needs, with what stands in them.

    Order: what was typed and is no choice stands first among them, so that it is kept.
    """
    fields = tuple(
        Field(
            name,
            here.reader.say(label),
            getattr(row, name),
            _hint(here, row.asks, name),
            _choices(here, row) if name == "which" else (),
        )
        for name, label in ASKED.get(row.asks, {}).items()
    )
    return Question(at, row.asks, row.negated, fields)


def _hint(here: Here, asks: str, name: str) -> str:
    says = HINTS.get(asks) if name == "which" else None
    return here.reader.say(says) if says else ""


def _choices(here: Here, row: Row) -> Choices:
    known = _KNOWN.get(row.asks)
    if known is None:
        return ()
    there = known(here)
    if not row.which or row.which in dict(there):
        return there
    return [(row.which, row.which), *there]


def _program(here: Here) -> Program:
    return here.version.program


def _tiers(here: Here) -> Choices:
    tiers = _program(here).tiers
    return [] if tiers is None else [(one.id, one.name or one.id) for one in tiers.steps]


def _wallets(here: Here) -> Choices:
    return [(id_, one.name or id_) for id_, one in _program(here).wallets.items()]


def _channels(here: Here) -> Choices:
    return [(channel, here.reader.say(says)) for channel, says in WAYS_TO_WRITE.items()]


def _contacts(here: Here) -> Choices:
    return [("email", here.reader.say("E-mail")), ("phone", here.reader.say("Phone"))]


def _scores(_: Here) -> Choices:
    return [("nps", "NPS"), ("csat", "CSAT")]


_KNOWN: Final[Mapping[str, Callable[[Here], Choices]]] = MappingProxyType(
    {
        "tier": _tiers,
        "points": _wallets,
        "consent": _channels,
        "contact": _contacts,
        "answered": _scores,
    }
)

"""What each question of a segment asks for: its fields by their names, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.records.access.office.read import tags
from regulars.records.community.clubs import read as clubs
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.reading import BOUGHT
from regulars.records.program.checks.caution.kinds import BY_THE_HOUSE, FOR_REPORTS
from regulars.records.program.types import Program
from regulars.records.tills import read as tills
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.mail import WAYS_TO_WRITE
from regulars.surfaces.console.terms.segments.rows import COUNTED, Row, several
from regulars.surfaces.console.terms.segments.words import QUESTIONS
from regulars.surfaces.console.words import N

Choices = Sequence[tuple[str, str]]
_COMMAS: Final = N("Several with commas")
_BOUNDS: Final = {"low": N("At least"), "high": N("At most")}
_COUNTED: Final = {**_BOUNDS, "days": N("Within days"), "which": N("In stores")}
_DAYED: Final = {**_BOUNDS, "days": N("Within days")}
_GOODS: Final = N("As sales name them; several with commas")
_ARTICLES: Final = N("Their SKU, as sales name it; several with commas")
_GONE: Final = {"low": N("At least days"), "high": N("Fewer days than")}
ASKED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "": {},
        "spent": _COUNTED,
        "orders": _COUNTED,
        "category_bought": {"which": N("Categories"), **_DAYED},
        "category_spent": {"which": N("Categories"), **_DAYED},
        "article_bought": {"which": N("Articles"), **_DAYED},
        "article_spent": {"which": N("Articles"), **_DAYED},
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
        "did": {"which": N("What"), **_BOUNDS, "days": N("Within days")},
        "lapse": {"low": N("At least, in thousandths"), "high": N("At most, in thousandths")},
        "worth": _BOUNDS,
        "club": {"which": N("Clubs")},
        "plan": {"which": N("Plans")},
        "segment": {"which": N("Segments")},
    }
)
"""Of each question its fields, in the order in which they stand, and what they are called."""
HINTS: Final = MappingProxyType(
    {
        "tag": _COMMAS,
        "segment": _COMMAS,
        "club": _COMMAS,
        "plan": _COMMAS,
        "category_bought": _GOODS,
        "category_spent": _GOODS,
        "article_bought": _ARTICLES,
        "article_spent": _ARTICLES,
        "did": N("The kind of an activity, as in: club-joined"),
        "spent": N("Several with commas; empty is all of them"),
        "orders": N("Several with commas; empty is all of them"),
        "visits": N("Several with commas; empty is all of them"),
        "member": N("As in: student = true"),
    }
)
"""What has to be known to fill in which one is meant."""
TOLD: Final = frozenset({"return", "visit", *BY_THE_HOUSE, *FOR_REPORTS})
"""Kinds that are told without a rule, offered beside those that rules ask for."""


class Field(NamedTuple):
    """One field of a question: its name in the form, its words, what stands in it."""

    name: str
    label: str
    value: str
    hint: str
    choices: Choices
    """What can be chosen; empty where it is typed."""
    offers: Choices
    """What is offered while it is typed."""


class Offered(NamedTuple):
    """What the shop has that a question may name and that only the database knows."""

    tags: Sequence[str] = ()
    stores: Mapping[str, str] = MappingProxyType({})
    """Of each open store its code and its name."""
    segments: Mapping[str, str] = MappingProxyType({})
    """Of each other saved segment its code and its name."""
    clubs: Mapping[str, str] = MappingProxyType({})
    """Of each club its code and its name."""


class Question(NamedTuple):
    """One question as it is asked in the form."""

    at: int
    asks: str
    negated: bool
    asked: Choices
    fields: tuple[Field, ...]


async def offered(tx: Tx, code: str) -> Offered:
    """What can be named in the segment of this code; it cannot name itself."""
    stores = await tills.stores(tx)
    named = await segments.segments(tx)
    return Offered(
        await tags(tx),
        {id_: one.name for id_, one in stores.items() if one.closed_at is None},
        {one.code: one.name for one in named if one.saved and one.code != code},
        {one.code: one.name for one in await clubs.clubs(tx)},
    )


def questions(here: Here, chosen: str = "") -> Choices:
    """What can be asked here: tiers and plans only where there are some, or are asked for."""
    program = _program(here)
    without = {"tier"} if program.tiers is None else set()
    without |= set() if program.plans else {"plan"}
    return [
        (asks, here.reader.say(says))
        for asks, says in QUESTIONS.items()
        if asks not in without or asks == chosen
    ]


def question(here: Here, at: int, row: Row, there: Offered) -> Question:
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
            _offers(here, row, there) if name == "which" else (),
        )
        for name, label in ASKED.get(row.asks, {}).items()
    )
    return Question(at, row.asks, row.negated, questions(here, row.asks), fields)


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


def _offers(here: Here, row: Row, there: Offered) -> Choices:
    """What can be named next: each by itself, or after the names that stand there already.

    Example: beside "vip" of the tags vip and guest stands "vip, guest".
    """
    if row.asks == "did":
        kinds = {rule.on for rule in _program(here).rules} | TOLD
        return [(kind, "") for kind in sorted(kinds - {BOUGHT})]
    names: Mapping[str, str] = {}
    if row.asks == "tag":
        names = dict.fromkeys(there.tags, "")
    elif row.asks == "segment":
        names = there.segments
    elif row.asks == "club":
        names = there.clubs
    elif row.asks == "plan":
        names = {one.id: one.name for one in _program(here).plans}
    elif row.asks in COUNTED:
        names = there.stores
    told = several(row.which)
    before = "".join(f"{one}, " for one in told)
    return [(before + name, says) for name, says in names.items() if name not in told]


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

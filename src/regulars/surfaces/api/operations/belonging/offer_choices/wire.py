"""Choices among offers on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.program.changes.choices.types import State


class OfferChoiceSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Among what is chosen, and for whom; a draft until it is opened, and as it is from then on."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    segment: Annotated[str, Meta(min_length=1, max_length=40)]
    """The code of a saved segment or a list; each member in it is chosen for once."""
    offers: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=30)], ...],
        Meta(min_length=1, max_length=5),
    ]
    """The codes of offers that are given to nobody by a segment of their own."""
    nothing: bool = True
    """Nothing is one of them: members who get it show what the others do."""
    explore_percent: Annotated[int, Meta(ge=10, le=100)] = 20
    """Of a hundred so many are chosen by chance alone."""
    days: Annotated[int, Meta(ge=7, le=90)] = 28
    """What a member spends in so many days, the first of them counted, is what it brought."""


class OfferChoiceOpened(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version of a choice is meant: the one that was read."""

    version: Annotated[int, Meta(ge=1, le=2_000_000_000)]


class OfferChoiceShown(Struct, frozen=True):
    """A choice among offers as it is."""

    code: str
    name: str
    segment: str
    """Empty where it is gone since."""
    offers: list[str]
    nothing: bool
    explore_percent: int
    days: int
    state: State
    version: int
    made_at: datetime
    made_by: str
    opened_at: datetime | None
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    """`clock` where one of its offers was given away, closed or over."""


class ChoiceCount(Struct, frozen=True):
    """For so many members this was chosen; an empty `offer` is nothing."""

    offer: str
    members: int


class ChoiceExpected(Struct, frozen=True):
    """What each is expected to bring of members who buy alike, by its place."""

    cell: int
    """How lately (0 never in a year, 1 longer ago, 2 within 90 days, 3 within 30), how often (0
    once, 1 to four days, 2 more) and how much (1 the larger half): 321."""
    spend_minor: list[int]
    members: list[int]
    """How many it rests on."""
    best: str
    """The offer that is given to them; empty for nothing."""


class ChoiceBetween(Struct, frozen=True):
    """A number with what it lies between by chance, 95 %; nothing where there is too little."""

    value: float | None
    low: float | None
    high: float | None
    lacks: str
    """Of what there is too little: `members` (whose days are over, of 100), `groups` (who were
    given alike, of 30), `hold_out` (nothing is never chosen), `spread` (both ways are the same)."""


class ChoiceBeside(Struct, frozen=True):
    """Another way than choosing: always the same `offer`, by chance, or nobody gets anything.

    Units: minor units of money a member; choosing brought so much more than it, by three
    estimators.
    """

    way: Literal["always", "chance", "nobody"]
    offer: str
    brings: ChoiceBetween
    ips: ChoiceBetween
    snips: ChoiceBetween
    dr: ChoiceBetween


class OfferChoiceEffect(Struct, frozen=True):
    """What choosing the best as it was expected brings, beside other ways."""

    over: int
    """Members whose days are over."""
    compared: int
    """Of them, for whom something was expected then: these are compared."""
    brings: ChoiceBetween
    beside: list[ChoiceBeside]


class OfferChoiceRead(Struct, frozen=True):
    """A choice, what was chosen, what is expected, and what that brought."""

    choice: OfferChoiceShown
    counts: list[ChoiceCount]
    expected_on: date | None
    expected: list[ChoiceExpected]
    """Nothing while it is chosen by chance alone: until each was given 50 times and those days are
    over."""
    effect: OfferChoiceEffect


class OfferChoicesShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[OfferChoiceShown]

"""All the reference keeps of what was proven, won and brought over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.beside.by_hand.state import Granted
    from tests.model.kept import Deed, Lot, Taken
    from tests.model.money.trusted.digits import Sent
    from tests.model.money.trusted.events import Proves


@dataclass(eq=False)
class Showing:
    """The code of a card in one half minute, once somebody took it."""

    by: str
    at: datetime
    good_for: bool = True
    """Nothing was taken by it yet."""
    sent_for: str | None = None
    """For which reward digits were sent that became it."""


@dataclass(eq=False)
class Won:
    """A prize of a milestone that gives something beside points."""

    owner: str
    key: tuple[str, str, str, int]
    """Milestone, period, step, and the how-manieth time."""
    badge: str = ""
    taken: Taken | None = None
    granted: Granted | None = None


@dataclass(eq=False)
class Import:
    """What a file brought: whom it made, and the lots and sales that came by it."""

    file: str
    made: list[str] = field(default_factory=list)
    lots: list[tuple[str, Lot]] = field(default_factory=list)
    named: dict[str, set[str]] = field(default_factory=dict)
    """By which names of theirs it opened points of whom."""
    sales: list[Deed] = field(default_factory=list)
    back: tuple[tuple[str, int], ...] | None = None
    """What became of it when it was taken back."""


@dataclass
class Trust:
    """What happened so far."""

    told: list[Deed] = field(default_factory=list)
    """Reviews and the like, the oldest first."""
    shown: dict[tuple[str, int], Showing] = field(default_factory=dict)
    digits: dict[str, Sent] = field(default_factory=dict)
    """Digits that were sent, by the machine's names for them."""
    showing: Proves | None = None
    """What is shown with the wish that is decided just now."""
    won: list[Won] = field(default_factory=list)
    had_won: set[str] = field(default_factory=set)
    """Who was given a prize, whether or not it was taken back."""
    imports: dict[str, Import] = field(default_factory=dict)
    opened: set[tuple[str, str]] = field(default_factory=set)
    """Of which file whose points were opened."""
    corrected: set[str] = field(default_factory=set)
    """Whose points were corrected by hand."""
    blocked: set[str] = field(default_factory=set)
    """Who was blocked, whether or not they still are."""

"""All the reference keeps of what was handed out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.model.beside.looked_after.state import Care
from tests.model.money.trusted.state import Trust

if TYPE_CHECKING:
    from tests.model.beside.between.given import Gift
    from tests.model.kept import Terms


@dataclass(eq=False)
class Code:
    """A code somebody has, or that anybody may show."""

    owner: str
    worth: int
    ends: datetime | None
    state: str = "issued"


@dataclass(eq=False)
class Granted:
    """A benefit that was granted so often."""

    who: str
    benefit: str
    times: int
    until: datetime | None
    number: int
    used: int = 0


@dataclass(eq=False)
class Use:
    """One use: what it counted on, and the points it gave."""

    who: str
    benefit: str
    counted: tuple[str, str] | None
    granted: Granted | None
    gift: Gift | None
    undone: bool = False
    store: str = ""
    guests: int = 0
    takes: int = 1
    """How much it counts."""
    at: datetime | None = None
    """The time that is booked."""
    missed: bool = False
    came: bool = False
    """Somebody said that they were there."""


@dataclass(eq=False)
class Given:
    """A tier given by hand; what was offered begins when it is accepted."""

    who: str
    kind: str
    tier: str
    at: datetime
    asks: int | None
    until: datetime | None
    answer_by: datetime | None = None
    begun: datetime | None = None
    stood: tuple[str | None, datetime | None] = (None, None)
    """On what they stood by themselves before."""
    had: int = 0
    closed: datetime | None = None
    closed_as: str = ""

    @property
    def state(self) -> str:
        return self.closed_as or ("held" if self.begun else "waiting")


@dataclass
class Hand:
    """What happened so far."""

    codes: dict[str, Code] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    """How many codes were ever laid into the pool of a reward."""
    runs: list[Terms] = field(default_factory=list)
    """By which terms codes were issued or laid into a pool."""
    granted: list[Granted] = field(default_factory=list)
    uses: dict[str, Use] = field(default_factory=dict)
    used_by: list[Terms] = field(default_factory=list)
    tiers: dict[str, Given] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    trust: Trust = field(default_factory=Trust)
    """What was proven, won and brought over."""
    care: Care = field(default_factory=Care)
    """Who of the shop looks after whom."""
    quarrels: dict[str, Any] = field(default_factory=dict)
    """Claims and disputes."""

    def told(self, world: Any, person: Any, what: tuple[str, str]) -> None:
        """A partner tells of something: whoever claims it under its number has it granted."""
        partner, number = what
        for one in self.quarrels.values():
            said = getattr(one, "said", None)
            if said is None or (partner, said.number) != ("cars", number):
                continue
            mine = said.who not in self.erased and world.who(said.who) is person
            if mine and one.state(world.now) == "open":
                one.decision = "granted"

"""One version of a program as decisions use it, and what connects it with those before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.stones import Stone
from regulars.records.program.types import Benefit, Plan, Program, Reward


class Idle(Struct, frozen=True):
    """What a version says about points of members who do nothing, of one wallet (semantics A7)."""

    zone: ZoneInfo
    after: str
    days: int
    """So many days before they lapse a notice was shown."""
    resets: frozenset[str]
    """What counts as activity."""
    since: datetime
    """Since when this length of time is promised; nobody's clock began before."""


class Version(Struct, frozen=True):
    """One version of the program, ready to decide with."""

    number: int
    effective_from: datetime
    compiled: Compiled
    program: Program
    zone: ZoneInfo
    wallet_codes: tuple[int, ...]
    """The small number of each wallet, in file order."""
    wallet_ids: Mapping[int, str]
    """The name behind each of these numbers."""
    limit_counters: tuple[int, ...]
    """The counter behind each limit, in the order of `Compiled.limits`."""
    budget_counters: tuple[int, ...]
    """The counter behind each budget, in file order."""
    remainder_counters: tuple[int, ...]
    """The counter of each wallet's kept remainder, in file order."""
    credit_counter: int
    """The counter of tier credit; 0 without tiers."""
    rewards: Mapping[str, Reward]
    reward_counters: Mapping[str, int]
    attributes: frozenset[str]
    """The attributes of members that rules ask for; no others are frozen with a decision."""
    warned: Mapping[int, tuple[ZoneInfo, int]]
    """Wallets whose points lapse only after a notice: zone, and how many days before."""
    benefits: Mapping[str, Benefit] = {}
    benefit_counters: Mapping[str, int] = {}
    """The counter behind each allowance, by benefit."""
    plans: Mapping[str, Plan] = {}
    come_back: Mapping[int, int] = {}
    come_late: Mapping[int, int] = {}
    come_over: Mapping[int, int] = {}
    """Wallets whose points live so many days at least that come back, are told late, are merged."""
    transfer_counters: Mapping[str, int] = {}
    """The counter behind each wallet's limit on what is given away."""
    elsewhere: Mapping[str, int] = {}
    """Tiers of other versions that are not on this ladder: the step they are worth here."""
    own_ends: Mapping[int, tuple[int, ...]] = {}
    """Places of the rules, by wallet, whose points lapse otherwise than those of the wallet."""
    idle: Mapping[int, Idle] = {}
    """Wallets whose points lapse when their member does nothing for long."""
    stones: tuple[Stone, ...] = ()
    """Its milestones, then its leaderboards and then its draws, in file order."""
    begins: datetime | None = None
    """When it took over from the version before; nothing for the first."""
    cutovers: tuple[Cutover, ...] = ()
    """Every change of the ladder up to this version that moves members, in the order they came."""
    beside: tuple[Beside, ...] = ()
    """The ladders before that still count beside this one, the oldest first (semantics F2)."""
    other: Version | None = None
    """This version as if its ladder had the second measure only; nothing without one."""
    secondary: bool = False
    """Whether this is such a one."""
    ladder: str = ""
    """The further ladder that this is a view of; not said for the version itself."""
    back_counter: int = 0
    """Of a view: the counter of what came back and counts on up to that day; 0 without."""
    since: datetime | None = None
    """Of a view: from when on its ladder is as it is; nothing for the first."""
    counts_from: tuple[int, ...] = ()
    """Of a view: the first day since, and those on which ladders before count no more beside it;
    credit of before each stands under periods of its own."""
    earlier: tuple[Version, ...] = ()
    """Of a view: its ladder as it was before, in the order of time."""
    further: Mapping[str, Version] = {}
    """This version as if each of its further ladders were the only one, by name."""
    kept: tuple[Kept, ...] = ()
    """Terms before that points keep their worth of, the oldest first (semantics F3)."""


class Kept(Struct, frozen=True):
    """Points earned before this instant are worth at least what they were under these terms."""

    since: datetime
    until: datetime | None
    terms: Version


class Cutover(Struct, frozen=True):
    """The instant from which a version with another ladder rules, and the terms on both sides."""

    at: datetime
    before: Version
    after: Version

    @property
    def until(self) -> datetime | None:
        """The end the changeover names, if it names one."""
        on = self.after.program.changeover.until_on
        return day_starts_at(self.after.zone, date.fromisoformat(on).toordinal()) if on else None


class Beside(Struct, frozen=True):
    """An earlier ladder that counts beside the one in force, since when and until when."""

    ladder: Version
    since: datetime
    until: datetime | None
    """Until the member's window that ran at the changeover ends, where nothing is said."""

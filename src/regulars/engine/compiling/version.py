"""One version of a program as decisions use it, and what connects it with those before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import force_setattr

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.stones import Stone
from regulars.records.program.types import (
    Benefit,
    Expiry,
    ForDuration,
    Plan,
    Program,
    Reward,
    UntilDate,
    UntilEvent,
)


class Needs(Struct, frozen=True):
    """What decisions by a version have to look at: found out once, not with every activity.

    Keeps: nothing is decided here. What a version does not ask for is passed over, and what it asks
    for is done by whoever does it for every other version.
    """

    lapses: Mapping[int, Expiry | None] = {}
    """When points of each wallet lapse, by its small number."""
    waits: Mapping[int, ForDuration | UntilDate | UntilEvent] = {}
    """Wallets whose new points are pending first."""
    approved: Mapping[str, UntilEvent] = {}
    """Kinds of activities whose points wait until somebody of the shop approves them."""
    steps: Mapping[str | None, int] = {}
    """Where each tier stands on the ladder; one that is not here stands on `lowest`."""
    lowest: int = 0
    """The step on which everybody stands; 0 for none."""
    for_life: bool = False
    """Whether a step can be kept for ever."""
    later: bool = False
    """Whether a step may be reached on a day on which the member does nothing."""
    still: bool = True
    """Whether nothing but the end of a tier moves members who do nothing: no credit that begins to
    count, none of terms before, no change of the ladder."""


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
    needs: Needs = Needs()
    """Found out whenever a version is made, or made of another one: never given, what a caller said
    would be thrown away. It follows from all else, so two versions are the same without it, too."""

    def __post_init__(self) -> None:
        force_setattr(self, "needs", needs_of(self))


def needs_of(version: Version) -> Needs:
    """What decisions by this version have to look at."""
    program, compiled, tiers = version.program, version.compiled, version.program.tiers
    wallets = {code: program.wallets[name] for code, name in version.wallet_ids.items()}
    lowest = compiled.tier_of(0)
    steps: dict[str | None, int] = {
        tier: max(lowest, worth) for tier, worth in version.elsewhere.items()
    }
    later = tiers is not None and (tiers.credit_after_days > 0 or tiers.reached == "at_window_end")
    before = tiers is not None and version.begins is not None and tiers.window != "rolling"
    return Needs(
        lapses={code: wallet.expiry for code, wallet in wallets.items()},
        waits={code: w.pending for code, w in wallets.items() if w.pending is not None},
        approved={
            one.on: UntilEvent(cancel_after=one.moderated)
            for one in reversed(program.advocacy)  # of two that name a kind, the first holds
            if one.moderated is not None
        },
        steps={**steps, **{tier: step for step, tier in enumerate(compiled.tiers, 1)}},
        lowest=lowest,
        for_life=any(at is not None for at in compiled.for_life_at),
        later=later,
        still=not (later or before or version.cutovers),
    )


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

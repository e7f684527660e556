"""What the reference works with while it replays: versions, people, deeds, lots, redemptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from tests.model import wall
from tests.model.events import Happens, Parts, Sold, parts

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.reference.interpreter import Reference
from regulars.records.program.reading import read_program
from regulars.records.program.types import Cooldown, Limit, Program, Rule

if TYPE_CHECKING:
    from tests.model.beside.by_hand.state import Given
    from tests.model.money.afterwards.freeing import Freed

read = cache(read_program)


@dataclass(frozen=True)
class Credit:
    """What a deed is worth for a ladder, by its first and its second measure."""

    first: int = 0
    second: int = 0

    def __add__(self, other: Credit) -> Credit:
        return Credit(self.first + other.first, self.second + other.second)

    def __sub__(self, other: Credit) -> Credit:
        return Credit(self.first - other.first, self.second - other.second)

    def __bool__(self) -> bool:
        return bool(self.first or self.second)

    def at_least_none(self) -> Credit:
        return Credit(max(self.first, 0), max(self.second, 0))


class Terms:
    """One version of the program, with the judge of its rules."""

    def __init__(self, source: str, program: Program, since: datetime) -> None:
        self.source, self.program, self.since = source, program, since
        self.zone, self.tiers = program.zone, program.tiers
        self.judge = Reference(program)
        self.ladder = [step.id for step in program.tiers.steps] if program.tiers else []
        self.rewards = {reward.id: reward for reward in program.rewards}
        self.limits = [(rule, limit) for rule in program.rules for limit in limits_of(rule)]
        self.cache: dict[Any, Any] = {}
        self.versions: Sequence[Terms] = (self,)
        """All terms there are; the world's own list."""
        self.known = since
        """When it was published."""
        self.again = False
        """Whether it stands where another one was taken back."""
        self.stays = False
        """Whether it rules although another one was published before it since."""
        self.behind = ""
        """What stands behind the names of a further ladder's credit."""

    def day(self, at: datetime) -> date:
        return wall.there(self.zone, at).date()

    def units(self, wallet: str, amount: str | int) -> int:
        return units(amount, self.program.wallets[wallet].scale)

    def keeps(self, wallet: str) -> str:
        rounding = self.program.wallets[wallet].rounding
        return "always" if rounding.carry else "day" if rounding.scope == "day" else "no"

    def full(self, rule: Rule, limit: Limit | Cooldown) -> int:
        if isinstance(limit, Cooldown):
            return 1
        if limit.points is not None:
            return self.units(rule.wallet, limit.points)
        assert limit.times is not None
        return limit.times

    def step_of(self, tier: str | None, versions: Sequence[Terms] = ()) -> int:
        """Where a tier stands here; a step at 0 is everybody's. One that only others name is worth
        the place its holders were told to belong, or else what it took there."""
        if tier in self.ladder:
            return self.ladder.index(tier) + 1
        if self.tiers is None:
            return 0
        begun = versions or sorted(self.versions, key=lambda version: version.since)
        goes_to = None if self.behind else self._goes_to(tier, begun)
        if goes_to is not None:
            return max(self.ladder.index(goes_to) + 1, self.reached(0))
        known = [one for one in begun if tier in one.ladder]
        if not known or known[-1].measures() != self.measures():
            return self.reached(0)
        return self.reached(known[-1].thresholds()[known[-1].ladder.index(tier or "")])

    def _goes_to(self, tier: str | None, begun: Sequence[Terms]) -> str | None:
        """The step of this ladder at which holders of another one belong, by the newest word on it
        so far; where that step is no more either, by the word that was said on it since."""
        if tier in self.ladder:
            return tier
        so_far = list(begun[: begun.index(self) + 1]) if self in begun else []
        for place in range(len(so_far) - 1, -1, -1):
            removed = so_far[place].program.changeover.removed
            if tier in removed:
                since = [*so_far[place:-1], self]
                found = self._goes_to(removed[tier], since) if removed[tier] != tier else None
                if found is not None:
                    return found
        return None

    def measures(self) -> tuple[str, str | None]:
        assert self.tiers is not None
        return self.tiers.measure, self.tiers.wallet

    def tier(self, step: int) -> str | None:
        return self.ladder[step - 1] if step else None

    def reached(self, credit: int | Credit, let_on: int = 0) -> int:
        """The highest step for this; those by invitation only up to one somebody was let on."""
        assert self.tiers is not None
        if isinstance(credit, int):
            steps = enumerate(zip(self.thresholds(), self.tiers.steps, strict=True), 1)
            open_ = [place for place, (at, one) in steps if max(credit, 0) >= at
                     and (one.by == "credit" or place <= let_on)]  # fmt: skip
            return max(open_, default=0)
        step = self.reached(credit.first, let_on)
        for place, one in enumerate(self.tiers.steps, 1):
            if one.or_at is not None and credit.second >= int(one.or_at):
                step = max(step, place)
        return step

    def thresholds(self) -> list[int]:
        assert self.tiers is not None
        if self.tiers.measure == "status":
            scale = self.program.wallets[str(self.tiers.wallet)].scale
        else:
            scale = decimals(self.program.currency) if self.tiers.measure == "spend" else 0
        return [units(step.at, scale) for step in self.tiers.steps]

    def credit_name(self) -> str:
        tiers = self.tiers
        if tiers is None:
            return ""
        what = "+".join(sorted(tiers.kinds)) or tiers.wallet or tiers.qualifying
        return f"{tiers.measure}:{what}:{tiers.window}{self.behind}"

    def other_name(self) -> str:
        """What the second measure counts, if there is one; the model's are visits."""
        if self.tiers is None or self.tiers.or_by is None:
            return ""
        assert self.tiers.or_by.measure == "visits"
        return f"visits:{self.tiers.or_by.qualifying}:{self.tiers.window}{self.behind}"

    def counts(self, day: date, today: date, joined: date) -> bool:
        """Does credit of that day count for a tier today?"""
        tiers = self.tiers
        assert tiers is not None
        if tiers.window == "rolling":
            return 0 <= (today - day).days < tiers.rolling_days
        if tiers.window == "anniversary":
            return wall.anniversary(joined, day) == wall.anniversary(joined, today)
        return tiers.window == "ever" or day.year == today.year

    def valid_until(self, day: date, joined: date) -> datetime | None:
        """Until when a tier stays that was reached or looked at on this day, with its grace."""
        tiers = self.tiers
        assert tiers is not None
        if tiers.valid == "for_ever" or tiers.window == "ever":
            return None
        for _ in range(1 if tiers.valid == "window_end" else 2):
            if tiers.window == "rolling":
                day += tiers.rolling_days * wall.DAY
            elif tiers.window == "anniversary":
                day = wall.next_anniversary(joined, day)
            else:
                day = date(day.year + 1, 1, 1)
        return wall.begins(self.zone, day + tiers.grace_days * wall.DAY)


LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(eq=False)
class Lot:
    """Points of one origin that lapse together."""

    wallet: str
    points: int
    left: int
    earned_at: datetime
    ends: datetime
    born: int
    sale: object = None
    pinned: int = 0
    lapsed: int = 0
    again: int = 0
    waits: bool = False
    usable: datetime | None = None
    cancels: datetime | None = None
    over: bool = False
    """It waited and was cancelled."""
    told: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """Of which ends for want of activity there was a notice, and when it was shown."""
    spared: datetime | None = None

    @property
    def free(self) -> int:
        return 0 if self.waits else self.left - self.pinned

    @property
    def turns(self) -> datetime:
        """When the clock ends its wait."""
        at = self.usable or self.cancels
        assert at is not None, self
        return at

    @property
    def order(self) -> tuple[datetime, datetime, int]:
        return self.ends, self.earned_at, self.born


@dataclass(eq=False)
class Reserved:
    """Points of one wallet that a redemption has, and how much of them is due."""

    wallet: str
    pins: list[tuple[Lot, int]]
    due: int = 0

    @property
    def points(self) -> int:
        return sum(part for _, part in self.pins)


@dataclass(eq=False)
class Deed:
    """An activity that rules saw, and what of it still stands."""

    terms: Terms
    event: Happens
    who: str
    at: datetime
    day: date
    bought: list[int]
    """Pieces of each line; without lines one line whose pieces are minor units."""
    back: list[int]
    told: tuple[Sold, ...] = ()
    """Its lines as they were told, also where they count something else at home."""
    number: int = 0
    """In which order it was told."""
    tier: int = 0
    further: frozenset[str] = frozenset()
    """The steps of further ladders that rules saw."""
    clubs: dict[str, Any] = field(default_factory=dict)
    """Credit for further ladders, by what is counted (clubs.Counted)."""
    room: tuple[int, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    given: list[int] = field(default_factory=list)
    exact: dict[str, Fraction] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    free: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    """What the budgets of each wallet left when it happened, and which give all or nothing."""
    back_at: list[datetime] = field(default_factory=list)
    """When something of it came back."""
    stages: list[list[int]] = field(default_factory=list)
    """What had come back after each return."""
    credit: Credit = Credit()
    paid: Taken | None = None
    """The redemption that paid for it."""
    freed: list[Taken] = field(default_factory=list)
    """Those that made pieces of it free."""
    rated: Terms | None = None
    """With the tables of a later version, where those rate it now."""
    lapsed: dict[tuple[str, str], int] = field(default_factory=dict)
    """Points of it that lapsed or were cancelled, by who had them and wallet."""
    excused: dict[str, int] = field(default_factory=dict)
    """What of that was set against a return."""
    stood_under: set[str] = field(default_factory=set)
    """Whom its member was merged into, now or before."""
    counted: dict[Any, int] = field(default_factory=dict)
    """What of it counts for each milestone, board and draw (stones.Name)."""
    counts_on: date | None = None
    """The day its tier credit counts on, if that is another one since a merge."""


@dataclass(eq=False)
class Taken:
    """A redemption."""

    who: str
    reward: str
    price: dict[str, int]
    pins: list[tuple[Lot, int]]
    lapses: datetime
    stocked: bool
    counted: tuple[str, str] | None
    """The period it counts in, when the reward has a limit: `month`, `2026-03`."""
    state: str = "held"
    captured: dict[str, int] = field(default_factory=dict)
    took: dict[Lot, int] = field(default_factory=dict)
    back: dict[Lot, int] = field(default_factory=dict)
    """What of it came back since, per lot."""
    paid: bool = False
    """Whether a sale names it."""
    opened: datetime = LONG_AGO
    pays: str = ""
    """`payment` or `stored_value` where it pays for a part of a basket; `payout` where it went to
    a bank."""
    worth: int = 0
    """Then in money, as far as it is known."""
    currency: str = ""
    """In which it was asked for, where that is another one than the program's."""
    value: int = 0
    """What it pays there, in minor units of that currency."""
    frees: Sequence[Freed] = ()
    """Which pieces of a basket it makes free."""
    won: bool = False
    """A prize, which is handed over once, whoever asks."""
    spender: str = ""
    """Whose basket it pays, where that is another one of the household."""


@dataclass(eq=False)
class Person:
    """A member, or a card nobody has claimed."""

    oldest_first: ClassVar[bool] = False
    """Alone they spend what ends soonest; a household may draw otherwise."""
    name: str
    joined: datetime
    attributes: dict[str, Any]
    versions: list[Terms]
    """All terms there are; the world's own list."""
    lots: list[Lot] = field(default_factory=list)
    reserved: list[Reserved] = field(default_factory=list)
    """What open redemptions have of them, the oldest first."""
    debt: dict[str, int] = field(default_factory=dict)
    earned: dict[str, int] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    tier: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    past: Any = None
    """All they did, told in order (late.Past)."""
    united: bool = False
    """Whether they were ever part of a merge."""
    state: str = "active"
    before: str = "active"
    """The state a block ended."""
    takes: int = 0
    """How often something was taken from them, but for what lapsed or went back."""
    gone: list[Lot] = field(default_factory=list)
    """Lots of which something lapsed, in the order in which that happened."""
    given: dict[tuple[str, str], int] = field(default_factory=dict)
    """What was given away, by limit and period."""
    owes_since: dict[str, datetime] = field(default_factory=dict)
    acts: list[tuple[str, datetime]] = field(default_factory=list)
    """What they did that keeps the points of a wallet alive, and when."""
    under: list[Person] = field(default_factory=list)
    """Who was merged into them."""
    behind: list[Any] = field(default_factory=list)
    """The merges by which they were, and those of whoever was merged into those before."""
    given_tiers: list[Given] = field(default_factory=list)
    """What was given to them by hand, in the order in which it began or was offered."""
    moves: list[Any] = field(default_factory=list)
    """From which tier to which they went, and when (trusted.reaching.Move)."""
    let_on: int = 0
    """Up to which step those by invitation are open to their credit."""
    stones: dict[Any, int] = field(default_factory=dict)
    """What milestones gave, by name and period."""
    excused: dict[Any, int] = field(default_factory=dict)
    """What of that had lapsed when it was to go back."""
    now: datetime | None = None
    """The clock when they were last asked for."""
    came_over: datetime | None = None
    """The last change of the ladder they came through."""

    def step(self, terms: Terms) -> int:
        """Where this person stands on a ladder."""
        begun = sorted(self.versions, key=lambda version: version.since)
        return terms.step_of(self.tier, begun)

    def available(self, wallet: str) -> int:
        return sum(lot.free for lot in self.lots if lot.wallet == wallet)

    def balances(self) -> Parts:
        return parts({wallet: self.available(wallet) for wallet in {x.wallet for x in self.lots}})

    def used(self, name: tuple[str, ...], day: date) -> int:
        """What deeds that still stand used of a limit (rule, period, what counts) on that day."""
        return used(self.deeds, name, day)

    def room(self, terms: Terms, deed: Deed, everyone: Sequence[Person]) -> list[int]:
        """What each limit still allows to a deed; those of other kinds are full."""
        room, kind, day = [], deed.event.kind, deed.day
        for rule, limit in terms.limits:
            full = terms.full(rule, limit)
            if isinstance(limit, Cooldown):
                full -= rule.on == kind and any(rests(one, rule, deed) for one in self.deeds)
            elif limit.per != "activity" and rule.on == kind:
                people = everyone if limit.of == "everyone" else (self,)
                name = limit_name(rule, limit)
                full = max(full - sum(used(each.deeds, name, day) for each in people), 0)
            room.append(full)
        return room

    def remainder(self, terms: Terms, wallet: str, day: date) -> Fraction:
        """What rounding kept for this member: all that was exactly given, less whole points."""
        keeps = terms.keeps(wallet)
        same = [
            deed
            for deed in self.deeds
            if wallet in deed.exact and deed.terms.keeps(wallet) == keeps != "no"
        ]
        if keeps == "day":
            same = [deed for deed in same if deed.day == day]
        return sum((deed.exact[wallet] - deed.units[wallet] for deed in same), Fraction(0))


def owe(person: Person, wallet: str, units: int, *, carried: bool = False) -> None:
    """Owe so much more or, negative, less; since when is known from the moment it began. What is
    not only carried from one to the other pays what others brought along, too."""
    for merged in () if carried else person.behind:
        merged.level[wallet] = merged.level.get(wallet, 0) + units
        if merged.level[wallet] < 0:
            merged.paid.add(wallet)
    before = person.debt.get(wallet, 0)
    person.debt[wallet] = before + units
    if not before and units and person.now is not None:
        person.owes_since[wallet] = person.now


def used(deeds: Iterable[Deed], name: tuple[str, ...], day: date) -> int:
    """What these deeds, as far as they stand, used of a limit on that day."""
    same = [each for each in deeds if wall.label(name[1], each.day) == wall.label(name[1], day)]
    given = [
        deed.given[place]
        for deed in same
        for place, rule in enumerate(deed.terms.program.rules)
        if name in [limit_name(rule, limit) for limit in rule.limits]
    ]
    return sum(given if name[2] == "points" else [min(each, 1) for each in given])


def limits_of(rule: Rule) -> list[Limit | Cooldown]:
    """Everything that may keep a rule from giving, in the order of the frozen room."""
    return [*rule.limits, *([rule.cooldown] if rule.cooldown else [])]


def rests(one: Deed, rule: Rule, other: Deed) -> bool:
    """Did one deed get so much of this rule that it gives nothing for the other?"""
    cooldown = rule.cooldown
    assert cooldown is not None, rule.id
    names = [each.id for each in one.terms.program.rules if each.cooldown]
    if rule.id not in names:
        return False
    place = [each.id for each in one.terms.program.rules].index(rule.id)
    theirs = one.terms.program.rules[place].cooldown
    # Hours and days are counted apart: a rule that changed from one to the other begins anew.
    if not one.given or not one.given[place] or bool(theirs and theirs.days) != bool(cooldown.days):
        return False
    if cooldown.days:
        return abs((one.day - other.day).days) < cooldown.days
    apart = one.at.replace(second=0, microsecond=0) - other.at.replace(second=0, microsecond=0)
    return abs(apart) < timedelta(hours=cooldown.hours or 0)


def limit_name(rule: Rule, limit: Limit | Cooldown) -> tuple[str, ...]:
    """By what a limit is known through all versions: its rule, its period and what counts."""
    if isinstance(limit, Cooldown):
        return rule.id, "days" if limit.days else "minutes", "rests"
    name = rule.id, limit.per, "points" if limit.times is None else "times"
    return (*name, "everyone") if limit.of == "everyone" else name


@cache
def terms_of(source: str, since: datetime) -> Terms:
    """A version of the program, read once."""
    return Terms(source, read(source), since)

"""The machine that makes things happen to a shop and compares the books after every step.

Hypothesis chooses (each run with a random part of the rules switched on: swarm testing), a driver
brings it about, the reference works everything out from nothing, and both must agree on the
answer, on every member's balances, lots, tier and counters, and on what is left on the shelf.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.model import makings
from tests.model.beside.by_hand.events import TakesBack
from tests.model.beside.choosing.rules import ChoosingRules
from tests.model.beside.games.rules import GamesRules
from tests.model.events import (
    Adjusts,
    Answer,
    Basket,
    Blocks,
    Chooses,
    Confirms,
    Ends,
    Event,
    Forgives,
    Gives,
    Happens,
    Joins,
    Merges,
    Night,
    Picture,
    Publishes,
    Reserves,
    Returns,
    Subscribes,
    Turns,
)  # fmt: skip
from tests.model.left_alone.unsaid.rules import UnsaidRules
from tests.model.makings import moved
from tests.model.money.rules import MoneyRules
from tests.model.moving_rules import MovingRules
from tests.model.paying_rules import PayingRules
from tests.model.pictures import pictures, shelf
from tests.model.programs import NAMES, ZONES, changed, source_of, written
from tests.model.reference import World

from regulars.records.program.reading import read_program

PEOPLE = ("m0", "m1", "card0", "")
SOME = st.integers(0, 7)
FEW = st.integers(0, 3)
BASKETS = st.integers(0, len(makings.BASKETS) - 1).map(makings.BASKETS.__getitem__)


class Driver(Protocol):
    """What brings events about: the engine in memory, or the flows on PostgreSQL."""

    once: ClassVar[bool]
    """Does it keep what must happen once?"""

    def do(self, now: datetime, event: Event) -> Answer: ...

    def pictures(self) -> dict[str, Picture]: ...

    def stock(self) -> dict[str, int]: ...

    def close(self) -> None: ...


class Tally:
    """How much was played, to be told at the end."""

    def __init__(self) -> None:
        self.steps = 0
        self.answers: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        """How often each kind of event came."""
        self.pairs: set[tuple[str, str]] = set()
        """Which kind of event came right after which."""
        self.again = 0
        """Deeds that were judged again because something came late."""
        self.why = ""
        """What did not agree first; where chance is in a game, it may not happen again."""

    def __str__(self) -> str:
        told = ", ".join(f"{count} {what}" for what, count in self.answers.most_common())
        begins = f"{self.steps} steps, {len(self.pairs)} pairs of events, {self.again} judged again"
        return f"{begins}; {told}"


class Ledger(
    ChoosingRules,
    GamesRules,
    MoneyRules,
    PayingRules,
    MovingRules,
    UnsaidRules,
    RuleBasedStateMachine,
):
    """A shop and everything that can happen to it; drivers come from `open_driver`."""

    tally: ClassVar[Tally]
    names: ClassVar[tuple[str, ...]] = NAMES
    open_driver: Callable[[str, datetime], Driver]
    """How a shop is opened; each driver says it by a method of its own."""

    @initialize(
        place=st.integers(0, len(NAMES) - 1),
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(makings.STARTS),
        vip=st.booleans(),
    )
    def opens(self, place: int, zone: str, start: datetime, vip: bool) -> None:
        name = self.names[place % len(self.names)]
        self.source, self.now = source_of(name, zone), start
        self.log: list[tuple[datetime, Event]] = []
        self.sales: list[Happens] = []
        self.done: list[Happens] = []
        self.early: list[str] = []
        self.made = 0
        self.first = (self.source, start)
        self.driver: Driver | None = self.open_driver(self.source, start)
        note(f"{name} in {zone} from {start}")
        self._happen(Joins("m0", (("vip", True), ("age", 1)) if vip else ()))

    def teardown(self) -> None:
        if getattr(self, "driver", None) is not None:
            assert self.driver is not None
            self.driver.close()
            self._work_out_from_nothing()

    def _work_out_from_nothing(self) -> None:
        """Nobody who looked at the reference on the way has changed what it comes to."""
        anew = World(self.first, self.log)
        assert anew.answers == self.world.answers
        assert pictures(anew) == pictures(self.world)
        assert shelf(anew) == shelf(self.world)
        self._as_if_never_said()

    def _as_if_never_said(self) -> None:
        """A version that was taken back before its day changed nothing for anybody."""
        said = zip((event for _, event in self.log), self.world.answers, strict=True)
        refused = {one.version for one, answer in said
                   if isinstance(one, TakesBack) and answer.what != "taken back"}  # fmt: skip
        unsaid = frozenset(self.world.gone - refused)
        if unsaid:
            never = World(self.first, self.log, unsaid)
            assert never.answers == self.world.answers
            seen, wanted = pictures(self.world), pictures(never)
            assert seen == wanted, f"{unsaid} said or not:\n{seen}\n{wanted}"

    # --- what can happen ------------------------------------------------------------------

    @precondition(lambda self: "m1" not in self.world.people)
    @rule()
    def joins(self) -> None:
        self._happen(Joins("m1"))

    @rule(who=SOME, basket=BASKETS, named=SOME, late=SOME)
    def buys(self, who: int, basket: Basket, named: int, late: int) -> None:
        self._happen(self._purchase(who, basket, named, late))

    @rule(who=SOME, amount=st.sampled_from(makings.WHOLES), named=SOME)
    def spends(self, who: int, amount: int, named: int) -> None:
        sale = self._purchase(who, Basket(), named, 0)
        self._happen(sale._replace(amount=amount))

    @rule(who=SOME, kind=st.sampled_from(("visit", "review")), late=SOME, told=FEW)
    def does(self, who: int, kind: str, late: int, told: int) -> None:
        details = makings.DETAILS[told % len(makings.DETAILS)]
        receipt = self.early[0] if self.early and self.early[0][0] == kind[0] else self._number("d")
        event = Happens(kind, self._who(who), receipt, at=self._at(late))
        self._happen(event._replace(details=details))

    @precondition(lambda self: self.done)
    @rule(which=SOME, much=FEW, late=SOME)
    def takes_back(self, which: int, much: int, late: int) -> None:
        """A visit or a review was told by mistake; more than one piece there is not."""
        done = self.done[-1 - which % len(self.done)]
        pieces = ((0, 2),) if much == 3 else ()
        back = Returns(done.receipt, pieces, self._number("b"), self._key(much), self._at(late))
        self._happen(back._replace(kind=done.kind))

    @precondition(lambda self: self.sales)
    @rule(which=SOME, line=FEW, much=SOME, late=SOME)
    def brings_back(self, which: int, line: int, much: int, late: int) -> None:
        self._happen(self._return(which, line, much, late))

    @precondition(lambda self: any(sale.who for sale in self.sales))
    @rule(which=FEW, line=FEW, much=SOME)
    def spends_all_and_brings_back(self, which: int, line: int, much: int) -> None:
        """What a return would take is spent first: it is owed, waived, or the return refused. Who
        owes wants a reward."""
        sales = [sale for sale in self.sales if sale.who]
        sale = sales[-1 - which % len(sales)]
        for wallet in self.world.terms(self.now).program.wallets:
            there = self.world.who(sale.who).available(wallet)
            if there:
                self._happen(Adjusts(sale.who, wallet, -there))
        self._happen(self._return(self.sales[::-1].index(sale), line, much, 0))
        rewards = self.world.terms(self.now).program.rewards
        if rewards and any(self.world.who(sale.who).debt.values()):
            wished = rewards[which % len(rewards)].id
            self._happen(Reserves(sale.who, wished, self._number("h")))

    @precondition(lambda self: len(self.early) < 2)
    @rule(much=FEW)
    def brings_back_before_the_sale(self, much: int) -> None:
        kind = "purchase" if much < 3 else "visit"
        self.early.append(self._number("e" if kind == "purchase" else "v"))
        pieces = ((0, much),) if much in (1, 2) else ()
        self._happen(Returns(self.early[-1], pieces, self._number("b"), kind=kind))

    @rule(who=FEW, which=FEW, store=FEW, capture=st.booleans())
    def reserves(self, who: int, which: int, store: int, capture: bool) -> None:
        person, reward = self._wish(who, which)
        where = makings.STORES[store % len(makings.STORES)]
        name = self._number("h")
        self._happen(Reserves(person, reward, name, where, self._key(store), capture))

    @precondition(lambda self: self.world.taken)
    @rule(which=SOME, outcome=st.sampled_from(("captured", "captured", "voided")), much=SOME)
    def ends(self, which: int, outcome: str, much: int) -> None:
        held = [name for name, taken in self.world.taken.items() if taken.state == "held"]
        names = held if held and which < 6 else list(self.world.taken)
        name = names[-1 - which % len(names)]
        price = self.world.taken[name].price
        part = None
        if outcome == "captured" and much > 3:
            part = tuple((wallet, max(units - much + 4, 0)) for wallet, units in price.items())
            if much == 7 and price:
                part = ((next(iter(price)), 0), (list(price)[-1], 10**6))
        self._happen(Ends(name, outcome, part, self._key(much)))

    @precondition(lambda self: self.sales)
    @rule(which=SOME, outcome=st.sampled_from(("confirmed", "confirmed", "cancelled")), key=FEW)
    def confirms(self, which: int, outcome: str, key: int) -> None:
        sale = self.sales[-1 - which % len(self.sales)]
        self._happen(Confirms(sale.receipt, outcome, self._key(key)))

    @rule(who=FEW, wallet=FEW, units=st.sampled_from(makings.UNITS), key=FEW)
    def adjusts(self, who: int, wallet: int, units: int, key: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name = wallets[wallet % len(wallets)]
        person = self._somebody(who)
        units = units or -self.world.who(person).available(name) or -1
        self._happen(Adjusts(person, name, units, self._key(key)))

    @rule()
    def night_falls(self) -> None:
        self._happen(Night())

    @rule(jump=st.sampled_from(makings.JUMPS))
    def time_passes(self, jump: str) -> None:
        later = moved(jump, self.now, self.world)
        if any(later < one.since <= self.now for one in self.world.versions[1:]):
            return  # no clock goes back behind a change that people came through
        self.now = later
        note(f"{jump}: {self.now}")

    @precondition(lambda self: len(self.world.versions) < 3)
    @rule(number=SOME, ahead=FEW)
    def publishes(self, number: int, ahead: int) -> None:
        at = self.now + ahead * makings.STRETCHES["a day"] if ahead else None
        newest = self.world.versions[-1].source
        wished = changed(newest, number)
        ends = read_program(wished).changeover.until_on
        if ends is not None and makings.wall.day_of(ends) <= (at or self.now).date() + timedelta(1):
            return  # nobody could publish that any more
        if wished != written(read_program(newest)):  # the same file again publishes nothing
            self._happen(Publishes(wished, at))

    # --- how it is brought about ----------------------------------------------------------

    def _happen(self, *events: Event) -> None:
        """One thing happens, or several in one batch; then everything is compared."""
        assert self.driver is not None
        if not self.log:
            self.world = World(self.first, ())
        answers, before = self._ask(events), self.world.judged_again
        self.log += [(self.now, event) for event in events]
        expected = self.world.goes_on(self.now, events)
        for event, answer, right in zip(events, answers, expected, strict=True):
            note(f"{self.now}: {event}\n    → {right}")
            assert answer == right, (event, answer, right)
            self._remember(event, right)
            self.tally.answers[right.what] += 1
            self.tally.kinds[type(event).__name__] += 1
        seen, wanted = self.driver.pictures(), pictures(self.world)
        for name, picture in wanted.items():
            assert seen[name] == picture, f"{name}\n{seen[name]}\n{picture}"
        assert seen.keys() == wanted.keys(), seen.keys() ^ wanted.keys()
        assert self.driver.stock() == shelf(self.world), self.driver.stock()
        self.tally.steps += 1
        self.tally.again += self.world.judged_again - before

    def _ask(self, events: tuple[Event, ...]) -> list[Answer]:
        assert self.driver is not None
        return [self.driver.do(self.now, event) for event in events]

    def _remember(self, event: Event, answer: Answer) -> None:
        if len(self.log) > 1:
            before = self.log[-2][1]
            self.tally.pairs.add((type(before).__name__, type(event).__name__))
        if isinstance(event, Happens) and event.receipt and answer.what == "recorded":
            (self.sales if event.kind == "purchase" else self.done).append(event)
            if event.receipt in self.early:
                self.early.remove(event.receipt)

    def _purchase(self, who: int, basket: Basket, named: int, late: int) -> Happens:
        receipt = self._number("r")
        if named in (1, 2) and self.early and self.early[0][0] == "e":
            receipt = self.early[0]
        return Happens(
            "purchase",
            self._who(who),
            receipt if named < 6 else "",
            self._key(named),
            self._at(late),
            basket=basket,
            store=makings.STORES[named % 3],
            channel=makings.CHANNELS[late % 3],
        )

    def _return(self, which: int, line: int, much: int, late: int) -> Returns:
        sale = self.sales[-1 - which % len(self.sales)]
        lines = sale.basket.lines
        whole = sale.amount or 0
        pieces: tuple[tuple[int, int], ...] = ()
        if much > 4:
            pieces = ((line, much - 4),)
        elif much > 2 and lines:
            pieces = tuple((place, 1) for place in range(len(lines)))[: line + 1]
        elif much > 2 and whole > 3:
            pieces = ((0, whole // (line + 2)),)
        return Returns(sale.receipt, pieces, self._number("b"), self._key(much), self._at(late))

    def _wish(self, who: int, which: int) -> tuple[str, str]:
        """Mostly something this member can have, if need be with points given for it."""
        person, terms = self._somebody(who), self.world.terms(self.now)
        rewards = [*terms.program.rewards]
        if which == 3 or not rewards:
            return person, (["unheard-of"] + [reward.id for reward in rewards])[
                who % (len(rewards) + 1)
            ]
        reward = rewards[which % len(rewards)]
        for wallet, price in reward.price.items():
            missing = terms.units(wallet, price) - self.world.who(person).available(wallet)
            if missing > 0 and which:
                self._happen(Adjusts(person, wallet, missing + who))
        return person, reward.id

    def _who(self, who: int) -> str:
        name = PEOPLE[who % len(PEOPLE)]
        return name if name in self.world.people or name in ("card0", "") else "m0"

    def _somebody(self, who: int) -> str:
        return self._who(who) if self._who(who) in self.world.people else "m0"

    def _at(self, late: int) -> datetime | None:
        stretch = makings.LATE[(late * 5 + len(self.log)) % len(makings.LATE)] if late else None
        return None if stretch is None else self.now - stretch

    def _number(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def _key(self, chosen: int) -> str:
        return self._number("k") if chosen % 2 else ""


class LedgerOnce(Ledger):
    """The same, for drivers that keep what must happen once and decide whole batches.

    Not where rewards are taken by themselves: there the duty looks at whoever it was told of.
    """

    names = tuple(name for name in NAMES if name != "by-itself")
    takes_due = None

    @precondition(lambda self: any(_named(event) for _, event in self.log))
    @rule(which=SOME, how=FEW)
    def repeats(self, which: int, how: int) -> None:
        """Something is told again: as it was, with other content, or under a new key."""
        named = [event for _, event in self.log if _named(event)]
        event = named[-1 - which % len(named)]
        if how == 1:
            event = _otherwise(event)
        elif how == 2 and getattr(event, "receipt", ""):
            event = event._replace(key=self._number("k"))  # type: ignore[call-arg, union-attr]
        self._happen(event)

    @rule(
        kinds=st.lists(
            st.sampled_from(("buys", "buys", "returns", "again")), min_size=2, max_size=5
        ),
        who=SOME,
        baskets=st.lists(BASKETS, min_size=5, max_size=5),
        named=SOME,
    )
    def tells_at_once(self, kinds: list[str], who: int, baskets: list[Basket], named: int) -> None:
        """Several activities in one batch: sales, their returns, and the same told twice."""
        batch: list[Event] = []
        for place, kind in enumerate(kinds):
            if kind == "again" and batch:
                batch.append(batch[-1])
            elif kind == "returns" and (self.sales or batch):
                batch.append(self._return_in(batch, who + place, named))
            else:
                batch.append(self._purchase(who + place, baskets[place], min(named, 5), 0))
        self._happen(*batch)

    @rule(whos=st.lists(FEW, min_size=2, max_size=4), which=FEW, capture=st.booleans())
    def reserve_at_once(self, whos: list[int], which: int, capture: bool) -> None:
        wishes = [self._wish(who, which) for who in whos]
        self._happen(*(Reserves(*wish, self._number("h"), "mitte", "", capture) for wish in wishes))

    @precondition(lambda self: self.world.taken)
    @rule(outcomes=st.lists(st.sampled_from(("captured", "voided")), min_size=2, max_size=4))
    def end_at_once(self, outcomes: list[str]) -> None:
        names = list(self.world.taken)[-2:]
        self._happen(*(Ends(names[place % len(names)], how) for place, how in enumerate(outcomes)))

    def _ask(self, events: tuple[Event, ...]) -> list[Answer]:
        return self.driver.do_all(self.now, events)  # type: ignore[union-attr]

    def _return_in(self, batch: list[Event], which: int, much: int) -> Returns:
        bought = [sale for sale in batch if isinstance(sale, Happens) and sale.receipt]
        before, self.sales = self.sales, [*self.sales, *bought]
        try:
            return self._return(which, 0, much, 0) if self.sales else Returns("r?", (), "b?")
        finally:
            self.sales = before


def _named(event: Event) -> bool:
    return bool(getattr(event, "key", "") or getattr(event, "receipt", ""))


def _otherwise(event: Event) -> Event:
    """The same key and receipt with other content."""
    if isinstance(event, Ends):
        return event._replace(outcome="voided" if event.outcome == "captured" else "captured")
    if isinstance(event, Confirms):
        return event._replace(outcome="cancelled" if event.outcome == "confirmed" else "confirmed")
    if isinstance(event, Adjusts | Gives):
        return event._replace(units=event.units + 7)
    if isinstance(event, Blocks | Merges | Forgives | Chooses | Subscribes | Turns):
        return _moved_otherwise(event)
    if isinstance(event, Returns):
        return event._replace(pieces=((0, 1),) if not event.pieces else ())
    # Events of machines beside this one are told again as they were.
    told: Any = event
    return told._replace(store="elsewhere") if hasattr(told, "store") else told


def _moved_otherwise(
    event: Blocks | Merges | Forgives | Chooses | Subscribes | Turns,
) -> Event:
    if isinstance(event, Subscribes | Turns):
        return event._replace(agreed=not event.agreed)
    if isinstance(event, Chooses):
        return event._replace(option="elsewhere")
    if isinstance(event, Blocks):
        return event._replace(blocked=not event.blocked)
    if isinstance(event, Merges):
        return event._replace(into="m0" if event.into != "m0" else "m1")
    return event._replace(wallet="elsewhere")

"""The machine for what happens between members, and between them, partners and the shop.

On PostgreSQL only: what is decided here hangs on what the flows read of many members at once, so
the flows themselves are asked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.beside.between.events import (
    Agrees,
    Announces,
    ClosesList,
    Collects,
    Draws,
    Enters,
    Forms,
    GoesBack,
    Houses,
    Leaves,
    LooksAtFriends,
    MovesOut,
    Names,
    PartnerPays,
    PaysTogether,
    TakesPart,
)
from tests.model.events import (
    Adjusts,
    Basket,
    Blocks,
    Happens,
    Joins,
    Merges,
    Pools,
    Reserves,
    Returns,
    Settles,
)
from tests.model.machine import BASKETS, FEW, SOME, LedgerOnce
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.programs import written

from regulars.records.program.reading import read_program

_HERE = Path(__file__).parent
SOURCES = {path.stem: path.read_text("utf-8") for path in sorted(_HERE.glob("*.yaml"))}
DRAWN = ("proportional", "oldest", "head_first", "soonest")
MARKS = ("", "", "device:d1", "device:d2", "address:a1")
PEOPLE = ("m0", "m1", "m2", "m3")
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BIG = Basket((makings.Sold(900, "coffee", "c1", 3),))


class OneByOne(OnPostgreSQL):
    """The night takes one after the other, as the reference does."""

    at_once = 1


def _has(word: str) -> Any:
    return lambda machine: bool(getattr(machine.world.terms(machine.now).program, word))


def _teams(machine: Any) -> bool:
    program = machine.world.terms(machine.now).program
    return any(one.together for one in program.challenges)


class BetweenOnce(LedgerOnce):
    """Its own programs and what happens by them, beside some of what happens every day."""

    programs: ClassVar[tuple[str, ...]] = tuple(SOURCES)
    # What keeps the machine of every day busy would leave this one no time.
    takes_a_version_back = None
    spends = does = confirms = publishes = end_at_once = reserve_at_once = forgives = None
    brings_back_before_the_sale = shares = extends = revives = tells_at_once = repeats = None
    adjusts = reserves = spends_all_and_brings_back = settles = plays = blocks = merges = None
    pays_with_points = pays_and_brings_back = gives = None
    pays_at_home = None  # here they come home one by one, and pay by `pays_together`

    @initialize(place=SOME, drawn=SOME)
    def opens(self: Any, place: int, drawn: int) -> None:
        name = self.programs[place % len(self.programs)]
        text = SOURCES[name].replace("draws: proportional", f"draws: {DRAWN[drawn % 4]}")
        self.source, self.now = written(read_program(text)), START
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, START)
        self.driver = self.open_driver(self.source, START)
        for who in PEOPLE[:3]:
            self._happen(Joins(who))
        if name == "friends":
            self._happen(Agrees("cars", "accrual", "miles", 833, 1000))
            self._happen(Agrees("cars", "redemption", "miles", 700, 1000))
            self._happen(Agrees("bikes", "accrual", "points", 7, 3, 40, 2))

    def _who(self: Any, who: int) -> str:
        name = PEOPLE[who % len(PEOPLE)]
        return name if name in self.world.people else "m0"

    @precondition(lambda self: "m3" not in self.world.people)
    @rule()
    def joins(self: Any) -> None:
        self._happen(Joins("m3"))

    @precondition(lambda self: len(self.log) > 20)
    @rule(who=FEW, into=FEW, blocked=FEW)
    def turn_out_to_be_one(self: Any, who: int, into: int, blocked: int) -> None:
        if blocked:
            self._happen(Blocks(self._somebody(who), blocked > 1))
        elif self._somebody(who) != self._somebody(into):
            self._happen(Merges(self._somebody(who), self._somebody(into)))

    # --- friends --------------------------------------------------------------------------

    @precondition(_has("referral"))
    @rule(
        by=FEW, others=st.lists(FEW, min_size=1, max_size=3), mark=st.sampled_from(MARKS),
        baskets=st.lists(BASKETS, min_size=3, max_size=3), big=st.booleans(),
        then=st.tuples(st.sampled_from((1, 3, 9)), FEW),
    )  # fmt: skip
    def brings_friends(
        self: Any, by: int, others: list[int], mark: str, baskets: list[Basket], big: bool,
        then: tuple[int, int],
    ) -> None:  # fmt: skip
        """Some name who brought them and buy something; days later it is looked at. What they
        bought may come back."""
        referrer, sales, (days, back) = self._somebody(by), [], then
        for other, basket in zip(others, baskets, strict=False):
            newcomer = self._somebody(other if self._somebody(other) != referrer else other + 1)
            self._happen(Names(newcomer, referrer, mark))
            sold = BIG if big else basket
            sales.append(Happens("purchase", newcomer, self._number("f"), basket=sold))
            self._happen(sales[-1])
        for _ in range(3):
            self.now += timedelta(days=days)
            self._happen(LooksAtFriends())
        if back == 1:
            self._happen(Returns(sales[0].receipt, (), self._number("b")))
            self.now += timedelta(days=1)
            self._happen(LooksAtFriends())

    @precondition(_has("referral"))
    @rule()
    def looks_at_friends(self: Any) -> None:
        self._happen(LooksAtFriends())

    @precondition(_has("referral"))
    @rule(days=st.sampled_from((1, 2, 4, 8)))
    def days_pass(self: Any, days: int) -> None:
        self.now += timedelta(days=days)
        self._happen(LooksAtFriends())

    # --- teams and households -------------------------------------------------------------

    @precondition(_teams)
    @rule(who=FEW, others=st.lists(FEW, max_size=3), which=FEW, days=FEW, back=FEW)
    def plays_together(
        self: Any, who: int, others: list[int], which: int, days: int, back: int
    ) -> None:
        """A team is formed or joined, all do something, and some of it may come back."""
        program = self.world.terms(self.now).program
        challenge, team = program.challenges[which % len(program.challenges)].id, self._number("t")
        self._happen(Forms(self._somebody(who), challenge, team))
        for other in others:
            self._happen(Enters(self._somebody(other), team))
        for other in [who, *others]:
            sale = Happens("purchase", self._somebody(other), self._number("g"), basket=BIG)
            self._happen(sale)
            self.now += days * makings.STRETCHES["a day"]
        self._happen(Settles())
        if back == 1:
            self._happen(self._return(0, 0, 0, 0))
            self._happen(Settles())

    @precondition(_teams)
    @rule(who=FEW, which=FEW, team=FEW)
    def enters_a_team(self: Any, who: int, which: int, team: int) -> None:
        names = list(self.world.between.teams) or ["nowhere"]
        self._happen(Enters(self._somebody(who), names[-1 - team % len(names)]))

    @precondition(_teams)
    @rule(who=FEW, which=FEW)
    def leaves_or_takes_part(self: Any, who: int, which: int) -> None:
        challenge = ("crew", "money", "alone", "unheard-of")[which]
        self._happen(Leaves(self._somebody(who), challenge))
        self._happen(TakesPart(self._somebody(who + which), challenge))

    @precondition(_has("household"))
    @rule(who=FEW, role=st.sampled_from(("member", "buyer", "minor", "head")), much=FEW)
    def comes_home(self: Any, who: int, role: str, much: int) -> None:
        limits = (("points", 11),) if much == 3 else ()
        role = role if self.world.homes else "head"
        self._happen(Houses(self._somebody(who), role, limits if self.world.homes else ()))

    @precondition(lambda self: self.world.homes)
    @rule(who=FEW)
    def moves_out(self: Any, who: int) -> None:
        self._happen(MovesOut(self._somebody(who)))

    @precondition(lambda self: self.world.homes)
    @rule(who=FEW, which=FEW, more=st.lists(FEW, min_size=3, max_size=3))
    def pools(self: Any, who: int, which: int, more: list[int]) -> None:
        """Somebody takes something from what all of them have, each of them with some more."""
        rewards = self.world.terms(self.now).program.rewards
        wished = rewards[which % len(rewards)].id
        for home, units in zip(list(self.world.homes), more, strict=False):
            if units:
                self._happen(Adjusts(home, "points", 4 * units + 1))
        taker = self.world.homes[who % len(self.world.homes)]
        self._happen(Pools(taker, wished, self._number("p")))

    @precondition(lambda self: self.world.homes)
    @rule(
        who=FEW, amount=st.sampled_from((9, 40, 101, 250)), part=FEW, capture=st.booleans(),
        more=st.lists(FEW, min_size=3, max_size=3),
    )  # fmt: skip
    def pays_together(
        self: Any, who: int, amount: int, part: int, capture: bool, more: list[int]
    ) -> None:
        """Somebody pays for a basket with what all of them have, each of them with some more; it
        is taken at once or stays reserved, with each whose points they are."""
        for home, units in zip(list(self.world.homes), more, strict=False):
            if units:
                self._happen(Adjusts(home, "points", 5 * units + 2))
        taker = self.world.homes[who % len(self.world.homes)]
        want = amount * part // 4 or None
        self._happen(PaysTogether(taker, amount, self._number("p"), want, capture))

    @precondition(lambda self: self.world.between.roles)
    @rule(who=FEW, capture=st.booleans(), much=FEW)
    def spends_alone(self: Any, who: int, capture: bool, much: int) -> None:
        spender = self._somebody(who)
        self._happen(Adjusts(spender, "points", 9 + much))
        self._happen(Reserves(spender, "cup", self._number("h"), "", "", capture))

    # --- partners and draws ---------------------------------------------------------------

    @precondition(lambda self: self.world.between.accounts)
    @rule(who=FEW, how=SOME, units=st.sampled_from((1, 2, 3, 100, 250, 600, 3)), late=SOME)
    def tells_of_a_member(self: Any, who: int, how: int, units: int, late: int) -> None:
        """A partner pays, tells of a member, or tells the same again under its number."""
        if how < 2:
            self._happen(PartnerPays("cars", 1 + units, self._number("n")))
        partner, wallet = (("cars", "miles"), ("bikes", "points"))[how % 2]
        kind = "redemption" if how in (4, 6) else "accrual"
        told = Collects(partner, kind, self._somebody(who), wallet, units, self._number("n"))
        told = told._replace(at=self._at(late))
        self._happen(told)
        if how == 7:
            self._happen(told)
            self._happen(told._replace(units=units + 1))

    @precondition(lambda self: self.world.between.accounts)
    @rule(which=SOME, units=st.sampled_from((0, 0, 1, 2, 99)), spent=st.booleans())
    def goes_back(self: Any, which: int, units: int, spent: bool) -> None:
        every = [(name, kind, of) for name, account in self.world.between.accounts.items()
                 for kind, of in account.lines]  # fmt: skip
        partner, kind, of = every[-1 - which % len(every)] if every else ("cars", "accrual", "n0")
        line = self.world.between.accounts[partner].lines.get((kind, of))
        if line is not None and spent and self.world.who(line.who).available(line.wallet):
            self._happen(Adjusts(line.who, line.wallet, -1))
        self._happen(GoesBack(partner, kind, of, self._number("n"), units))

    @precondition(_has("draws"))
    @rule(which=FEW, closes=st.booleans(), again=st.booleans(), who=FEW, jumps=st.booleans())
    def draws(self: Any, which: int, closes: bool, again: bool, who: int, jumps: bool) -> None:
        """A draw from its announcement to its end, and perhaps once more."""
        draw = ("spring", "april", "spring", "unheard-of")[which]
        self._happen(Announces(draw))
        for number, basket in enumerate((BIG, BIG)):
            person = self._somebody(who + number)
            self._happen(Happens("purchase", person, self._number("d"), basket=basket))
        if jumps and draw in self.world.between.draws:
            until = datetime.fromisoformat(self.world.between.draws[draw].promise.until_on)
            self.now = max(self.now, until.replace(tzinfo=UTC) + timedelta(hours=1))
        if closes:
            self._happen(ClosesList(draw))
        if again:  # prizes of somebody who is blocked wait
            self._happen(Blocks(self._somebody(who), True))
            self._happen(Draws(draw, "4 8 15", self._won(draw)))
            self._happen(Blocks(self._somebody(who), False))
        self._happen(Draws(draw, "4 8 15", self._won(draw)))

    def _won(self: Any, draw: str) -> list[str]:
        held = self.world.between.draws.get(draw)
        return list(held.won) if held is not None and held.won else []

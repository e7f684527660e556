"""The machine for what is only for who has proven something, and for imports that are taken back.

On PostgreSQL only: what was shown, won and brought over is kept in tables the engine does not see.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.beside.by_hand.events import Undoes, Uses
from tests.model.events import (
    Adjusts,
    Answer,
    Blocks,
    Ends,
    Event,
    Happens,
    Joins,
    Merges,
    Night,
    Returns,
    Settles,
)
from tests.model.machine import FEW, SOME, LedgerOnce
from tests.model.money.trusted.events import (
    Approves,
    Brings,
    Fetches,
    Proves,
    SaysDigits,
    SendsDigits,
    TakesImportBack,
    TakesShowing,
    Tells,
)
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

SOURCE = Path(__file__).with_name("trusted.yaml").read_text("utf-8")
LATER = {name: gap for name, gap in makings.STRETCHES.items() if name != "back an hour"}
JUMPS = (*LATER, *(f"{side} {edge}" for edge in makings.EDGES for side in makings.AROUND))
SUMS = (500, 1000, 1999, 2000, 5000, 6000, 8000)
THINGS = ("mug", "Mug ", "pot", "")
REWARDS = ("coffee", "cake", "cake", "bike")
TILLS = ("till 1", "till 2")
DEEPLY = (0, 0, 0, 4, 10, 25, 800)


class Trusting(LedgerOnce):
    """Its own program and what happens by it, beside some of what happens every day."""

    # What keeps the machine of every day busy would leave this one no time.
    takes_a_version_back = None
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = plays = None
    reserves = ends = tells_at_once = reserve_at_once = end_at_once = blocks = settles = None

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS))
    def opens(self: Any, zone: str, start: Any) -> None:
        text = SOURCE.replace("zone: Europe/Berlin", f"zone: {zone}")
        self.now, self.source = start, written(read_program(text))
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.files: list[Brings] = []
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self.joins()

    def _who(self: Any, who: int) -> str:
        names = [*self.world.people]
        return names[who % len(names)] if names else "m0"

    def _somebody(self: Any, who: int) -> str:
        return self._who(who)

    def _at(self: Any, late: int) -> None:
        """What comes late is for every day."""

    def _remember(self: Any, event: Event, answer: Answer) -> None:
        super()._remember(event, answer)
        if isinstance(event, Brings):
            self.sales += [self.world.sales[receipt].event for _, receipt, _ in event.sales
                           if receipt in self.world.sales]  # fmt: skip

    @precondition(lambda self: len(self.world.people) < 4)
    @rule()
    def joins(self: Any) -> None:
        name = f"m{self._number('')}"
        self._happen(Joins(name))

    @rule(who=FEW, amount=st.sampled_from(SUMS), times=FEW)
    def buys_something(self: Any, who: int, amount: int, times: int) -> None:
        for _ in range(1 + times // 2):
            self._happen(Happens("purchase", self._who(who), self._number("r"), amount=amount))
        if times == 3:
            self._happen(Settles())

    @rule(who=FEW, times=FEW)
    def visits(self: Any, who: int, times: int) -> None:
        for _ in range(1 + times):
            self._happen(Happens("visit", self._who(who), self._number("d")))
        self._happen(
            Settles(),
        )

    @rule(jump=st.sampled_from(JUMPS))
    def time_goes_on(self: Any, jump: str) -> None:
        self.now = max(self.now, makings.moved(jump, self.now, self.world))

    @rule(who=FEW, thing=FEW, times=FEW, gap=st.sampled_from((0, 1, 5)), then=SOME)
    def tells_of_something(
        self: Any, who: int, thing: int, times: int, gap: int, then: int
    ) -> None:
        """Reviews: perhaps of the same, without a proof, not approved, or not in time."""
        for place in range(1 + times):
            proof = self._number("v") if then < 7 else ""
            details = (("product", THINGS[(thing + place // 2) % 4]),)
            review = Happens("review", self._who(who), proof, details=details)
            self._happen(review)
        self.now += timedelta(days=gap)
        if then < 5:
            self._approves(then, "review")

    def _approves(self: Any, then: int, kind: str) -> None:
        told = [one for one in self.world.hand.trust.told if one.event.kind == kind]
        proof = told[-1 - then % len(told)].event.receipt if told else "nothing"
        outcome = ("confirmed", "cancelled")[then % 2]
        reason = "" if then == 3 else "a photograph of another one"
        word = Approves(kind, proof or "nothing", outcome, reason, self._key(then))
        self._happen(word)
        if then == 1:
            self._happen(word)
        if then == 2:
            self._happen(Approves(kind, proof or "nothing", "cancelled", reason))

    @precondition(lambda self: self.world.hand.trust.told)
    @rule(then=SOME, kind=FEW)
    def says_what_holds(self: Any, then: int, kind: int) -> None:
        self._approves(then, "survey" if kind == 3 else "review")

    @rule(who=FEW, thing=FEW)
    def answers_a_survey(self: Any, who: int, thing: int) -> None:
        details = (("survey", THINGS[thing]),) if thing < 3 else ()
        proof = self._number("s") if thing else ""
        self._happen(Happens("survey", self._who(who), proof, details=details))

    # --- cards ----------------------------------------------------------------------------

    @rule(
        who=FEW, reward=FEW, whose=st.sampled_from(("own", "own", "own", "none", "other")),
        how=st.tuples(FEW, FEW, st.sampled_from((0, 0, 1, 2)), SOME),
    )  # fmt: skip
    def takes_by_card(
        self: Any, who: int, reward: int, whose: str, how: tuple[int, int, int, int]
    ) -> None:
        """Perhaps it was shown before, at another till, too long ago, or for something else."""
        before, till, ago, then = how
        name = self._who(who)
        card = {"own": name, "none": "", "other": self._who(who + 1)}[whose]
        if self.world.who(name).available("points") < 15 and then:
            self._happen(Adjusts(name, "points", 31))
        if before and card:
            self._happen(TakesShowing(card, TILLS[0]))
            if before == 2:
                self.now += timedelta(minutes=2)
                ago = 4
            if before == 3:
                self.now += timedelta(minutes=10, seconds=then // 4)
                ago = 20
        wish = Proves(name, REWARDS[reward], self._number("h"), card, ago, TILLS[till // 2])
        wish = wish._replace(signed_in=then == 7, capture=then % 2 == 0, key=self._key(then))
        self._happen(wish)
        if then in (1, 2):
            self._happen(wish._replace(name=self._number("h"), key=""))
        if then == 3:
            self._happen(wish)

    @rule(
        who=FEW, reward=FEW, wrong=st.sampled_from((0, 0, 1, 4, 5)), then=SOME,
        gaps=st.tuples(*[st.sampled_from((0, 0, 1, 30, 599, 600, 601))] * 2),
    )  # fmt: skip
    def takes_by_digits(
        self: Any, who: int, reward: int, wrong: int, then: int, gaps: tuple[int, int]
    ) -> None:
        """Perhaps said wrongly, too late, elsewhere, or good for something else."""
        name, digits = self._who(who), self._number("d")
        if self.world.who(name).under or self.world.who(name).name != name:
            return  # of two telephones it is anybody's guess which one rings
        if self.world.who(name).available("points") < 15:
            self._happen(Adjusts(name, "points", 31))
        till = TILLS[then == 1]
        sent = SendsDigits(name, REWARDS[reward], digits)
        self._happen(sent, sent) if then == 2 else self._happen(sent)
        if digits not in self.world.hand.trust.digits:
            return
        if then == 3:
            self._happen(TakesShowing(name, till))
        for _ in range(wrong):
            self._happen(SaysDigits(digits, False, till))
        self.now += timedelta(seconds=gaps[0])
        if then == 3:
            self._happen(TakesShowing(name, till))
        self._happen(SaysDigits(digits, True, till))
        if self.world.hand.trust.digits[digits].key is None:
            return
        self._happen(SaysDigits(digits, then != 4))
        self.now += timedelta(seconds=gaps[1])
        wanted = REWARDS[reward if then < 6 else (reward + 2) % 4]
        wish = Proves(name, wanted, self._number("h"), name, said=digits)
        self._happen(wish, wish._replace(name=self._number("h")))

    @precondition(lambda self: any(one.price for one in self.world.taken.values()))
    @rule(which=SOME, outcome=st.sampled_from(("captured", "voided")))
    def ends_something(self: Any, which: int, outcome: str) -> None:
        names = [name for name, one in self.world.taken.items() if one.price]
        self._happen(Ends(names[-1 - which % len(names)], outcome))

    # --- what began with a member ---------------------------------------------------------

    @rule(
        who=FEW, which=FEW, times=FEW, back=FEW,
        days=st.sampled_from((0, 1, 3, 7, 8, 10, 11)),
    )  # fmt: skip
    def uses_what_began(self: Any, who: int, which: int, times: int, back: int, days: int) -> None:
        """Silver may be reached, lost by a return and reached again in between."""
        name, benefit = self._who(who), ("lounge", "lounge", "hello", "guest")[which]
        if back:
            sale = Happens("purchase", name, self._number("r"), amount=2000)
            self._happen(sale)
            self._happen(Uses(name, benefit, self._number("u")))
            if back > 1:
                self._happen(Returns(sale.receipt, (), self._number("b")))
        self.now += timedelta(days=days)
        if back == 3:
            self._happen(Happens("purchase", name, self._number("r"), amount=2500))
        names = [self._number("u") for _ in range(1 + times)]
        for use in names:
            self._happen(Uses(name, benefit, use))
        if times == 2:
            self._happen(Undoes(names[0]))

    # --- what comes late ------------------------------------------------------------------

    @rule(
        who=FEW, what=SOME, days=st.sampled_from((1, 2, 5, 6, 8, 12, 35)), times=FEW, back=FEW,
        amount=st.sampled_from(SUMS),
    )  # fmt: skip
    def tells_late(
        self: Any, who: int, what: int, days: int, times: int, back: int, amount: int
    ) -> None:
        """A purchase, a visit or a review of days ago, beside what began with a tier since."""
        name, at = self._who(who), self.now - timedelta(days=days)
        before = Happens("purchase", name, self._number("r"), amount=2000)
        if back:
            self._happen(before)
            for _ in range(times):
                self._happen(Uses(name, "lounge", self._number("u")))
        if back > 1:
            self._happen(Returns(before.receipt, (), self._number("b")))
        late = Happens("purchase", name, self._number("r"), at=at, amount=amount)
        if what == 5:
            late = Happens("visit", name, self._number("d"), at=at)
        if what > 5:
            details = (("product", THINGS[what % 4]),)
            late = Happens("review", name, self._number("v"), at=at, details=details)
        self._happen(late)
        for _ in range(times):
            self._happen(Uses(name, "lounge", self._number("u")))
        if back == 3 and what < 5:
            self._happen(Returns(late.receipt, (), self._number("b")))
        self._happen(Settles())
        self._happen(Tells())

    # --- what was won ---------------------------------------------------------------------

    @rule(who=FEW, days=st.sampled_from(DEEPLY), back=FEW, fetch=st.booleans(), night=st.booleans())
    def wins(self: Any, who: int, days: int, back: int, fetch: bool, night: bool) -> None:
        """Two purchases are a mug; one of them may come back before or after it was fetched."""
        name = self._who(who)
        sales = [Happens("purchase", name, self._number("r"), amount=n) for n in (2500, 5500)]
        for sale in sales:
            self._happen(sale)
        self._happen(Settles())
        self._happen(Tells())
        if fetch:
            self._happen(Fetches(name))
        self.now += timedelta(hours=days)
        if back:
            self._happen(Returns(sales[back % 2].receipt, (), self._number("b")))
        self._happen(Night() if night else Settles())
        self._happen(Tells())
        if back == 3:
            self._happen(Fetches(name))

    # --- imports --------------------------------------------------------------------------

    @precondition(lambda self: len(self.files) < 5)
    @rule(
        new=FEW, others=st.lists(FEW, max_size=2, unique=True),
        units=st.lists(SOME, min_size=5, max_size=5),
        sales=FEW, then=SOME,
    )  # fmt: skip
    def moves_in(
        self: Any, new: int, others: list[int], units: list[int], sales: int, then: int
    ) -> None:
        """Some are new and some were here; perhaps all is taken back at once.

        After a night: which points that are over by the clock lapse with a file, and which wait,
        hangs on who has a sale in it.
        """
        self._happen(Night())
        number = self._number("f")
        fresh = [f"n{number}-{place}" for place in range(1 + new % 2)]
        names = [*fresh, *dict.fromkeys(self._who(who) for who in others)]
        people = tuple((name, 3 * n) for name, n in zip(names, units, strict=False))
        sold = tuple((names[n % len(names)], self._number("r"), SUMS[units[n]  % 7])
                     for n in range(sales))  # fmt: skip
        told = Brings(number, number, people, sold)
        self.files.append(told)
        self._happen(told)
        if then == 0:
            self._happen(TakesImportBack(number))

    @precondition(lambda self: self.files)
    @rule(which=FEW, again=FEW, touch=SOME, night=st.booleans())
    def is_taken_back(self: Any, which: int, again: int, touch: int, night: bool) -> None:
        """Somebody does something first; afterwards the same file may come again."""
        told = self.files[-1 - which % len(self.files)]
        self._touch(told.people[0][0], touch)
        if night:
            self._happen(Night())
        self._happen(TakesImportBack(told.name))
        if again == 1:
            self._happen(TakesImportBack(told.name))
        if again > 1 and len(self.files) < 6:
            once_more = told._replace(name=self._number("f"))
            self._happen(Night())
            self.files.append(once_more)
            self._happen(once_more)

    def _touch(self: Any, name: str, touch: int) -> None:
        if name not in self.world.people:
            return
        touches: list[Event] = [
            Happens("purchase", name, self._number("r"), amount=500),
            Adjusts(name, "points", 2),
            Uses(name, "hello", self._number("u")),
            Blocks(name, True),
            Proves(name, "coffee", self._number("h")),
        ]
        if touch < len(touches):
            self._happen(touches[touch])

    @precondition(lambda self: len(self.world.people) > 2 and len(self.log) > 20)
    @rule(who=FEW, into=FEW, blocked=FEW)
    def turn_out_to_be_one(self: Any, who: int, into: int, blocked: int) -> None:
        if blocked:
            self._happen(Blocks(self._who(who), blocked > 1))
        elif self._who(who) != self._who(into):
            self._happen(Merges(self._who(who), self._who(into)))

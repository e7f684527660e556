"""The machine for what points are worth: terms that keep an earlier worth, other currencies, and
arms of an experiment that rules ask for.

On PostgreSQL only: into which arm somebody comes is kept in tables the engine does not see.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.events import (
    Adjusts,
    Basket,
    Ends,
    Happens,
    Joins,
    Pays,
    Pools,
    Publishes,
    Reserves,
    Shares,
)  # fmt: skip
from tests.model.events import Returns as Back
from tests.model.machine import BASKETS, FEW, SOME, LedgerOnce
from tests.model.money.promised.events import Concludes, Fills, Tries
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

SOURCE = Path(__file__).with_name("promised.yaml").read_text("utf-8")
LATER = {name: gap for name, gap in makings.STRETCHES.items() if name != "back an hour"}
JUMPS = (*LATER, *(f"{side} {edge}" for edge in makings.EDGES for side in makings.AROUND))
CURRENCIES = ("", "", "USD", "JPY", "CHF")
SUMS = (100, 333, 999, 1000, 2500, 4999)
TWICE = "twice"


def source_in(
    zone: str, mug: int = 10, points: int = 10, keeps: str = "", draws: str = "soonest"
) -> str:
    """The program with a mug for so many points, and so many points that pay 1.00; `keeps` is
    nothing, `keep`, or `keep` and the day until which an earlier worth is kept."""
    word, _, until = keeps.partition(" ")
    text = SOURCE.replace("zone: Europe/Berlin", f"zone: {zone}")
    text = text.replace(
        "name: A mug, price: {points: 10}", f"name: A mug, price: {{points: {mug}}}"
    )
    text = text.replace("  points: 10\n  per", f"  points: {points}\n  per")
    text = text.replace("draws: soonest", f"draws: {draws}")
    if word:
        text += f"changeover: {{worth: {word}{f', worth_until_on: {until}' if until else ''}}}\n"
    return written(read_program(text))


def _can_live_together(machine: Any) -> bool:
    people = [machine.world.people.get(name) for name in ("m0", "m1")]
    return {person.state if person else "" for person in people} == {"active"}


class Promising(LedgerOnce):
    """Its own program and what happens by it."""

    # What keeps the machine of every day busy would leave this one no time.
    takes_a_version_back = None
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = plays = None
    reserves = tells_at_once = reserve_at_once = end_at_once = blocks = settles = None
    pays_a_part = repeats = None

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS))
    def opens(self: Any, zone: str, start: Any) -> None:
        self.zone, self.now, self.source = zone, start, source_in(zone)
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self._happen(Joins("m0"))
        self.joins()

    def _happen(self: Any, *events: Any) -> None:
        try:
            super()._happen(*events)
        except AssertionError as wrong:  # into which arm somebody comes is chance, each time
            self.tally.why = self.tally.why or f"{events}: {wrong}"[:4000]
            raise

    def _who(self: Any, who: int) -> str:
        names = [*self.world.people]
        return names[who % len(names)] if names else "m0"

    def _somebody(self: Any, who: int) -> str:
        return self._who(who)

    def _at(self: Any, late: int) -> None:
        """What comes late is for every day."""

    @precondition(lambda self: len(self.world.people) < 5)
    @rule()
    def joins(self: Any) -> None:
        self._happen(Joins(f"m{self._number('')}"))

    @rule(jump=st.sampled_from(JUMPS))
    def time_goes_on(self: Any, jump: str) -> None:
        self.now = max(self.now, makings.moved(jump, self.now, self.world))

    @precondition(lambda self: len(self.world.versions) < 5)
    @rule(
        mug=st.sampled_from((5, 9, 10, 15, 16)), points=st.sampled_from((7, 10, 13, 20)),
        keeps=st.sampled_from(("", "keep", "keep", "keep until")), days=FEW,
    )  # fmt: skip
    def changes_what_points_are_worth(
        self: Any, mug: int, points: int, keeps: str, days: int
    ) -> None:
        word, _, until = keeps.partition(" ")
        if until:
            day = self.world.terms(self.now).day(self.now) + timedelta(days=10 * days + 2)
            word = f"{word} {day}"
        self.now += timedelta(seconds=1)
        ahead = timedelta(days=days // 3)
        self._happen(
            Publishes(
                source_in(self.zone, mug, points, word, ("soonest", "oldest")[mug % 2]),
                self.now + ahead if ahead else None,
            )
        )

    @rule(who=FEW, units=st.sampled_from((1, 3, 7, 10, 29)), place=st.sampled_from(SUMS))
    def has_points(self: Any, who: int, units: int, place: int) -> None:
        self._happen(Adjusts(self._who(who), "points", units))
        if place > 999:
            sale = Happens("purchase", self._who(who), self._number("r"), amount=place)
            self._happen(sale)

    @rule(who=FEW, cup=FEW, currency=st.sampled_from(CURRENCIES), then=SOME)
    def takes_a_reward(self: Any, who: int, cup: int, currency: str, then: int) -> None:
        """Mostly a mug; now and then it pays for a sale, in its currency or another one."""
        name, capture = self._number("h"), then % 3 > 0
        reward = "cup" if cup == 3 else "mug"
        person = self._who(who)
        self._happen(Reserves(person, reward, name, "", self._key(then), capture, currency))
        if name not in self.world.taken:
            return
        if not capture:
            self._happen(Ends(name, ("captured", "voided")[then % 2]))
        elif then > 3:
            self._sells(person, name, ("", "USD", currency, currency)[cup], (100, then))

    @rule(
        who=FEW, amount=st.sampled_from(SUMS), currency=st.sampled_from(CURRENCIES),
        want=st.sampled_from((None, None, 1, 33, 200, 600)), then=SOME,
    )  # fmt: skip
    def pays_there(
        self: Any, who: int, amount: int, currency: str, want: int | None, then: int
    ) -> None:
        """A part of a basket is paid with points, and perhaps the basket comes back."""
        person, name = self._who(who), self._number("h")
        pay = Pays(person, amount, name, 0, want, "", "", self._key(then), True, currency)
        self._happen(pay)
        taken = self.world.taken.get(name)
        if taken is None or then == 7:
            return
        told = ("USD", "")[then % 2] if then > 5 else currency
        self._sells(person, name, told, (amount, then))

    @rule(
        who=FEW, basket=BASKETS, currency=st.sampled_from(("USD", "JPY", "JPY", "")),
        pays=st.booleans(), then=st.tuples(FEW, FEW),
    )  # fmt: skip
    def buys_several_things_there(
        self: Any, who: int, basket: Basket, currency: str, pays: bool, then: tuple[int, int]
    ) -> None:
        """A basket of several lines in another currency, perhaps paid with points in part; a piece
        of one line comes back, and of some baskets all that is left."""
        person, name, receipt = self._who(who), self._number("h"), self._number("r")
        basket = basket._replace(in_points=0)
        if pays and basket.total:
            asked = Pays(person, basket.total, name, 0, None, "", "", "", True, currency)
            self._happen(asked)
            if name in self.world.taken:
                paid = self.world.taken[name].value
                basket = basket._replace(in_points=paid, paid=name)
        sale = Happens("purchase", person, receipt, basket=basket, currency=currency)
        self._happen(sale)
        if receipt in self.world.sales:
            for place in then:
                self._happen(Back(receipt, ((place, 1),), self._number("b")))
            if then[0] % 2:
                self._happen(Back(receipt, (), self._number("b")))

    @precondition(lambda self: self.world.homes or _can_live_together(self))
    @rule(apart=FEW, who=FEW, reward=st.sampled_from(("mug", "mug", "mug", "cup")), units=FEW)
    def takes_together(self: Any, apart: int, who: int, reward: str, units: int) -> None:
        """Two live together and take something from what both have, old points and new ones; now
        and then they part."""
        if not self.world.homes:
            self._happen(Shares(together=True))
        for place, home in enumerate([*self.world.homes]):
            if units:
                self._happen(Adjusts(home, "points", units + 3 * place))
        if self.world.homes:
            self._happen(Pools(self.world.homes[who % 2], reward, self._number("p")))
        if apart == 3:
            self._happen(Shares(together=False))

    def _sells(self: Any, person: str, name: str, currency: str, what: tuple[int, int]) -> None:
        amount, then = what
        taken = self.world.taken[name]
        basket = Basket(in_points=taken.value if taken.pays else amount, paid=name)
        sale = Happens("purchase", person, self._number("r"), amount=amount, basket=basket)
        self._happen(sale._replace(currency=currency if currency != "CHF" else ""))
        if self.sales and self.sales[-1].receipt == sale.receipt and then % 2:
            self._happen(Back(sale.receipt, (), self._number("b")))

    # --- experiments ----------------------------------------------------------------------

    @precondition(lambda self: TWICE not in self.world.concluded)
    @rule(who=FEW, over=SOME, amount=st.sampled_from(SUMS))
    def is_tried(self: Any, who: int, over: int, amount: int) -> None:
        """It begins, is filled with whoever joined since, or ends; somebody buys, and brings back
        what they bought then."""
        if over < 3 or TWICE not in self.world.arms:
            self._happen(Tries(TWICE))
        if over < 6:
            self._happen(Fills(TWICE, []))
        sale = Happens("purchase", self._who(who), self._number("r"), amount=amount)
        self._happen(sale)
        if over == 7:
            self._happen(Concludes(TWICE, emptied=bool(who % 2)))
        if over % 2:
            self._happen(Back(sale.receipt, (), self._number("b")))

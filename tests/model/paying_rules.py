"""What can happen where points pay: rules of the machine, beside those of every day."""

from __future__ import annotations

from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model import makings
from tests.model.events import Basket, Happens, Merges, Reserves, Returns
from tests.model.makings import moved

SOME = st.integers(0, 7)
FEW = st.integers(0, 3)
BASKETS = st.integers(0, len(makings.BASKETS) - 1).map(makings.BASKETS.__getitem__)


class PayingRules:
    """Mixed into the machine."""

    @precondition(lambda self: any(t.state == "captured" for t in self.world.taken.values()))
    @rule(which=SOME, basket=BASKETS, whole=st.sampled_from((0, 0, 700)), named=SOME)
    def pays_with_points(self: Any, which: int, basket: Basket, whole: int, named: int) -> None:
        """A redemption pays for a sale: mostly its own member's, and one that paid for none yet."""
        taken = self.world.taken
        fresh = [name for name, each in taken.items() if each.state == "captured" and not each.paid]
        names = fresh if fresh and which < 6 else list(taken)
        # What others of a household paid belongs to their sale, which names all of it.
        names = [name for name in names if taken[name].spender in ("", taken[name].who)]
        if names:
            self._pays(names[-1 - which % len(names)], basket, whole, named)

    @precondition(lambda self: self.world.terms(self.now).program.rewards)
    @rule(
        who=FEW, which=SOME, basket=BASKETS, named=SOME,
        jumps=st.tuples(*[st.sampled_from(("", "", *makings.JUMPS))] * 3), much=FEW,
    )  # fmt: skip
    def pays_and_brings_back(
        self: Any, who: int, which: int, basket: Basket, named: int,
        jumps: tuple[str, str, str], much: int,
    ) -> None:  # fmt: skip
        """All of it: points pay for a sale, some of it comes back, later the rest; now and then
        who paid is found to be somebody else in between."""
        person, reward = self._wish(who, 1 + which % 2)
        taken = self._number("h")
        self._happen(Reserves(person, reward, taken, "", "", True))
        if taken not in self.world.taken or self.world.taken[taken].state != "captured":
            return
        self._jump(jumps[0])
        sale = self._pays(taken, basket, 0 if which % 3 else 700, named % 6)
        self._jump(jumps[1])
        others = [name for name in self.world.people if name[0] == "m" and name != person]
        if which > 5 and others:
            self._happen(Merges(person, others[0], ""))
        if sale is None:
            return
        bought = [line.quantity for line in sale.basket.lines] or [sale.amount or 0]
        if sum(bought) > 1 and much:
            place = which % len(bought)
            part = max(bought[place] // 2, 1)
            self._happen(Returns(sale.receipt, ((place, part),), self._number("b")))
            self._jump(jumps[2])
        self._happen(Returns(sale.receipt, (), self._number("b")))

    def _pays(self: Any, name: str, basket: Basket, whole: int, named: int) -> Happens | None:
        """The sale that a redemption paid for, if it was recorded."""
        basket = Basket(in_points=100, paid=name) if whole else basket._replace(paid=name)
        taken = self.world.taken[name]
        if taken.pays and named != 6:
            if taken.worth > basket.total:  # then a basket without lines that comes to so much
                basket, whole = Basket(), taken.worth
            stored = taken.pays == "stored_value"
            basket = basket._replace(in_points=taken.worth, paid=name, stored=stored)
        sale = self._purchase(0, basket, named, 0)
        who = self.world.taken[name].who if named < 7 else sale.who
        sale = sale._replace(who=who, amount=whole or None)
        self._happen(sale)
        done = self.sales and self.sales[-1].receipt == sale.receipt
        return sale if done else None

    def _jump(self: Any, jump: str) -> None:
        if jump:
            self.now = moved(jump, self.now, self.world)
            note(f"{jump}: {self.now}")

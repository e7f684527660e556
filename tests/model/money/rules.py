"""What can happen to money: rules of the machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model import makings
from tests.model.beside.between.events import PaysTogether
from tests.model.events import (
    Adjusts,
    Banks,
    Basket,
    Bounces,
    Happens,
    Joins,
    Night,
    Pays,
    PaysOut,
    Publishes,
    Returns,
    Shares,
    Subscribes,
    Turns,
)  # fmt: skip
from tests.model.programs import priced, written

from regulars.records.program.reading import read_program

SOME = st.integers(0, 7)
FEW = st.integers(0, 3)
BASKETS = st.integers(0, len(makings.BASKETS) - 1).map(makings.BASKETS.__getitem__)
WORDS = (
    "paid", "paid", "paid", "failed", "refunded", "refunded", "cancelled", "cancelled now",
    "paused", "resumed", "changed now 0", "changed now 1", "changed now 2", "changed later 0",
    "changed later 1", "changed later 2", "changed now 3",
)  # fmt: skip
"""What happens, when, and to which plan."""
AMOUNTS = st.sampled_from((None, None, 1, 333, 500))
MIDDLES = st.sampled_from(("nothing",) * 6 + ("a day", "a week", "a week", "at term", "a month"))
FEES = ("1.00", "9.00", "10.00", "12.50", "60.00", "75.00")
Life = list[tuple[str, str]]
LIVES = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(("", *makings.JUMPS))), min_size=1, max_size=4
)
WANTS = (None, None, None, 1, 99, 100, 350, 1000)


def _ways(machine: Any) -> list[str]:
    """With what a basket can be paid: nothing stands for points."""
    program = machine.world.terms(machine.now).program
    gifts = [name for name, wallet in program.wallets.items() if wallet.kind == "gift"]
    return gifts + ([""] if program.paying is not None else [])


def _pays_out(machine: Any) -> bool:
    return machine.world.terms(machine.now).program.paying_out is not None


def _paid_out(machine: Any) -> list[str]:
    return [name for name, taken in machine.world.taken.items() if taken.pays == "payout"]


def _pay_at_home(machine: Any) -> bool:
    program = machine.world.terms(machine.now).program
    people = [machine.world.people.get(name) for name in ("m0", "m1")]
    both = {person.state if person else "active" for person in people} == {"active"}
    return program.paying is not None and program.household is not None and both


class MoneyRules:
    """Mixed into the machine."""

    @precondition(_ways)
    @rule(
        who=FEW, which=SOME, basket=BASKETS, much=FEW,
        wish=st.tuples(st.sampled_from((0, 0, 0, 1, 200)), st.sampled_from(WANTS)),
        jumps=st.tuples(*[st.sampled_from(("", "", *makings.JUMPS))] * 2),
    )  # fmt: skip
    def pays_a_part(
        self: Any, who: int, which: int, basket: Basket, wish: tuple[int, int | None],
        jumps: tuple[str, str], much: int,
    ) -> None:  # fmt: skip
        """A part of a basket is paid, mostly with what was put there for it; some of it, then all,
        comes back."""
        ways, person = [*_ways(self), "nowhere"], self._somebody(who)
        wallet = ways[which % 3 % len(ways)]
        basket = basket._replace(in_points=0, order_discount=0)
        worth = sum(line.amount - line.discount for line in basket.lines)
        name = self._number("h")
        if which < 6 and wallet != "nowhere":
            paying = self.world.terms(self.now).program.paying
            self._happen(Adjusts(person, wallet or paying.wallet, 1 + worth // (much + 1)))
        off, want = min(wish[0], worth), wish[1]
        asked = Pays(person, worth or 1, name, off, want, wallet, "", self._key(much), which != 5)
        self._happen(asked)
        taken = self.world.taken.get(name)
        if taken is None or taken.state != "captured" or not much:
            return
        self._jump(jumps[0])
        sale = self._pays(name, basket, 0, which)
        self._jump(jumps[1])
        if sale is not None:
            self._some_then_all(sale, which)

    def _some_then_all(self: Any, sale: Happens, which: int) -> None:
        bought = [line.quantity for line in sale.basket.lines] or [sale.amount or 1]
        place = which % len(bought)
        if sum(bought) > 1:
            part = max(bought[place] // 2, 1)
            self._happen(Returns(sale.receipt, ((place, part),), self._number("b")))
        if which % 2:
            self._happen(Returns(sale.receipt, (), self._number("b")))

    @precondition(_pay_at_home)
    @rule(
        who=FEW, amount=st.sampled_from((9, 40, 101, 2500)), part=FEW, capture=st.booleans(),
        more=st.tuples(FEW, FEW),
    )  # fmt: skip
    def pays_at_home(
        self: Any, who: int, amount: int, part: int, capture: bool, more: tuple[int, int]
    ) -> None:
        """A household pays for a basket, each of them with some more points; what is taken at once
        pays a sale of whoever asked. Whoever is missing joins first."""
        if "m1" not in self.world.people:
            self._happen(Joins("m1"))
        if not self.world.homes:
            self._happen(Shares(True))
        if not self.world.homes:
            return
        wallet = self.world.terms(self.now).program.paying.wallet
        for home, units in zip(list(self.world.homes), more, strict=True):
            if units:
                self._happen(Adjusts(home, wallet, 5 * units + 2))
        taker, name = self.world.homes[who % 2], self._number("p")
        want = amount * part // 4 or None
        self._happen(PaysTogether(taker, amount, name, want, capture))
        if capture and f"{name}-{taker}" in self.world.taken and who > 1:
            sale = self._pays(f"{name}-{taker}", Basket(), 0, 0)
            if sale is not None:
                self._some_then_all(sale, part)

    @precondition(_pays_out)
    @rule(who=st.integers(0, 1), number=st.sampled_from((1, 1, 2, 0)))
    def says_a_bank(self: Any, who: int, number: int) -> None:
        self._happen(Banks(self._somebody(who), number))

    @precondition(_pays_out)
    @rule(who=st.integers(0, 1), units=st.sampled_from((0, 499, 500, 500, 1234, 1234)), again=FEW)
    def pays_out(self: Any, who: int, units: int, again: int) -> None:
        """Often somebody has enough by then, and an account; the same run may be asked again, or
        the bank sends it back."""
        person = self._somebody(who)
        if units:
            self._happen(
                Adjusts(person, self.world.terms(self.now).program.paying_out.wallet, units)
            )
        if units > again:
            self._happen(Banks(person, 1 + again % 2))
        run = PaysOut(self._number("o"))
        self._happen(run)
        if again == 1 and self.driver.once:
            self._happen(run)
        if again == 2 and _paid_out(self):
            self._bounces(0, again)

    @precondition(_paid_out)
    @rule(which=SOME, again=FEW)
    def bounces(self: Any, which: int, again: int) -> None:
        self._bounces(which, again)

    def _bounces(self: Any, which: int, again: int) -> None:
        names = _paid_out(self)
        back = Bounces(names[-1 - which % len(names)], self._number("q"))
        self._happen(back)
        if again == 1 and self.driver.once:
            self._happen(back)
        elif again == 2:
            self._happen(back._replace(reference=self._number("q")))

    @precondition(lambda self: self.world.terms(self.now).program.plans)
    @rule(
        who=FEW, which=SOME, amount=AMOUNTS, key=FEW, life=LIVES,
    )  # fmt: skip
    def subscribes(
        self: Any, who: int, which: int, amount: int | None, key: int, life: Life
    ) -> None:
        """Somebody begins a plan, and something happens to it soon."""
        names = [plan.id for plan in self.world.terms(self.now).program.plans]
        plan = [*names, *names, "unheard-of"][which % (2 * len(names) + 1)]
        trial, name = which in (2, 6), self._number("s")
        told = Subscribes(self._somebody(who), plan, name, trial)
        if not trial and key > 1:
            told = told._replace(amount=amount, agreed=key > 2)
        self._happen(told._replace(key=self._key(key)))
        if name in self.world.plans:
            self._lives_on(name, life, amount, key)

    @precondition(lambda self: self.world.plans)
    @rule(which=FEW, amount=AMOUNTS, key=FEW, life=LIVES)
    def turns(self: Any, which: int, amount: int | None, key: int, life: Life) -> None:
        names = list(self.world.plans)
        self._lives_on(names[-1 - which % len(names)], life, amount, key)

    @precondition(lambda self: self.world.terms(self.now).program.plans)
    @rule(
        who=FEW, plans=st.tuples(FEW, FEW, FEW), nows=st.tuples(st.booleans(), st.booleans()),
        words=st.permutations(("paid", "changed", "refunded", "")), jumps=st.tuples(*[MIDDLES] * 4),
        back=st.sampled_from((None, None, 1, 333, 900)),
    )  # fmt: skip
    def changes_plan(
        self: Any, who: int, plans: tuple[int, ...], nows: tuple[bool, bool], words: list[str],
        jumps: tuple[str, ...], back: int | None,
    ) -> None:  # fmt: skip
        """Somewhere in a term, perhaps while the next one is paid; and some or all comes back."""
        person, name = self._somebody(who), self._number("s")
        for before, one in [*self.world.plans.items()]:
            if self.world.who(one.owner) is self.world.who(person):
                self._happen(Turns(before, "cancelled", at_once=True))
        self._happen(Subscribes(person, self._plan(plans[0] % 3), name))
        if name not in self.world.plans:
            return
        happens = [(word, 0) for word in words[: words.index("")]] + [("changed", 1)]
        for (word, last), jump in zip(happens, jumps, strict=False):
            told = Turns(name, word, back if word == "refunded" else None)
            if word == "changed":
                told = told._replace(at_once=nows[last], plan=self._plan(plans[1 + last]))
            self._happen(told)
            self._jump(jump)

    @precondition(lambda self: self._members_of_plans() and len(self.world.versions) < 6)
    @rule(
        which=FEW, fees=st.tuples(*[st.sampled_from(FEES)] * 2), nights=st.integers(0, 3),
        jumps=st.tuples(*[MIDDLES] * 2), pays=st.booleans(),
    )  # fmt: skip
    def costs_something_else(
        self: Any, which: int, fees: tuple[str, ...], nights: int, jumps: tuple[str, ...],
        pays: bool,
    ) -> None:  # fmt: skip
        """The fee of somebody's plan changes, perhaps twice, with nights in between or without; and
        they pay by what they were told."""
        names = self._members_of_plans()
        name, plans = names[-1 - which % len(names)], self.world.terms(self.now).program.plans
        place = [plan.id for plan in plans].index(self.world.plans[name].plan)
        for turn, (fee, jump) in enumerate(zip(fees, jumps, strict=True)):
            newest = self.world.versions[-1].source
            source = priced(newest, place, fee)
            if source != written(read_program(newest)):
                self._happen(Publishes(source))
            if nights >> turn & 1:
                self._happen(Night())
            self._jump(jump)
        if pays:
            self._happen(Turns(name, "paid"))

    def _members_of_plans(self: Any) -> list[str]:
        return [name for name, one in self.world.plans.items() if one.state != "ended"]

    def _plan(self: Any, which: int) -> str:
        names = [plan.id for plan in self.world.terms(self.now).program.plans]
        return names[which] if which < len(names) else "unheard-of"

    def _lives_on(self: Any, name: str, life: Life, amount: int | None, key: int) -> None:
        """One or a few things happen to a membership, at once or with time in between."""
        for said, jump in life:
            word = said.split()
            told = Turns(name, word[0], None, "now" in word, key > 2, self._key(key))
            if word[0] == "changed":
                told = told._replace(plan=self._plan(int(word[2])))
            if word[0] == "refunded" or (word[0] == "paid" and key > 1):
                told = told._replace(amount=amount)
            self._happen(told)
            self._jump(jump)

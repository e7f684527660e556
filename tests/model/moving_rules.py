"""What can happen to points by hand: rules of the machine, beside those of every day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model import makings
from tests.model.events import (
    Adjusts,
    Blocks,
    Extends,
    Forgives,
    Gives,
    Merges,
    Pools,
    Revives,
    Shares,
    Unmerges,
)  # fmt: skip

SOME = st.integers(0, 7)
FEW = st.integers(0, 3)


def _could_share(machine: Any) -> bool:
    world = machine.world
    if world.terms(machine.now).program.household is None:
        return False
    people = [world.people.get(name) for name in ("m0", "m1")]
    return bool(world.homes) or {person.state if person else "" for person in people} == {"active"}


def _moves(machine: Any) -> bool:
    """Whether the program lets anything move by hand; else every day's rules have the stage."""
    program = machine.world.terms(machine.now).program
    gifts = any(wallet.transfers is not None for wallet in program.wallets.values())
    return gifts or program.household is not None


class MovingRules:
    """Mixed into the machine."""

    @precondition(_moves)
    @rule(who=FEW, to=FEW, wallet=FEW, units=st.sampled_from(makings.GIFTS), key=FEW)
    def gives(self: Any, who: int, to: int, wallet: int, units: int, key: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name, giver = wallets[wallet % len(wallets)], self._somebody(who)
        units = units or self.world.who(giver).available(name) or 1
        self._happen(Gives(giver, self._somebody(to), name, units, self._key(key)))

    @precondition(lambda self: _moves(self) and len(self.world.people) > 1)
    @rule(who=FEW, into=FEW, key=FEW, ready=st.booleans())
    def merges(self: Any, who: int, into: int, key: int, ready: bool) -> None:
        gone, stays = self._somebody(who), self._somebody(into)
        if ready:  # what mostly keeps a merge from being made is out of the way
            for name in (gone, stays):
                if self.world.who(name).state == "blocked":
                    self._happen(Blocks(name, False))
        self._happen(Merges(gone, stays, self._key(key)))

    @precondition(lambda self: self.world.merged)
    @rule(which=FEW)
    def unmerges(self: Any, which: int) -> None:
        names = list(self.world.merged)
        self._happen(Unmerges(names[which % len(names)]))

    @precondition(_moves)
    @rule(who=FEW, blocked=st.booleans(), key=FEW)
    def blocks(self: Any, who: int, blocked: bool, key: int) -> None:
        self._happen(Blocks(self._somebody(who), blocked, self._key(key)))
        if blocked and key:  # mostly not for long
            self._happen(Blocks(self._somebody(who), False))

    @precondition(_moves)
    @rule(who=FEW, wallet=FEW, place=FEW, days=st.sampled_from((0, 1, 30)))
    def extends(self: Any, who: int, wallet: int, place: int, days: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name, person = wallets[wallet % len(wallets)], self._somebody(who)
        if any(lot.wallet == name and lot.left for lot in self.world.who(person).lots):
            self._happen(Extends(person, name, place, timedelta(days=days)))

    @precondition(_moves)
    @rule(who=FEW, wallet=FEW, units=st.sampled_from((0, 1, 5)))
    def revives(self: Any, who: int, wallet: int, units: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name, person = wallets[wallet % len(wallets)], self._somebody(who)
        if any(lot.wallet == name for lot in self.world.who(person).gone):
            self._happen(Revives(person, name, units))

    @precondition(_moves)
    @rule(who=FEW, wallet=FEW, key=FEW)
    def forgives(self: Any, who: int, wallet: int, key: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name = wallets[wallet % len(wallets)]
        owing = [p.name for p in self.world.people.values() if p.debt.get(name)]
        who_owes = owing[who % len(owing)] if owing else self._somebody(who)
        self._happen(Forgives(who_owes, name, self._key(key)))

    @precondition(_could_share)
    @rule()
    def shares(self: Any) -> None:
        self._happen(Shares(not self.world.homes))

    @precondition(lambda self: self.world.homes)
    @rule(who=FEW, which=FEW, more=FEW)
    def pools(self: Any, who: int, which: int, more: int) -> None:
        """Mostly something they can have together, if need be with points given for it."""
        terms = self.world.terms(self.now)
        names = [reward.id for reward in terms.program.rewards]
        if not names:
            return
        name, taker = names[which % len(names)], self.world.homes[who % 2]
        for wallet, price in terms.rewards[name].price.items():
            half = terms.units(wallet, price) // 2 + more
            if more and half:
                for home in self.world.homes:
                    self._happen(Adjusts(home, wallet, half))
        self._happen(Pools(taker, name, self._number("p"), makings.STORES[more % 3]))

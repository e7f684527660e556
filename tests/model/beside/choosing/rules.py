"""What can happen where one of several is chosen: rules of the machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model.events import Adjusts, Chooses, Merges, TakesDue

FEW = st.integers(0, 3)


def _words(machine: Any) -> list[str]:
    rewards = machine.world.terms(machine.now).program.rewards
    return list(dict.fromkeys(one.choose_one for one in rewards if one.choose_one))


def _takes_by_itself(machine: Any) -> bool:
    rewards = machine.world.terms(machine.now).program.rewards
    return any(one.automatic for one in rewards)


class ChoosingRules:
    """Mixed into the machine."""

    @precondition(_words)
    @rule(who=FEW, which=FEW, key=FEW)
    def chooses(self: Any, who: int, which: int, key: int) -> None:
        """Mostly one that is there under the word; now and then both say, and are one."""
        word = _words(self)[0]
        rewards = self.world.terms(self.now).program.rewards
        names = [*(one.id for one in rewards if one.choose_one == word), "unheard-of"]
        person = self._somebody(who)
        self._happen(Chooses(person, word, names[which % len(names)], self._key(key)))
        if which == 3 and "m1" in self.world.people and not self.world.homes:
            self._happen(Chooses("m1", word, names[0]))
            self._happen(Merges("m0", "m1"))

    @precondition(_takes_by_itself)
    @rule(who=FEW, units=st.sampled_from((0, 0, 9, 20)))
    def takes_due(self: Any, who: int, units: int) -> None:
        """As the duty does it every few seconds; often somebody has enough by then."""
        if units:
            self._happen(Adjusts(self._somebody(who), "points", units))
        self._happen(TakesDue())

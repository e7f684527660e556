"""What can happen where there are games: rules of the machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model import makings
from tests.model.events import Happens, Returns, Settles

FEW = st.integers(0, 3)
BASKETS = st.integers(0, len(makings.BASKETS) - 1).map(makings.BASKETS.__getitem__)


def _plays(machine: Any) -> bool:
    program = machine.world.terms(machine.now).program
    return bool(program.challenges or program.streaks)


class GamesRules:
    """Mixed into the machine."""

    @precondition(_plays)
    @rule()
    def settles(self: Any) -> None:
        self._happen(Settles())

    @precondition(_plays)
    @rule(
        who=FEW, kinds=st.lists(st.sampled_from(("purchase", "visit")), min_size=2, max_size=4),
        baskets=st.lists(BASKETS, min_size=4, max_size=4),
        days=st.lists(FEW, min_size=4, max_size=4),
        back=FEW,
    )  # fmt: skip
    def plays(
        self: Any, who: int, kinds: list[str], baskets: list[Any], days: list[int], back: int
    ) -> None:
        """Something on several days, which is a prize soon; some of it may come back."""
        person, told = self._somebody(who), []
        for kind, basket, day in zip(kinds, baskets, days, strict=False):
            self.now += day * makings.STRETCHES["a day"]
            event = Happens(kind, person, self._number("g"), store=makings.STORES[day % 3])
            told.append(event._replace(basket=basket) if kind == "purchase" else event)
            self._happen(told[-1])
        self._happen(Settles())
        sales = [one for one in told if one.kind == "purchase"]
        if sales and back:
            self._happen(Returns(sales[-back % len(sales)].receipt, (), self._number("b")))
            self._happen(Settles())

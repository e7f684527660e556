"""What happens in the made-up shop beside its visits, week by week, in one order."""

from __future__ import annotations

from regulars.runtime.examples.shop.lived.answers import Answers
from regulars.runtime.examples.shop.lived.firms import Firms
from regulars.runtime.examples.shop.lived.friends import Friends
from regulars.runtime.examples.shop.lived.hooks import Hooks
from regulars.runtime.examples.shop.lived.keys import make_keys
from regulars.runtime.examples.shop.lived.letters import Letters
from regulars.runtime.examples.shop.lived.looked_after import give_baristas
from regulars.runtime.examples.shop.lived.passes import Passes
from regulars.runtime.examples.shop.lived.segments import keep_three
from regulars.runtime.examples.shop.lived.sources import Sources
from regulars.runtime.examples.shop.lived.week import House, Week


class Beside:
    """Everything but visits and the coffees they bring.

    Keeps: each part draws from a chance of its own, so the rest of the year is the same without it.
    """

    def __init__(self, seed: str) -> None:
        self._friends, self._passes, self._firms = Friends(seed), Passes(seed), Firms(seed)
        self._answers, self._sources = Answers(seed), Sources(seed)
        self._hooks, self._letters = Hooks(seed), Letters(seed)

    async def go(self, house: House, week: Week) -> None:
        """A week of it; what is told to others comes last, when there is something to tell."""
        await self._friends.go(house, week)
        await self._firms.go(house, week)
        await self._passes.go(house, week)
        await give_baristas(house, week)
        await keep_three(house, week)
        await self._answers.go(house, week)
        await make_keys(house, week)
        await self._sources.go(house, week)
        await self._hooks.go(house, week)
        await self._letters.go(house, week)

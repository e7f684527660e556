"""What the made-up coffee shop tries out: does a second point for cake bring more of it?

Half of the guests get it for eleven weeks, by chance; who does takes cake a little more often. So
whoever looks at the demo sees an experiment that is under way, with what is known of it by then.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.experiments.commands import BeginExperiment, PlanExperiment
from regulars.flows.terms.experiments.fill_arms import FIRST, fill_arms
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.records.access.staff.types import By
from regulars.records.activity.types import Line
from regulars.records.program.changes.experiments.types import Arm, Experiment

SINCE_WEEKS: Final = 11
"""How long before today it began."""
CODE: Final = "cake"
TWICE: Final = "twice"
RULE: Final = f"""
  - id: cake-twice
    says: 1 more point for each 1.00 of cake and bread
    on: purchase
    wallet: points
    award: {{give: per_amount, points: 1, per: "1.00", only_categories: [bakery]}}
    when: {{if: member, attribute: experiment-{CODE}, in: [{TWICE}]}}
"""
"""What stands in the program of the demo for it, at the end of its rules."""
CAKE: Final = Line(360, "banana-bread", "bakery")
_TEMPTED: Final = 0.3
_BY: Final = By(words="regulars demo")
_EVERYBODY: Final = 1_000


def with_rule(source: str) -> str:
    """The program of the template with the rule for who gets more."""
    before, rewards, after = source.partition("\nrewards:\n")
    assert rewards, "the template has rewards behind its rules"
    return f"{before}{RULE}{rewards}{after}"


class Trial:
    """The experiment while the year goes by: who gets more, and what they take because of it.

    Keeps: it draws from a chance of its own, so the rest of the year is the same without it.
    """

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} tries cake")  # noqa: S311 - a made-up shop
        self._twice: frozenset[int] = frozenset()

    async def go(self, tx: Tx, terms: Terms, here: Mapping[int, UUID]) -> None:
        """It is planned and begun, once; whoever is `here` by now is put into a part."""
        title, arms = "A second point for cake", (Arm("as-ever", 1), Arm(TWICE, 1))
        plan = PlanExperiment(CODE, title, "split", "spend", arms, _BY, wanted=200)
        for outcome in await keep_experiments(tx, terms, [plan, BeginExperiment(CODE, _BY)]):
            assert isinstance(outcome, Experiment), outcome
            await fill_arms(tx, outcome, FIRST, _EVERYBODY)
            twice = [number for number, id_ in here.items() if outcome.arm_for(id_) == 1]
            self._twice = frozenset(twice)

    def more(self, guest: int) -> tuple[Line, ...]:
        """What somebody takes in a visit that they would not have taken otherwise."""
        tempted = guest in self._twice and self._chance.random() < _TEMPTED
        return (CAKE,) if tempted else ()

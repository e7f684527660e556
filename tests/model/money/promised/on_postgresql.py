"""The flows for experiments on PostgreSQL; each step of the worker is taken by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.events import Answer
from tests.model.money.promised.events import Concludes, Fills, Tries

from regulars.base.faults import Fault, Refused
from regulars.flows.terms.experiments.commands import (
    BeginExperiment,
    EndExperiment,
    PlanExperiment,
)
from regulars.flows.terms.experiments.fill_arms import FIRST, empty_arms, fill_arms
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.records.access.staff.types import By
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Arm

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

WHO = By(words="Olga")
ARMS = (Arm("as-ever", 1), Arm("more", 1))
_ARMS = """
select i.value, e.arm from experiment_member e join identifier i using (program_id, member_id)
 where e.program_id = $1 and i.kind = 'external' order by 1
"""


def tries(driver: OnPostgreSQL, event: Tries) -> Answer:
    plan = PlanExperiment(event.code, "More for some", "split", "orders", ARMS, WHO)
    *_, told = driver.shop.ask(keep_experiments, plan, BeginExperiment(event.code, WHO))
    return Answer(told.code if isinstance(told, Fault | Refused) else told.state)


def fills(driver: OnPostgreSQL, event: Fills) -> Answer:
    """Two members at a time; whoever was in an arm before is in the same one still."""
    shop = driver.shop
    before: Any = dict(shop.rows(_ARMS))
    one: Any = shop.do(lambda tx, _: read.experiment(tx, event.code))
    after, over = FIRST, False
    while not over:
        step = shop.do(lambda tx, _, behind=after: fill_arms(tx, one, behind, 2))
        after, over = step.after, step.over
    there: Any = dict(shop.rows(_ARMS))
    assert {name: there[name] for name in before} == before, "somebody changed sides"
    fresh = {name: ARMS[arm].name for name, arm in there.items() if name not in before}
    if not event.placed:
        event.placed.extend(fresh.items())
    return Answer("filled", (("members", len(fresh)),))


def concludes(driver: OnPostgreSQL, event: Concludes) -> Answer:
    shop = driver.shop
    (told,) = shop.ask(keep_experiments, EndExperiment(event.code, "enough was seen", WHO))
    if event.emptied:
        after, over = FIRST, False
        while not over:
            step = shop.do(lambda tx, _, behind=after: empty_arms(tx, told, behind, 2))
            after, over = step.after, step.over
    return Answer(told.code if isinstance(told, Fault | Refused) else told.state)


PROMISED: dict[type, Callable[[Any, Any], Answer]] = {
    Tries: tries, Fills: fills, Concludes: concludes,
}  # fmt: skip

"""What an experiment shows by now: its arms, each beside the first, and whether one may stop."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from regulars.insight.estimators.asking.sizes import LEVEL
from regulars.insight.estimators.comparing.effects import (
    Effect,
    effect,
    effect_with_before,
    price_of_more,
)
from regulars.insight.estimators.comparing.guards import at_every_look, sample_ratio
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.outcomes import FEWEST_DAYS, Outcomes
from regulars.records.program.changes.experiments.types import Experiment, Outcome

_NO_MORE: Final = {"what": "orders", "have": 0, "wanted": 1}
"""With no order more for sure, dividing by them says nothing."""
_NO_COST: Final = {"what": "cost", "have": 0, "wanted": 1}
"""Where it is not sure that it cost anything, dividing by that says nothing."""
OUTCOMES: Final[tuple[Outcome, ...]] = ("spend", "orders", "came")


class Columns(NamedTuple):
    """Outcomes as columns that can be reckoned with."""

    arm: NDArray[Any]
    orders: NDArray[Any]
    spend: NDArray[Any]
    cost: NDArray[Any]
    orders_before: NDArray[Any]
    spend_before: NDArray[Any]
    rewards: NDArray[Any]
    messages: NDArray[Any]
    benefits: NDArray[Any]
    days: NDArray[Any]

    def of(self, outcome: Outcome) -> tuple[NDArray[Any], NDArray[Any]]:
        """The columns of an outcome, since and before."""
        if outcome == "spend":
            return self.spend, self.spend_before
        if outcome == "orders":
            return self.orders, self.orders_before
        return (self.orders > 0).astype(float), (self.orders_before > 0).astype(float)


def seen(one: Experiment, found: Outcomes, margin: int = 0) -> dict[str, Any]:
    """What there is to be seen of `found`, as it is kept and shown.

    Shape: `arms` in their order with members and sums; `mismatch` with `p` and `alarm`; `effects`
    of each further arm beside the first by outcome, in minor units or orders or shares a member,
    once and for every look, or what is missing; `stop` says why one may stop, if one may.
    `margin`: so many of a hundred of revenue stay; 0 where the shop said nothing of it.
    Order: with a mismatch there are no effects: whoever is missing from an arm is not missing by
    chance. Example: an arm of 900 where 1,000 were to come is an alarm, however good it looks.
    """
    columns = Columns(*(np.asarray(column) for column in found))
    arms = [_arm(one, columns, at) for at in range(len(one.arms))]
    counts = [arm["members"] for arm in arms]
    ratio = sample_ratio(counts, [arm.parts for arm in one.arms])
    alarm = not isinstance(ratio, NotEnough) and ratio.alarm
    effects = [] if alarm else _effects(one, columns, margin)
    shown = {"arms": arms, "mismatch": _told(ratio), "effects": effects}
    return shown | {"stop": _stop(one, _waited(one, columns), effects, alarm=alarm)}


def _arm(one: Experiment, found: Columns, at: int) -> dict[str, Any]:
    mine = found.arm == at
    return {
        "name": one.arms[at].name,
        "members": int(mine.sum()),
        "came": int((found.orders[mine] > 0).sum()),
        "orders": int(found.orders[mine].sum()),
        "spend": int(found.spend[mine].sum()),
        "cost": int(found.cost[mine].sum()),
        "cost_rewards": int(found.rewards[mine].sum()) if len(found.rewards) else 0,
        "cost_messages": int(found.messages[mine].sum()) if len(found.messages) else 0,
        "cost_benefits": int(found.benefits[mine].sum()) if len(found.benefits) else 0,
    }


def _effects(one: Experiment, found: Columns, margin: int) -> list[dict[str, Any]]:
    # Of several parts beside the first, any one is as seldom wrong as of one (Bonferroni).
    level = LEVEL / max(len(one.arms) - 1, 1)
    return [
        {"arm": one.arms[at].name, "outcome": outcome} | _one_effect(found, at, outcome, level)
        for at in range(1, len(one.arms))
        for outcome in OUTCOMES
    ] + [
        {"arm": one.arms[at].name, "outcome": name} | told
        for at in range(1, len(one.arms))
        for name, told in (
            ("cost", _cost(found, at, level)),
            ("return", _return(found, at, margin, level)),
        )
    ]


def _one_effect(found: Columns, at: int, outcome: Outcome, level: float) -> dict[str, Any]:
    after, before = found.of(outcome)
    test, control = found.arm == at, found.arm == 0
    if before.any():  # without anything before there is nothing to spare
        once = effect_with_before(after[test], after[control], before[test], before[control])
    else:
        once = effect(after[test], after[control])
    if isinstance(once, NotEnough):
        return {"missing": _told(once)}
    return {"once": _told(once), "always": _told(at_every_look(once, level=level))}


def _cost(found: Columns, at: int, level: float) -> dict[str, Any]:
    """What a further order cost, net of what the first arm costs as well: how much more it came
    to, by how many more orders, with the bounds of one look and of every look.

    Order: said only where there surely was a further order, at every look; then the bounds end.
    """
    test, control = found.arm == at, found.arm == 0
    more = effect(found.cost[test], found.cost[control])
    if isinstance(more, NotEnough):
        return {"missing": _told(more)}
    sides = (found.cost[test], found.orders[test]), (found.cost[control], found.orders[control])
    once = price_of_more(*sides)
    plain = effect(found.orders[test], found.orders[control])
    always = plain if isinstance(plain, NotEnough) else at_every_look(plain, level=level)
    if isinstance(once, NotEnough):
        return {"once": _told(more), "missing": _NO_MORE}
    if isinstance(always, NotEnough):
        return {"once": _told(more), "missing": _told(always)}
    assert isinstance(plain, Effect)
    wider = (always.high - always.low) / (plain.high - plain.low)
    every = price_of_more(*sides, wider=wider)
    if isinstance(every, NotEnough):
        return {"once": _told(more), "missing": _NO_MORE}
    price = {"once": _told(once), "always": _told(every)}
    return {"once": _told(more), "per_order": once.value, "price": price}


def _return(found: Columns, at: int, margin: int, level: float) -> dict[str, Any]:
    """What came back for what it cost: margin of what was spent more, less the cost, over the cost,
    with the bounds of one look and of every look.

    Order: said only where the shop says its margin, and it surely cost more than the first arm.
    Example: 30 more of margin for a cost of 20 more is a return of a half, and not of one and a
    half.
    """
    if not margin:
        return {"missing": {"what": "margin", "have": 0, "wanted": 1}}
    test, control = found.arm == at, found.arm == 0
    net = found.spend * (margin / 100) - found.cost
    cost = effect(found.cost[test], found.cost[control])
    if isinstance(cost, NotEnough):
        return {"missing": _told(cost)}
    always = at_every_look(cost, level=level)
    if isinstance(always, NotEnough):
        return {"missing": _told(always)}
    if always.low <= 0:
        return {"missing": _NO_COST}
    sides = (net[test], found.cost[test]), (net[control], found.cost[control])
    wider = (always.high - always.low) / (cost.high - cost.low)
    once, every = price_of_more(*sides), price_of_more(*sides, wider=wider)
    if isinstance(once, NotEnough) or isinstance(every, NotEnough):
        return {"missing": _NO_COST}
    return {"per_cost": once.value, "price": {"once": _told(once), "always": _told(every)}}


def _waited(one: Experiment, found: Columns) -> list[int]:
    """Of each arm, how many members have been in it for four whole weeks."""
    long_ = found.days >= FEWEST_DAYS if len(found.days) else np.zeros(len(found.arm), dtype=bool)
    return [int(((found.arm == at) & long_).sum()) for at in range(len(one.arms))]


def _stop(one: Experiment, waited: list[int], effects: list[dict[str, Any]], *, alarm: bool) -> str:
    """Why one may stop: the arms are not what was planned, the outcome is sure, all have come and
    had their time. Traps: a shop that has them all puts them in at once, and on that day nobody
    has done anything yet."""
    if alarm:
        return "mismatch"
    mine = [each for each in effects if each["outcome"] == one.outcome]
    sure = [
        each for each in mine
        if "low" in each.get("always", {})
        and not each["always"]["low"] <= 0 <= each["always"]["high"]
    ]  # fmt: skip
    if mine and len(sure) == len(mine):
        return "sure"
    if one.wanted and min(waited) >= one.wanted:
        return "planned"
    return ""


def _told(what: Any) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(what)
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, np.floating) else value

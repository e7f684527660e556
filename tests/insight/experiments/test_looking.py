"""What an experiment shows: the arms as they are, effects that hold, and silence where chance was
interfered with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from msgspec.structs import replace
from tests.makers import NOON

from regulars.insight.estimators.asking.sizes import members_wanted, parts_wanted
from regulars.insight.estimators.comparing.effects import Price, price_of_more
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.looking import OUTCOMES, seen
from regulars.insight.experiments.outcomes import Outcomes
from regulars.records.program.changes.experiments.types import Arm, Experiment

NIGHTLY = os.environ.get("REGULARS_TEST_SIZE") == "nightly"


@dataclass
class World:
    """Members with habits; the second arm may be given something that changes them."""

    rng: np.random.Generator
    members: int = 4_000

    def lived(self, more: float = 0.0, *, lost: float = 0.0, days: float = 28) -> Outcomes:
        """Orders before and since, by habit; `more` for the second arm, of whom a part is `lost`
        when it spends nothing."""
        habit = self.rng.gamma(2.0, 2.0, self.members)
        arm = self.rng.integers(0, 2, self.members)
        before = self.rng.poisson(habit)
        since = self.rng.poisson(habit * (1 + more * arm))
        kept = ~((arm == 1) & (since == 0) & (self.rng.random(self.members) < lost))
        columns = (arm, since, since * 700, since * 7 * (1 + arm), before, before * 700)
        return Outcomes(*(column[kept].astype(float) for column in columns[:1]),
                        *(column[kept].astype(float) for column in columns[1:]),
                        days=np.full(int(kept.sum()), days))  # fmt: skip


@pytest.fixture
def world() -> World:
    return World(np.random.default_rng(8))


def experiment(*arms: Arm, **said: Any) -> Experiment:
    arms = arms or (Arm("as-ever", 1), Arm("twice", 1))
    told = {"kind": "split", "outcome": "orders", "wanted": 0, "begun_at": NOON} | said
    return Experiment(
        experiment_id=UUID(int=1), code="x", title="X", arms=arms, seed=b"s" * 16, made_at=NOON,
        made_by="owner", **told,
    )  # fmt: skip


def surely(sizes: tuple[int, int], shares: tuple[float, float], times: int = 120) -> float:
    """How often an experiment of parts of these sizes, where these shares come, says it is sure."""
    rng, sure = np.random.default_rng(12), 0
    arm = np.repeat([0, 1], sizes)
    nothing = np.zeros(len(arm))
    plan = experiment(Arm("as-ever", sizes[0]), Arm("new", sizes[1]), outcome="came")
    for _ in range(times):
        came = (rng.random(len(arm)) < np.where(arm == 1, shares[1], shares[0])).astype(float)
        found = Outcomes(arm, came, nothing, nothing, nothing, nothing, days=nothing + 28)
        sure += seen(plan, found)["stop"] == "sure"
    return sure / times


def test_as_many_as_the_calculator_says_are_sure_four_times_of_five() -> None:
    """Of what is truly there, the verdict itself finds four of five: not one in three, as it was
    where the calculator counted for one look alone."""
    equal, unequal = parts_wanted(0.3, 0.1), parts_wanted(0.3, 0.1, 0.2)
    assert 0.72 < surely(equal, (0.3, 0.4)) < 0.9
    assert 0.72 < surely((unequal.larger, unequal.smaller), (0.3, 0.4)) < 0.9
    assert surely((unequal.smaller, unequal.larger), (0.3, 0.4)) > 0.72, "held out, as well"
    textbook = members_wanted(0.3, 0.1)
    assert surely((textbook, textbook), (0.3, 0.4)) < 0.55
    assert surely(equal, (0.3, 0.3)) <= 0.05, "where nothing is there"


def test_of_several_parts_any_is_as_seldom_wrong_as_of_one() -> None:
    """Four parts beside the first: each has wider bounds, so that one in twenty holds for all."""
    rng = np.random.default_rng(5)
    arm, nothing = np.repeat(np.arange(5), 400), np.zeros(2_000)
    came = (rng.random(2_000) < 0.3).astype(float)
    found = Outcomes(arm, came, nothing, nothing, nothing, nothing, days=nothing + 28)
    five = experiment(*(Arm(f"a{n}", 1) for n in range(5)), outcome="came")
    first = next(each for each in seen(five, found)["effects"] if each["outcome"] == "came")
    two = Outcomes(*(column[:800] for column in found[:6]), days=nothing[:800] + 28)
    (alone,) = [
        each for each in seen(experiment(outcome="came"), two)["effects"]
        if each["outcome"] == "came"
    ]  # fmt: skip

    def width(said: dict[str, Any]) -> float:
        return float(said["always"]["high"] - said["always"]["low"])

    assert first["once"] == alone["once"], "the same two parts"
    assert 1.1 < width(first) / width(alone) < 1.4
    assert first["always"]["p"] == pytest.approx(min(1.0, 4 * alone["always"]["p"]))


def test_splits_by_chance_where_nothing_changed_alarm_as_seldom_as_they_say() -> None:
    """A/A through the very draw and the very verdict: by night a thousand splits, by day some."""
    rng, times = np.random.default_rng(31), 1_000 if NIGHTLY else 25
    ids = [UUID(int=int(at), version=4) for at in rng.integers(1, 2**63, 2_000)]
    habit = rng.gamma(2.0, 2.0, 2_000)
    since, before = rng.poisson(habit).astype(float), rng.poisson(habit).astype(float)
    paid, none = rng.gamma(3.0, 300.0, 2_000), np.zeros(2_000)
    plan = experiment()
    alarms = dict.fromkeys(("mismatch", "sure", *OUTCOMES), 0)
    for at in range(times):
        drawn = replace(plan, seed=at.to_bytes(16))
        arm = np.array([drawn.arm_for(who) for who in ids])
        found = seen(drawn, Outcomes(arm, since, since * paid, none, before, before * paid,
                                     days=none + 28))  # fmt: skip
        if found["mismatch"]["alarm"]:
            alarms["mismatch"] += 1
            continue
        alarms["sure"] += found["stop"] == "sure"
        for outcome in OUTCOMES:
            alarms[outcome] += of(found, outcome)["once"]["p"] < 0.05
    if NIGHTLY:
        assert all(abs(alarms[one] / times - 0.05) <= 0.021 for one in OUTCOMES), alarms
    assert alarms["mismatch"] <= max(1, times // 200), "one in a thousand is to be"
    assert alarms["sure"] <= 0.05 * times, alarms
    assert all(alarms[one] <= 0.24 * times for one in OUTCOMES), alarms


def of(found: dict[str, Any], outcome: str) -> dict[str, Any]:
    (one,) = [each for each in found["effects"] if each["outcome"] == outcome]
    return one


def test_chance_keeps_to_the_parts_and_to_each_member() -> None:
    one = experiment(Arm("held-out", 1), Arm("in", 9))
    ids = [uuid4() for _ in range(20_000)]
    drawn = [one.arm_for(who) for who in ids]
    assert 0.092 < drawn.count(0) / len(ids) < 0.108
    assert drawn == [one.arm_for(who) for who in ids]
    other = experiment(Arm("held-out", 1), Arm("in", 9))
    another = [Experiment.arm_for(_reseeded(other), who) for who in ids]
    both = sum(a == b == 0 for a, b in zip(drawn, another, strict=True)) / len(ids)
    assert both < 0.014, "who is held out once is no likelier to be held out again"


def _reseeded(one: Experiment) -> Experiment:
    from msgspec.structs import replace

    return replace(one, seed=b"t" * 16)


def test_a_change_is_seen_and_one_may_stop(world: World) -> None:
    found = seen(experiment(), world.lived(0.3))
    orders = of(found, "orders")
    assert orders["always"]["low"] > 0
    assert found["stop"] == "sure"
    assert orders["always"]["low"] < orders["once"]["low"], "an interval for every look is wider"
    assert orders["once"]["spared"] > 0.3, "what they did before says much of them"


def test_where_nothing_changed_nothing_is_sure(world: World) -> None:
    sure = [seen(experiment(), world.lived())["stop"] for _ in range(40)]
    assert sure.count("sure") <= 2


def test_whoever_looks_every_day_is_wrong_no_oftener(world: World) -> None:
    """Of 60 shops in which nothing changed, each looked at on 12 days as its members came, hardly
    any ever says "sure"; by the interval of one look a third of them would."""
    wrong = 0
    for _ in range(60):
        lived = world.lived()
        days = [seen(experiment(), Outcomes(*(c[:many] for c in lived)))
                for many in range(300, 4_001, 330)]  # fmt: skip
        wrong += any(day["stop"] == "sure" for day in days)
    assert wrong <= 5


def test_arms_out_of_proportion_say_nothing_of_effects(world: World) -> None:
    """Whoever spends nothing is lost from one arm: what is left looks like a success."""
    found = seen(experiment(), world.lived(lost=0.9))
    assert (found["mismatch"]["alarm"], found["stop"], found["effects"]) == (True, "mismatch", [])


def test_few_members_are_said_to_be_few() -> None:
    little = Outcomes([0, 1, 1], [1, 0, 2], [700, 0, 900], [7, 0, 9], [0, 0, 0], [0, 0, 0])
    found = seen(experiment(), little)
    lacking = {each["missing"]["what"] for each in found["effects"]}
    assert lacking == {"groups", "margin"}
    assert found["stop"] == ""
    assert [arm["members"] for arm in found["arms"]] == [1, 2]


def test_of_eighty_it_is_said_that_they_are_few_and_not_that_none_ordered_more() -> None:
    rng = np.random.default_rng(9)
    arm = np.repeat([0, 1], 40)
    orders = rng.poisson(2 + 3 * arm).astype(float)
    spend, none = 500 * orders, np.zeros(80)
    found = of(seen(experiment(), Outcomes(arm, orders, spend, 9 * orders, none, none)), "cost")
    assert found["missing"] == {"what": "members", "have": 80, "wanted": 100}


def test_the_plan_is_reached_before_anything_is_sure(world: World) -> None:
    assert seen(experiment(wanted=1_500), world.lived())["stop"] == "planned"
    assert seen(experiment(wanted=3_000), world.lived())["stop"] == ""
    assert seen(experiment(wanted=1_500), world.lived(days=27))["stop"] == "", (
        "all of a shop are in on the first day, and nobody has done anything yet"
    )


def test_what_a_further_order_cost_is_said_where_there_surely_was_one(world: World) -> None:
    """7 minor units of points an order, twice that in the arm with more: each further order costs
    what all of the arm's cost more, not 14."""
    found = of(seen(experiment(), world.lived(0.3)), "cost")
    assert found["per_order"] > 30
    price = found["price"]
    assert price["once"]["low"] < found["per_order"] < price["once"]["high"]
    assert price["always"]["low"] < price["once"]["low"]
    assert price["always"]["high"] > price["once"]["high"], "an interval for every look is wider"
    assert of(seen(experiment(), world.lived()), "cost")["missing"]["what"] == "orders"


def test_costs_that_each_arm_has_alike_are_no_price_of_more() -> None:
    """Everybody costs 500 besides; the second arm 14 more for each of its 0.5 orders more."""
    rng = np.random.default_rng(3)
    orders = rng.poisson(4.0, 4_000), rng.poisson(4.5, 4_000)
    sides = [(500 + 7 * (1 + arm) * one.astype(float), one) for arm, one in enumerate(orders)]
    found = price_of_more(sides[1], sides[0])
    assert isinstance(found, Price)
    more = (14 * orders[1].mean() - 7 * orders[0].mean()) / (orders[1].mean() - orders[0].mean())
    assert found.value == pytest.approx(more)
    assert price_of_more(sides[0], sides[1]) == NotEnough("values", 0, 1), "there were fewer"


def test_the_bounds_of_a_price_hold_the_truth_19_times_of_20() -> None:
    """Over 600 shops of which it is known: 4 orders each, and 0.5 more that cost 60 in all."""
    rng, held, told = np.random.default_rng(5), 0, 0
    for _ in range(600):
        base, more = rng.poisson(4.0, 1_500), rng.poisson(4.5, 1_500)
        costs = [
            7.0 * base + rng.normal(0, 30, 1_500),
            7.0 * more + 26.5 + rng.normal(0, 30, 1_500),
        ]
        found = price_of_more((costs[1], more), (costs[0], base))
        if isinstance(found, Price):
            told += 1
            held += found.low <= (7 * 0.5 + 26.5) / 0.5 <= found.high
    assert told > 590
    assert 0.93 < held / told < 0.97


def test_a_price_without_an_end_is_not_told() -> None:
    rng = np.random.default_rng(5)
    alike = [(rng.normal(9, 3, 400), rng.poisson(4.0, 400)) for _ in range(2)]
    assert isinstance(price_of_more(*alike, wider=2.0), NotEnough)


def costly(world: World, more: float, cost: float) -> Outcomes:
    """The second arm spends so much more of 28.00, and costs so much more than 0.28."""
    found = world.lived(more)
    arm = np.asarray(found.arm)
    return found._replace(cost=arm * cost + world.rng.normal(100, 20, len(arm)))


def test_a_return_is_margin_less_cost_over_cost(world: World) -> None:
    found = seen(experiment(), costly(world, 0.5, 300), 50)
    one = of(found, "return")
    cost, spend = of(found, "cost")["once"]["value"], of(found, "spend")["once"]["value"]
    assert cost == pytest.approx(300, abs=3)
    assert one["per_cost"] == pytest.approx((spend * 0.5 - cost) / cost, abs=0.5)
    assert one["per_cost"] > 1
    always, once = one["price"]["always"], one["price"]["once"]
    assert always["low"] < once["low"] < one["per_cost"] < once["high"] < always["high"]


def test_what_brought_nothing_is_lost_whole(world: World) -> None:
    one = of(seen(experiment(), costly(world, 0.0, 300), 50), "return")
    assert one["price"]["always"]["low"] < -1 < one["price"]["always"]["high"]


def test_without_a_margin_or_a_cost_no_return_is_said(world: World) -> None:
    assert of(seen(experiment(), costly(world, 0.5, 300)), "return")["missing"]["what"] == "margin"
    free = of(seen(experiment(), costly(world, 0.5, 0), 50), "return")
    assert free["missing"]["what"] == "cost"

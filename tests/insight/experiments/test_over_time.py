"""An experiment look by look, and how many members it takes where means are compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import stdev
from typing import Any

import pytest

from regulars.insight.estimators.asking.sizes import members_wanted_for_mean
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.sizing import Differ, differing
from regulars.insight.experiments.tabled import arm_table, effect_table, over_time
from regulars.records.program.changes.experiments.types import Look

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)


def look(day: int, value: float | None) -> Look:
    """A look at two arms, one ahead by so much; with nothing it could not be said."""
    told: dict[str, Any] = {"what": "members", "have": 9, "wanted": 100}
    ends = {"always": {"value": value, "low": 1.0, "high": 9.0}} if value else {"always": told}
    arms = [{"name": name, "members": 9, "came": 3, "orders": 4, "spend": 900, "cost": 10}
            for name in ("as-ever", "twice")]  # fmt: skip
    cost = {"per_order": 7.0, "price": {"always": {"low": 2.0, "high": 8.0}}}
    effects = [
        {"arm": "twice", "outcome": "spend"} | ends,
        {"arm": "twice", "outcome": "cost"} | cost,
    ]
    return Look(FIRST + timedelta(day), {"arms": arms, "effects": effects, "stop": ""})


def test_looks_go_on_in_time_and_one_that_said_nothing_is_no_point() -> None:
    looks = [look(2, 6.0), look(1, None), look(0, 5.0)]
    ahead = over_time(looks, "twice", "spend")
    assert [(one.look.at.day, one.value, one.low, one.high) for one in ahead] == [
        (1, 5.0, 1.0, 9.0), (3, 6.0, 1.0, 9.0),
    ]  # fmt: skip
    rows = effect_table(looks).rows
    assert [row[1:] for row in rows[2:4]] == [
        ("twice", "spend", None, None, None, "members"), ("twice", "cost", 7.0, 2.0, 8.0, None),
    ]  # fmt: skip
    assert arm_table(looks).rows[0][1:] == ("as-ever", 9, 3, 4, 900, 10, 0, 0, 0)


def test_how_much_members_differ_is_exact_and_refused_of_few() -> None:
    paid = [0] * 40 + [1200] * 12 + [990_000_000_00]
    found = differing(len(paid), sum(paid), sum(one * one for one in paid))
    assert isinstance(found, Differ)
    assert found.spread == pytest.approx(stdev(paid), rel=1e-12)
    assert differing(49, 10, 10) == NotEnough("members", 49, 50)
    assert differing(60, 60 * 500, 60 * 500 * 500) == NotEnough("spread", 0, 1)


def test_a_mean_takes_as_many_members_as_tables_say() -> None:
    assert members_wanted_for_mean(10, 2) == 393
    assert members_wanted_for_mean(20, 2) == 1570, "twice the spread, four times as many"
    assert members_wanted_for_mean(1, 1_000) == 2, "one of each says nothing of spread"

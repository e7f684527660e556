"""What a plan and a trial say of what they do not know."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.flows.plans.test_while_it_runs import PLUS
from tests.flows.points.choosing.test_kept_worth import program, terms
from tests.makers import NOON

from regulars.engine.changing.comparing import EVERYBODY, Difference
from regulars.flows.terms.plan_version import Group, Plan
from regulars.runtime.cli.programs.planning import _show
from regulars.surfaces.replay.changes import unknown
from regulars.surfaces.replay.result import Result


@pytest.mark.parametrize(("kind", "told"), [("leaderboard", True), ("reward_added", False)])
def test_a_plan_says_that_prizes_are_not_in_it(
    kind: str, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    change = Difference(kind, "leaderboards.b", "b", "", "a board", "better", EVERYBODY)
    _show(Path("draft.yaml"), Plan((), 1, NOON, (change,)), [])
    assert ("prizes of games and boards" in capsys.readouterr().out) is told


def test_a_plan_counts_one_and_several_as_people_say_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    groups = (Group("loses", "gold", None, None, 1), Group("kept", "gold", "gold", "silver", 2))
    change = Difference("zone", "zone", "", "A", "B", "other", EVERYBODY)
    plan = Plan((), 1, NOON, (change,), groups, touched={EVERYBODY: 1}, out_of_reach={"tea": 1})
    _show(Path("draft.yaml"), plan, [])
    told = " ".join(capsys.readouterr().out.split())
    assert "Days are counted in B, before A (different for everybody: 1 member)" in told
    assert "1 member loses: gold → no tier" in told
    assert "2 members keep what the new ladder alone would not give: gold" in told
    assert "1 member has enough for tea now and would not any more." in told


def test_a_trial_says_that_prizes_are_in_no_sum() -> None:
    result: Any = SimpleNamespace(plans_missed=[])  # it says the same of every trial
    says = dict(unknown(result).rows)["Prizes"]
    assert "places on boards" in says
    assert "in no sum" in says


def _told(own: bool, *sources: str) -> list[str]:
    fold: Any = SimpleNamespace(terms=terms(*sources))
    result: Any = SimpleNamespace(own=own, before=fold, after=fold)
    result.plans_missed = Result.plans_missed.fget(result)  # type: ignore[attr-defined]
    return [why for what, why in unknown(result).rows if what == "Paid memberships"]


def test_a_trial_of_a_file_says_that_nobody_has_a_paid_membership_in_it() -> None:
    assert _told(True, PLUS) == []
    assert _told(False, program()) == []
    (says,) = _told(False, program(), PLUS)
    assert "(plus)" in says
    assert "under both" in says

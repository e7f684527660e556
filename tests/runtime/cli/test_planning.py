"""What a plan and a trial say of what they do not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.makers import NOON

from regulars.engine.changing.comparing import EVERYBODY, Difference
from regulars.flows.terms.plan_version import Plan
from regulars.runtime.cli.programs.planning import _show
from regulars.surfaces.replay.changes import unknown


@pytest.mark.parametrize(("kind", "told"), [("leaderboard", True), ("reward_added", False)])
def test_a_plan_says_that_prizes_are_not_in_it(
    kind: str, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    change = Difference(kind, "leaderboards.b", "b", "", "a board", "better", EVERYBODY)
    _show(Path("draft.yaml"), Plan((), 1, NOON, (change,)), [])
    assert ("prizes of games and boards" in capsys.readouterr().out) is told


def test_a_trial_says_that_prizes_are_in_no_sum() -> None:
    result: Any = None  # it says the same of every trial
    says = dict(unknown(result).rows)["Prizes"]
    assert "places on boards" in says
    assert "in no sum" in says

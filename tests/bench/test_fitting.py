"""What P9 measures: members by a known truth, a fit of them, and a judge that both sides meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.sides.fitting.__main__ import TRUTH, _found, _members
from bench.sides.fitting.one_fit import by_regulars, height

from regulars.insight.estimators.buying.bg_nbd import BetaGeometric
from regulars.insight.estimators.buying.histories import histories


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    path: Path = tmp_path_factory.mktemp("members") / "some.npz"
    _members(path, 20_000, seed=3)
    with np.load(path) as found:
        return found["repeats"], found["last"], found["age"]


def test_a_fit_comes_to_the_truth_the_members_were_made_by(columns: tuple[Any, Any, Any]) -> None:
    found = by_regulars()(*columns)
    assert found == pytest.approx(TRUTH, rel=0.3)
    # The judge works by the formula of the paper and by nothing of ours.
    ours = BetaGeometric(*found, at_first=False).heights(histories(*columns))
    members = histories(*columns).members
    assert height(found, *columns) == pytest.approx(float(ours @ members), rel=1e-9)
    beside = [one * 1.05 for one in found]
    assert height(beside, *columns) < height(found, *columns)


def test_a_fit_worse_than_the_peers_counts_for_nothing() -> None:
    ours = {"seconds": 1.0, "most_mb": 9, "parameters": list(TRUTH), "height": -100.0}
    better = ours | {"seconds": 20.0, "height": -99.9}
    with pytest.raises(AssertionError):
        _found([ours], [(ours, better)])
    good = _found([ours], [(ours, better | {"height": -100.0})])
    assert good["reached"] == {"seconds": True, "memory": True, "lifetimes": True}
    far = ours | {"parameters": [9.0, 9.0, 9.0, 9.0]}
    with pytest.raises(AssertionError):
        _found([far], [(ours, ours)])

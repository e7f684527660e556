"""What P9 measures: members by a known truth, a fit of them, and a judge that both sides meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.sides.fitting.__main__ import (
    PARETO,
    PUBLISHED,
    PUBLISHED_HEIGHT,
    TRUTH,
    _found,
    _leaving,
    _members,
    as_published,
    judged_pareto,
)
from bench.sides.fitting.one_fit import by_pareto, by_regulars, height
from bench.sides.fitting.peers import why_not

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


def test_pareto_nbd_comes_to_what_members_who_leave_were_made_by(tmp_path: Path) -> None:
    _leaving(tmp_path / "long.npz", 30_000, seed=5)
    with np.load(tmp_path / "long.npz") as found:
        columns = found["repeats"], found["last"], found["age"]
    assert (columns[1] <= columns[2]).all()
    r, alpha, s, beta = by_pareto()(*columns)
    assert r / alpha == pytest.approx(PARETO[0] / PARETO[1], rel=0.1)
    with pytest.raises(AssertionError):
        judged_pareto({"seconds": 1.0, "parameters": [r * 1.1, alpha, s, beta]})
    assert judged_pareto({"seconds": 1.0, "parameters": list(PARETO)})["seconds"] == 1.0


@pytest.mark.parametrize(
    "slip", [{"height": -9582.44}, {"parameters": [0.25, 4.414, 0.793, 2.426]}]
)
def test_a_fit_of_cdnow_that_is_not_the_published_one_counts_for_nothing(
    slip: dict[str, Any],
) -> None:
    good = {"parameters": list(PUBLISHED), "height": PUBLISHED_HEIGHT}
    as_published(good)
    with pytest.raises(AssertionError):
        as_published(good | slip)


def test_a_peer_that_cannot_be_installed_says_why() -> None:
    said = "WARNING: old\nERROR: No matching distribution found for x\nERROR: Could not build y\n"
    assert why_not(said) == "Could not build y"
    assert why_not("") == "pip ended without a word"

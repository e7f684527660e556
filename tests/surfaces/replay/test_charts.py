"""What stands beside a chart is as far apart everywhere, and takes in all that is drawn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.surfaces.replay.charts import marks

VALUES = st.lists(st.floats(-1e12, 1e12, allow_nan=False).filter(lambda x: not 0 < abs(x) < 1e-3))


@pytest.mark.parametrize(
    ("values", "beside"),
    [
        ([122.0, 2905.0], [0, 500, 1000, 1500, 2000, 2500, 3000]),
        ([-5.0, 20.0], [-5, 0, 5, 10, 15, 20]),
        ([99.9], [0, 20, 40, 60, 80, 100]),
        ([], [0, 1]),
        ([0.0, 0.0], [0, 1]),
    ],
)
def test_round_numbers_stand_beside_a_chart(values: list[float], beside: list[float]) -> None:
    assert marks(values) == beside


@given(VALUES)
def test_they_are_few_even_and_take_everything_in(values: list[float]) -> None:
    found = marks(values)
    assert 2 <= len(found) <= 10
    assert 0 in found
    assert found[0] <= min([0.0, *values])
    assert found[-1] >= max([0.0, *values])
    apart = [later - before for before, later in pairwise(found)]
    assert max(apart) - min(apart) <= 1e-9 * max(apart)

"""Columns of numbers: of one length, and each of them a number that is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def numbers(*columns: ArrayLike) -> list[NDArray[np.float64]]:
    """These columns as numbers. One that is none would make all that is estimated none, unsaid.

    Faults: AssertionError where lengths differ, or for NaN or infinity.
    """
    found = [np.asarray(column, dtype=np.float64) for column in columns]
    assert len({one.shape for one in found}) <= 1, [one.shape for one in found]
    assert all(np.isfinite(one).all() for one in found), "not a number, or without end"
    return found

"""What members are worth from now on: margins of orders to come, discounted to today.

Symbols: E(t) orders expected until t, m what an order brings, d the interest of one period, n
periods; the worth is m times the sum over k = 1 .. n of (E(k) - E(k - 1)) (1 + d)^-(k - 1/2).
Assumes: what an order brings does not hang on how often somebody orders, and stays as it is; orders
lie in the middle of their period.
Source: Fader, Hardie & Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base
Analysis", section 4: discounted expected transactions, in steps of a period.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from regulars.insight.estimators.buying.histories import Floats

LONGEST: Final = 5_200


def lifetime_value(
    expected: Callable[[float], Floats], margin: Floats, rate: float, periods: int, unit: float = 1
) -> Floats:
    """The worth of each row over the next `periods`, in the unit of `margin`.

    `expected(t)` are the orders until t, `margin` what an order brings on average, `rate` the
    interest of one period, `unit` the length of a period in the unit of t. Orders are taken for
    made in the middle of their period.
    Traps: what is discounted are the orders of each period, not all until then; and no mean
    lifetime is put into an annuity (Jensen's inequality makes that too high).
    Example: 2 orders until 1 and 3 until 2, margin 10 and rate 0: 30, not 50.
    """
    assert 0 < periods <= LONGEST, periods
    assert rate > -1, rate
    worth, before = np.zeros(len(margin)), np.zeros(len(margin))
    for period in range(1, periods + 1):
        until = expected(period * unit)
        worth += (until - before) * (1 + rate) ** -(period - 0.5)
        before = until
    return worth * margin

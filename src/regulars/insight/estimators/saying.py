"""When there is too little to say anything: what is missing, in place of a made-up number."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

Lacking = Literal[
    "members", "repeat_orders", "history", "values", "periods", "boundary", "answers",
    "groups", "spread", "purchases", "hold_out", "look", "margin", "cost", "mismatch",
    "tie",
]  # fmt: skip
"""What there is too little of. `boundary`: the best fit lies where the model means nothing, as with
members whose first orders were cut off. Of what a program brought: nobody is held out of it, nobody
looked in the time, the shop said no margin, it did not surely cost anything, parts are not as
planned. `tie`: what an order brings hangs on how often somebody orders, more than a model bears."""
FEWEST_MEMBERS: Final = 100
"""Fewer make a fit that the next member overturns."""


class NotEnough(Struct, frozen=True):
    """Nothing can be said: there are `have` of `what`, and `wanted` would be needed.

    Example: 40 members of whom 3 bought again are `NotEnough("repeat_orders", 3, 30)`.
    """

    what: Lacking
    have: float
    wanted: float

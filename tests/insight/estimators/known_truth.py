"""Shops whose program does something that is known: each buyer is played twice by one set of lots,
once with the program and once without, so what it changed for them is a fact and no estimate.

What misleads is in it: who buys much joins rather (self-selection), autumn is stronger than spring
(season), gaps shrink toward the last stamp of a card (goal gradient, Kivetz, Urminsky & Zheng
2006: by some fifth), and buyers leave for good (churn), fewer of them with the program.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
BUYERS: Final = 1_500
WEEKS: Final = 26
CARD: Final = 8
"""Orders that fill a card; the next one begins a new one."""
GRADIENT: Final = 0.25
"""So much oftener somebody orders before the last stamp than before the first."""
KEPT: Final = 0.5
"""So many of those who would leave do so with the program."""
HELD_OUT: Final = 0.3


class Played(Struct, frozen=True):
    """Columns, a row a buyer: orders `before` anything began; whether they `joined`; whether of
    these they are `held_out` by lot; orders afterwards as everybody saw them, and `with_it` and
    `without` as nobody ever sees them both."""

    before: Floats
    joined: Mask
    held_out: Mask
    after: Floats
    with_it: Floats
    without: Floats

    @property
    def truth(self) -> float:
        """What the program changes for who joined: orders of each, on average."""
        return float((self.with_it - self.without)[self.joined].mean())


def played(seed: int, *, works: bool = True) -> Played:
    """A shop of this seed; with `works` false the program changes nothing for anybody."""
    chance = np.random.default_rng(seed)
    rate, leaves = chance.gamma(1.2, 0.25, BUYERS), chance.beta(0.8, 30, BUYERS)
    before = chance.poisson(rate * 13).astype(np.float64)
    joined = chance.random(BUYERS) < 1 / (1 + np.exp(-2 * np.log(rate / 0.2)))
    lots, stays = chance.random((2, WEEKS, BUYERS))
    without = _orders(rate, leaves, lots, stays, 0.0)
    with_it = _orders(rate, leaves * KEPT, lots, stays, GRADIENT) if works else without
    held_out = joined & (chance.random(BUYERS) < HELD_OUT)
    after = np.where(joined & ~held_out, with_it, without)
    return Played(before, joined, held_out, after, with_it, without)


def _orders(rate: Floats, leaves: Floats, lots: Floats, stays: Floats, gradient: float) -> Floats:
    """Weeks with an order of each buyer, by lots that are the same in both worlds."""
    orders, there = np.zeros(len(rate)), np.ones(len(rate), dtype=np.bool_)
    for week in range(WEEKS):
        season = 1 + 0.5 * np.sin(2 * np.pi * week / 52)
        near = 1 + gradient * (orders % CARD) / (CARD - 1)
        orders += there & (lots[week] < -np.expm1(-rate * season * near))
        there &= stays[week] >= leaves
    return orders

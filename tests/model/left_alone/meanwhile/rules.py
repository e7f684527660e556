"""What may become of points between a purchase and its return: reserved, lapsed and given back.

Rules of a machine of its own: by chance alone hardly any game has all of it in a row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule
from tests.model.events import Ends, Happens, Night, Reserves, Returns, Revives
from tests.model.machine import FEW, Ledger, LedgerOnce

PROGRAMS: Final = ("coffee-shop", "refusing", "budgets", "status", "daily", "stones", "owing")
WHOLES: Final = st.lists(st.sampled_from((333, 999, 2_500, 10_000)), min_size=1, max_size=3)


class MeanwhileRules:
    """Purchases, what becomes of their points, and their returns."""

    @rule(wholes=WHOLES, which=FEW, ends=st.sampled_from(("voided", "captured", "part", "lapsed")))
    def is_reserved_meanwhile(self: Any, wholes: list[int], which: int, ends: str) -> None:
        sales = [self._bought(whole) for whole in wholes]
        person, reward = self._wish(0, which)
        name = self._number("h")
        self._happen(Reserves(person, reward, name))
        for sale in sales[:2]:
            self._happen(Returns(sale, (), self._number("b")))
        if name not in self.world.taken:
            return
        if ends == "lapsed":
            self.now = self.world.taken[name].lapses
            self._happen(Night())
        else:
            price = self.world.taken[name].price
            part = tuple((wallet, units // 3) for wallet, units in price.items())
            some = ends == "part"
            self._happen(Ends(name, "captured" if some else ends, part if some else None))

    @rule(wholes=WHOLES, days=st.sampled_from((3, 40, 200)), times=st.integers(0, 2), wallet=FEW)
    def lives_again_meanwhile(
        self: Any, wholes: list[int], days: int, times: int, wallet: int
    ) -> None:
        sales = [self._bought(whole) for whole in wholes]
        for _ in range(times + 1):
            self.now += timedelta(days=days)
            self._happen(Night())
            names = list(self.world.terms(self.now).program.wallets)
            if any(lot.wallet == names[wallet % len(names)] for lot in self.world.who("m0").gone):
                self._happen(Revives("m0", names[wallet % len(names)], 0))
        for sale in sales:
            self._happen(Returns(sale, (), self._number("b")))

    @rule(wholes=WHOLES, apart=st.booleans())
    def comes_back_in_another_order(self: Any, wholes: list[int], apart: bool) -> None:
        sales = []
        for whole in wholes:
            sales.append(self._bought(whole))
            self.now += timedelta(days=int(apart))
        for sale in sales[1:] + sales[:1]:
            self._happen(Returns(sale, (), self._number("b")))

    def _bought(self: Any, whole: int) -> str:
        receipt: str = self._number("r")
        self._happen(Happens("purchase", "m0", receipt, amount=whole))
        return receipt


class Meanwhile(MeanwhileRules, Ledger):
    """As fast as it goes."""

    names = PROGRAMS


class MeanwhileOnce(MeanwhileRules, LedgerOnce):
    """For drivers that keep what must happen once."""

    names = PROGRAMS

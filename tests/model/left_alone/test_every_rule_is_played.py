"""No rule of a machine starves: what hardly ever comes up is as good as not there.

Counted with a shop that answers as the judge does. Left out are the machines in which chance, which
the driver notes, decides who wins or comes into which arm.
"""

from typing import Any

import pytest
from hypothesis.stateful import precondition, rule
from tests.model.left_alone.mirror import played, rules_of
from tests.model.machine import Ledger, LedgerOnce
from tests.model.money.afterwards.machine import SOURCES, Afterwards
from tests.turns import NIGHTLY

pytestmark = pytest.mark.slow
LEAST = 3
SHOPS = 300


@pytest.mark.in_turns(3, 0)
@pytest.mark.parametrize("machine", [Ledger, LedgerOnce] if NIGHTLY else [LedgerOnce])
def test_in_three_hundred_shops_everything_happens(machine: type[Ledger]) -> None:
    """By day of the one alone that has all rules of the other, and its own."""
    counted = played(machine, SHOPS)
    assert {name: n for name, n in counted.items() if n < LEAST} == {}


@pytest.mark.in_turns(3, 0)
def test_so_it_does_where_something_is_put_right_afterwards() -> None:
    counted = [
        played(type("Afterwards", (Afterwards,), {"programs": (name,)}), 60) for name in SOURCES
    ]
    rare = {name for name in counted[0] if sum(one[name] for one in counted) < LEAST}
    assert rare == set()


def test_what_never_happens_is_told() -> None:
    """The control."""

    class Starving(LedgerOnce):
        names = ("coffee-shop",)

        @precondition(lambda _: False)
        @rule()
        def never(self: Any) -> None: ...

    counted = played(Starving, 10)
    assert counted["never"] == counted["subscribes"] == 0
    assert {"never", "subscribes"} <= rules_of(Starving)
    assert counted["night_falls"] > LEAST

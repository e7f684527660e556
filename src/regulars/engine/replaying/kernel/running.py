"""The kernel put together for one version: its own rules beside the fixed text, then run.

Only replays and benchmarks import this: the server knows neither numpy nor numba.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any, Final, NamedTuple

import numpy as np

from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.grid import STEPS
from regulars.engine.replaying.kernel import climbing, returning, stepping
from regulars.engine.replaying.kernel.besides import (
    keeping,
    reaching,
    resting,
    sharing,
    waiting,
)
from regulars.engine.replaying.kernel.besides.numbers import has
from regulars.engine.replaying.kernel.besides.told import asked_for, instant_of
from regulars.engine.replaying.kernel.columns import Columns, asked_of, credit_of, joined_of
from regulars.engine.replaying.kernel.desk import desk_for, periods_of
from regulars.engine.replaying.kernel.law import Law, law_of, numbers_of
from regulars.engine.replaying.kernel.writing import NotPlain, write, write_baskets
from regulars.engine.terms import Version

_LATER: Final = "from __future__ import annotations\n"
FIXED: Final = inspect.getsource(stepping) + inspect.getsource(climbing).replace(_LATER, "")
"""The fixed text; the version's own is put beside it."""
RETURNING: Final = inspect.getsource(returning)
"""What is put behind it for a history with baskets."""
BESIDES: Final = {
    "WAITS": inspect.getsource(waiting),
    "KEEPS": inspect.getsource(keeping),
    "RESTS": inspect.getsource(resting),
    "REACHES": inspect.getsource(reaching),
    "SHARES": inspect.getsource(sharing),
}
"""And behind that for a program that has more."""


class Ran(NamedTuple):
    """What came of every row and member.

    Units: `gave` per row and wallet, `expired` per day from `day0` and wallet; `balances` per
    member and wallet: available, owed and pending; `tiers` are steps, 0 for none, and `stood` those
    right after each row; `fired` per rule within the window: how often, how much, how much of it
    came back. A return gives less than nothing; `took` is what was still there of that, or is owed.
    """

    gave: Any
    short: Any
    expired: Any
    balances: Any
    tiers: Any
    fired: Any
    stood: Any
    took: Any
    day0: int
    cancelled: Any
    """As `expired`: points that waited and are gone as if never issued."""
    reached: Any
    """Per row and wallet what milestones gave; without baskets nothing."""
    refused: Any
    """Per row how many points are missing for what came back, where it was refused."""


class Kernel:
    """One version over one history's words, ready to run over any members of it."""

    def __init__(self, version: Version, columns: Columns, *, compiled: bool = True) -> None:
        self.version = version
        numbers = numbers_of(version)
        self.besides = has(version)
        if columns.baskets is None:
            # From a table of sales nothing comes back that could be refused.
            numbers["REFUSES"] = False
            if any(numbers[name] for name in (*BESIDES, "OR_BY")):
                raise NotPlain("of a table of sales too little is known for this program")
            fixed: tuple[str, ...] = (FIXED,)
            self.source = write(version.compiled, columns.kinds, columns.words)
        else:
            fixed = (FIXED, RETURNING, *(BESIDES[name] for name in BESIDES if numbers[name]))
            self.source, tables = write_baskets(version.compiled, columns.kinds, columns.words)
            numbers |= tables
        self._run = _made((*fixed, self.source), numbers, compiled=compiled)

    def run(self, columns: Columns, end: int, window: tuple[int, int] | None = None) -> Ran:
        """Decide every row, and bring everybody up to the beginning of the local day `end`.

        Shape: `window` says from which local day, and before which, rules are counted.
        """
        window = window or (0, end)
        rows, compiled = columns.rows, self.version.compiled
        first, end = _span(rows["day"], end)
        baskets = columns.baskets
        returns = baskets is not None and baskets.returns
        law = law_of(self.version, (first, end), joined_of(columns))
        members, many = len(columns.members) or len(columns.spans) - 1, len(rows["what"])
        wallets = len(compiled.wallets)
        days = end + 2 - law.day0
        ran = Ran(
            np.zeros((many, wallets), np.int64),
            np.zeros(many, np.int64),
            np.zeros((days, wallets), np.int64),
            np.zeros((members, wallets, 3), np.int64),
            np.zeros(members, np.int64),
            np.zeros((len(compiled.rules), 3), np.int64),
            np.zeros(many, np.int64),
            np.zeros((many if returns else 0, wallets), np.int64),
            law.day0,
            np.zeros((days if self.besides["WAITS"] else 0, wallets), np.int64),
            np.zeros((many if self.besides["REACHES"] else 0, wallets), np.int64),
            np.zeros(many if self.besides["REFUSES"] else 0, np.int64),
        )
        told = (
            *(rows[name] for name in _ORDER), credit_of(self.version, columns),
            asked_of(self.version, columns),
        )  # fmt: skip
        if baskets is not None:
            told = (*told, baskets.told(ran.took, ran.refused), self._beside(columns, law))
        desk, stand = desk_for(self.version, columns, law)
        calendar = (law.day0, *law.ladder)
        until = instant_of(day_starts_at(self.version.zone, end))
        program = (law.periods, law.expiry, end, *window, until)
        self._run(
            told, columns.spans, calendar, program,
            (*ran[:7], desk, ran.cancelled, ran.reached, stand),
        )  # fmt: skip
        return ran

    def _beside(self, columns: Columns, law: Law) -> tuple[Any, ...]:
        """What the texts of some programs look at besides, per row, per line or per day."""
        told = columns.beside
        assert told is not None
        other = self.version.other
        second = told.now if other is None else credit_of(other, columns)
        asked = asked_for(self.version, columns)
        order = owner = columns.places[:0]
        if self.besides["SHARES"]:
            order = np.argsort(columns.places, kind="stable")
            owner = np.repeat(np.arange(len(columns.spans) - 1), np.diff(columns.spans))
        return (
            second, told.now, told.minute, told.turns_at, told.turns_on, *asked, law.stones,
            order, owner, periods_of(law), law.day0,
        )  # fmt: skip


_ORDER = (
    "what", "kind", "day", "weekday", "hour", "channel", "store", "amount", "wallet", "units",
)  # fmt: skip


def _span(days: Any, end: int) -> tuple[int, int]:
    """The first day of a history and its last, which is `end` at least: the calendar has them
    all, since in machine code nobody looks whether a place is there."""
    return (int(days.min()), max(end, int(days.max()))) if len(days) else (end, end)


def _made(texts: Sequence[str], numbers: Mapping[str, Any], *, compiled: bool) -> Any:
    """The fixed texts, the version's own and its numbers in one namespace, plain or in machine
    code."""
    space: dict[str, Any] = {}
    for text in (*(inspect.getsource(step) for step in STEPS.values()), *texts):
        exec(text, space)  # noqa: S102  (our own, or written by us from a program that was checked)
    space |= numbers
    if compiled:
        from numba import njit

        into: Any = njit  # its stubs do not know every option

        for name, value in list(space.items()):
            if isinstance(value, FunctionType) and value.__globals__ is space:
                # Nothing here makes an array, so nobody counts who holds one: six times faster.
                # Only `run` is called from outside; a door for each of the others, which nobody
                # goes through, would cost a third of the compiling. Each stands where it is
                # called: some are called from two places, and a call carries every array's
                # header, which took three quarters of the time of a basket.
                space[name] = into(
                    value, nogil=True, _nrt=False, error_model="numpy",
                    no_cpython_wrapper=name != "run", no_cfunc_wrapper=True,
                    forceinline=name != "run",
                )  # fmt: skip
    return space["run"]

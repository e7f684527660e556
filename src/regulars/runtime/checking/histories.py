"""What happened, as a replay is given it, and which engine decides it once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol
from uuid import UUID

import polars as pl
from msgspec import Struct

from regulars.engine.compiling.compile import Compiled
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.parting import decide, why_whole
from regulars.engine.replaying.tally import Tally
from regulars.records.activity.happening import Happening, LeftOut
from regulars.runtime.checking.machines import IN_COLUMNS, NO_KERNEL, Ask, decide_on
from regulars.surfaces.replay.sales import Sales, activity_id

if TYPE_CHECKING:
    from regulars.engine.replaying.kernel.summing import Decided

ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)
MANY: Final = 80_000
"""From so many rows on the kernel's compiling pays: it takes 3 to 8 s of a processor, and spares
40 µs a row where programs are short and 100 µs where sales have lines; so it pays from 53,000 to
85,000 rows on."""
Engine = Literal["auto", "kernel", "fold"]


class Watch(Protocol):
    """Who watches: told what is done now, and how many steps it has."""

    def begins(self, stage: str, total: int) -> None: ...

    def advances(self, by: int) -> None: ...


class History(Struct):
    """What happened, in order or as a table of sales, and what is known beside it."""

    called: str
    rows: list[Happening] = []
    sales: Sales | None = None
    names: Mapping[UUID, str] = {}
    attributes: Mapping[UUID, Mapping[str, object]] = {}
    left_out: Sequence[LeftOut] = ()
    warns: frozenset[str] = frozenset()
    """Wallets in which a notice before expiry was promised, so that it is known who saw one."""
    proven: str = ""

    @property
    def many(self) -> int:
        """How many rows there are."""
        return len(self.rows) if self.sales is None else self.sales.frame.height

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first and the last thing happened, if any did."""
        if self.sales is not None:
            at = self.sales.frame["at"]
            return (at.min(), at.max()) if len(at) else None  # type: ignore[return-value]
        times = [one.at for one in self.rows if one.activity is not None]
        return (min(times), max(times)) if times else None

    def until(self, ends: datetime) -> History:
        """Only what was told before an instant."""
        if self.sales is not None:
            self.sales = self.sales.until(ends)
        self.rows = [one for one in self.rows if one.now < ends]
        return self

    def happenings(self) -> list[Happening]:
        """One by one, in the order in which it was told."""
        if self.sales is not None and not self.rows:
            self.rows = list(self.sales.happenings())
        return self.rows


class Came(NamedTuple):
    """What came of a history under one program, and which engine says so, with why."""

    fold: Fold
    activities: Callable[[], Iterator[pl.DataFrame]]
    by: str


class Judge(NamedTuple):
    """How a history is decided: the days that count, when it ends, by which engine, who watches."""

    window: tuple[int, int]
    ends: datetime
    engine: Engine
    watch: Watch
    machines: str = ""
    """The scheduler whose workers decide, where there is one."""

    def decide(self, history: History, compiled: Compiled, called: str) -> Came:
        """Decide a history under one program, by the kernel where it can and that pays."""
        if self.machines:
            return self._on_machines(history, compiled, called)
        if not self._by_kernel(history):
            return self._one_by_one(history, compiled, (called, "one by one, as a till would"))
        came = self._in_columns(history, compiled, called)
        if isinstance(came, str):
            by = f"one by one, as a till would, since {came}"
            return self._one_by_one(history, compiled, (called, by))
        return came

    def _by_kernel(self, history: History) -> bool:
        """Whether the kernel decides what it can: where it was asked for, or that pays."""
        return self.engine == "kernel" or (self.engine == "auto" and history.many >= MANY)

    def _one_by_one(self, history: History, compiled: Compiled, says: tuple[str, str]) -> Came:
        fold = Fold(alone(compiled, ALWAYS), Tally(*self.window), history.warns)
        run(fold, history.happenings(), self.ends, (says[0], self.watch))
        return Came(fold, lambda: _told(fold), says[1])

    def _on_machines(self, history: History, compiled: Compiled, called: str) -> Came:
        """On several machines at once, where members are decided by themselves."""
        no = why_whole(compiled)
        if no:
            by = f"one by one on this machine, since {no}"
            return self._one_by_one(history, compiled, (called, by))
        ask = Ask(ALWAYS, self.window, self.ends, history.warns, self._by_kernel(history))
        self.watch.begins(f"Deciding under {called}, on the machines", 0)
        fold, by = decide_on(self.machines, compiled, history.happenings(), ask)
        return Came(fold, lambda: _told(fold), by)

    def _in_columns(self, history: History, compiled: Compiled, called: str) -> Came | str:
        """What the kernel says, or why it cannot say."""
        # Only who has many rows waits for a compiler to be loaded.
        try:
            from regulars.engine.replaying.kernel.apart import Apart, apart, together
            from regulars.engine.replaying.kernel.columns import columns_of_sales
            from regulars.engine.replaying.kernel.summing import summed
            from regulars.engine.replaying.kernel.writing import NotPlain
        except ImportError:
            return NO_KERNEL
        terms = alone(compiled, ALWAYS)
        version = terms.versions[0]
        self.watch.begins(f"Deciding under {called}, in machine code", 0)
        try:
            if history.sales is not None:
                days = history.sales.days(str(version.zone))
                found = Apart(columns_of_sales(history.sales.members, days), [])
            else:
                found = apart(version, list(enumerate(history.rows)), history.warns)
            fold, decided = summed(terms, found.columns, self.window)
        except (NotPlain, ImportError) as no:
            return str(no)
        tell = partial(_columns, history, found.columns.members, decided)
        if not found.rows:
            return Came(fold, tell, IN_COLUMNS)
        self.watch.begins(f"Deciding under {called}, the rest one by one", 0)
        rest = decide(Fold(terms, Tally(*self.window), history.warns), found.rows, self.ends)
        together(fold, found.columns, rest)
        says = f"{IN_COLUMNS}, {found.many:,} members one by one, mostly since {found.why}"
        return Came(fold, lambda: chain(tell(), _told(fold)), says)


def run(fold: Fold, rows: Sequence[Happening], ends: datetime, watching: tuple[str, Watch]) -> Fold:
    """Decide every row, then bring everybody up to the end, while somebody watches."""
    called, watch = watching
    watch.begins(f"Deciding under {called}", len(rows))
    for place, row in enumerate(rows, 1):
        fold.take_in(row)
        if place % 1000 == 0:
            watch.advances(1000)
    return fold.run((), ends)


def _told(fold: Fold) -> Iterator[pl.DataFrame]:
    rows = [
        (
            str(one.activity_id),
            str(one.member_id),
            one.day,
            one.store,
            wallet,
            units,
            one.tier or "",
        )
        for one in fold.tally.came
        for wallet, units in one.units.items()
        if units
    ]
    yield pl.DataFrame(rows, ACTIVITIES, orient="row")


def _columns(history: History, members: Sequence[UUID], decided: Decided) -> Iterator[pl.DataFrame]:
    for part in decided.rows():
        places = part.pop("place").tolist()
        if history.sales is not None:
            ids = [str(activity_id(line)) for line in places]
        else:
            ids = [str(_id_of(history.rows[place])) for place in places]
        owners = [str(members[at]) for at in part.pop("member").tolist()]
        rest = {name: each if isinstance(each, str) else list(each) for name, each in part.items()}
        yield (
            pl.DataFrame(
                {"activity_id": ids, "member_id": owners, **rest}, schema_overrides=ACTIVITIES
            )
            .select(ACTIVITIES.keys())
            .cast(ACTIVITIES)
        )


def _id_of(one: Happening) -> UUID:
    assert one.activity is not None, one
    return one.activity.activity_id


ACTIVITIES: Final = pl.Schema(
    {
        "activity_id": pl.String,
        "member_id": pl.String,
        "day": pl.Int64,
        "store": pl.String,
        "wallet": pl.String,
        "units": pl.Int64,
        "tier": pl.String,
    }
)
"""What the table of activities has."""

"""What only some programs ask of a history, as columns: when points turn, and what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
from msgspec import Struct, field

from regulars.engine.calendar import add_span, day_starts_at, local, minute_of
from regulars.engine.compiling.stones import Stone
from regulars.engine.terms import Version
from regulars.records.program.types import ForDuration, UntilDate, UntilEvent

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Turn = Callable[[datetime], datetime | None]


def instant_of(at: datetime) -> int:
    """Microseconds since 1970."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def stones_of(version: Version) -> list[Stone]:
    """The milestones that give points; others give prizes, boards and draws none with a deed."""
    return [stone for stone in version.stones if any(points for _, points, _ in stone.steps)]


def waits_of(version: Version) -> list[str]:
    """The wallets whose points wait, in file order."""
    return [name for name, one in version.program.wallets.items() if one.pending is not None]


class Beside(Struct):
    """Beside the columns, per row: the instant, the minute, and per wallet that waits when what a
    row gives turns, and on which local day."""

    now: Any
    minute: Any
    turns_at: Any
    turns_on: Any


class Clock(Struct):
    """Collects what only some programs ask of each row."""

    version: Version
    turns: list[Turn] = field(default_factory=list)
    last: dict[Any, tuple[int, ...]] = field(default_factory=dict)
    """Per member when what they were given last turns."""

    @classmethod
    def of(cls, version: Version) -> Clock:
        """A clock for the wallets of a version that wait."""
        wallets = version.program.wallets
        return cls(version, [_turn(version, wallets[name].pending) for name in waits_of(version)])

    def row(self, member: Any, at: datetime) -> tuple[int, ...] | None:
        """What a row has: its instant, then per wallet when it turns and on which day; nothing
        where something earned later would turn sooner, when clocks are set back."""
        if not self.turns:
            return (0,)
        found = [instant_of(at)]
        for turn in self.turns:
            then = turn(at)
            found += (0, 0) if then is None else (instant_of(then), self._day(then))
        told, before = tuple(found), self.last.get(member)
        self.last[member] = told
        late = before is not None and any(
            0 < now < then for now, then in zip(told[1::2], before[1::2], strict=True)
        )
        return None if late else told

    def _day(self, at: datetime) -> int:
        return local(self.version.zone, at).day


def _turn(version: Version, wait: ForDuration | UntilDate | UntilEvent | None) -> Turn:
    zone = version.zone
    if isinstance(wait, UntilDate):
        begins = day_starts_at(zone, date.fromisoformat(wait.on).toordinal())
        return lambda at: begins if at < begins else None
    assert wait is not None
    after = wait.after if isinstance(wait, ForDuration) else wait.cancel_after
    return lambda at: add_span(zone, at, after)


def beside(rows: list[tuple[int, ...]], waits: int) -> Beside:
    """The minute of each row and what a clock told of it, as arrays."""
    table = np.array(rows, np.int64).reshape(len(rows), 2 + 2 * waits)
    return Beside(
        now=np.ascontiguousarray(table[:, 1]),
        minute=np.ascontiguousarray(table[:, 0]),
        turns_at=np.ascontiguousarray(table[:, 2::2]),
        turns_on=np.ascontiguousarray(table[:, 3::2]),
    )


def minute_in(version: Version, at: datetime) -> int:
    """The minute, where a rule rests for hours."""
    return minute_of(at) if version.compiled.by_minutes else 0


def asked_for(version: Version, columns: Any) -> tuple[Any, Any]:
    """Per row and milestone whether it is asked for at all; per line whether its goods are."""
    rows, stones, words = columns.rows, stones_of(version), columns.words
    baskets = columns.baskets
    of_row = np.zeros((len(rows["what"]), len(stones)), np.int64)
    of_line = np.zeros((len(baskets.skus), len(stones)), np.int64)
    for at, stone in enumerate(stones):
        of_row[:, at] = _of_rows(stone, rows, (columns.kinds, words))
        goods = stone.counts.categories or stone.counts.skus
        of_line[:, at] = not goods
        if goods:
            among = np.isin(baskets.categories, _codes(words["category"], stone.counts.categories))
            among |= np.isin(baskets.skus, _codes(words["sku"], stone.counts.skus))
            of_line[:, at] = among
    return of_row, of_line


def _of_rows(stone: Stone, rows: Mapping[str, Any], words: tuple[Any, Any]) -> Any:
    counts, (kinds, known) = stone.counts, words
    asked = np.isin(rows["kind"], _codes(kinds, (counts.on,)))
    asked &= (rows["day"] >= stone.days[0]) & (rows["day"] < stone.days[1])
    for name, wanted in (("store", counts.stores), ("channel", counts.channels)):
        if wanted:
            asked &= np.isin(rows[name], _codes(known[name], wanted))
    return asked


def _codes(known: Any, wanted: Any) -> list[int]:
    return [code for code, word in enumerate(known) if word in wanted]

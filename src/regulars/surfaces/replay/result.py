"""All that came of a replay, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

import polars as pl
from msgspec import Struct

from regulars.engine.compiling.asked import plans_asked
from regulars.engine.replaying.compare import Move, Worth
from regulars.engine.replaying.fold import Fold
from regulars.records.activity.happening import LeftOut
from regulars.records.program.types import Program


class Result(Struct, frozen=True, kw_only=True):
    """One history under two terms: those in force, and the draft."""

    history: str
    """What the history is called: the program's own books, or a file."""
    since: date
    until: date
    """Exclusive."""
    rows: int
    seconds: float
    before: Fold
    after: Fold
    before_called: str
    after_called: str
    worths: tuple[Worth, Worth]
    moves: Sequence[Move]
    segments: Mapping[UUID, str]
    segment_called: str
    names: Mapping[UUID, str]
    left_out: Sequence[LeftOut]
    elasticities: Sequence[Fraction]
    decided: str = ""
    """By which engine each of the two was decided."""
    activities: tuple[Callable[[], Iterable[pl.DataFrame]], Callable[[], Iterable[pl.DataFrame]]]
    """What each activity came to, in force and under the draft, as tables when asked for."""
    own: bool = True
    """Whether the history is the program's own books; a file of a shop tells less."""
    proven: str = ""
    """What comparing a replay of the published terms with the books came to, if it was asked."""

    @property
    def program(self) -> Program:
        """The draft."""
        return self.after.terms.versions[-1].program

    @property
    def plans_missed(self) -> list[str]:
        """Paid plans that a rule of either asks for, and of which this history tells nothing."""
        if self.own:
            return []
        both = [one for fold in (self.before, self.after) for one in fold.terms.versions]
        return sorted({plan for one in both for plan in plans_asked(one.attributes)})

    @property
    def sales_minor(self) -> int:
        """What was sold to members in the window."""
        return sum(self.before.tally.sales.values())

    def everything_left_out(self) -> list[tuple[str, LeftOut]]:
        """Every line left out, with what left it out: the file, the terms in force, the draft."""
        found = [("file", one) for one in self.left_out]
        here, there = set(self.before.left_out), set(self.after.left_out)
        found += [("both", one) for one in self.before.left_out if one in there]
        found += [("in force", one) for one in self.before.left_out if one not in there]
        return found + [("draft", one) for one in self.after.left_out if one not in here]

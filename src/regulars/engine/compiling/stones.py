"""Milestones and leaderboards made ready to count with: amounts in units, names as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.calendar import LAST_DAY, period_of
from regulars.engine.compiling.counters import (
    board_name,
    draw_name,
    milestone_budget,
    milestone_names,
)
from regulars.engine.facts import FactLine, Facts
from regulars.records.program.parts.gaming import (
    Deed,
    DeedMilestone,
    Draw,
    Leaderboard,
    Prize,
    gift_of,
)
from regulars.records.program.types import Period, Program


class Stone(NamedTuple):
    """One milestone of one version, or a leaderboard or draw, which are ones without steps.

    Two of the same counter are the same one, changed.
    """

    promise: DeedMilestone | Leaderboard | Draw
    counts: Deed
    place: int
    """Of its definition of what counts of a purchase."""
    least: int
    """What counts is worth at least so much, in minor units."""
    wallet: int
    counter: int
    """Under which what came together is counted."""
    given: int
    """Under which it is counted what was given for it."""
    lapsed: int
    """Under which it is counted what was to go back and had lapsed."""
    steps: tuple[tuple[int, int, bool], ...]
    """How much it takes, what there is for it, and whether that is so every time."""
    per: Period = "ever"
    days: tuple[int, int] = (0, LAST_DAY)
    """Deeds count on these local days, the last one exclusive."""
    each: int = 1
    """Of a draw: a ticket for each so many deeds, pieces or minor units."""
    budget: int = 0
    """Under which it is counted what all members together were given; 0 where there is no end."""
    most: int = 0
    """So many units for all members together in a period, where there is a budget."""
    gifts: tuple[Prize | None, ...] = ()
    """What each step gives beside points; empty where none gives anything."""

    @property
    def board(self) -> bool:
        return not self.steps

    def period(self, day: int) -> int:
        """The number of the period of a local day; those of boards are below zero, and so have an
        index of their own. A draw counts under its first day: never what one before it counted."""
        period = self.days[0] + period_of(self.per, day)
        return -1 - period if self.board else period

    def due(self, together: int) -> int:
        """How many units there are for so much together.

        Example: 50 at every 10 and 100 at 25: for 31 there are 250.
        """
        return sum(
            points * (together // at if again else together >= at)
            for at, points, again in self.steps
        )

    def next_at(self, together: int) -> int | None:
        """How much it takes until there is more than for so much together; nothing, if never."""
        ahead = [
            (together // at + 1) * at if again else at
            for at, _, again in self.steps
            if again or at > together
        ]
        return min(ahead, default=None)

    def counted(self, facts: Facts) -> int:
        """What of a deed counts for it: 1, pieces, or minor units; 0 when it is not asked for.

        Keeps: a piece that a reward made free counts for nothing (ADR 0240).
        """
        counts = self.counts
        if facts.kind != counts.on or not self.days[0] <= facts.day < self.days[1]:
            return 0
        if counts.stores and facts.store not in counts.stores:
            return 0
        if counts.channels and facts.channel not in counts.channels:
            return 0
        if counts.on == "purchase":
            return self._of_goods(facts)
        return int(not facts.lines or any(line.quantity for line in facts.lines))

    def _of_goods(self, facts: Facts) -> int:
        everything = not (self.counts.categories or self.counts.skus)
        lines = [one for one in facts.lines if one.counted and (everything or self._asked(one))]
        minor = sum(one.amounts[self.place] for one in lines)
        minor += facts.extras[self.place] if everything else 0
        if not lines or minor < self.least:
            return 0
        measure = self.promise.measure
        if measure == "spend":
            return minor
        return sum(one.counted for one in lines) if measure == "items" else 1

    def _asked(self, line: FactLine) -> bool:
        counts = self.counts
        return line.category in counts.categories or line.sku in counts.skus


def stones_of(program: Program, codes: Mapping[tuple[str, str], int]) -> tuple[Stone, ...]:
    """The milestones of a program, then its boards and then its draws, in file order."""
    stones = [_stone(program, codes, one) for one in program.milestones]
    for board in program.leaderboards:
        stones += [_board(program, codes, board, store) for store in board.stores or ("",)]
    stones += [_draw(program, codes, draw) for draw in program.draws]
    return tuple(stones)


def _stone(program: Program, codes: Mapping[tuple[str, str], int], one: DeedMilestone) -> Stone:
    money = decimals(program.currency)
    scale = program.wallets[one.wallet].scale if one.wallet is not None else 0
    gifts = tuple(gift_of(step) for step in one.steps)
    counter, given, lapsed = (codes["counter", name] for name in milestone_names(one))
    steps = (
        (units(s.at, money if one.measure == "spend" else 0), units(s.points, scale), s.again)
        for s in one.steps
    )
    return Stone(
        promise=one,
        counts=one.counts,
        place=_definition(program, one.counts),
        least=units(one.counts.amount, money),
        wallet=codes["wallet", one.wallet] if one.wallet is not None else 0,
        counter=counter,
        given=given,
        lapsed=lapsed,
        steps=tuple(steps),
        per=one.per,
        budget=0 if one.budget is None else codes["counter", milestone_budget(one)],
        most=0 if one.budget is None else units(one.budget, scale),
        gifts=gifts if any(gifts) else (),
    )


def _board(
    program: Program, codes: Mapping[tuple[str, str], int], one: Leaderboard, store: str
) -> Stone:
    return Stone(
        promise=one,
        counts=replace(one.counts, stores=(store,)) if store else one.counts,
        place=_definition(program, one.counts),
        least=units(one.counts.amount, decimals(program.currency)),
        wallet=0,
        counter=codes["counter", board_name(one, store)],
        given=0,
        lapsed=0,
        steps=(),
        per=one.per,
    )


def _draw(program: Program, codes: Mapping[tuple[str, str], int], one: Draw) -> Stone:
    return Stone(
        promise=one,
        counts=one.counts,
        place=_definition(program, one.counts),
        least=units(one.counts.amount, decimals(program.currency)),
        wallet=0,
        counter=codes["counter", draw_name(one)],
        given=0,
        lapsed=0,
        steps=(),
        days=(
            date.fromisoformat(one.from_on).toordinal(),
            date.fromisoformat(one.until_on).toordinal(),
        ),
        each=units(one.each, decimals(program.currency) if one.measure == "spend" else 0),
    )


def _definition(program: Program, counts: Deed) -> int:
    return list(program.qualifying).index(counts.qualifying)

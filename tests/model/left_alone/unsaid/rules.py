"""What can happen to versions of the program that are taken back: rules of the machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.model import makings
from tests.model.beside.by_hand.events import TakesBack
from tests.model.events import Adjusts, Event, Happens, Night, Publishes
from tests.model.kept import Terms
from tests.model.programs import changed, written

from regulars.engine.changing.rates import rates
from regulars.records.program.reading import read_program

SOME = st.integers(0, 7)
FEW = st.integers(0, 3)
MOST = 9
"""So many versions in one game, those that were taken back among them."""


class UnsaidRules:
    """Mixed into the machine."""

    rolls_back = True
    """Whether a version may be taken back on its day, too, while nobody was affected."""

    @precondition(lambda self: len(self.world.published) < MOST)
    @rule(
        number=SOME, ahead=st.sampled_from((1, 1, 2, 9, 40)), meanwhile=FEW, when=SOME,
        twice=st.booleans(), then=FEW,
    )  # fmt: skip
    def takes_a_version_back(
        self: Any, number: int, ahead: int, meanwhile: int, when: int, twice: bool, then: int
    ) -> None:  # fmt: skip
        """Before its day, at its last second or after nobody was there; and its day comes."""
        start = self.now + timedelta(days=ahead)
        before = self._ruling_before(start)
        wished = self.another_version(before, number, start)
        last = self.world.versions[-1]
        if wished is None or wished == before.source:
            return
        if wished == last.source and start >= last.since:
            return  # that is promised from sooner on already
        version = len(self.world.published) + 1
        self._happen(Publishes(wished, start))
        self._meanwhile(meanwhile)
        if when == 1:
            self.now = max(self.now, start - makings.SECOND)
        on_its_day = when in (2, 3, 4) and self.rolls_back and self._moves_nobody(version)
        if on_its_day:
            self.now = max(self.now, start + when % 2 * makings.SECOND)
        if on_its_day and when == 4:
            self._meanwhile(1)
        self._happen(TakesBack(version))
        if twice:
            self._happen(TakesBack(version))
        if then:
            self.now = max(self.now, start)
            self._meanwhile(then)
            self._happen(Night())

    def another_version(self: Any, before: Terms, number: int, start: datetime) -> str | None:
        """Another file than rules before that instant, if there is one."""
        wished = changed(before.source, number)
        ends = read_program(wished).changeover.until_on
        if ends is not None and makings.wall.day_of(ends) <= start.date() + timedelta(days=1):
            return None  # nobody could publish that any more
        old, new = read_program(before.source), read_program(wished)
        if [*rates(old, new, (start, self.now))]:
            return None  # its tables cannot hold from the day it names
        same = wished == written(old)
        return None if same else str(wished)

    def _ruling_before(self: Any, start: datetime) -> Terms:
        begun = [one for one in self.world.versions if one.since < start]
        found: Terms = sorted(begun, key=lambda one: one.since)[-1]
        return found

    def _moves_nobody(self: Any, version: int) -> bool:
        """Whom other tiers move, or what a fee was asked for, is looked at by the flows alone."""
        terms = self.world.published[version - 1]
        before = self._ruling_before(terms.since)
        programs = (before.program, terms.program)
        alike = programs[0].tiers == programs[1].tiers and before.zone == terms.zone
        return alike and not any(one.plans or one.ladders for one in programs)

    def _meanwhile(self: Any, what: int) -> None:
        happens: list[Event] = []
        if what == 1:
            happens.append(Happens("purchase", self._somebody(0), self._number("r"), amount=1500))
        if what == 2:
            wallet = next(iter(self.world.terms(self.now).program.wallets))
            happens.append(Adjusts(self._somebody(0), wallet, 7))
        if what == 3:
            happens.append(Night())
        for event in happens:
            self._happen(event)

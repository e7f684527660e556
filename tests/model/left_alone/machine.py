"""The machine for shops in which points lapse that are left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.events import Joins, Night, Publishes, Shows, Spares
from tests.model.left_alone import quiet
from tests.model.machine import FEW, SOME, Ledger, LedgerOnce
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

SOURCE = Path(__file__).with_name("quiet.yaml").read_text("utf-8")
_SAYS = "inactivity: {after: 1 week}"
VERSIONS = (
    SOURCE,
    SOURCE.replace(_SAYS, "inactivity: {after: 5 days}"),
    SOURCE.replace(f"    {_SAYS}\n", "").replace("notice: {days: 2}\n", "\n", 1),
    SOURCE.replace(_SAYS, "inactivity: {after: 1 week, reset_by: [redeeming]}"),
    SOURCE.replace("notice: {days: 2}", "notice: {days: 3}"),
    SOURCE.replace("A cup", "A fine cup"),
)


def version(number: int, zone: str) -> str:
    text = VERSIONS[number % len(VERSIONS)].replace("zone: Europe/Berlin", f"zone: {zone}")
    return written(read_program(text))


class Quiet:
    """Mixed into a machine: its own program, what is shown, and what is spared."""

    rolls_back = False  # whoever was told of an end meanwhile was affected

    @initialize(
        place=st.integers(0, len(VERSIONS) - 1),
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(makings.STARTS),
    )
    def opens(self: Any, place: int, zone: str, start: datetime) -> None:
        self.zone = zone
        self.source, self.now = version(place, zone), start
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self._happen(Joins("m0"))

    @rule(who=FEW)
    def is_shown(self: Any, who: int) -> None:
        self._happen(Shows(self._somebody(who)))

    @rule(who=FEW, reads=st.booleans(), second=st.sampled_from((-1, 0, 1)))
    def stays_away(self: Any, who: int, reads: bool, second: int) -> None:
        """Somebody is told, perhaps reads it, and the clock goes to when it is over."""
        person = self.world.who(self._somebody(who))
        for when in (_near, _over):
            ahead = [at for lot in person.lots if lot.left
                     if self.now < (at := when(person, lot, self.now)) < _LATEST]  # fmt: skip
            if not ahead:
                return
            self.now = min(ahead) + timedelta(seconds=second if when is _over else 0)
            self._happen(Night())
            person = self.world.who(person.name)
            if reads and when is _near:
                self._happen(Shows(person.name))
                person = self.world.who(person.name)

    @rule(who=FEW, wallet=FEW, place=FEW, days=st.sampled_from((0, 1, 9, 30)))
    def extends(self: Any, who: int, wallet: int, place: int, days: int) -> None:
        wallets = list(self.world.terms(self.now).program.wallets)
        name, person = wallets[wallet % len(wallets)], self._somebody(who)
        if any(lot.wallet == name and lot.left for lot in self.world.who(person).lots):
            until = self.now + timedelta(days=days, hours=5)
            self._happen(Spares(person, name, place, until))

    @precondition(lambda self: len(self.world.versions) < 4)
    @rule(number=SOME, ahead=FEW)
    def publishes(self: Any, number: int, ahead: int) -> None:
        at = self.now + ahead * makings.STRETCHES["a day"] if ahead else None
        newest, wished = self.world.versions[-1].source, version(number, self.zone)
        if wished != newest:
            self._happen(Publishes(wished, at))

    def another_version(self: Any, _: Any, number: int, _start: datetime) -> str:
        return version(number, self.zone)


_LATEST = datetime(9000, 1, 1, tzinfo=makings.STARTS[0].tzinfo)


def _near(person: Any, lot: Any, now: datetime) -> datetime:
    said = quiet.rule(person, lot.wallet, now)
    return _LATEST if said is None else quiet.end(person, lot, now) - timedelta(days=2 * said.days)


def _over(person: Any, lot: Any, now: datetime) -> datetime:
    return quiet.gone(person, lot, now)


class QuietLedger(Quiet, Ledger):
    """In memory."""


class QuietOnce(Quiet, LedgerOnce):
    """For drivers that keep what must happen once and decide whole batches."""

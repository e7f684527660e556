"""The machine for people who come over: one ladder follows on another, each by a plan of its own,
and they buy, bring back, are given tiers, turn out to be one, or tell late, before and after."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.beside.by_hand.events import GivesTier, TurnsTier
from tests.model.beside.looked_after.coming_over import plans
from tests.model.beside.looked_after.coming_over.versions import (
    FORMS,
    LADDERS,
    TWISTS,
    Plan,
    first,
    follows,
)
from tests.model.events import Happens, Joins, Merges, Night, Publishes, Returns, Unmerges
from tests.model.machine import FEW, SOME, Ledger, LedgerOnce
from tests.model.programs import ZONES

SUMS = (500, 1000, 1500, 2000, 2500, 4000, 6000, 9000)
LATE = tuple(timedelta(seconds=s) for s in (1, 1800, 7200, 86_400, 4 * 86_400, 40 * 86_400))
STRETCHES = tuple(name for name in makings.STRETCHES if name != "back an hour")
JUMPS = (*STRETCHES, *(f"{side} {edge}" for edge in ("tier", "tier", "midnight", "month")
                       for side in makings.AROUND), *("plan", "new year") * 2)  # fmt: skip
MEMBERS = ("keep", "upgrade_only", "step_by_step", "full")


class ComingOver:
    """Mixed into a machine: its own program, and what happens by it."""

    # What keeps the machine of every day busy would leave this one no time.
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = plays = None
    reserves = ends = blocks = settles = brings_back = None
    rolls_back = False

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(makings.STARTS),
        form=st.sampled_from([*FORMS]),
        ladder=st.sampled_from([*LADDERS]),
    )
    def opens(self: Any, zone: str, start: Any, form: str, ladder: str) -> None:
        self.now, self.source = start, first(zone, form, ladder)
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self.joins()

    def _who(self: Any, who: int) -> str:
        names = list(self.world.people) if self.log else ["m0"]
        return str(names[who % len(names)])

    _somebody = _who

    @precondition(lambda self: len(self.world.people) < 4)
    @rule()
    def joins(self: Any) -> None:
        self._happen(Joins(f"m{len(self.world.people) if self.log else 0}"))

    @rule(who=FEW, amount=st.sampled_from(SUMS), late=st.sampled_from((None,) * 5 + LATE))
    def buys_something(self: Any, who: int, amount: int, late: timedelta | None) -> None:
        name = self._who(who)
        at = None if late is None else self._late(name, late)
        self._happen(Happens("purchase", name, self._number("r"), at=at, amount=amount))

    def _late(self: Any, name: str, by: timedelta) -> Any:
        """Of whom tiers were given by hand nothing is told late here, nor before they joined."""
        person = self.world.who(name)
        at = self.now - by
        known = not person.given_tiers and max(person.joined, self.first[1]) <= at
        return at if known else None

    @precondition(lambda self: self.sales)
    @rule(which=SOME, amount=st.sampled_from((0, 0, 100, 500, 1000)),
          late=st.sampled_from((None,) * 5 + LATE))  # fmt: skip
    def something_comes_back(self: Any, which: int, amount: int, late: timedelta | None) -> None:
        sale = self.sales[-1 - which % len(self.sales)]
        pieces = ((0, amount),) if amount else ()
        at = None if late is None else self._late(sale.who, late)
        self._happen(Returns(sale.receipt, pieces, self._number("b"), at=at))

    @rule(jump=st.sampled_from(JUMPS))
    def time_goes_on(self: Any, jump: str) -> None:
        """Also to just before, at and just after whatever a plan says."""
        if jump in ("plan", "new year"):
            ahead = [at for at in self._edges(jump) if at > self.now]
            self.now = min(ahead, default=self.now + timedelta(hours=1))
        else:
            self.now = max(self.now, makings.moved(jump, self.now, self.world))

    def _edges(self: Any, jump: str) -> list[Any]:
        zone, year = self.world.versions[0].zone, self.now.year
        if jump == "new year":
            days = [date(year + n, 1, 1) for n in (0, 1)]
        else:
            said = [one.program.changeover.until_on for one in self.world.versions]
            days = [plans.wall.day_of(day) for day in said if day is not None]
        edges = [plans.wall.begins(zone, day) for day in days]
        if jump == "plan":
            edges += [one.since for one in self.world.versions]
        return [at + by for at in edges for by in makings.AROUND.values()]

    # --- another ladder -------------------------------------------------------------------

    @precondition(lambda self: len(self.world.versions) < 5)
    @rule(
        said=st.tuples(st.sampled_from([*LADDERS]), st.sampled_from(MEMBERS)),
        until=st.sampled_from((None, None, 1, 3, 40, 500)),
        ahead=st.sampled_from((0, 0, 1, 30, 24 * 40)),
        more=st.tuples(
            st.sampled_from(("", "", *TWISTS)), st.sampled_from(("",) * 12 + tuple(FORMS))
        ),
        then=SOME,
    )
    def another_ladder(
        self: Any,
        said: tuple[str, str],
        until: int | None,
        ahead: int,
        more: tuple[str, str],
        then: int,
    ) -> None:
        """From now on or from a day that comes, and whoever is there comes over: by the night, by
        what they buy, or by what comes back."""
        start = self.now + timedelta(hours=ahead)
        self.publish(said[0], Plan(said[1]), (start, until), *more)
        if then == 0 or not ahead:
            self.now = max(self.now, start) + timedelta(minutes=1)
        if then in (1, 2):
            self.now = max(self.now, start - timedelta(seconds=then - 1))
        if then in (2, 3, 4):
            self._happen(Night())
        if then == 5 and self.sales:
            self.something_comes_back(which=0, amount=100, late=None)
        if then == 6:
            self.buys_something(who=then, amount=500, late=None)
        if then == 7:
            self.buys_something(who=then, amount=2000, late=timedelta(seconds=90))

    def publish(
        self: Any, ladder: str, plan: Plan, when: tuple[Any, int | None], twist: str = "",
        form: str = "",
    ) -> None:  # fmt: skip
        """A version follows on the one that rules just before it; `when` has its instant, and after
        how many days something ends."""
        start, days = when
        before = [one for one in self.world.versions if one.since < start]
        if not before:
            return
        last = sorted(before, key=lambda one: one.since)[-1]
        if days is not None:
            plan = plan._replace(until_on=last.day(start) + timedelta(days=days))
        number = len(self.world.published) + 1
        source = follows(last.source, number, ladder, plan, twist, form)
        if source is not None:
            self._happen(Publishes(source, start if start > self.now else None))

    def another_version(self: Any, before: Any, number: int, start: Any) -> str | None:
        """To be taken back before its day; whoever is moved by it was affected."""
        chance = Random(number)
        days, twist = chance.choice((None, 3, 40)), chance.choice(("", "", *TWISTS))
        until = None if days is None else before.day(start) + timedelta(days=days)
        plan = Plan(chance.choice(MEMBERS), until)
        there = len(self.world.published) + 1
        return follows(before.source, there, chance.choice([*LADDERS]), plan, twist)

    # --- what else is about tiers ---------------------------------------------------------

    @precondition(lambda self: self._may_be_given())
    @rule(
        who=FEW,
        tier=FEW,
        ends=st.tuples(st.sampled_from((2, 40)), st.booleans()),
        said=st.tuples(st.sampled_from([*LADDERS]), st.sampled_from(MEMBERS)),
        until=st.sampled_from((None, 30, 500)),
    )
    def is_given_a_tier(
        self: Any,
        who: int,
        tier: int,
        ends: tuple[int, bool],
        said: tuple[str, str],
        until: int | None,
    ) -> None:
        """The ladder changes while somebody stands on what was given to them; then it ends."""
        name, there = self._who(who), self.world.terms(self.now).ladder
        person, last = self.world.who(name), self.now + timedelta(days=42)
        if person.united or person.given_tiers or person.joined.year != last.year:
            return
        given = self._number("t")
        self._happen(GivesTier(name, "granted", there[tier % len(there)], given, ends[0]))
        self.now += timedelta(minutes=1)
        self.publish(said[0], Plan(said[1]), (self.now, until))
        self.now += timedelta(minutes=1)
        if tier:
            self._happen(Night())
        if ends[1]:
            self._happen(TurnsTier(given, "ended"))
        self.now += timedelta(days=ends[0])
        self._happen(Night())

    def _may_be_given(self: Any) -> bool:
        """What somebody would have reached alone is worked out by hand year by year."""
        if not self.log or len(self.world.versions) > 4:
            return False
        windows = {one.tiers.window for one in self.world.versions}
        return windows <= {"calendar_year", "ever"} and all(
            one.since < self.now for one in self.world.versions[1:]
        )

    @precondition(lambda self: len(self.world.people) > 1 and not self.world.merged)
    @rule(who=FEW, into=FEW)
    def turn_out_to_be_one(self: Any, who: int, into: int) -> None:
        """Of two to whom tiers were given it is not worked out by hand where they stand."""
        pair = self._who(who), self._who(into)
        if not any(self.world.who(one).given_tiers for one in pair):
            self._happen(Merges(*pair))

    @precondition(lambda self: self.world.merged)
    @rule(which=FEW)
    def were_two_after_all(self: Any, which: int) -> None:
        names = list(self.world.merged)
        self._happen(Unmerges(names[which % len(names)]))


class ComingOverLedger(ComingOver, Ledger):
    """In memory."""


class ComingOverOnce(ComingOver, LedgerOnce):
    """For drivers that keep what must happen once."""

    tells_at_once = reserve_at_once = end_at_once = repeats = None

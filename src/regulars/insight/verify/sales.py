"""Every purchase made good again from its kept decisions: pieces, points, limits and credit.

The streams run side by side in the order of program, member and purchase, so that memory holds
one purchase and the sums of one member, whatever the size of the books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from regulars.insight.verify.budgets import Drawn, counted_in, drawn, given, period_of
from regulars.insight.verify.connection import Connection, Rows
from regulars.insight.verify.facts import Facts, Terms
from regulars.insight.verify.report import Tally
from regulars.insight.verify.restated import due
from regulars.insight.verify.ways import Way
from regulars.records.trail.types import Steps, unpack

TRAILS: Final = "caps_hold"
ISSUED: Final = "points_explained"
SOLD: Final = "returned_pieces"
COUNTERS: Final = "counters_follow"
BUDGETS: Final = "budgets_follow"
STREAMS: Final = (TRAILS, ISSUED, SOLD, COUNTERS, BUDGETS)
"""The checks that are made together, each by the rows of its own SQL file."""

Key = tuple[int, UUID, UUID]
Chain = Sequence[tuple[UUID, Steps]]
"""A purchase and its returns as they followed each other, by id."""


async def recount(
    connection: Connection, sql: Mapping[str, str], facts: Facts, by: Recount | None = None
) -> dict[str, tuple[Tally, int]]:
    """Violations and rows of the checks that read the kept decisions.

    Shape: `sql` and the answer by the names in `STREAMS`.
    """
    streams = {name: await Rows.of(connection, sql[name]) for name in STREAMS}
    trails, issued, sold = streams[TRAILS], streams[ISSUED], streams[SOLD]
    count = by or Recount(facts)
    while (row := await trails.peek()) is not None:
        key: Key = row[:3]
        if key[:2] != count.member:
            await _end_member(count, streams[COUNTERS])
            count.member = key[:2]
        decisions = await _rows_at(trails, key, None)
        booked = await _rows_at(issued, key, count.unexplained)
        count.purchase(key, decisions, booked, await _rows_at(sold, key, None))
    await _end_member(count, streams[COUNTERS])
    while (row := await issued.peek()) is not None:
        issued.step()
        count.unexplained.add(**row)
    while (row := await streams[COUNTERS].peek()) is not None:
        streams[COUNTERS].step()
        count.stray_counter(row)
    kept = await _all_of(streams[BUDGETS])
    count.drawn.compare(kept, count.tallies[BUDGETS], count.tallies[TRAILS])
    return {name: (count.tallies[name], streams[name].seen) for name in STREAMS}


async def _all_of(rows: Rows) -> list[Any]:
    found = []
    while (row := await rows.peek()) is not None:
        rows.step()
        found.append(row)
    return found


async def _rows_at(rows: Rows, key: tuple[Any, ...], stray: Tally | None) -> list[Any]:
    """The rows of one purchase (or member); rows before it belong to no decision."""
    found, width = [], len(key)
    while (row := await rows.peek()) is not None:
        place = row[:width]
        if place > key:
            break
        rows.step()
        if place == key:
            found.append(row)
        elif stray is not None:
            stray.add(**row)
    return found


async def _end_member(count: Recount, counters: Rows) -> None:
    if count.member is None:
        return
    while (row := await counters.peek()) is not None and row[:2] < count.member:
        counters.step()
        count.stray_counter(row)
    count.end_member(await _rows_at(counters, count.member, None))


class Recount:
    """Sums up one member after the other and compares them with what is kept."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.member: tuple[int, UUID] | None = None
        self.tallies = {name: Tally() for name in STREAMS}
        self.unexplained = self.tallies[ISSUED]
        self.drawn = Drawn(facts)
        self._counted: dict[tuple[int, int], int] = {}
        self._most: dict[tuple[int, int], int] = {}
        self._gave: dict[int, list[tuple[int, int]]] = {}
        """When rules gave that rest afterwards, and for how long, by counter."""
        self._reached: dict[tuple[int, int], tuple[Terms, Way, int]] = {}
        """Which milestones count under a counter, with a day of the period."""

    def purchase(
        self, key: Key, decisions: Sequence[Any], booked: Sequence[Any], sold: Sequence[Any]
    ) -> None:
        """Everything about one purchase (or visit) and its returns."""
        chain = chain_of(key[2], decisions)
        if not chain:
            return  # activities_have_trails says so
        first, last = chain[0][1], chain[-1][1]
        terms = self.facts.terms.get((key[0], first.version))
        if terms is None:
            self._wrong(ISSUED, key, wrong=f"version {first.version} was never published")
            return
        if sold:
            self._pieces(key, chain, sold, terms)
        for way, counts in zip(terms.ways, last.milestones, strict=False):
            period = way.first_day + period_of(way.per, first.day)
            if counts and way.steps:
                self._count((way.counter, period), counts)
                self._reached[way.counter, period] = terms, way, first.day
            elif counts:
                self._count((way.counter, -1 - period), counts)
        self._credits(last, terms)
        if first.given:
            self._points(key, [steps for _, steps in chain], booked, terms)
            self._limits(key, (first, last), terms)
            self.drawn.decided(key, (first, last), terms)

    def _pieces(self, key: Key, chain: Chain, sold: Sequence[Any], terms: Terms) -> None:
        asked = {row["activity_id"]: row for row in sold}
        if key[2] not in asked:
            return  # returns_name_sales says so
        bought = tuple(asked[key[2]]["pieces"])
        before = (0,) * len(bought)
        for activity_id, steps in chain[1:]:
            named = asked.get(activity_id)
            if named is not None and not _fits(bought, before, steps.returned, named):
                self._wrong(
                    SOLD, key, activity_id=activity_id, bought=bought, back_before=before,
                    back=steps.returned,
                )  # fmt: skip
            before = steps.returned or before  # decided again before anything came back
        last = chain[-1][1]
        if len(chain) > 1 and tuple(last.returned) == bought and last.given:
            self._nothing_left(key, last, terms, len(chain) - 1)

    def _nothing_left(self, key: Key, last: Steps, terms: Terms, returns: int) -> None:
        """A purchase that came back whole gives nothing.

        Where a remainder is kept, each return may break one step more out of what other
        purchases of the member left; the fractions themselves come to nothing.
        """
        for wallet in terms.rules_of:
            left = given(terms, last, wallet)
            fractions = last.stands.get(terms.names[wallet], 0)
            if fractions or abs(left) > terms.slack[wallet] * returns:
                self._wrong(SOLD, key, wallet=wallet, still_gives=left, fractions=fractions)

    def _points(
        self, key: Key, chain: Sequence[Steps], booked: Sequence[Any], terms: Terms
    ) -> None:
        first, last = chain[0], chain[-1]
        if first is last and all_given(terms, first) == arrived_at_once(booked):
            return  # most purchases: nothing came back, and all of it arrived
        sums = sums_of(booked)
        for wallet in {**terms.rules_of, **dict.fromkeys(wallet for _, wallet in sums)}:
            gave, must = given(terms, first, wallet), due(terms, chain, wallet)
            earned, back = sums.get(("earn", wallet), 0), -sums.get(("return", wallet), 0)
            lapsed = last.lapsed.get(terms.names.get(wallet, ""), 0)
            restated = sums.get(("restate", wallet), 0)
            short = back < must.back and wallet in terms.takes_all
            excused = lapsed > sums.get(("expire", wallet), 0)
            again = must.least <= restated <= must.most
            if (
                earned != gave
                or not 0 <= back <= max(must.back, 0)
                or short
                or excused
                or not again
            ):
                self._wrong(
                    ISSUED, key, wallet=wallet, earned_booked=earned, earned_decided=gave,
                    back_booked=back, back_decided=must.back, lapsed_decided=lapsed,
                    lapsed_booked=sums.get(("expire", wallet), 0), again_booked=restated,
                    again_decided=must.least,
                )  # fmt: skip

    def _limits(self, key: Key, ends: tuple[Steps, Steps], terms: Terms) -> None:
        first, last = ends
        for place, cap in enumerate(terms.caps):
            gave = first.given[cap.rule]
            room = first.room[place] if place < len(first.room) else 0
            if gave and (gave > room if cap.counts_points else room < 1):
                self._wrong(TRAILS, key, rule=self._rule(terms, cap.rule), gave=gave, room=room)
            gives = last.given[cap.rule]
            if gives and cap.per != "activity" and not cap.shared:
                counter = (cap.counter, counted_in(cap, first))
                self._count(counter, gives if cap.counts_points else 1)
                self._most[counter] = max(self._most.get(counter, 0), cap.most)
                if cap.rest:
                    self._gave.setdefault(cap.counter, []).append((counter[1], cap.rest))

        for one in terms.each_at_most:
            gives = given(terms, last, one.wallet)
            if gives > one.most:
                wallet = terms.names[one.wallet]
                self._wrong(TRAILS, key, wallet=wallet, gives=gives, most=one.most)
        for one in terms.own_budgets:
            points = drawn(terms, last, one.wallet)
            if points:
                counter = (one.counter, period_of(one.per, first.day))
                self._count(counter, points)
                self._most[counter] = max(self._most.get(counter, 0), one.most)

    def _credits(self, last: Steps, terms: Terms) -> None:
        """What still counts for each ladder, by each of its measures."""
        if last.credit:
            self._count((terms.credit_counter, last.credit_period), last.credit)
        if last.other_credit:
            self._count((terms.other_credit, last.credit_period), last.other_credit)
        for name, (_, credit, other, period) in last.further.items():
            codes = terms.further.get(name, (0, 0))
            for code, gained in zip(codes, (credit, other), strict=True):
                if gained:
                    self._count((code, period), gained)
        for name, came_back in last.came_back.items():
            codes = terms.came_back.get(name, (0, 0))
            for period, *took in came_back:
                for code, units in zip(codes, took, strict=True):
                    if units:
                        self._count((code, period), units)

    def end_member(self, kept: Sequence[Any]) -> None:
        """Compare the sums of a member with the counters, and begin the next one."""
        assert self.member is not None
        program_id, member_id = self.member
        people = 1 + self.facts.united.get(self.member, 0)
        before = {(row["counter"], row["period"]): row["before"] for row in kept}
        for key, each in self._most.items():
            most = each * people
            if self._counted[key] + before.get(key, 0) > most:
                self.tallies[TRAILS].add(
                    program_id=program_id, member_id=member_id, period=key[1], most=most,
                    counter=self.facts.counters.get((program_id, key[0])),
                    given=self._counted[key],
                )  # fmt: skip
        for (counter, period), (terms, way, day) in self._reached.items():
            judge = self.facts.promised(program_id, terms, way, day)
            # What was given before for what came together before is a part of what is due now.
            together = self._counted[counter, period] + before.get((counter, period), 0)
            gives = judge.due(together) - before.get((way.given, period), 0)
            if gives:
                self._count((way.given, period), gives)
        for row in kept:
            self.drawn.milestone(row)
            counted = self._counted.pop((row["counter"], row["period"]), 0)
            self._compare(row, counted + row["before"])
        for (counter, period), value in self._counted.items():
            if value:
                self._compare(
                    {"program_id": program_id, "member_id": member_id, "counter": counter,
                     "period": period, "value": 0}, value,
                )  # fmt: skip
        if people == 1:  # who was merged was given to apart
            self._too_soon(program_id, member_id)
        self._counted, self._most, self._gave, self._reached = {}, {}, {}, {}

    def _too_soon(self, program_id: int, member_id: UUID) -> None:
        """Times at which a rule gave while it should have rested."""
        for counter, times in self._gave.items():
            times.sort()
            for (before, rest), (after, least) in pairwise(times):
                if after - before < min(rest, least):
                    self.tallies[TRAILS].add(
                        program_id=program_id, member_id=member_id, period=after, before=before,
                        rests=min(rest, least),
                        counter=self.facts.counters.get((program_id, counter)),
                    )  # fmt: skip

    def stray_counter(self, row: Any) -> None:
        """A counter of a member about whom nothing was ever decided."""
        self.drawn.milestone(row)
        self._compare(row, row["before"])

    def _compare(self, row: Mapping[str, Any], counted: int) -> None:
        name = self.facts.counters.get((row["program_id"], row["counter"]), "")
        if name.startswith(("reward:", "transfer:", "benefit:")):
            return  # reward_limits, gifts_counted and benefits_counted compare them
        if name.startswith("milestone-lapsed:") or self.facts.given_to_two(row, name):
            return  # milestones_booked compares it with what was booked
        if (row["program_id"], row["counter"]) in self.facts.with_budget:
            if not 0 <= row["value"] <= counted:  # what was left when it was reached
                self.tallies[COUNTERS].add(**row, counted=counted, name=name or None)
        elif name.startswith("remainder:"):
            most = int(name.rsplit(":", 1)[1]) * self._largest_step(row, name)
            # Fractions of members who were merged lie together until the next one is rounded.
            people = 1 + self.facts.united.get((row["program_id"], row["member_id"]), 0)
            if abs(row["value"]) >= most * people:
                self.tallies[COUNTERS].add(**row, name=name)
        elif row["value"] != counted:
            self.tallies[COUNTERS].add(**row, counted=counted, name=name or None)

    def _largest_step(self, row: Mapping[str, Any], name: str) -> int:
        wallet = name.split(":")[1]
        steps = [
            terms.program.wallets[wallet].rounding.step
            for (program_id, _), terms in self.facts.terms.items()
            if program_id == row["program_id"] and wallet in terms.program.wallets
        ]
        return max(steps, default=1)

    def _count(self, key: tuple[int, int], by: int) -> None:
        self._counted[key] = self._counted.get(key, 0) + by

    def _wrong(self, check: str, key: Key, **said: Any) -> None:
        program_id, member_id, sale_id = key
        self.tallies[check].add(program_id=program_id, member_id=member_id, sale_id=sale_id, **said)

    @staticmethod
    def _rule(terms: Terms, place: int) -> str:
        return terms.program.rules[place].id


def chain_of(sale_id: UUID, decisions: Sequence[Any]) -> Chain:
    """A purchase and its returns as they followed each other; empty when its own trail is missing.

    Pieces only ever come back, so their number tells the order, whatever clocks said.
    """
    found = [(row["activity_id"], unpack(row["packed"])) for row in decisions]
    if len(found) > 1:
        found.sort(key=lambda one: (one[0] != sale_id, sum(one[1].returned), one[1].times))
    return found if found[0][0] == sale_id else []


def sums_of(booked: Sequence[Any]) -> dict[tuple[str, int], int]:
    """What was booked for a purchase, per kind of entry and wallet."""
    sums: dict[tuple[str, int], int] = {}
    for row in booked:
        place = row["kind"], row["wallet"]
        sums[place] = sums.get(place, 0) + row["points"]
    return sums


def arrived_at_once(booked: Sequence[Any]) -> dict[int, int] | None:
    """Per wallet what was booked for a purchase, when that was only once."""
    found = {row["wallet"]: row["points"] for row in booked}
    return found if len(found) == len(booked) else None


def all_given(terms: Terms, steps: Steps) -> dict[int, int]:
    """What a decision gives, per wallet that gets something."""
    gives = {wallet: given(terms, steps, wallet) for wallet in terms.rules_of}
    return {wallet: points for wallet, points in gives.items() if points}


def _fits(
    bought: Sequence[int], before: Sequence[int], after: Sequence[int], asked: Mapping[str, Any]
) -> bool:
    """Whether a return took back just what it named, and no more than there was."""
    if len(after) != len(bought) or any(n > most for n, most in zip(after, bought, strict=True)):
        return False
    taken = [now - then for now, then in zip(after, before, strict=True)]
    if min(taken) < 0 or not any(taken):
        return False
    if not asked["lines"]:
        return tuple(after) == tuple(bought)
    wanted = [0] * len(bought)
    for line, pieces in zip(asked["lines"], asked["pieces"], strict=True):
        if line >= len(wanted):
            return False
        wanted[line] += pieces
    return wanted == taken

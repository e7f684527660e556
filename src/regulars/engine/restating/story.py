"""A member's activities in the order they happened, and the tiers that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.calendar import local
from regulars.engine.deciding import tiering
from regulars.engine.deciding.earn import tier_seen
from regulars.engine.ladder import giving, kept
from regulars.engine.ladder.counting import counts_status, every, may_owe, measured
from regulars.engine.ladder.credit import Coming, bucket, comes_later
from regulars.engine.restating.codes import Over
from regulars.engine.returning.sale import Sale
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version, same_ladder
from regulars.records.activity.types import Activity
from regulars.records.standing.grants.types import TierGrant
from regulars.records.standing.types import TierMove
from regulars.records.trail.types import Steps

Key = tuple[datetime, bool, UUID]
Credit = Mapping[int, int]
"""Credit on every ladder, by the counter it stands in."""
NONE: Final[Credit] = {}


class Mark(Struct, frozen=True):
    """Something that happened: a deed rules saw, with its credit, or a return, with what it took.

    Order: by instant; a return after everything else of its instant, and never before its sale.
    """

    key: Key
    sale: Sale
    credit: Credit

    @property
    def at(self) -> datetime:
        return self.key[0]

    @property
    def back(self) -> bool:
        return self.key[1]


class Begin(Struct):
    """Where a story begins that is told from an instant on: how the member stood then.

    Assumes: nothing that happened up to then was told after it, so what comes late changes
    nothing of it (ADR 0261).
    """

    at: datetime
    tier: str | None
    since: datetime | None
    until: datetime | None
    counted: dict[UUID, Credit] = {}
    """Of deeds before, that are named after, the credit they had then."""
    counters: dict[tuple[int, int], int] = {}


def may_begin(terms: Terms, state: MemberState) -> bool:
    """Whether a member's story can be told from the middle: they were always on one ladder, on
    which nobody climbs by waiting, and nobody put them on it by hand."""
    first, plain = terms.versions[0], not state.grants and state.moved_at is None
    return plain and all(
        one.program.tiers is not None
        and one.credit_counter == first.credit_counter
        and same_ladder(first, one)
        and not one.cutovers
        and not comes_later(one)
        for one in terms.versions
    )


class Story(Struct):
    """Everything a member did, as far as the order of it decides about tiers."""

    sales: dict[UUID, Sale] = {}
    """Every deed as it stands, by its id."""
    marks: dict[Key, Mark] = {}
    granted: list[TierMove] = []
    """Tiers that were brought over from elsewhere."""
    begin: Begin | None = None
    """Where it begins; with their joining, unless said."""
    before: dict[tuple[int, int], int] = {}
    """Credit they had when they came here from elsewhere, by counter and period."""
    over: dict[str, Over] = {}
    """Codes told with its deeds that are good no more."""

    def begins(self, state: MemberState, terms: Terms) -> None:
        """Work out what credit there was where the story begins: all there is, less what follows.

        Assumes: everything after it joined the story, and nothing was decided since it was read.
        """
        begin = self.begin
        assert begin is not None, state.member_id
        counters, counted = dict(state.counters), dict(begin.counted)
        for mark in self.in_order():
            version, id_ = terms.numbered(mark.sale.steps.version), mark.sale.activity.activity_id
            left = counted.get(id_, NONE)
            credit = mark.credit
            if mark.back:
                credit = at_least_none(plus(left, credit, -1), _owed(version))
            for counts, more in _on_each(version, plus(credit, left, -1)):
                key = counts.credit_counter, bucket(counts, state, mark.sale.steps.day)
                counters[key] = counters.get(key, 0) - more
                if (back := _back_of(mark, counts, key[1])) is not None:
                    counters[back] = counters.get(back, 0) + more
            counted[id_] = credit
        begin.counters = counters

    def did(self, sale: Sale, credit: Credit) -> Key:
        """A deed joins the story."""
        done = sale.activity
        self.sales[done.activity_id] = sale
        return self._mark((done.occurred_at, False, done.activity_id), sale, credit)

    def came_back(
        self, sale: Sale, activity: Activity, then: tuple[tuple[int, ...], Credit]
    ) -> Key:
        """Some of a deed came back; `then` says what had come back by then, and the credit left."""
        returned, left = then
        sale.stages.append(returned)
        at = max(activity.occurred_at, sale.activity.occurred_at)
        # What this one took, not what it left: of two returns the earlier one may come later.
        took = at_least_none(plus(self._left_of(sale), left, -1))
        return self._mark((at, True, activity.activity_id), sale, took)

    def _left_of(self, sale: Sale) -> Credit:
        """The credit that a deed has by all that came so far."""
        left = NONE
        if self.begin is not None:
            left = self.begin.counted.get(sale.activity.activity_id, NONE)
        for one in self.marks.values():
            if one.sale is sale:
                left = plus(left, one.credit, -1 if one.back else 1)
        return left

    def _mark(self, key: Key, sale: Sale, credit: Credit) -> Key:
        self.marks[key] = Mark(key, sale, credit)
        return key

    def shift(self, sale: Sale, by: Credit) -> None:
        """A deed was decided anew: its credit is so much more or less."""
        for key, one in self.marks.items():
            if one.sale is sale and not one.back:
                self.marks[key] = replace(one, credit=plus(one.credit, by))

    def in_order(self) -> list[Mark]:
        return sorted(self.marks.values(), key=lambda one: one.key)

    def credit_of(self, mark: Mark) -> Credit:
        """The credit of a deed, or what a return took of it, by now: it may have been shifted."""
        return self.marks[mark.key].credit


Look = Callable[[Mark, int, MemberState], None]


class _Telling(NamedTuple):
    """A story while it is told again: of whom, by which terms, until when, shown to whom."""

    story: Story
    scratch: MemberState
    terms: Terms
    now: datetime
    look: Look
    quiet: Changes
    """Where everything goes that nobody is told of."""
    counted: dict[UUID, Credit]
    """Per deed the credit that was told so far."""


def replay(
    state: MemberState, terms: Terms, now: datetime, *, before: Key | None = None, look: Look
) -> MemberState:
    """The member's tier and credit as they follow from the story, told in order.

    Shape: a copy with nothing but tier and credit; `look` is shown each deed with the step it was
    seen at and how the member stood, and may decide it anew. With `before` the story ends just
    before that.
    Order: reviews that are due come before each deed and each return, as when it was decided.
    """
    assert state.story is not None, state.member_id
    scratch = MemberState(state.member_id, state.joined_at, {}, recorded_at=state.recorded_at)
    quiet = Changes(no_id)
    begin = state.story.begin
    counted = dict(begin.counted) if begin else {}
    telling = _Telling(state.story, scratch, terms, now, look, quiet, counted)
    if begin is None:
        scratch.counters = dict(state.story.before)
        tiering.enter(quiet, scratch, terms.at(state.joined_at), state.joined_at)
    else:
        scratch.tier, scratch.tier_since, scratch.tier_until = begin.tier, begin.since, begin.until
        scratch.counters = dict(begin.counters)
    scratch.grants = [one for one in state.grants if one.ladder]
    given = _given(state, quiet, terms)
    last = None if before is None else before[0]
    for mark in state.story.in_order():
        if before is not None and mark.key > before:
            break
        while given and given[-1][0] <= mark.at:
            given.pop()[1](scratch)
        _tell(telling, mark)
    while given and (last is None or given[-1][0] <= last):
        given.pop()[1](scratch)
    return scratch


def _given(
    state: MemberState, quiet: Changes, terms: Terms
) -> list[tuple[datetime, Callable[[MemberState], None]]]:
    """What others did about the member's tier, the last of it first."""
    assert state.story is not None, state.member_id
    found: list[tuple[datetime, Callable[[MemberState], None]]] = [
        (one.occurred_at, partial(_grant, move=one)) for one in state.story.granted
    ]
    for one in state.grants:
        if one.begun_at is not None and not one.ladder:
            found.append((one.begun_at, partial(_begin, quiet=quiet, terms=terms, given=one)))
            if one.closed_at is not None:
                found.append((one.closed_at, partial(_end, quiet=quiet, terms=terms, given=one)))
    return sorted(found, key=lambda one: one[0], reverse=True)


def _begin(scratch: MemberState, quiet: Changes, terms: Terms, given: TierGrant) -> None:
    assert given.begun_at is not None, given
    version = terms.at(given.begun_at)
    if version.program.tiers is not None:
        tiering.review(quiet, scratch, version, given.begun_at)
        bare = replace(given, closed_at=None, closed_as=None)
        giving.begin(quiet, scratch, version, bare, given.begun_at)


def _end(scratch: MemberState, quiet: Changes, terms: Terms, given: TierGrant) -> None:
    assert given.closed_at is not None, given
    version = terms.at(given.closed_at)
    if version.program.tiers is not None:
        tiering.review(quiet, scratch, version, given.closed_at)
        giving.end(quiet, scratch, version, given.grant_id, given.closed_at)


def _tell(telling: _Telling, mark: Mark) -> None:
    story, scratch, terms, now, look, quiet, counted = telling
    id_, day = mark.sale.activity.activity_id, mark.sale.steps.day
    version = terms.numbered(mark.sale.steps.version)
    rules = terms.at(mark.at) if mark.back else version
    tiering.move_over(quiet, scratch, terms.at(mark.at), min(mark.at, now))
    tiering.review(quiet, scratch, rules, min(mark.at, now))
    if not mark.back:
        tier = tier_seen(scratch, version, day, credit_before(version, mark.credit))
        look(mark, tier, scratch)
    credit, left = story.credit_of(mark), counted.get(id_, NONE)
    if mark.back:
        credit = at_least_none(plus(left, credit, -1), _owed(version))
    _count(quiet, scratch, (version, mark), day, plus(credit, left, -1))
    counted[id_] = credit
    if mark.back:
        promised = terms.between(scratch.tier_since or mark.at, mark.at)
        tiering.revoke(quiet, scratch, version, mark.at, (mark.key[2], day), promised)
    elif any(credit.get(one.credit_counter) for one in measured(version)):
        tiering.climb(quiet, scratch, version, (mark.at, day), id_)


def _count(
    quiet: Changes, scratch: MemberState, what: tuple[Version, Mark], day: int, by: Credit
) -> None:
    version, mark = what
    for counts, more in _on_each(version, by):
        period = bucket(counts, scratch, day)
        quiet.count(scratch, counts.credit_counter, period, more, owes=may_owe(counts))
        if (back := _back_of(mark, counts, period)) is not None:
            quiet.count(scratch, *back, -more)


def _back_of(mark: Mark, counts: Version, period: int) -> tuple[int, int] | None:
    """Where it is kept in mind that a deed counted up to the day on which it came back."""
    if not mark.back or not counts.back_counter:
        return None
    noted = kept.noted_in(counts, period, local(counts.zone, mark.at).day)
    return None if noted is None else (counts.back_counter, noted)


def _on_each(version: Version, by: Credit) -> Iterator[tuple[Version, int]]:
    """Every ladder by each measure of which there is more or less, with how much."""
    for counts in every(version):
        if more := by.get(counts.credit_counter, 0):
            yield counts, more


def credit_before(version: Version, credit: Credit) -> Coming:
    """What of a deed's credit for the tiers is known before rules look: status credit is what they
    give."""
    known = {
        one.credit_counter: 0 if counts_status(one) else credit.get(one.credit_counter, 0)
        for one in measured(version)
    }
    other = version.other
    return known.get(version.credit_counter, 0), known[other.credit_counter] if other else 0


def credit_of(version: Version, steps: Steps) -> Credit:
    """The credit a decision left a deed on every ladder of the version that decided it."""
    had = {"": (steps.credit, steps.other_credit)}
    had |= {name: kept[1:3] for name, kept in steps.further.items()}
    found: dict[int, int] = {}
    for name, credit in had.items():
        ladder = version.further[name] if name else version
        for one, units in zip(measured(ladder), credit, strict=False):
            found[one.credit_counter] = units
    return found


def plus(one: Credit, other: Credit, sign: int = 1) -> Credit:
    """Credit of both, counter by counter."""
    return {code: one.get(code, 0) + sign * other.get(code, 0) for code in {**one, **other}}


def at_least_none(credit: Credit, owed: Collection[int] = ()) -> Credit:
    """Credit that is never below nothing, but where it may be owed."""
    return {code: units if code in owed else max(units, 0) for code, units in credit.items()}


def _owed(version: Version) -> set[int]:
    return {one.credit_counter for one in every(version) if may_owe(one)}


def _grant(scratch: MemberState, move: TierMove) -> None:
    scratch.tier, scratch.tier_until = move.to_tier, move.until_at
    scratch.tier_since = move.occurred_at


def no_id() -> UUID:
    """What is only worked out and never written needs no ids."""
    return UUID(int=0)

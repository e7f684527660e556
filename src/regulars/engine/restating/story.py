"""A member's activities in the order they happened, and the tiers that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.deciding import tiering
from regulars.engine.deciding.earn import tier_seen
from regulars.engine.returning.sale import Sale
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.standing.types import TierMove
from regulars.records.trail.types import Steps

Key = tuple[datetime, bool, UUID]


class Mark(Struct, frozen=True):
    """Something that happened: a deed rules saw, or a return of one, and its credit from then on.

    Order: by instant; a return after everything else of its instant, and never before its sale.
    """

    key: Key
    sale: Sale
    credit: int

    @property
    def at(self) -> datetime:
        return self.key[0]

    @property
    def back(self) -> bool:
        return self.key[1]


class Story(Struct):
    """Everything a member did, as far as the order of it decides about tiers."""

    sales: dict[UUID, Sale] = {}
    """Every deed as it stands, by its id."""
    marks: dict[Key, Mark] = {}
    granted: list[TierMove] = []
    """Tiers that were brought over from elsewhere."""

    def did(self, sale: Sale, credit: int) -> Key:
        """A deed joins the story."""
        done = sale.activity
        self.sales[done.activity_id] = sale
        return self._mark((done.occurred_at, False, done.activity_id), sale, credit)

    def came_back(self, sale: Sale, activity: Activity, steps: Steps) -> Key:
        """Some of a deed came back; the steps say how it stood then."""
        sale.stages.append(steps.returned)
        at = max(activity.occurred_at, sale.activity.occurred_at)
        return self._mark((at, True, activity.activity_id), sale, steps.credit)

    def _mark(self, key: Key, sale: Sale, credit: int) -> Key:
        self.marks[key] = Mark(key, sale, credit)
        return key

    def shift(self, sale: Sale, by: int) -> None:
        """A deed was decided anew: all credit of it is so much more or less."""
        for key, one in self.marks.items():
            if one.sale is sale:
                self.marks[key] = replace(one, credit=max(one.credit + by, 0))

    def in_order(self) -> list[Mark]:
        return sorted(self.marks.values(), key=lambda one: one.key)

    def credit_of(self, mark: Mark) -> int:
        """The credit of a mark by now; it may have been shifted."""
        return self.marks[mark.key].credit


Look = Callable[[Mark, int], None]


def replay(
    state: MemberState, terms: Terms, now: datetime, *, before: Key | None = None, look: Look
) -> MemberState:
    """The member's tier and credit as they follow from the story, told in order.

    Shape: a copy with nothing but tier and credit; `look` is shown each deed with the step it was
    seen at, and may decide it anew. With `before` the story ends just before that.
    Order: reviews that are due come before each deed, as when it was decided.
    """
    assert state.story is not None, state.member_id
    scratch = MemberState(state.member_id, state.joined_at, {})
    quiet = Changes(no_id)
    tiering.enter(quiet, scratch, terms.at(state.joined_at), state.joined_at)
    counted: dict[UUID, int] = {}
    grants = sorted(state.story.granted, key=lambda one: one.occurred_at, reverse=True)
    for mark in state.story.in_order():
        while grants and grants[-1].occurred_at <= mark.at:
            _grant(scratch, grants.pop())
        if before is not None and mark.key > before:
            return scratch
        _tell(state.story, quiet, scratch, terms, (mark, now, look), counted)
    while grants:
        _grant(scratch, grants.pop())
    return scratch


def _tell(
    story: Story,
    quiet: Changes,
    scratch: MemberState,
    terms: Terms,
    told: tuple[Mark, datetime, Look],
    counted: dict[UUID, int],
) -> None:
    mark, now, look = told
    id_, day = mark.sale.activity.activity_id, mark.sale.steps.day
    version = terms.numbered(mark.sale.steps.version)
    if not mark.back:
        tiering.review(quiet, scratch, version, min(mark.at, now))
        look(mark, tier_seen(scratch, version, day, credit_before(version, mark.credit)))
    credit = story.credit_of(mark)
    _count(quiet, scratch, version, (day, mark.at), credit - counted.get(id_, 0))
    counted[id_] = credit
    if mark.back:
        tiering.revoke(quiet, scratch, version, mark.at, (mark.key[2], day))
    elif credit:
        tiering.climb(quiet, scratch, version, (mark.at, day), id_)


def _count(
    quiet: Changes, scratch: MemberState, version: Version, when: tuple[int, datetime], by: int
) -> None:
    if by and version.program.tiers is not None:
        period = tiering.bucket(version, scratch, when[0])
        quiet.count(scratch, version.credit_counter, period, by)


def credit_before(version: Version, credit: int) -> int:
    """What of a deed's credit is known before rules look: status credit is what they give."""
    tiers = version.program.tiers
    return 0 if tiers is None or tiers.measure == "status" else credit


def _grant(scratch: MemberState, move: TierMove) -> None:
    scratch.tier, scratch.tier_until = move.to_tier, move.until_at
    scratch.tier_since = move.occurred_at


def no_id() -> UUID:
    """What is only worked out and never written needs no ids."""
    return UUID(int=0)

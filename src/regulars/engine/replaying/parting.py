"""A replay in parts that know nothing of each other, and the parts put together again.

Members are decided by themselves unless something ties them: points that changed hands, a merge, a
redemption that paid for somebody else's sale. Who is tied stays in one part. Put together, the
parts are what one replay of all of it says, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.engine.compiling.compile import Compiled
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.tally import Bought, Came, Fired, Tally
from regulars.engine.returning.payments import redemptions_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import NOBODY

_JOINED: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = UUID(int=0)


class Part(Struct, frozen=True):
    """What came of a part of a history; every list tells with it by which row."""

    tiers: dict[UUID, str | None]
    months: list[tuple[tuple[str, str, str], int]]
    members: dict[UUID, list[tuple[tuple[str, str], int]]]
    sales: dict[UUID, int]
    stores: dict[str, Bought]
    rules: dict[str, Fired]
    came: list[tuple[int, Came]]
    left_out: list[tuple[int, LeftOut]]


def why_whole(compiled: Compiled) -> str:
    """Why a program cannot be replayed in parts; empty when it can."""
    milestones = (one.budget is not None for one in compiled.program.milestones)
    budgets = any(budget.shared for budget in compiled.budgets)
    if budgets or any(limit.shared for limit in compiled.limits) or any(milestones):
        return "all members draw on one budget"
    return ""


def parted(rows: Sequence[Happening], many: int) -> list[list[tuple[int, Happening]]]:
    """The rows in so many parts at most, each with its place; who is tied to whom stays together.

    Order: as given within each part. Members are spread so that parts are about as long.
    """
    ties = _Ties()
    for row in rows:
        ties.tie([*_of(row)])
    groups: dict[Any, list[tuple[int, Happening]]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(ties.head(row.member_id), []).append((place, row))
    parts: list[list[tuple[int, Happening]]] = [[] for _ in range(max(many, 1))]
    for group in sorted(groups.values(), key=lambda one: (-len(one), one[0][0])):
        min(parts, key=len).extend(group)
    return [sorted(part, key=lambda one: one[0]) for part in parts if part]


def with_ties(rows: Sequence[Happening], some: Iterable[UUID]) -> set[UUID]:
    """These members, and everybody who is tied to one of them."""
    ties = _Ties()
    for row in rows:
        if row.member_id != NOBODY:
            ties.tie([*_of(row)])
    heads = {ties.head(one) for one in some}
    members = {row.member_id for row in rows} - {NOBODY}
    return {one for one in members if ties.head(one) in heads}


def _of(row: Happening) -> Iterator[UUID]:
    """Everybody and everything this row is about."""
    yield row.member_id
    if row.other_id is not None:
        yield row.other_id
    if row.cause_id != _NOTHING:
        yield row.cause_id
    if row.activity is not None:
        yield row.activity.activity_id
        if row.activity.sale_id is not None:
            yield row.activity.sale_id
        yield from redemptions_of(row.activity.body)


class _Ties:
    """Who belongs together: trees, each of whose members knows the way to its head."""

    def __init__(self) -> None:
        self._above: dict[UUID, UUID] = {}

    def head(self, one: UUID) -> UUID:
        path = []
        while (above := self._above.get(one, one)) != one:
            path.append(one)
            one = above
        for each in path:
            self._above[each] = one
        return one

    def tie(self, ids: Sequence[UUID]) -> None:
        first = self.head(ids[0])
        for other in ids[1:]:
            self._above[self.head(other)] = first


def decide(fold: Fold, rows: Sequence[tuple[int, Happening]], ends: datetime) -> Part:
    """Decide a part of a history by a fold of its own, up to the end."""
    came: list[int] = []
    left: list[int] = []
    for place, row in rows:
        fold.take_in(row)
        came += [place] * (len(fold.tally.came) - len(came))
        left += [place] * (len(fold.left_out) - len(left))
    fold.run((), ends)
    last = rows[-1][0] if rows else 0
    came += [last] * (len(fold.tally.came) - len(came))
    left += [last] * (len(fold.left_out) - len(left))
    tally = fold.tally
    return Part(
        tiers={member_id: state.tier for member_id, state in fold.states.items()},
        months=list(tally.months.items()),
        members={member_id: list(moved.items()) for member_id, moved in tally.members.items()},
        sales=dict(tally.sales),
        stores=dict(tally.stores),
        rules=dict(tally.rules),
        came=list(zip(came, tally.came, strict=True)),
        left_out=list(zip(left, fold.left_out, strict=True)),
    )


def together(terms: Terms, window: tuple[int, int], parts: Sequence[Part]) -> Fold:
    """The parts as one fold: its tally, who stands where, what was left out."""
    fold = Fold(terms, Tally(*window))
    tally = fold.tally
    for part in parts:
        join(fold, part)
    tally.came = [one for _, one in sorted(_all(parts, "came"), key=lambda each: each[0])]
    fold.left_out = [one for _, one in sorted(_all(parts, "left_out"), key=lambda each: each[0])]
    return fold


def join(fold: Fold, part: Part) -> None:
    """Add what a part adds up, of members who were not in it so far."""
    tally = fold.tally
    for member_id, tier in part.tiers.items():
        state = MemberState(member_id, _JOINED, {}, balances={}, counters={}, lots={})
        state.tier = tier
        fold.states[member_id] = state
    for month, units in part.months:
        tally.months[month] += units
    for member_id, moved in part.members.items():
        tally.members[member_id] = dict(moved)
    tally.sales.update(part.sales)
    _add(tally, part)


def _all(parts: Sequence[Part], name: str) -> list[tuple[int, Any]]:
    return [one for part in parts for one in getattr(part, name)]


def _add(tally: Tally, part: Part) -> None:
    for name, bought in part.stores.items():
        store = tally.stores[name]
        store.activities += bought.activities
        store.amount_minor += bought.amount_minor
        for wallet, units in bought.units.items():
            store.units[wallet] = store.units.get(wallet, 0) + units
    for name, fired in part.rules.items():
        rule = tally.rules[name]
        rule.times += fired.times
        rule.units += fired.units
        rule.back += fired.back

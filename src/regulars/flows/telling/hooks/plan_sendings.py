"""Events that hooks want are put on their way to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.flows.telling.follow import REACHES_EVERY, follow
from regulars.records.outbox.following import read as following
from regulars.records.outbox.following.read import Happened, Place
from regulars.records.outbox.hooks import read, write
from regulars.records.outbox.hooks.read import Reach
from regulars.records.outbox.hooks.types import Hook, Wish
from regulars.records.outbox.hooks.write import Plan

MOST: Final = 500
"""Events of one round, for each hook."""


async def plan_sendings(tx: Tx, most: int = MOST) -> bool:
    """Put on its way what hooks want of what was committed since; whether there is more.

    Order: as `follow` goes. In a member's line events stand by their sequence; what stands before
    one of these is planned with it, wherever its transaction is.
    Keeps: of one event there is one sending to a hook. A hook that is paused or disabled goes on
    later from where it is. What happened before the house was restored has its place in the line,
    too, but is not sent by itself.
    """
    news = await read.news(tx, tx.now - REACHES_EVERY)
    reaches = await read.reaches(tx) if news else ()
    if not reaches:
        return False
    here = await following.horizon(tx)
    ids = [one.hook_id for one in reaches]
    hooks, wishes = await read.some_hooks(tx, ids), await read.wishes(tx, ids)
    together: dict[tuple[int, Place], list[Reach]] = {}
    for reach in reaches:
        place = (reach.cluster, (reach.below_tx, reach.after_id))
        together.setdefault(place, []).append(reach)
    more = False
    for _, some in sorted(together.items(), key=lambda one: one[0]):
        more |= await follow(tx, _Together(some, hooks, wishes), here, most)
    return more


class _Together:
    """Hooks for which the events were looked at equally far, and what each wants."""

    def __init__(
        self,
        reaches: Sequence[Reach],
        hooks: Mapping[UUID, Hook],
        wishes: Mapping[UUID, Sequence[Wish]],
    ) -> None:
        self.begins: Place = (reaches[0].below_tx, reaches[0].after_id)
        self.cluster = reaches[0].cluster
        self._floors = {one.hook_id: one.floor_at for one in reaches}
        self.ids = list(self._floors)
        self.hooks = [hooks[one] for one in self.ids]
        self._wishes = {one: wishes.get(one, ()) for one in self.ids}
        self.types = read.all_types(self._wishes)

    async def found(self, tx: Tx, events: Sequence[Happened], end: Place) -> list[Write]:
        return write.plan(tx, await _plans(tx, self, end, events))

    def reached(self, tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
        return write.reached(tx, self.ids, end, looked_at)

    def moved(self, tx: Tx, cluster: int) -> list[Write]:
        return write.moved(tx, self.ids, cluster)

    def wanted(self, hook: Hook, events: Sequence[Happened]) -> list[Happened]:
        """What this hook wants of these, each member's in the order in which it happened."""
        wishes: dict[str, list[Wish]] = {}
        for wish in self._wishes[hook.hook_id]:
            wishes.setdefault(wish.type, []).append(wish)
        found = [
            one
            for one in events
            if one.recorded_at > self._floors[hook.hook_id]
            and any(wish.wants(one.type, one.recorded_tx) for wish in wishes.get(one.type, ()))
        ]
        return sorted(found, key=lambda one: (one.member_id, one.sequence, one.event_id))


async def _plans(tx: Tx, look: _Together, end: Place, events: Sequence[Happened]) -> list[Plan]:
    """These events and what stands before them, for each hook at the next positions."""
    whole = [*events, *await read.earlier(tx, end, look.types, events)]
    known = await read.known(tx, look.ids, [one.event_id for one in whole])
    return [plan for hook in look.hooks for plan in await _line_up(tx, hook, look, (whole, known))]


async def _line_up(
    tx: Tx,
    hook: Hook,
    look: _Together,
    found: tuple[Sequence[Happened], Collection[tuple[UUID, UUID]]],
) -> list[Plan]:
    events, known = found
    wanted = [one for one in look.wanted(hook, events) if (hook.hook_id, one.event_id) not in known]
    if not wanted:
        return []
    ends = await read.planned(tx, hook.hook_id, {one.member_id for one in wanted})
    raised_at = await following.raised_at(tx)
    epoch = epoch_of(raised_at)
    plans = []
    for one in wanted:
        ends[one.member_id] = position = ends.get(one.member_id, 0) + 1
        at = planned_at(hook, one, raised_at, tx.now)
        plans.append(
            Plan(hook.hook_id, one.member_id, position, one.event_id, hook.form, at, epoch)
        )
    return plans


def epoch_of(raised_at: datetime | None) -> int:
    """Which life of the house it is: 0, or the second in which a backup was restored last.

    A number that counts restores would not do: a backup that is restored twice counts to the same.
    """
    return 0 if raised_at is None else int(raised_at.timestamp())


def planned_at(hook: Hook, event: Happened, raised_at: datetime | None, now: datetime) -> datetime:
    """When this counts as put on its way; what counts as before a restore is not sent by itself.

    A hook that was made after the restore has not heard of anything: all it wants is sent.
    """
    if raised_at is None or hook.made_at > raised_at:
        return now
    return event.recorded_at if event.recorded_at <= raised_at else now

"""Events that hooks want are put on their way to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.hooks import read, write
from regulars.records.outbox.hooks.read import Happened, Horizon
from regulars.records.outbox.hooks.types import Hook, Wish
from regulars.records.outbox.hooks.write import Plan

MOST: Final = 500
"""Events of one round, for each hook."""
REACHES_EVERY: Final = timedelta(minutes=1)
"""While nothing happens it is written down so often that nothing did."""
FOR_EVER: Final = (1 << 63) - 1


async def plan_sendings(tx: Tx, most: int = MOST) -> bool:
    """Put on its way what hooks want of what was committed since; whether there is more.

    Order: transaction by transaction, below the oldest that still runs, so that none is missed
    however late it commits. In a member's line events stand by their sequence; what stands before
    one of these is planned with it, wherever its transaction is.
    Keeps: of one event there is one sending to a hook. A hook that is paused or disabled goes on
    later from where it is. What happened before the house was restored has its place in the line,
    too, but is not sent by itself.
    """
    news = await read.news(tx, tx.now - REACHES_EVERY)
    reaches = await read.reaches(tx) if news else ()
    if not reaches:
        return False
    here = await read.horizon(tx)
    ids = [one.hook_id for one in reaches]
    hooks, wishes = await read.some_hooks(tx, ids), await read.wishes(tx, ids)
    together: dict[tuple[int, tuple[int, UUID]], list[Hook]] = {}
    for reach in reaches:
        place = (reach.cluster, (reach.below_tx, reach.after_id))
        together.setdefault(place, []).append(hooks[reach.hook_id])
    floors = {reach.hook_id: reach.floor_at for reach in reaches}
    more = False
    for (cluster, begins), some in sorted(together.items(), key=lambda one: one[0]):
        mine = {one.hook_id: wishes.get(one.hook_id, ()) for one in some}
        look = _Look(some, mine, floors, begins)
        looks = _look if cluster == here.cluster else _look_back
        more |= await looks(tx, look, here, most)
    return more


class _Look:
    """Hooks for which the events were looked at equally far, and what each wants."""

    def __init__(
        self,
        hooks: Sequence[Hook],
        wishes: Mapping[UUID, Sequence[Wish]],
        floors: Mapping[UUID, datetime],
        begins: tuple[int, UUID],
    ) -> None:
        self.hooks = hooks
        self.begins = begins
        self._floors = floors
        self.ids = [one.hook_id for one in hooks]
        self._wishes = wishes
        self.types = {wish.type for some in wishes.values() for wish in some}

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


async def _look(tx: Tx, look: _Look, here: Horizon, most: int) -> bool:
    events, end = await read.ahead(tx, look.begins, here.below_tx, look.types, most)
    plans = await _plans(tx, look, end, events) if events else []
    if plans or end != look.begins:
        await tx.write([*write.plan(tx, plans), *write.reached(tx, look.ids, end, tx.now)])
    return len(events) == most


async def _look_back(tx: Tx, look: _Look, here: Horizon, most: int) -> bool:
    """The house moved to this cluster: first what the one before told and nobody looked at yet,
    by its numbers; then what was told here, from its first transaction on."""
    events, end = await read.ahead(tx, look.begins, FOR_EVER, look.types, most)
    plans = await _plans(tx, look, end, events) if events else []
    told_there = [one.recorded_at for one in events if one.recorded_tx >= here.above_tx]
    at = max(told_there, default=datetime.min.replace(tzinfo=UTC))
    await tx.write([*write.plan(tx, plans), *write.reached(tx, look.ids, end, at)])
    if len(events) < most:
        await tx.write(write.moved(tx, look.ids, here.cluster))
    return True


async def _plans(
    tx: Tx, look: _Look, end: tuple[int, UUID], events: Sequence[Happened]
) -> list[Plan]:
    """These events and what stands before them, for each hook at the next positions."""
    whole = [*events, *await read.earlier(tx, end, look.types, events)]
    known = await read.known(tx, look.ids, [one.event_id for one in whole])
    return [plan for hook in look.hooks for plan in await _line_up(tx, hook, look, (whole, known))]


async def _line_up(
    tx: Tx,
    hook: Hook,
    look: _Look,
    found: tuple[Sequence[Happened], Collection[tuple[UUID, UUID]]],
) -> list[Plan]:
    events, known = found
    wanted = [one for one in look.wanted(hook, events) if (hook.hook_id, one.event_id) not in known]
    if not wanted:
        return []
    ends = await read.planned(tx, hook.hook_id, {one.member_id for one in wanted})
    raised_at = await read.raised_at(tx)
    plans = []
    for one in wanted:
        ends[one.member_id] = position = ends.get(one.member_id, 0) + 1
        at = planned_at(hook, one, raised_at, tx.now)
        plans.append(Plan(hook.hook_id, one.member_id, position, one.event_id, hook.form, at))
    return plans


def planned_at(hook: Hook, event: Happened, raised_at: datetime | None, now: datetime) -> datetime:
    """When this counts as put on its way; what counts as before a restore is not sent by itself.

    A hook that was made after the restore has not heard of anything: all it wants is sent.
    """
    if raised_at is None or hook.made_at > raised_at:
        return now
    return event.recorded_at if event.recorded_at <= raised_at else now

"""Chance puts members into arms, some at a time; of what is over nobody is in an arm any more."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments import read, write
from regulars.records.program.changes.experiments.types import Experiment, Placed

FIRST: Final = UUID(int=0)


class Filled(Struct, frozen=True):
    """How far a walk through the members came: behind whom the next portion begins, and how many
    this one had; `over` when there is nobody behind."""

    after: UUID
    members: int
    over: bool


async def fill_arms(tx: Tx, one: Experiment, after: UUID, most: int) -> Filled:
    """Put the next members who are in no arm into the one that chance says.

    Order: of ids; done again it finds nobody, as whoever is in an arm stays there. An experiment
    that ended meanwhile takes nobody.
    """
    await write.hold(tx)
    now = await read.experiment(tx, one.code)
    if now is None or now.state != "running":
        return Filled(after, 0, over=True)
    ids = await read.unplaced(tx, one.experiment_id, after, most)
    placed = [Placed(who, now.arm_for(who), tx.now) for who in ids]
    if placed:
        await tx.write(write.place(tx, now, placed))
    return Filled(ids[-1] if ids else after, len(ids), over=len(ids) < most)


async def empty_arms(tx: Tx, one: Experiment, after: UUID, most: int) -> Filled:
    """The next members of an experiment that is over are not said to be in an arm any more; who
    was in which stays in the books."""
    last = await write.unsay(tx, one, after, most)
    if last is None:
        await tx.write(write.emptied(tx, one))
    return Filled(last or after, 0, over=last is None)


async def end_when_due(tx: Tx, one: Experiment) -> bool:
    """An experiment whose planned end is here is over."""
    await write.hold(tx)
    now = await read.experiment(tx, one.code)
    if now is None or now.state != "running" or now.ends_at is None or now.ends_at > tx.now:
        return False
    over = replace(now, ended_at=now.ends_at, ended_by="clock", why="planned")
    await tx.write(write.keep(tx, over))
    return True

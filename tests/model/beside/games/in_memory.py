"""The engine's folds for challenges and streaks, driven as the flows do it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.model.events import Answer, Settles

from regulars.engine.calendar import local
from regulars.engine.rewarding.gaming import prizes
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.giving import Settled
from regulars.engine.rewarding.gaming.since import hanging
from regulars.engine.state import MemberState
from regulars.records.activity.types import Activity
from regulars.records.rewards.prizes.types import Prize

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory


class Played:
    """What everybody did, which prizes they have, and who is to be looked at."""

    def __init__(self) -> None:
        self.deeds: list[Done] = []
        self.prizes: list[Prize] = []
        self.clock: dict[UUID, datetime] = {}

    def did(self, memory: InMemory, activity: Activity, sale: Any) -> None:
        """Keep a deed, with the day it was where its member lives."""
        day = local(memory.terms.at(memory.now).zone, activity.occurred_at).day
        self.deeds.append(Done(activity, day, sale))
        self.clock[activity.member_id] = memory.now

    def look_at(self, memory: InMemory, *member_ids: UUID) -> None:
        self.clock |= dict.fromkeys(member_ids, memory.now)


def settles(memory: InMemory, _: Settles | None = None) -> Answer:
    known = memory.unions.played
    if not prizes.plays(memory.terms):
        known.clock.clear()
        return Answer("settled")
    found = [id_ for id_, at in known.clock.items() if at <= memory.now]
    looked = {id(memory.owner(id_)): memory.owner(id_) for id_ in found}
    for id_ in found:
        del known.clock[id_]
    for state in looked.values():
        if state.state == "blocked":
            known.clock[state.member_id] = memory.now + timedelta(days=1)
        else:
            _settle(memory, known, state)
    return Answer("settled")


def _settle(memory: InMemory, known: Played, state: MemberState) -> None:
    done = [one for one in known.deeds if memory.owner(one.activity.member_id) is state]
    done.sort(key=lambda one: (one.activity.occurred_at, one.activity.activity_id))
    has = [one for one in known.prizes if memory.owner(one.member_id) is state]
    lapsed = {
        one.entry_id: {one.wallet: _lapsed(memory, state, one)}
        for one in has
        if one.entry_id is not None and one.wallet is not None
    }
    settled = Settled()
    decided = (memory.terms, memory.changes, settled, lapsed)
    wanted = list(prizes.due(memory.terms, done, {}))
    hangs = hanging(memory.terms, [one.own_day for one in done])
    prizes.settle(decided, state, wanted, has, memory.now, hangs)
    gone = {prize_id for prize_id, _ in settled.undone}
    known.prizes = [one for one in known.prizes if one.prize_id not in gone] + settled.given


def _lapsed(memory: InMemory, state: MemberState, prize: Prize) -> int:
    """What of it lapsed with whom its member was one, but for who stands there now."""
    mine = {prize.member_id} | memory.unions.ever.get(prize.member_id, set())
    return sum(
        each.lapsed.get((prize.entry_id, prize.wallet), 0)  # type: ignore[arg-type]
        for each in memory.states.values()
        if each.member_id in mine and each is not state
    )

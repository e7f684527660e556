"""A batch of uses of benefits while it is decided: who is asked about, what was granted, who is
there at which time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx, Write
from regulars.engine.deciding.benefit import Occasion, may
from regulars.engine.rewarding.including.appointments import Taken
from regulars.engine.rewarding.including.guests import Party
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, kept, look_again
from regulars.flows.batch.load import hold_members
from regulars.flows.membership.benefits.looking_after import Wanted, give_associates
from regulars.flows.membership.commands import BenefitUsed, Guest
from regulars.flows.membership.plans.paid import load_plans
from regulars.flows.points.choosing.load import load_choices
from regulars.records.benefits import read, write
from regulars.records.benefits.read import At
from regulars.records.benefits.types import Grant, Use
from regulars.records.members import read as members
from regulars.records.once.write import Kept, keep
from regulars.records.standing.moves import read as moves


class Batch(Struct):
    """A batch of uses while it is decided."""

    tx: Tx
    terms: Terms
    states: dict[UUID, MemberState]
    granted: dict[UUID, list[Grant]]
    changes: Changes
    used: list[Use] = []
    undone: list[Use] = []
    missed: list[Use] = []
    came: list[Use] = []
    kept: list[Kept] = []
    taken: dict[At, dict[int, int]] = {}
    """Who is there at the times that are asked for."""

    def writes(self) -> list[Write]:
        """Everything that was decided, except what is taken back."""
        return [
            *keep(self.tx, self.kept),
            *write.use(self.tx, self.used),
            *write.miss(self.tx, self.missed),
            *write.check_in(self.tx, self.came),
            *writes_of(self.tx, self.terms, self.changes),
        ]

    def spend(self, used: Use, by: int) -> None:
        """Count a use on what was granted, and at its time, for those that are decided after it."""
        mine = self.granted.get(self.states[used.member_id].member_id, [])
        for place, one in enumerate(mine):
            if one.grant_id == used.grant_id:
                mine[place] = replace(one, used=one.used + by * used.included.times)
        booked = used.included.booked
        if booked is not None:
            there = self.taken.setdefault((used.benefit, used.store, booked.from_at), {})
            if by > 0:
                there[booked.place] = 1 + used.included.guests
            else:
                there.pop(booked.place, None)

    def there(self, benefit: str, store: str, from_at: datetime | None) -> Taken:
        """Who is there at a time; nobody where no time is booked."""
        return {} if from_at is None else self.taken.get((benefit, store, from_at), {})


async def begin(
    tx: Tx, terms: Terms, member_ids: Iterable[UUID], times: Iterable[At] = ()
) -> Batch:
    """Lock these members and then these times, and read what was granted to them by hand.

    Order: members in the order of their ids, then times in theirs, as everybody locks them.
    """
    wanted = set(member_ids)
    points = any(one.gives for version in terms.versions for one in version.program.benefits)
    states = await hold_members(tx, terms, wanted, with_lots=wanted if points else ())
    asked = sorted(set(times))
    for benefit, store, at in asked:
        name = f"{benefit}:{store}:{at.isoformat()}"
        await tx.fetch(waiting_for_one(Alone.APPOINTMENTS), tx.program_id, name)
    granted = await tell(tx, terms, states)
    taken = await read.booked(tx, asked)
    return Batch(tx, terms, states, granted, Changes(tx.new_id), taken=taken)


async def tell(tx: Tx, terms: Terms, states: dict[UUID, MemberState]) -> dict[UUID, list[Grant]]:
    """Tell these states what benefits ask of them; what was granted to each by hand."""
    apart = {state.member_id: state for state in states.values()}
    granted = await read.grants(tx, sorted(apart))
    await load_plans(tx, terms, apart.values())
    await load_choices(tx, terms, apart.values())
    reached = [
        one
        for version in terms.versions
        for one in version.program.benefits
        if one.allowance is not None and one.allowance.per == "reached"
    ]
    if reached:
        for member_id, found in (await moves.moves(tx, sorted(apart))).items():
            if member_id in apart:
                apart[member_id].moves = found
    return granted


async def end(batch: Batch, todo: Sequence[Asking[Any]]) -> None:
    """Answer what was done meanwhile, and keep what was decided.

    Order: what is taken back first, so that its place is free for what is used instead.
    """
    await look_again(batch.tx, todo, BenefitUsed)
    first = [Wanted(one.member_id, one.benefit, one.store) for one in batch.used]
    who = (batch.states, batch.granted)
    given = await give_associates(batch.tx, batch.terms, batch.changes, who, first)
    if batch.undone:
        await batch.tx.write(write.undo(batch.tx, batch.undone))
    await batch.tx.write([*given, *batch.writes()])


def answer(batch: Batch, item: Asking[Any], used: Use, stands: str) -> None:
    """What a use (or its end) left."""
    state = batch.states[used.member_id]
    occasion = Occasion(used.benefit, batch.tx.now, used.store, used.channel, used.sku)
    granted = batch.granted.get(state.member_id, [])
    left = may(batch.terms.at(batch.tx.now), state, occasion, granted).left
    booked = used.included.booked
    item.outcome = BenefitUsed(
        use_id=used.use_id,
        member_id=state.member_id,
        benefit=used.benefit,
        state=stands,
        left=left,
        granted=used.grant_id is not None,
        times=used.included.times,
        guests=used.included.guests,
        from_at=None if booked is None else booked.from_at,
        until_at=None if booked is None else booked.until_at,
        came_at=used.came_at if stands == "used" else None,
    )
    batch.kept += kept(item, state.member_id, used.use_id)


async def parties(
    tx: Tx, terms: Terms, fresh: Sequence[Asking[Any]]
) -> dict[int, tuple[Party, str]]:
    """Who comes along with each open command, by its place: the party, and others by name.

    Faults: a guest without a name who is no member, an unknown member, one member named twice.
    """
    found: dict[int, tuple[Party, str]] = {}
    country = terms.versions[-1].program.country
    for item in (one for one in fresh if one.open and one.command.guests):
        guests: tuple[Guest, ...] = item.command.guests
        named = [one.member for one in guests if one.member is not None]
        whom = await members.whom(tx, country, named, field="/guests")
        wrong = next((one for one in whom if isinstance(one, Fault)), None)
        names = [one.name.strip() for one in guests if one.member is None]
        if wrong is None and not all(names):
            wrong = Invalid("say who comes along: a name or a member", field="/guests")
        ids = [one for one in whom if isinstance(one, UUID)]
        if wrong is None and len(set(ids)) < len(ids):
            wrong = Invalid("one of them is named twice", field="/guests")
        if wrong is not None:
            item.outcome = wrong
            continue
        states = await hold_members(tx, terms, ids, lock=False) if ids else {}
        stand = {state.member_id: state.state for state in states.values()}
        found[item.place] = Party(len(names), stand), ", ".join(names)
    return found

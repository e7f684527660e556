"""Somebody of the shop looks after a member who has a benefit that comes with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.engine.rewarding.including.associates import fewest, no_right, with_associates
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.types import Staff
from regulars.records.benefits.associates import read, write
from regulars.records.benefits.associates.types import Associate, How, Why
from regulars.records.benefits.types import Grant

BY_RULE: Final = "benefit"
"""As whom it is written down where nobody chose."""


class Wanted(NamedTuple):
    """A member who is to have somebody because of a benefit; the store where it was used."""

    member_id: UUID
    benefit: str
    store: str = ""


class Giving(Struct):
    """Who works here, whom each of them looks after, and what is decided of that."""

    tx: Tx
    changes: Changes
    staff: Mapping[UUID, Staff]
    has: dict[UUID, int]
    stores: Mapping[UUID, str]
    known: dict[UUID, list[Associate]]
    begun: list[Associate] = []
    resumed: list[UUID] = []
    ended: list[write.End] = []

    def lasting(self, member_id: UUID, benefit: str) -> list[Associate]:
        """Whoever looks after a member now because of a benefit; several where some merged."""
        now, mine = self.tx.now, self.known.get(member_id, [])
        return [one for one in mine if one.benefit == benefit and one.lasts(now)]

    def begin(
        self,
        state: MemberState,
        benefit: str,
        who: Staff,
        how: tuple[How, str],
        until: datetime | None = None,
    ) -> None:
        """Somebody looks after a member from now on; only until then, where it is over soon.

        Shape: `how` is how they were chosen, and as whose work it is written down.
        """
        store = self.stores.get(state.member_id, "")
        one = Associate(
            self.tx.new_id(), state.member_id, benefit, who.staff_id, store, how[0], self.tx.now,
            how[1], until, "over" if until else "",
        )  # fmt: skip
        self.begun.append(one)
        self.known.setdefault(state.member_id, []).insert(0, one)
        self.has[who.staff_id] = self.has.get(who.staff_id, 0) + 1
        self.tell(state, one, "associate.assigned", {"staff_id": who.staff_id, "how": how[0]})

    def end(self, state: MemberState, these: Sequence[Associate], why: Why, actor: str) -> None:
        """These look after the member no more from now on."""
        self.ended += [write.End(one.associate_id, self.tx.now, why, actor) for one in these]
        gone = {one.associate_id for one in these}
        mine = self.known.get(state.member_id, [])
        self.known[state.member_id] = [one for one in mine if one.associate_id not in gone]
        for one in these:
            self.has[one.staff_id] = max(self.has.get(one.staff_id, 0) - 1, 0)

    def tell(
        self, state: MemberState, one: Associate, event: str, more: Mapping[str, object]
    ) -> None:
        """Tell the world of it."""
        self.changes.touch(state)
        payload = {"associate_id": one.associate_id, "benefit": one.benefit} | dict(more)
        self.changes.events.append(Event(state.member_id, state.version, event, payload))

    def writes(self) -> list[Write]:
        """Everything that was decided here, except what ended: that is written before."""
        return [*write.resume(self.tx, self.resumed), *write.begin(self.tx, self.begun)]


async def load(tx: Tx, changes: Changes, members: Iterable[UUID]) -> Giving:
    """Who works here, and who looks after these members; nobody else chooses meanwhile.

    Assumes: these members are held.
    """
    await write.alone(tx)
    ids = sorted(set(members))
    staff = {one.staff_id: one for one in await staff_read.all_staff(tx)}
    known = await read.of(tx, ids)
    return Giving(tx, changes, staff, await read.counted(tx), await read.stores(tx, ids), known)


async def give_associates(
    tx: Tx,
    terms: Terms,
    changes: Changes,
    who: tuple[Mapping[UUID, MemberState], Mapping[UUID, Sequence[Grant]]],
    wanted: Sequence[Wanted],
) -> list[Write]:
    """Each of these has somebody who looks after them, by the fair rule; what is written for it.

    Shape: `who` is where these members stand, and what was granted to each by hand.
    Order: as asked; each sees whom the one before it got. Whoever has somebody keeps them; whose
    end is to come stays; whom somebody of the shop took away is not given anew.
    """
    version, (states, granted) = terms.at(tx.now), who
    ruled = {one.id for one in with_associates(version, "fewest")}
    asked = [one for one in wanted if one.benefit in ruled]
    if not asked:
        return []
    giving = await load(tx, changes, {states[one.member_id].member_id for one in asked})
    for one in asked:
        state = states[one.member_id]
        if state.state == "erased":  # while we waited for them
            continue
        mine = granted.get(state.member_id, ())
        if no_right(version, state, one.benefit, mine, tx.now) is None:
            _give_one(giving, state, one)
    return giving.writes()


def _give_one(giving: Giving, state: MemberState, wanted: Wanted) -> None:
    known = [one for one in giving.known.get(state.member_id, []) if one.benefit == wanted.benefit]
    if any(one.ended_at is None for one in known):
        return
    there = giving.lasting(state.member_id, wanted.benefit)
    if there:
        one = there[0]
        giving.resumed.append(one.associate_id)
        giving.tell(state, one, "associate.assigned", {"staff_id": one.staff_id, "how": one.how})
        return
    latest = max(known, key=lambda one: one.associate_id, default=None)
    if latest is not None and latest.why == "by_hand":
        return
    store = wanted.store or giving.stores.get(state.member_id, "")
    chosen = fewest(giving.staff.values(), giving.has, state.member_id, store)
    if chosen is not None:
        giving.begin(state, wanted.benefit, chosen, ("fewest", BY_RULE))

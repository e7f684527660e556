"""A member's names, language, zone and attributes change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.checking.joining import first
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.records.members import changing, read, write
from regulars.records.members.types import Changed, ChangeMember, Member
from regulars.records.once.write import keep
from regulars.records.outbox.write import Told, tell

ChangeOutcome = Changed | Refused | Fault


async def change_members(
    tx: Tx, country: str | None, batch: Sequence[ChangeMember], terms: Terms | None = None
) -> list[ChangeOutcome]:
    """Each of these members is changed, once; what was not said stays as it was.

    Order: as sent; two changes of one member see each other. A change that changes nothing
    is answered and leaves no trace but its key.
    Refuses: `join_first` when a card would get its person and the program in force asks who joins.
    Faults, each for its own item: `unknown_member`, `invalid` at a field, `key_reused`.
    Keeps: members, versions, keys and `member.changed` in one round.
    """
    asked = askings("change_member", batch, lambda _: None)
    whom = await read.whom(tx, country, [command.member for command in batch])
    desk = await _desk(tx, [one for one in whom if isinstance(one, UUID)])
    # After the lock: the same request sent twice at once waits there, and then finds its answer.
    await sort_out(tx, asked, Changed)
    fresh = [item for item in asked if item.open]
    gate = None if terms is None else first(terms.at(tx.now).program.join)
    for item in fresh:
        item.outcome = _change(desk, item.command, whom[item.place], gate)
    await tx.write([*desk.writes(tx), *_keys(tx, fresh)])
    return settle_followers(asked)


class _Desk:
    """The members of the batch, as they change from one command to the next."""

    def __init__(self, members: dict[UUID, Member], versions: dict[UUID, int]) -> None:
        self.members = members
        self._versions = versions
        self._touched: set[UUID] = set()
        self._told: list[Told] = []

    def keep(self, after: Member) -> None:
        """Note the member as it is from now on, when that is different."""
        before = self.members[after.id]
        if after == before:
            return
        self.members[after.id] = after
        self._touched.add(after.id)
        self._versions[after.id] += 1
        told = told_of(before, after)
        self._told.append(Told(after.id, self._versions[after.id], "member.changed", told))

    def writes(self, tx: Tx) -> list[Write]:
        return [
            *write.change(tx, [self.members[id_] for id_ in self._touched]),
            *write.raise_versions(tx, [(id_, self._versions[id_]) for id_ in self._touched]),
            *tell(tx, self._told),
        ]


async def _desk(tx: Tx, ids: Sequence[UUID]) -> _Desk:
    versions = await read.lock(tx, ids)
    return _Desk(await read.members(tx, ids), versions)


def _change(
    desk: _Desk, command: ChangeMember, whom: UUID | Fault, gate: Refused | None
) -> ChangeOutcome:
    if isinstance(whom, Fault):
        return whom
    wish = changing.asked_profile(command)
    after = wish if isinstance(wish, Fault) else changing.changed(desk.members[whom], wish)
    if isinstance(after, Fault):
        return after
    if gate is not None and after.state != desk.members[whom].state:
        return gate
    desk.keep(after)
    return Changed(after.id, after.state)


def _keys(tx: Tx, items: Sequence[Asking[ChangeMember]]) -> list[Write]:
    done = [(item, item.outcome) for item in items if isinstance(item.outcome, Changed)]
    return keep(tx, [row for item, to in done for row in kept(item, to.member_id, to.member_id)])


def told_of(before: Member, after: Member) -> str:
    """What is told about a member who was changed: which fields, never what stands in them."""
    fields = [
        name for name in Member.__struct_fields__ if getattr(before, name) != getattr(after, name)
    ]
    told = {"member_id": f"mem_{after.id.hex}", "changed": fields, "state": after.state}
    return msgspec.json.encode(told).decode()

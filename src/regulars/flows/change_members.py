"""A member's names, language, zone and attributes change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import structs

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.flows.first_answers import FirstAnswers
from regulars.records.members import changing, read, write
from regulars.records.members.changing import Profile
from regulars.records.members.types import Asked, Changed, ChangeMember, Member
from regulars.records.once.types import Known, digest, idempotency_key
from regulars.records.outbox.write import Told, tell

ChangeOutcome = Changed | Refused | Fault

_OPERATION = "change_member"
_content = msgspec.json.Encoder(order="deterministic").encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Changed).decode


async def change_members(
    tx: Tx, country: str | None, batch: Sequence[ChangeMember]
) -> list[ChangeOutcome]:
    """Each of these members is changed, once; what was not said stays as it was.

    Order: as sent; two changes of one member see each other. A change that changes nothing
    is answered and leaves no trace but its key.
    Faults, each for its own item: `unknown_member`, `invalid` at a field, `key_reused`.
    Keeps: members, versions, keys and `member.changed` in one round.
    """
    whom = await read.whom(tx, country, [command.member for command in batch])
    keys = [_keys(command) for command in batch]
    desk = await _desk(tx, [one for one in whom if isinstance(one, UUID)])
    # After the lock: the same request sent twice at once waits there, and then finds its answer.
    answers = await FirstAnswers.load(tx, keys)
    outcomes = [
        _answer(desk, answers, command, one) for command, one in zip(batch, whom, strict=True)
    ]
    await tx.write([*desk.writes(tx), *answers.writes(tx)])
    return outcomes


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
        told = _payload(before, after)
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


def _answer(
    desk: _Desk, answers: FirstAnswers, command: ChangeMember, whom: UUID | Fault
) -> ChangeOutcome:
    content = digest(_content(structs.replace(command, asked=Asked())))
    first = answers.given(_keys(command), content)
    if isinstance(first, bytes):
        return structs.replace(_unpack(first), replayed=True)
    if first is not None:
        return first
    if isinstance(whom, Fault):
        return whom
    asked = changing.asked_profile(command)
    after = changing.changed(desk.members[whom], asked) if isinstance(asked, Profile) else asked
    if isinstance(after, Fault):
        return after
    desk.keep(after)
    outcome = Changed(after.id, after.state)
    answers.give(_keys(command), Known(content, after.id, after.id, _pack(outcome)))
    return outcome


def _keys(command: ChangeMember) -> tuple[UUID, ...]:
    asked = command.asked
    return (idempotency_key(asked.principal, _OPERATION, asked.key),) if asked.key else ()


def _payload(before: Member, after: Member) -> str:
    fields = [
        name for name in Member.__struct_fields__ if getattr(before, name) != getattr(after, name)
    ]
    told = {"member_id": f"mem_{after.id.hex}", "changed": fields, "state": after.state}
    return msgspec.json.encode(told).decode()

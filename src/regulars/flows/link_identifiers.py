"""A member gets more names to be found by, or loses some; a lost card is replaced by both."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import structs

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.flows.first_answers import FirstAnswers
from regulars.records.members import changing, read, write
from regulars.records.members.changing import Names, Renamed
from regulars.records.members.types import Asked, Changed, Identifier, LinkIdentifiers, Member
from regulars.records.once.types import Known, digest, idempotency_key
from regulars.records.outbox.write import Told, tell

LinkOutcome = Changed | Refused | Fault

_OPERATION = "link_identifiers"
_content = msgspec.json.Encoder(order="deterministic").encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Changed).decode


async def link_identifiers(
    tx: Tx, country: str | None, batch: Sequence[LinkIdentifiers]
) -> list[LinkOutcome]:
    """Each of these members gets and loses the names it asked for, all of them or none.

    Order: as sent; a name taken away earlier in the batch is free later in it.
    Refuses: `merge_needed` when a card that collected unregistered meets another record.
    Faults, each for its own item: `unknown_member`, `invalid`, `identifier_taken`, `not_found`
    for a name to be taken that is not theirs, `key_reused`.
    Keeps: names, members, versions, keys and `member.linked`.
    """
    asked = [changing.asked_names(command, country) for command in batch]
    await write.lock_identifiers(tx)
    whom = await read.whom(tx, country, [command.member for command in batch])
    desk = await _desk(tx, [one for one in whom if isinstance(one, UUID)], asked)
    answers = await FirstAnswers.load(tx, [_keys(command) for command in batch])
    outcomes = [
        _answer(desk, answers, command, one, names)
        for command, one, names in zip(batch, whom, asked, strict=True)
    ]
    # A round of its own: in one round the new holder would not see that the old one let go.
    await tx.write(write.unlink(tx, desk.given_up()))
    await tx.write([*desk.writes(tx), *answers.writes(tx)])
    return outcomes


class _Desk:
    """Who has which name, as it changes from one command to the next."""

    def __init__(
        self, names: dict[Identifier, UUID], members: dict[UUID, Member], versions: dict[UUID, int]
    ) -> None:
        self.names = dict(names)
        self.members = members
        self._before = names
        self._versions = versions
        self._touched: set[UUID] = set()
        self._told: list[Told] = []

    def keep(self, after: Renamed) -> None:
        """Note whose the names are from now on, when that is different."""
        member, linked, unlinked = after
        if not (linked or unlinked):
            return
        for name in unlinked:
            del self.names[name]
        self.names |= dict.fromkeys(linked, member.id)
        self.members[member.id] = member
        self._touched.add(member.id)
        self._versions[member.id] += 1
        told = _payload(after)
        self._told.append(Told(member.id, self._versions[member.id], "member.linked", told))

    def given_up(self) -> list[write.Link]:
        """Names that somebody had before the batch and no longer has after it."""
        return _apart(self._before, self.names)

    def writes(self, tx: Tx) -> list[Write]:
        return [
            *write.link(tx, _apart(self.names, self._before)),
            *write.change(tx, [self.members[id_] for id_ in self._touched]),
            *write.raise_versions(tx, [(id_, self._versions[id_]) for id_ in self._touched]),
            *tell(tx, self._told),
        ]


def _apart(names: dict[Identifier, UUID], others: dict[Identifier, UUID]) -> list[write.Link]:
    return [write.Link(name, id_) for name, id_ in names.items() if others.get(name) != id_]


async def _desk(tx: Tx, ids: Sequence[UUID], asked: Sequence[Names | Fault]) -> _Desk:
    wanted = [
        name for names in asked if isinstance(names, Names) for name in (*names.link, *names.unlink)
    ]
    holders = await read.resolve(tx, wanted)
    concerned = {*ids, *holders.values()}
    # Held first and read after: a card may get its person by another flow while we wait.
    versions = await read.lock(tx, concerned)
    return _Desk(holders, await read.members(tx, concerned), versions)


def _answer(
    desk: _Desk,
    answers: FirstAnswers,
    command: LinkIdentifiers,
    whom: UUID | Fault,
    names: Names | Fault,
) -> LinkOutcome:
    content = digest(_content(structs.replace(command, asked=Asked())))
    first = answers.given(_keys(command), content)
    if isinstance(first, bytes):
        return structs.replace(_unpack(first), replayed=True)
    if first is not None:
        return first
    if isinstance(whom, Fault):
        return whom
    if isinstance(names, Fault):
        return names
    after = changing.renamed(desk.members[whom], names, desk.names, desk.members)
    if not isinstance(after, Renamed):
        return after
    desk.keep(after)
    outcome = Changed(whom, after.member.state)
    answers.give(_keys(command), Known(content, whom, whom, _pack(outcome)))
    return outcome


def _keys(command: LinkIdentifiers) -> tuple[UUID, ...]:
    asked = command.asked
    return (idempotency_key(asked.principal, _OPERATION, asked.key),) if asked.key else ()


def _payload(after: Renamed) -> str:
    told = {
        "member_id": f"mem_{after.member.id.hex}",
        "linked": [name.kind for name in after.linked],
        "unlinked": [name.kind for name in after.unlinked],
        "state": after.member.state,
    }
    return msgspec.json.encode(told).decode()

"""Somebody joins: a new member, or the person behind a card that has collected before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import structs

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx, Write
from regulars.flows.first_answers import FirstAnswers
from regulars.records.members import joining, read, write
from regulars.records.members.joining import Joining, Newcomer
from regulars.records.members.types import Asked, Identifier, Joined, JoinMember, Member
from regulars.records.once.types import Known, digest, idempotency_key, natural_key
from regulars.records.outbox.write import Told, tell

JoinOutcome = Joined | Refused | Fault

_OPERATION = "join_member"
_content = msgspec.json.Encoder(order="deterministic").encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Joined).decode


async def join_members(
    tx: Tx, country: str | None, batch: Sequence[JoinMember]
) -> list[JoinOutcome]:
    """Everybody in this batch joins, each once, and can be found by what they gave from then on.

    Order: as sent; who joins later in the batch meets the names given out earlier in it.
    Refuses: `merge_needed` for a person with two cards that collected apart.
    Faults, each for its own item: `invalid` at a field, `identifier_taken`, `key_reused`.
    Keeps: members, names, standings, keys and `member.joined` in one round.
    """
    wishes = [joining.newcomer(command, country, tx.now) for command in batch]
    keys = [_keys(command, wish) for command, wish in zip(batch, wishes, strict=True)]
    await write.lock_identifiers(tx)
    answers = await FirstAnswers.load(tx, keys)
    desk = await _desk(tx, [wish for wish in wishes if isinstance(wish, Newcomer)])
    outcomes = [
        _answer(tx, desk, answers, _Request(command, wish, own))
        for command, wish, own in zip(batch, wishes, keys, strict=True)
    ]
    await tx.write([*desk.writes(tx), *answers.writes(tx)])
    return outcomes


class _Request(NamedTuple):
    command: JoinMember
    wish: Newcomer | Fault
    keys: tuple[UUID, ...]


class _Desk:
    """Who has which name and number, as it changes from one newcomer to the next."""

    def __init__(
        self, names: dict[Identifier, UUID], members: dict[UUID, Member], versions: dict[UUID, int]
    ) -> None:
        self.names = names
        self.members = members
        self.numbers: list[str] = []
        self._versions = versions
        self._created: list[Member] = []
        self._upgraded: list[Member] = []
        self._links: list[write.Link] = []
        self._told: list[Told] = []

    def admit(self, joined: Joining, source: str) -> None:
        """Give this newcomer their names, and note what is to be kept and told."""
        member, links, upgraded = joined
        self.members[member.id] = member
        self.names |= dict.fromkeys(links, member.id)
        self._links += [write.Link(name, member.id) for name in links]
        (self._upgraded if upgraded else self._created).append(member)
        version = self._versions[member.id] = self._versions.get(member.id, 0) + 1
        self._told.append(Told(member.id, version, "member.joined", _payload(joined, source)))

    def writes(self, tx: Tx) -> list[Write]:
        return [
            *write.create(tx, self._created, self._links),
            *write.change(tx, self._upgraded),
            *write.raise_versions(tx, [(m.id, self._versions[m.id]) for m in self._upgraded]),
            *tell(tx, self._told),
        ]


async def _desk(tx: Tx, wishes: Sequence[Newcomer]) -> _Desk:
    names = await read.resolve(tx, (name for wish in wishes for name in wish.identifiers))
    # Held first and read after: a card may get its person by another flow while we wait.
    versions = await read.lock(tx, names.values())
    desk = _Desk(names, await read.members(tx, names.values()), versions)
    desk.numbers = await read.free_numbers(tx, len(wishes))
    return desk


def _answer(tx: Tx, desk: _Desk, answers: FirstAnswers, request: _Request) -> JoinOutcome:
    content = digest(_content(structs.replace(request.command, asked=Asked())))
    first = answers.given(request.keys, content)
    if isinstance(first, bytes):
        return structs.replace(_unpack(first), replayed=True)
    if first is not None:
        return first
    if isinstance(request.wish, Fault):
        return request.wish
    fresh = joining.blank(tx.new_id(), desk.numbers[-1], tx.now)
    joined = joining.join(request.wish, desk.names, desk.members, fresh)
    if not isinstance(joined, Joining):
        return joined
    if not joined.upgraded:
        desk.numbers.pop()
    desk.admit(joined, request.command.source)
    member = joined.member
    outcome = Joined(member.id, member.number, member.joined_at, upgraded=joined.upgraded)
    answers.give(request.keys, Known(content, member.id, member.id, _pack(outcome)))
    return outcome


def _keys(command: JoinMember, wish: Newcomer | Fault) -> tuple[UUID, ...]:
    """The caller's own key, and for ever the id by which the sender knows this member."""
    keys = []
    if command.asked.key:
        keys.append(idempotency_key(command.asked.principal, _OPERATION, command.asked.key))
    if command.source and isinstance(wish, Newcomer):
        external = (name.value for name in wish.identifiers if name.kind == "external")
        keys += [natural_key(command.source, value, "member") for value in external]
    return tuple(keys)


def _payload(joined: Joining, source: str) -> str:
    member = joined.member
    told = {
        "member_id": f"mem_{member.id.hex}",
        "number": member.number,
        "joined_at": member.joined_at,
        "source": source,
        "upgraded": joined.upgraded,
    }
    return msgspec.json.encode(told).decode()

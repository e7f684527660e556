"""Keep members and the names they are found by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.members.types import Block, Identifier, Member

_LOCK = waiting_for(Alone.NAMES)
_CREATE = """
insert into member (program_id, member_id, number, state, given_name, family_name, locale, zone,
                    attributes, joined_at, recorded_at)
select $1::int, m.member_id, m.number, m.state, m.given_name, m.family_name, m.locale, m.zone,
       m.attributes::jsonb, m.joined_at, m.recorded_at
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::timestamptz[], $11::timestamptz[])
       as m (member_id, number, state, given_name, family_name, locale, zone, attributes,
             joined_at, recorded_at)
"""
_CHANGE = """
update member set state = m.state, given_name = m.given_name, family_name = m.family_name,
                  locale = m.locale, zone = m.zone, attributes = m.attributes::jsonb,
                  joined_at = m.joined_at
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::timestamptz[])
       as m (member_id, state, given_name, family_name, locale, zone, attributes, joined_at)
 where member.program_id = $1::int and member.member_id = m.member_id
"""
# Sorted, so that two transactions that meet on several names wait instead of deadlocking.
_LINK = """
insert into identifier (program_id, kind, value, member_id, linked_at)
select $1::int, i.kind, i.value, i.member_id, $2::timestamptz
  from unnest($3::text[], $4::text[], $5::uuid[]) as i (kind, value, member_id)
 order by i.kind, i.value
"""
_UNLINK = """
delete from identifier
 using unnest($2::text[], $3::text[], $4::uuid[]) as i (kind, value, member_id)
 where identifier.program_id = $1::int and identifier.kind = i.kind
   and identifier.value = i.value and identifier.member_id = i.member_id
"""
_OPEN = """
insert into standing (program_id, member_id, version)
select $1::int, s.member_id, s.version
  from unnest($2::uuid[], $3::bigint[]) as s (member_id, version)
"""
# A version that is not below was raised by somebody else: the second net under the lock.
_RAISE = """
update standing set version = s.version
  from unnest($2::uuid[], $3::bigint[]) as s (member_id, version)
 where standing.program_id = $1::int and standing.member_id = s.member_id
   and standing.version < s.version
returning 1
"""
_MOVE = """
update identifier set member_id = $3::uuid
 where program_id = $1::int and member_id = $2::uuid
"""
_MOVE_BACK = """
update identifier set member_id = $3::uuid
  from unnest($4::text[], $5::text[]) as i (kind, value)
 where identifier.program_id = $1::int and identifier.member_id = $2::uuid
   and identifier.kind = i.kind and identifier.value = i.value
"""
_STATES = """
update member set state = m.state
  from unnest($2::uuid[], $3::text[]) as m (member_id, state)
 where member.program_id = $1::int and member.member_id = m.member_id
"""
_BLOCKS = """
insert into block (program_id, member_id, block_id, blocked, before, actor, reason, recorded_at)
select $1::int, b.*, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::boolean[], $6::text[], $7::text[], $8::text[])
       as b (member_id, block_id, blocked, before, actor, reason)
"""
_encode = msgspec.json.Encoder().encode


class Link(NamedTuple):
    """A name and whose it is."""

    identifier: Identifier
    member_id: UUID


async def lock_identifiers(tx: Tx) -> None:
    """Let nobody else give out names in this program until this transaction ends.

    Order: before any standing is locked, and names are looked up after it, in a statement of
    its own; so a name somebody took meanwhile is seen, and is an answer instead of a crash.
    """
    await tx.fetch(_LOCK, tx.program_id)


def create(
    tx: Tx, members: Sequence[Member], links: Sequence[Link] = (), *, version: int = 1
) -> list[Write]:
    """Keep these members for the first time: with their loyalty number and other names, and
    with their standing at this version.

    Keeps: `links` may also name members who were there before, as a table is written once a round.
    """
    numbers = [Link(Identifier("number", m.number), m.id) for m in members]
    if not members:
        return link(tx, links)
    rows = [
        (
            m.id, m.number, m.state, m.given_name, m.family_name, m.locale, m.zone,
            _encode(m.attributes).decode(), m.joined_at, m.recorded_at,
        )
        for m in members
    ]  # fmt: skip
    ids = [m.id for m in members]
    return [
        Write(_CREATE, (tx.program_id, *map(list, zip(*rows, strict=True))), rows=ids),
        *link(tx, [*numbers, *links]),
        Write(_OPEN, (tx.program_id, ids, [version] * len(members)), rows=ids),
    ]


def change(tx: Tx, members: Sequence[Member]) -> list[Write]:
    """Keep these members as they are now; their standing must be locked by this transaction."""
    if not members:
        return []
    rows = [
        (
            m.id, m.state, m.given_name, m.family_name, m.locale, m.zone,
            _encode(m.attributes).decode(), m.joined_at,
        )
        for m in members
    ]  # fmt: skip
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [Write(_CHANGE, (tx.program_id, *columns), rows=columns[0])]


def link(tx: Tx, links: Sequence[Link]) -> list[Write]:
    """From now on these names find these members; a name of somebody else fails the transaction."""
    if not links:
        return []
    return [Write(_LINK, (tx.program_id, tx.now, *_columns(links)))]


def unlink(tx: Tx, links: Sequence[Link]) -> list[Write]:
    """From now on these names find nobody."""
    if not links:
        return []
    return [Write(_UNLINK, (tx.program_id, *_columns(links)))]


def move_identifiers(tx: Tx, from_id: UUID, into_id: UUID) -> list[Write]:
    """From now on everything that found the one finds the other."""
    return [Write(_MOVE, (tx.program_id, from_id, into_id))]


def move_back(
    tx: Tx, from_id: UUID, into_id: UUID, names: Sequence[tuple[str, str]]
) -> list[Write]:
    """These names (kind and value), as far as they still find the one, find the other again."""
    kinds, values = [kind for kind, _ in names], [value for _, value in names]
    return [Write(_MOVE_BACK, (tx.program_id, from_id, into_id, kinds, values))]


def keep_states(tx: Tx, states: Sequence[tuple[UUID, str]]) -> list[Write]:
    """Keep the state of these members; their standing must be locked."""
    if not states:
        return []
    return [Write(_STATES, (tx.program_id, *map(list, zip(*states, strict=True))))]


def keep_blocks(tx: Tx, blocks: Sequence[Block]) -> list[Write]:
    """Keep who was blocked or let go again, by whom and why."""
    if not blocks:
        return []
    return [Write(_BLOCKS, (tx.program_id, tx.now, *map(list, zip(*blocks, strict=True))))]


def raise_versions(tx: Tx, versions: Sequence[tuple[UUID, int]]) -> list[Write]:
    """Count these changes in the members' order of writes; their standing must be locked."""
    if not versions:
        return []
    ids, raised = ([*column] for column in zip(*versions, strict=True))
    return [Write(_RAISE, (tx.program_id, ids, raised), len(versions), rows=ids)]


def _columns(links: Sequence[Link]) -> tuple[list[str], list[str], list[UUID]]:
    return (
        [said.identifier.kind for said in links],
        [said.identifier.value for said in links],
        [said.member_id for said in links],
    )

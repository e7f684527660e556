"""Look up kept lists, rounds and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.access.office.tags import MOST
from regulars.records.access.office.types import MemberNote, Round, SavedView, Stretch

_VIEWS = """
select view_id, staff_id, shared, name, query, made_at from saved_view
 where program_id = $1::int and (shared or staff_id = $2::uuid)
 order by shared desc, lower(name), view_id
"""
_COLUMNS = """
select round_id, wallet, units, reason, cardinality(member_ids) as members, place, booked, state,
       asked_by, asked_at, decided_by, decided_at, ended_at, left_out
"""
_ROUND = f"{_COLUMNS} from adjustment_round where program_id = $1::int and round_id = $2::uuid"
_ROUNDS = f"""
{_COLUMNS} from adjustment_round
 where program_id = $1::int and ($2::text = '' or state = $2::text)
 order by asked_at desc, round_id limit $3::int
"""
# What a colleague granted is of nobody's budget.
_ALONE = f"""
{_COLUMNS} from adjustment_round
 where program_id = $1::int and asked_by = $2::uuid and state = 'going' and decided_by is null
 order by asked_at, round_id
"""
_HOLD = f"""
{_COLUMNS}, member_ids[place + 1 : place + $3::int] as following from adjustment_round
 where program_id = $1::int and round_id = $2::uuid for update
"""
_NEXT = f"""
{_COLUMNS}, member_ids[place + 1 : place + $2::int] as following from adjustment_round
 where program_id = $1::int and state = 'going' order by asked_at, round_id limit 1
"""
# Of these rounds, for which of these members they are.
_MEANT = f"""
{_COLUMNS}, array(select m from unnest(r.member_ids) m where m = any($3::uuid[])) as meant
  from adjustment_round r
 where program_id = $1::int and round_id = any($2::uuid[])
"""  # noqa: S608
_NOTES = """
select note_id, member_id, staff_id, says, at from member_note
 where program_id = $1::int and member_id = $2::uuid order by note_id desc limit 50
"""
_NOTE = """
select note_id, member_id, staff_id, says, at from member_note
 where program_id = $1::int and member_id = $2::uuid and note_id = $3::uuid
"""
# One word after the other by its index, however many members have each.
_TAGS = """
with recursive known (tag) as (
    (select tag from member_tag where program_id = $1::int order by tag limit 1)
    union all
    select (select m.tag from member_tag m
             where m.program_id = $1::int and m.tag > k.tag order by m.tag limit 1)
      from known k where k.tag is not null)
select tag from known where tag is not null limit $2::int
"""
_TAGS_OF = """
select member_id, tag from member_tag
 where program_id = $1::int and member_id = any($2::uuid[]) order by member_id, tag
"""
_FIELDS = Round.__struct_fields__
_decoded = msgspec.json.Decoder(dict[str, int]).decode


async def views(tx: Tx, staff_id: UUID) -> list[SavedView]:
    """The lists somebody sees: everybody's, then their own, each by name."""
    return [SavedView(**row) for row in await tx.fetch(_VIEWS, tx.program_id, staff_id)]


async def one_round(tx: Tx, round_id: UUID) -> Round | None:
    """One round of adjustments."""
    rows = await tx.fetch(_ROUND, tx.program_id, round_id)
    return _round(rows[0]) if rows else None


async def rounds(tx: Tx, state: str = "", limit: int = 20) -> list[Round]:
    """Rounds, the latest first; all, or those in one state."""
    return [_round(row) for row in await tx.fetch(_ROUNDS, tx.program_id, state, limit)]


async def going_alone(tx: Tx, staff_id: UUID) -> list[Round]:
    """Rounds under way that somebody began and no colleague granted, oldest first."""
    return [_round(row) for row in await tx.fetch(_ALONE, tx.program_id, staff_id)]


async def hold_round(tx: Tx, round_id: UUID, most: int) -> Stretch | None:
    """A round and its next members; how it stands is locked until the transaction is over."""
    rows = await tx.fetch(_HOLD, tx.program_id, round_id, most)
    return Stretch(_round(rows[0]), tuple(rows[0]["following"])) if rows else None


async def following(tx: Tx, most: int) -> Stretch | None:
    """The next members of the round that waits longest; nothing where none is under way."""
    rows = await tx.fetch(_NEXT, tx.program_id, most)
    if not rows:
        return None
    return Stretch(_round(rows[0]), tuple(rows[0]["following"]))


async def meant(
    tx: Tx, round_ids: Sequence[UUID], member_ids: Sequence[UUID]
) -> dict[UUID, tuple[Round, frozenset[UUID]]]:
    """These rounds, and which of these members each is for."""
    rows = await tx.fetch(_MEANT, tx.program_id, list(round_ids), list(member_ids))
    return {row["round_id"]: (_round(row), frozenset(row["meant"])) for row in rows}


async def notes(tx: Tx, member_id: UUID) -> list[MemberNote]:
    """What was written beside a member, the latest first; the fifty last."""
    return [MemberNote(**row) for row in await tx.fetch(_NOTES, tx.program_id, member_id)]


async def note(tx: Tx, member_id: UUID, note_id: UUID) -> MemberNote | None:
    """One note beside a member."""
    rows = await tx.fetch(_NOTE, tx.program_id, member_id, note_id)
    return MemberNote(**rows[0]) if rows else None


async def tags(tx: Tx) -> list[str]:
    """Every word that some member has, in order."""
    return [row["tag"] for row in await tx.fetch(_TAGS, tx.program_id, MOST)]


async def tags_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The words of each of these members, in order; who has none is not named."""
    found: dict[UUID, list[str]] = {}
    for row in await tx.fetch(_TAGS_OF, tx.program_id, list(member_ids)):
        found.setdefault(row["member_id"], []).append(row["tag"])
    return found


def _round(row: Mapping[str, Any]) -> Round:
    told = {name: row[name] for name in _FIELDS}
    return Round(**told | {"left_out": _decoded(told["left_out"])})

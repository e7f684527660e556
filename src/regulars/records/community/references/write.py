"""Keep who may be asked for a reference, and who was."""

from __future__ import annotations

from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.community.references.types import ReferenceRequest

_AGREE = """
insert into reference_member (program_id, member_id, agreed_at, agreed_by)
values ($1::int, $2::uuid, $3::timestamptz, $4::text)
    on conflict (program_id, member_id) do nothing
"""
# Whoever says no says it for whoever they were, too.
_THEIRS = """(member_id = $2::uuid
    or member_id in (select l.member_id from member_alias l
                      where l.program_id = $1::int and l.into_id = $2::uuid))
"""
_DISAGREE = f"delete from reference_member where program_id = $1::int and {_THEIRS}"  # noqa: S608
_OPEN_AGAIN = f"""
update reference_request set state = 'open', member_id = null
 where program_id = $1::int and state = 'asked' and {_THEIRS}
"""  # noqa: S608 - ours
_LET_OFF = f"""
update reference_ask set outcome = 'declined', ended_at = $3::timestamptz
 where program_id = $1::int and outcome = '' and {_THEIRS}
"""  # noqa: S608 - ours
_KEEP = """
insert into reference_request (program_id, request_id, prospect, wants, state, made_at, made_by)
values ($1::int, $2::uuid, $3::text, $4::text::jsonb, 'open', $5::timestamptz, $6::text)
"""
_TURN = """
update reference_request set state = $3::text, member_id = $4::uuid, ended_at = $5::timestamptz,
       ended_by = $6::text
 where program_id = $1::int and request_id = $2::uuid
"""
_ASK = """
insert into reference_ask (program_id, request_id, member_id, asked_at)
values ($1::int, $2::uuid, $3::uuid, $4::timestamptz)
"""
_ANSWER = """
update reference_ask set outcome = $3::text, ended_at = $4::timestamptz
 where program_id = $1::int and request_id = $2::uuid and outcome = ''
"""


def agree(tx: Tx, member_id: UUID, agrees: bool, by: str) -> list[Write]:
    """Prospects may ask this member from now on, or may not any more."""
    if agrees:
        return [Write(_AGREE, (tx.program_id, member_id, tx.now, by))]
    return [Write(_DISAGREE, (tx.program_id, member_id))]


def let_off(tx: Tx, member_id: UUID) -> list[Write]:
    """This member declines whatever they are asked for; the next may be asked."""
    return [
        Write(_OPEN_AGAIN, (tx.program_id, member_id)),
        Write(_LET_OFF, (tx.program_id, member_id, tx.now)),
    ]


def begin(tx: Tx, one: ReferenceRequest) -> list[Write]:
    """Somebody wants a reference."""
    wants = msgspec.json.encode(one.wants).decode()
    return [Write(_KEEP, (
        tx.program_id, one.request_id, one.prospect, wants, one.made_at, one.made_by,
    ))]  # fmt: skip


def turn(tx: Tx, one: ReferenceRequest) -> list[Write]:
    """So it stands from now on."""
    return [Write(_TURN, (
        tx.program_id, one.request_id, one.state, one.member_id, one.ended_at, one.ended_by,
    ))]  # fmt: skip


def ask(tx: Tx, request_id: UUID, member_id: UUID) -> list[Write]:
    """This member is asked for it."""
    return [Write(_ASK, (tx.program_id, request_id, member_id, tx.now))]


def answer(tx: Tx, request_id: UUID, outcome: str) -> list[Write]:
    """What whoever is asked said."""
    return [Write(_ANSWER, (tx.program_id, request_id, outcome, tx.now))]

"""Keep surveys, who was asked, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.outbox.surveys.types import Answer, Invitation, Survey

_KEEPING = waiting_for(Alone.SURVEYS)
_INVITING = waiting_for(Alone.SURVEY_INVITATIONS)
_KEEP = """
insert into survey (program_id, survey_id, code, name, kind, asks, questions, thanks, state,
                    version, made_at, made_by, changed_at, changed_by, review_url, review_site)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text::jsonb, $7::text::jsonb,
        $8::text::jsonb, $9::text, $10::int, $11::timestamptz, $12::text, $13::timestamptz,
        $14::text, $15::text, $16::text)
    on conflict (program_id, survey_id) do update
   set name = excluded.name, asks = excluded.asks, questions = excluded.questions,
       thanks = excluded.thanks, state = excluded.state, version = excluded.version,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by,
       review_url = excluded.review_url, review_site = excluded.review_site
"""
_INVITE = """
insert into survey_invitation (program_id, invitation_id, survey_id, member_id, store, made_at,
                               made_by, expires_at)
select $1::int, t.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[],
                                $7::text[], $8::timestamptz[]) as t
"""
# The first of several for one invitation counts, whoever sends them.
_ANSWER = """
insert into survey_answer (program_id, invitation_id, survey_id, member_id, answered_at, score,
                           says, language, tier, store, due_at)
values ($1::int, $2::uuid, $3::uuid, $4::uuid, $5::timestamptz, $6::smallint, $7::text::jsonb,
        $8::text, $9::text, $10::text, $11::timestamptz)
    on conflict do nothing returning invitation_id
"""
_TAKE = """
update survey_answer set owner = $3::text
 where program_id = $1::int and invitation_id = $2::uuid and due_at is not null
"""
_END = """
update survey_answer
   set done_at = $3::timestamptz, done_by = $4::text, outcome = $5::text, note = $6::text
 where program_id = $1::int and invitation_id = $2::uuid and due_at is not null
"""


async def hold(tx: Tx) -> None:
    """Nobody else keeps a survey for as long."""
    await tx.fetch(_KEEPING, tx.program_id)


async def hold_invitations(tx: Tx) -> None:
    """Nobody else is asked for as long, so that nobody is asked too often by two at once."""
    await tx.fetch(_INVITING, tx.program_id)


def keep(tx: Tx, one: Survey) -> list[Write]:
    """This survey as it is now."""
    asks, questions, thanks = (
        msgspec.json.encode(part).decode() for part in (one.asks, one.questions, one.thanks)
    )
    return [Write(_KEEP, (
        tx.program_id, one.survey_id, one.code, one.name, one.kind, asks, questions, thanks,
        one.state, one.version, one.made_at, one.made_by, one.changed_at, one.changed_by,
        one.review_url, one.review_site,
    ))]  # fmt: skip


def invite(tx: Tx, these: Sequence[Invitation]) -> list[Write]:
    """These were asked."""
    if not these:
        return []
    columns = [
        [one.invitation_id for one in these], [one.survey_id for one in these],
        [one.member_id for one in these], [one.store for one in these],
        [one.made_at for one in these], [one.made_by for one in these],
        [one.expires_at for one in these],
    ]  # fmt: skip
    return [Write(_INVITE, (tx.program_id, *columns))]


async def answer(tx: Tx, one: Answer) -> bool:
    """This was said; no, where that invitation was answered already."""
    rows = await tx.fetch(
        _ANSWER, tx.program_id, one.invitation_id, one.survey_id, one.member_id, one.answered_at,
        one.score, msgspec.json.encode(one.says).decode(), one.language, one.tier, one.store,
        one.due_at,
    )  # fmt: skip
    return bool(rows)


def take(tx: Tx, invitation_id: UUID, owner: str) -> list[Write]:
    """Somebody takes it on."""
    return [Write(_TAKE, (tx.program_id, invitation_id, owner))]


def end(tx: Tx, invitation_id: UUID, who: str, outcome: str, note: str) -> list[Write]:
    """It was looked after, and this came of it."""
    return [Write(_END, (tx.program_id, invitation_id, tx.now, who, outcome, note))]

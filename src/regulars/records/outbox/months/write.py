"""Keep months as they were told, and what becomes of letters with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.outbox.months.types import LetterState, Page

ADDRESS_KEPT: Final = timedelta(days=60)
"""So long a letter can come back; then nobody needs to know where it went."""
_PAGE: Final = """
insert into month_page (program_id, month, language, told, made_at)
select $1::int, p.month, p.language, p.told::jsonb, p.made_at
  from unnest($2::date[], $3::text[], $4::text[], $5::timestamptz[])
       as p (month, language, told, made_at)
"""
# Nobody gets a month twice, whatever they change meanwhile.
_LETTER: Final = """
insert into month_letter (program_id, letter_id, month, staff_id, language, state, try_at)
select $1::int, l.letter_id, $2::date, l.staff_id, l.language, 'waiting', $3::timestamptz
  from unnest($4::uuid[], $5::uuid[], $6::text[]) as l (letter_id, staff_id, language)
    on conflict do nothing
"""
_TAKE: Final = """
update month_letter set state = 'going', tries = tries + 1, try_at = $3::timestamptz,
                        address = $4::bytea
 where program_id = $1::int and letter_id = $2::uuid and state = 'waiting'
"""
_SETTLE: Final = """
update month_letter set state = $3::text, try_at = $4::timestamptz, reason = $5::text
 where program_id = $1::int and letter_id = $2::uuid and state = any($6::text[])
"""
_LOST: Final = """
update month_letter set state = 'unsure'
 where program_id = $1::int and state = 'going' and try_at <= $2::timestamptz
"""
_ANEW: Final = """
update month_letter set address = ''
 where program_id = $1::int and staff_id = $2::uuid and state = 'bounced' and address <> ''
"""
_FORGET: Final = """
update month_letter set address = ''
 where program_id = $1::int and state not in ('bounced', 'waiting', 'going')
   and try_at < $2::timestamptz and address <> ''
"""


def keep(tx: Tx, pages: Sequence[Page]) -> list[Write]:
    """These pages are kept."""
    told = [msgspec.json.encode(one.told).decode() for one in pages]
    columns = ([one.month for one in pages], [one.language for one in pages], told)
    return [Write(_PAGE, (tx.program_id, *columns, [one.made_at for one in pages]))]


def address_to(tx: Tx, month: date, whom: Sequence[tuple[UUID, str]]) -> list[Write]:
    """These of the staff get this month, each in their language."""
    ids = [tx.new_id() for _ in whom]
    staff, languages = [one for one, _ in whom], [language for _, language in whom]
    return [Write(_LETTER, (tx.program_id, month, tx.now, ids, staff, languages))]


def take(tx: Tx, letter_id: UUID, address: bytes) -> list[Write]:
    """It is handed over from now on."""
    return [Write(_TAKE, (tx.program_id, letter_id, tx.now, address))]


def settle(
    tx: Tx, letter_id: UUID, state: LetterState, *,
    at: datetime | None = None, reason: str = "", was: Sequence[LetterState] = ("going",),
) -> list[Write]:  # fmt: skip
    """What became of it; where it is something else by now, it stays that."""
    return [Write(_SETTLE, (tx.program_id, letter_id, state, at or tx.now, reason, list(was)))]


def lose(tx: Tx, before: datetime) -> list[Write]:
    """Whoever handed these over was stopped: nobody knows whether they arrived."""
    return [Write(_LOST, (tx.program_id, before))]


def begin_anew(tx: Tx, staff_id: UUID) -> list[Write]:
    """Letters to them came back, and from now on they are tried again."""
    return [Write(_ANEW, (tx.program_id, staff_id))]


def forget_addresses(tx: Tx) -> list[Write]:
    """Of letters that can come back no more it is forgotten where they went."""
    return [Write(_FORGET, (tx.program_id, tx.now - ADDRESS_KEPT))]

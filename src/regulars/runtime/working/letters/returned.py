"""The duty that reads letters that came back, and what members answer, out of the mailbox they are
delivered into."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import asyncpg
import structlog

from regulars.base.keyed import Keyed
from regulars.flows.membership.benefits.lines.commands import HearWord
from regulars.flows.membership.benefits.lines.write_words import write_words
from regulars.flows.telling.keep_bounces import Marked, NoteBounce, note_bounces
from regulars.flows.telling.send_months import note_months_bounced
from regulars.records.benefits.lines.types import Word
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.senders.email.answers import (
    Answered,
    answered_by,
    can_be_read,
    unread_answer,
)
from regulars.surfaces.senders.email.bounces import LONGEST_REPORT, Returned, returned_by
from regulars.surfaces.senders.logged import place_of

_ELSEWHERE: Final = (
    OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError, asyncpg.TransactionRollbackError,
)  # fmt: skip
"""What is no mail's fault: the next round finds all of them again."""
MOST: Final = 200
"""Mails of one round; the rest waits for the next."""
# A letter of a campaign has the number of its message.
_WHOSE: Final = """
with p as materialized (select distinct program_id from program_version)
select d.program_id, d.delivery_id
  from p join delivery d on d.program_id = p.program_id and d.delivery_id = any($1::uuid[])
 union all
select m.program_id, m.message_id
  from p join campaign_message m on m.program_id = p.program_id and m.message_id = any($1::uuid[])
"""
_WHOSE_MONTHS: Final = """
select p.program_id, l.letter_id from (select distinct program_id from program_version) p
  join month_letter l on l.program_id = p.program_id and l.letter_id = any($1::uuid[])
"""

_WHOSE_LINES: Final = """
with p as materialized (select distinct program_id from program_version)
select d.program_id, d.delivery_id, d.member_id, d.kind <> 'line' as answers
  from p join delivery d on d.program_id = p.program_id and d.delivery_id = any($1::uuid[])
 union all
select m.program_id, m.message_id, m.member_id, true
  from p join campaign_message m on m.program_id = p.program_id and m.message_id = any($1::uuid[])
"""

Read = TypeVar("Read")

log = structlog.get_logger()


class ReturnedLetters:
    """The duty: what is new in the mailbox is read, noted and laid aside as seen."""

    name = "returned letters"
    every = timedelta(seconds=30)

    def __init__(self, maildir: Path, database: Database, owner_dsn: str, keyed: Keyed) -> None:
        self._maildir = maildir
        self._database = database
        self._owner_dsn = owner_dsn
        self._keyed = keyed

    async def run(self, now: datetime) -> None:
        """Note what came back since; each mail is laid aside once what it says is kept."""
        mails = await asyncio.to_thread(_unread, self._maildir / "new")
        if not mails:
            return
        found = [(path.name, one) for path, said, _ in mails for one in said]
        answers = [(path.name, one) for path, _, one in mails if one is not None]
        marked = await _kept(partial(note_returned, self._database, self._owner_dsn), found)
        hear = partial(note_answers, self._database, self._owner_dsn, self._keyed)
        heard = await _kept(hear, answers)
        await asyncio.to_thread(_lay_aside, [path for path, *_ in mails], self._maildir / "cur")
        log.info("returned.read", mails=len(mails), letters=len(found), marked=marked, heard=heard)


async def _kept(
    note: Callable[[Sequence[Read]], Awaitable[int]], some: Sequence[tuple[str, Read]]
) -> int:
    """Note these together or, where one of them breaks it, each by itself: that one is named in the
    log and laid aside, so that anybody's mail holds up nobody else's."""
    try:
        return await note([one for _, one in some])
    except _ELSEWHERE:
        raise
    except Exception as bug:
        if len(some) == 1:
            log.error("returned.not_kept", mail=some[0][0], **place_of(bug))
            return 0
    return sum([await _kept(note, [one]) for one in some])


async def note_returned(database: Database, owner_dsn: str, found: Sequence[Returned]) -> int:
    """Mark the addresses of these letters, each in the program that sent it; how many were new."""
    reasons = {one.delivery_id: one for one in found}
    connection = await asyncpg.connect(owner_dsn)
    try:
        rows = await connection.fetch(_WHOSE, list(reasons))
    finally:
        await connection.close()
    by_program: dict[int, list[NoteBounce]] = {}
    for program_id, delivery_id in rows:
        note = NoteBounce(*reasons[delivery_id])
        by_program.setdefault(program_id, []).append(note)
    fresh = 0
    for program_id, notes in sorted(by_program.items()):
        async with database.transaction(program_id) as tx:
            outcomes = await note_bounces(tx, notes)
        fresh += sum(isinstance(one, Marked) and one.fresh for one in outcomes)
    lasts = {one.delivery_id: one.reason for one in found if one.kind == "hard"}
    return fresh + await _note_months(database, owner_dsn, lasts)


async def note_answers(
    database: Database, owner_dsn: str, keyed: Keyed, answers: Sequence[Answered]
) -> int:
    """Put what members answered to any letter of ours into their lines; how many were heard."""
    if not answers:
        return 0
    connection = await asyncpg.connect(owner_dsn)
    try:
        ids = [letter for one in answers for letter in one.letters]
        rows = await connection.fetch(_WHOSE_LINES, ids)
    finally:
        await connection.close()
    whose = {row["delivery_id"]: tuple(row.values()) for row in rows}
    by_program: dict[int, list[HearWord]] = {}
    for one in answers:
        letter = next((each for each in one.letters if each in whose), None)
        if letter is not None:
            program_id, _, member_id, any_of_ours = whose[letter]
            word = HearWord(one.answer_id, member_id, "email", one.says, any_of_ours)
            by_program.setdefault(program_id, []).append(word)
    heard, programs = 0, Programs(database)
    for program_id, words in sorted(by_program.items()):
        terms = await programs.terms(program_id)
        async with database.transaction(program_id) as tx:
            outcomes = await write_words(tx, terms, keyed, words)
        heard += sum(isinstance(one, Word) for one in outcomes)
    return heard


async def _note_months(database: Database, owner_dsn: str, reasons: Mapping[UUID, str]) -> int:
    """The same of letters with a month, which went to staff."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        rows = await connection.fetch(_WHOSE_MONTHS, list(reasons))
    finally:
        await connection.close()
    fresh = 0
    for program_id in sorted({row["program_id"] for row in rows}):
        told = [
            (row["letter_id"], reasons[row["letter_id"]])
            for row in rows
            if row["program_id"] == program_id
        ]
        async with database.transaction(program_id) as tx:
            fresh += await note_months_bounced(tx, told)
    return fresh


def _unread(folder: Path) -> list[tuple[Path, list[Returned], Answered | None]]:
    """The oldest mails, which letters each says came back, and what it answers; one we may not read
    stays."""
    paths = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    found: list[tuple[Path, list[Returned], Answered | None]] = []
    for path in paths:
        mail = _read(path)
        if mail is not None:
            if not can_be_read(mail):
                log.warning("returned.unread", mail=path.name, why="its headers are too long")
            elif unread_answer(mail):
                log.warning("returned.unread", mail=path.name, why="its answer has no words")
            found.append((path, returned_by(mail), answered_by(mail)))
        if len(found) == MOST:
            break
    return found


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as mail:
            return mail.read(LONGEST_REPORT + 1)
    except OSError as why:
        log.warning("returned.not_read", mail=path.name, why=str(why))
        return None


def _lay_aside(paths: Sequence[Path], seen: Path) -> None:
    for path in paths:
        path.rename(seen / f"{path.name}:2,S")

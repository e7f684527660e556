"""What a member held as of an instant, for the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.ledger.read import balances_at
from regulars.records.ledger.types import Balance
from regulars.records.members.read import whom
from regulars.records.members.types import MemberRef
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.problems import SetupProblem
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.surfaces.api.strict.ids import meant

_SLUG = "select program_id from program where slug = $1"


async def held(
    where: Addresses, program: str, member: str, times: tuple[str, str]
) -> dict[str, Balance]:
    """What this member held, per wallet; `times` are as of when and as known when, in words."""
    program_id = await _program(where.owner, program)
    database = await Database.connect(where.app, size=1)
    try:
        terms = await Programs(database).terms(program_id)
        zone = terms.versions[-1].zone
        as_of, as_known = (_instant(text, zone) for text in times)
        async with database.transaction(program_id) as tx:
            id_ = await _member(tx, terms, member)
            found = await balances_at(tx, [id_], as_of=as_of, as_known=as_known)
    except Fault as fault:
        raise SetupProblem(fault.says, "") from None
    finally:
        await database.close()
    return {terms.wallet_names[code]: one for code, one in sorted(found[id_].items())}


async def _program(owner_dsn: str, slug: str) -> int:
    connection = await asyncpg.connect(owner_dsn)
    try:
        program_id = await connection.fetchval(_SLUG, slug)
    finally:
        await connection.close()
    if program_id is None:
        raise SetupProblem(f"There is no program {slug}.", "Check its public name for a slip.")
    return int(program_id)


async def _member(tx: Tx, terms: Terms, text: str) -> UUID:
    id_ = meant("mem", text)
    ref = MemberRef(number=text) if id_ is None else MemberRef(id=id_)
    (found,) = await whom(tx, terms.versions[-1].program.country, [ref], field="")
    if isinstance(found, Fault):
        raise SetupProblem(
            f"There is no member {text}.",
            "Say the loyalty number, or mem_ and the id as the API shows it.",
        )
    return found


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    """An instant; a day is its beginning, in the program's zone where none is said."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SetupProblem(
            f"{text} is no instant.", "Write it as in 2026-01-31 or 2026-01-31T18:00."
        ) from None

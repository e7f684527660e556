"""The mark of a restore in a database of one's own: a table that is there until all is done."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import asyncpg

from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.away import AWAY

TURN: Final = 7_246_933
"""Any fixed number will do; all restores into one database must use the same."""
MARKED: Final = "select to_regclass('public.restoring') is not null"
CUT_OFF: Final = (
    "A restore into this database was cut off, or still goes on: letters that went out would go "
    "out again, and who was erased since would be back. Run `regulars restore` again, as before: "
    "it clears away what is there and begins anew."
)
_MARK: Final = """
create table public.restoring (begun_at timestamptz not null default clock_timestamp());
comment on table public.restoring is
    'A restore has begun and not ended: `regulars restore` again clears all away';
"""
# Whatever a dump puts there: tables with their indexes and triggers, sequences, functions, types.
_CLEAR: Final = """
do $$ declare one record; begin
    for one in select quote_ident(relname) as name from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not relispartition loop
        execute 'drop table if exists public.' || one.name || ' cascade';
    end loop;
    for one in select quote_ident(relname) as name from pg_class
                where relnamespace = 'public'::regnamespace and relkind = 'S' loop
        execute 'drop sequence if exists public.' || one.name || ' cascade';
    end loop;
    for one in select oid::regprocedure::text as name from pg_proc
                where pronamespace = 'public'::regnamespace
                  and pg_get_userbyid(proowner) = current_user loop
        execute 'drop routine if exists ' || one.name || ' cascade';
    end loop;
    for one in select quote_ident(t.typname) as name from pg_type t
                 left join pg_class c on c.oid = t.typrelid
                where t.typnamespace = 'public'::regnamespace
                  and (t.typtype in ('e', 'd') or c.relkind = 'c') loop
        execute 'drop type if exists public.' || one.name || ' cascade';
    end loop;
end $$
"""


@contextmanager
def restoring_own(owner_dsn: str) -> Iterator[None]:
    """For as long as this block lasts a restore goes on in a database of one's own.

    Order: the mark is committed before anything is loaded, and goes when the block ended well.
    Keeps: killed on the way, the mark stays: `serve` refuses, and the next restore clears all away.
    After any other failure nothing stays. Two restores at once do not meet: one is refused.
    """
    # The lock is ours only as long as this connection is open, while others load and verify.
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(owner_dsn))
        try:
            runner.run(_begin(connection))
            try:
                yield
            except BaseException:
                # Where the database is away the mark stays, and does what it is for.
                with suppress(*AWAY):
                    runner.run(_clear(connection))
                raise
            runner.run(connection.execute("drop table public.restoring"))
        finally:
            connection.terminate()


async def _begin(connection: Any) -> None:
    if not await connection.fetchval("select pg_try_advisory_lock($1)", TURN):
        raise SetupProblem(
            "Another restore into this database is going on.", "Wait until it has ended."
        )
    if await connection.fetchval(MARKED):
        await _clear(connection)
    await connection.execute(_MARK)


async def _clear(connection: Any) -> None:
    async with connection.transaction():
        await connection.execute(_CLEAR)

"""The mark of a restore in a database of one's own: a table that is there until all is done."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final

import asyncpg

from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.away import AWAY

TURN: Final = 7_246_933
"""Any fixed number will do; all restores into one database must use the same."""
MARK: Final = "public.restoring"
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
_NOT_OF_US: Final = """
    and not exists (select from pg_depend d
                     where d.classid = '{0}'::regclass and d.objid = {1}.oid and d.deptype = 'e')"""
# Whatever a dump puts there: tables with their indexes and triggers, sequences, functions, types.
# What an extension has brought, or belongs to somebody else, was there before and stays.
_CLEAR: Final = f"""
do $$ declare one record; begin
    for one in select quote_ident(relname) as name from pg_class c
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and not relispartition and pg_get_userbyid(relowner) = current_user
                  {_NOT_OF_US.format("pg_class", "c")} loop
        execute 'drop table if exists public.' || one.name || ' cascade';
    end loop;
    for one in select quote_ident(relname) as name from pg_class c
                where relnamespace = 'public'::regnamespace and relkind = 'S'
                  and pg_get_userbyid(relowner) = current_user
                  {_NOT_OF_US.format("pg_class", "c")} loop
        execute 'drop sequence if exists public.' || one.name || ' cascade';
    end loop;
    for one in select oid::regprocedure::text as name from pg_proc p
                where pronamespace = 'public'::regnamespace
                  and pg_get_userbyid(proowner) = current_user
                  {_NOT_OF_US.format("pg_proc", "p")} loop
        execute 'drop routine if exists ' || one.name || ' cascade';
    end loop;
    for one in select quote_ident(t.typname) as name from pg_type t
                 left join pg_class c on c.oid = t.typrelid
                where t.typnamespace = 'public'::regnamespace
                  and (t.typtype in ('e', 'd') or c.relkind = 'c')
                  and pg_get_userbyid(t.typowner) = current_user
                  {_NOT_OF_US.format("pg_type", "t")} loop
        execute 'drop type if exists public.' || one.name || ' cascade';
    end loop;
end $$
"""  # noqa: S608  (made of our own constants)
# The one that holds the lock says nothing for hours.
# One whose `restore` was killed works on, and would commit into what is loaded next.
_ORPHANS: Final = """
select pg_terminate_backend(pid, 10000) from pg_stat_activity
 where datname = current_database() and usename = current_user
   and application_name = 'pg_restore'
"""
_PATIENT: Final = """
set idle_session_timeout = 0; set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 15
"""


@contextmanager
def restoring_own(owner_dsn: str) -> Iterator[None]:
    """For as long as this block lasts a restore goes on in a database of one's own.

    Order: the mark is committed before anything is loaded, and goes when the block ended well.
    Keeps: killed on the way, the mark stays: `serve` refuses, and the next restore clears all away.
    After any other failure nothing stays. Two restores at once do not meet: one is refused. Where
    the connection that keeps others off was lost, only what is still this restore's is touched.
    """
    # The lock is ours only as long as this connection is open, while others load and verify.
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(owner_dsn))
        try:
            begun_at = runner.run(_begin(connection))
            try:
                yield
            except BaseException:
                # Where the database is away the mark stays, and does what it is for.
                with suppress(*AWAY, SetupProblem):
                    runner.run(_end(owner_dsn, begun_at, _CLEAR))
                raise
            runner.run(_end(owner_dsn, begun_at, "drop table public.restoring"))
        finally:
            connection.terminate()


async def marked(dsn: str) -> bool:
    """Whether a restore into this database has begun and not ended, or was cut off."""
    connection = await asyncpg.connect(dsn)
    try:
        return bool(await connection.fetchval(MARKED))
    finally:
        await connection.close()


async def refuse_marked(dsn: str) -> None:
    """Refuse to back up what a restore has not ended with."""
    if await marked(dsn):
        raise SetupProblem(
            "A restore into this database was cut off, or still goes on: these are no books "
            "to back up.",
            "Wait until it has ended, or run the same `regulars restore` again.",
        )


async def _begin(connection: Any) -> datetime:
    await connection.execute(_PATIENT)
    if not await connection.fetchval("select pg_try_advisory_lock($1)", TURN):
        raise SetupProblem(
            "Another restore into this database is going on.", "Wait until it has ended."
        )
    if await connection.fetchval(MARKED):
        await _clear_left(connection)
    await connection.execute(_MARK)
    begun_at = await connection.fetchval(
        "insert into public.restoring default values returning begun_at"
    )
    assert isinstance(begun_at, datetime)
    return begun_at


async def unmark(dsn: str) -> None:
    """Remove a mark that came along in a dump made amid a restore, by an earlier release."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("drop table if exists public.restoring")
    finally:
        await connection.close()


async def _clear_left(connection: Any) -> None:
    try:
        await connection.execute(_ORPHANS)
        await connection.execute(_CLEAR)
        left = await connection.fetchval(MARKED)
    except asyncpg.PostgresError as wrong:
        raise _not_cleared(str(wrong)) from None
    if left:
        raise _not_cleared("the table `restoring` belongs to another role")


def _not_cleared(why: str) -> SetupProblem:
    return SetupProblem(
        f"What an earlier restore left here cannot be removed: {why}.",
        "Make an empty database with the same two roles and set REGULARS_DATABASE_URL and "
        "REGULARS_OWNER_DATABASE_URL to it.",
    )


async def _end(owner_dsn: str, begun_at: datetime, statement: str) -> None:
    """Over a connection of its own: a firewall may have ended the one that was silent."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        ours = await connection.fetchval(MARKED) and await connection.fetchval(
            "select exists (select from public.restoring where begun_at = $1)", begun_at
        )
        if not ours:
            raise SetupProblem(
                "Another restore into this database has begun meanwhile and cleared this one away.",
                "Wait until it has ended.",
            )
        await connection.execute(statement)
    finally:
        await connection.close()

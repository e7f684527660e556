"""What the database can say of itself, asked for when somebody looks."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
from msgspec import Struct, field

from regulars.runtime.backup.shelf import own_backups
from regulars.runtime.installation.addresses import addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.seal import SealState, seal_state
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.away import AWAY
from regulars.runtime.working.sealing.anchors import places

PATIENCE_S: Final = 2.0
FRESH_S: Final = 2.0
"""Whoever looks more often than this is told what was found last."""

_ONE: Final = """
select (select count(*) from pg_locks where not granted) as lock_waits,
       (select count(*) from pg_stat_activity where datname = current_database()) as connections,
       d.deadlocks, d.xact_commit as commits, d.xact_rollback as rollbacks,
       pg_database_size(current_database()) as bytes,
       a.archived_count, a.failed_count, a.last_archived_time, a.last_failed_time,
       current_setting('archive_mode') = 'on' as archives,
       (select coalesce(max(epoch), 0) from fence) as epoch
  from pg_stat_database d, pg_stat_archiver a
 where d.datname = current_database()
"""
_NIGHTS: Final = """
select p.slug, s.step, max(s.done_at) as done_at,
       count(*) filter (where s.done_at is null) as open
  from midnight_step s join program p using (program_id)
 group by p.slug, s.step order by 1, 2
"""
# Counted up to so many of each source, so that a million that wait cost a scrape no more. What
# comes to a sandbox goes by its own clock, and of paused sources everything waits.
_COMES_IN: Final = """
select p.slug, sum(w.many)::bigint as waiting, count(*) filter (where u.problem) as unreached,
       coalesce(greatest(max(extract(epoch from now() - w.since)), 0), 0)::float8 as oldest
  from inlet i
  join program p on p.program_id = i.program_id
  left join sandbox x on x.program_id = i.program_id
 cross join lateral (
       select count(*) as many, min(a.try_at) as since
         from (select try_at from arrival
                where program_id = i.program_id and inlet_id = i.inlet_id and state = 'waiting'
                order by try_at, arrival_id limit 100000) a) w
 cross join lateral (
       select exists (select from catch_up where (program_id, inlet_id) = (i.program_id, i.inlet_id)
                         and problem <> '')
           or exists (select from feed where (program_id, inlet_id) = (i.program_id, i.inlet_id)
                         and problem <> '')
           or exists (select from stream where (program_id, inlet_id) = (i.program_id, i.inlet_id)
                         and problem <> '')
           or exists (select from outlet where (program_id, inlet_id) = (i.program_id, i.inlet_id)
                         and problem <> '') as problem) u
 where i.state = 'active' and x.program_id is null
 group by p.slug order by 1
"""


class Figures(Struct):
    """How the database stands; `up` is false where it did not answer."""

    up: bool = False
    one: dict[str, Any] = field(default_factory=dict)
    nights: list[dict[str, Any]] = field(default_factory=list)
    comes_in: list[dict[str, Any]] = field(default_factory=list)
    """By program, how its sources of events stand."""
    seal: SealState | None = None
    backups: dict[str, datetime] = field(default_factory=dict)
    """When the newest backup of this installation ended, of each kind."""


class Asking:
    """Asks the database, and remembers for a moment: a scrape must not become a load."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found = Figures()
        self._stale_at = 0.0

    async def figures(self) -> Figures:
        """How the database stands now, or stood a moment ago."""
        if time.monotonic() >= self._stale_at:
            self._found = await self._ask()
            self._stale_at = time.monotonic() + FRESH_S
        return self._found

    async def _ask(self) -> Figures:
        found = Figures()
        try:
            where = addresses(self._settings)
            connection = await asyncpg.connect(
                where.owner, timeout=PATIENCE_S, command_timeout=PATIENCE_S
            )
        except AWAY:
            return found
        try:
            found.one = dict(await connection.fetchrow(_ONE) or {})
            found.nights = [dict(row) for row in await connection.fetch(_NIGHTS)]
            found.up = True
            found.comes_in = await _comes_in(connection)
            found.seal = await _sealed(connection, places(self._settings))
            found.backups = await backups_told(self._settings, connection)
        except AWAY:
            found.one = {}
        finally:
            connection.terminate()
        return found


async def _comes_in(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """Nothing, where it takes too long: the other figures are told all the same."""
    try:
        return [dict(row) for row in await connection.fetch(_COMES_IN)]
    except AWAY:
        return []


async def _sealed(connection: asyncpg.Connection, anchors: list[str]) -> SealState | None:
    try:
        return await seal_state(connection, anchors)
    except AWAY:
        return None


async def backups_told(settings: Settings, connection: asyncpg.Connection) -> dict[str, datetime]:
    """When the newest backup of this installation ended, by its kind."""
    if settings.backups is None or not settings.backups.is_dir():
        return {}
    try:
        return {
            kept.label.kind: kept.label.ended_at.astimezone(UTC)
            for kept in await own_backups(settings, connection)
        }
    except (SetupProblem, OSError):
        return {}

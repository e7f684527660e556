"""Puts right what is kept beside the books: under lock, only where it differs, and on record."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import asyncpg
import structlog

from regulars.insight.rebuild import CACHES, Cache, Difference, compare, due_counts
from regulars.insight.rebuild.compare import BUDGETS, COUNTERS
from regulars.insight.verify.facts import Facts, read_facts
from regulars.insight.verify.run import prepare
from regulars.runtime.checking.remainders import REMAINDERS, due_of, due_remainders
from regulars.runtime.problems import SetupProblem

LONGEST_LOCK_S: Final = 30
HELD_AT_ONCE: Final = 200
"""Members who are held while what their deeds left is worked out again: a second at most."""
BALANCES: Final = "balances"
"""The cache by which members are listed by points."""
MOST_LINES: Final = 1_000
"""Rows of one repair that are logged one by one; of the rest, their number."""

_HOLD = """
select from standing s join unnest($1::int[], $2::uuid[]) as m (program_id, member_id)
 using (program_id, member_id) order by program_id, member_id for update of s
"""
Members = tuple[list[int], list[Any]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What differed, and how many rows were mended (none where it was only looked at)."""

    differences: Sequence[Difference]
    mended: int


async def rebuild(owner_dsn: str, *, repair: bool) -> Rebuilt:
    """Compare every cache with the books, and mend what differs where `repair` is asked for.

    Order: first a look at one instant that disturbs nobody; then, in one transaction, the
    standings of the members concerned are locked, what they should be is worked out again, and
    written. Everybody else goes on meanwhile. Remainders come last, in transactions of their own
    that hold some members and no shelf or budget: for them the rules run over deeds.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        found = await compare(connection)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found += await due_remainders(connection)
        if not (repair and found):
            return Rebuilt(found, 0)
        remainders = [one for one in found if one.cache == REMAINDERS]
        mended = 0
        if len(remainders) < len(found):
            async with connection.transaction():
                mended += await _mend(connection, found)
        return Rebuilt(found, mended + await _mend_remainders(connection, remainders))
    except (asyncpg.CheckViolationError, asyncpg.NumericValueOutOfRangeError) as wrong:
        raise SetupProblem(
            f"What the books come to cannot be: {wrong}. It was left as it was.",
            "The books themselves are wrong, not what is kept beside them: see `regulars verify`, "
            "and restore the last backup that was right.",
        ) from None
    except asyncpg.LockNotAvailableError:
        raise SetupProblem(
            f"A member concerned is held by somebody for more than {LONGEST_LOCK_S} seconds. "
            "They were left as they were.",
            "Try again, in a quiet minute if need be.",
        ) from None
    finally:
        await connection.close()


async def _mend(connection: Any, found: Sequence[Difference]) -> int:
    await prepare(connection)
    await connection.execute(f"set local lock_timeout = '{LONGEST_LOCK_S}s'")
    members = _members(found)
    await _lock(connection, members, drawn=any(one.cache == BUDGETS for one in found))
    facts = await read_facts(connection)
    mended = 0
    # All of them: a standing that was lost shows that its tier is wrong only when it is back.
    for cache in CACHES:
        mended += _record(cache.name, await _write(connection, cache, facts, members))
    if any(one.cache in (COUNTERS, BUDGETS) for one in found):
        due = await due_counts(connection, facts)
        mended += _record(COUNTERS, await _write_counters(connection, due.counters, members))
        if any(one.cache == BUDGETS for one in found):
            mended += _record(BUDGETS, await _write_budgets(connection, due.budgets))
    if any(one.cache == BALANCES for one in found):
        # No entry tells of it, so the list by points would never hear: the worker makes it anew.
        await connection.execute("delete from richness_reach")
    return mended


async def _mend_remainders(connection: Any, found: Sequence[Difference]) -> int:
    """What deeds left, by some members of one program at a time, each in its transaction."""
    mended = 0
    for program_id, whose in groupby(zip(*_members(found), strict=True), itemgetter(0)):
        members = [member_id for _, member_id in whose]
        for first in range(0, len(members), HELD_AT_ONCE):
            some = members[first : first + HELD_AT_ONCE]
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LONGEST_LOCK_S}s'")
                held = ([program_id] * len(some), some)
                await connection.fetch(_HOLD, *held)
                rows = await due_of(connection, program_id, some)
                mended += _record(REMAINDERS, await _write_counters(connection, rows, held))
    return mended


def _members(found: Sequence[Difference]) -> Members:
    whose = sorted({one.member for one in found if one.member is not None})
    return [program_id for program_id, _ in whose], [member_id for _, member_id in whose]


async def _lock(connection: Any, members: Members, *, drawn: bool) -> None:
    """The lock of a member is the standing; then budgets, then the shelf, as the flows take them.

    A budget is drawn on by everybody, so while one is counted again nobody may hold any.
    """
    await connection.fetch(_HOLD, *members)
    if drawn:
        await connection.execute("lock table budget in exclusive mode")
    await connection.fetch("select from reward_stock order by program_id, reward for update")


async def _write(connection: Any, cache: Cache, facts: Facts, members: Members) -> Sequence[Any]:
    """Work out one cache again and write what differs, in one statement."""
    differences = cache.differences()
    args: list[Any] = [facts.for_sql() if "$1" in differences else None]
    ours = "$1::jsonb is null or true"
    if cache.of_members:
        args += members
        ours += ") and ((program_id, member_id) in (select * from unnest($2::int[], $3::uuid[]))"
    due = f"select * from ({differences}) as d where ({ours})"  # noqa: S608
    rows: Sequence[Any] = await connection.fetch(
        f"with due as materialized ({due}) {_change(cache)}", *args
    )
    return rows


def _change(cache: Cache) -> str:
    key = ", ".join(cache.key)
    said = ", ".join(f"t.{column}" for column in dict.fromkeys((*cache.key, *cache.due)))
    if cache.adds is None:
        to = ", ".join(f"{column} = due.{column}_should" for column in cache.due)
        same = " and ".join(f"t.{column} = due.{column}" for column in cache.key)
        change = f"update {cache.table} as t set {to} from due"  # noqa: S608
        return f"{change} where {same} returning {said}"
    columns = ", ".join((*cache.key, *cache.due, *cache.adds))
    values = ", ".join(
        (*cache.key, *(f"{column}_should" for column in cache.due), *cache.adds.values())
    )
    to = ", ".join(f"{column} = excluded.{column}" for column in cache.due)
    return (
        f"insert into {cache.table} as t ({columns}) select {values} from due "  # noqa: S608
        f"on conflict ({key}) do update set {to} returning {said}"
    )


async def _write_counters(
    connection: Any, counters: Sequence[Mapping[str, Any]], members: Members
) -> Sequence[Any]:
    whose = set(zip(*members, strict=True))
    due = [row for row in counters if (row["program_id"], row["member_id"]) in whose]
    names = ("program_id", "member_id", "counter", "period", "value_should")
    return await connection.fetch(  # type: ignore[no-any-return]
        "insert into counter (program_id, member_id, counter, period, value) "
        "select * from unnest($1::int[], $2::uuid[], $3::smallint[], $4::int[], $5::bigint[]) "
        "on conflict (program_id, member_id, counter, period) do update set value = excluded.value "
        "returning program_id, member_id, counter, period, value",
        *([row[name] for row in due] for name in names),
    )


async def _write_budgets(connection: Any, budgets: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
    names = ("program_id", "budget", "period", "used_should")
    return await connection.fetch(  # type: ignore[no-any-return]
        "insert into budget (program_id, budget, period, used) "
        "select * from unnest($1::int[], $2::smallint[], $3::int[], $4::bigint[]) "
        "on conflict (program_id, budget, period) do update set used = excluded.used "
        "returning program_id, budget, period, used",
        *([row[name] for row in budgets] for name in names),
    )


def _record(cache: str, rows: Sequence[Any]) -> int:
    """Say in the log what was changed, row by row, and on whose word."""
    for row in rows[:MOST_LINES]:
        said = {name: str(value) for name, value in row.items()}
        log.warning("rebuild.mended", cache=cache, by=getpass.getuser(), row=said)
    if len(rows) > MOST_LINES:
        log.warning("rebuild.mended_more", cache=cache, rows=len(rows) - MOST_LINES)
    return len(rows)

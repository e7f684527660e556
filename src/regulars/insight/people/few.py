"""Members who can be only few: found by what they must have, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.insight.people.types import NO_TIER, Wanted

MOST: Final = 3_000
"""More than so many are not few: going through everybody meets them often enough."""
_MOST_TAILS: Final = 4
_APART: Final = timedelta(minutes=1)
"""The clocks of two machines may differ."""
# By each name at most the limit; who is found by two of them counts twice.
_NAMED: Final = """
select member_id from members_named($2::text[], $3::text[], $4::int) as m (member_id)
 where $1::int = current_setting('regulars.program_id')::int
"""
_IN_STATE: Final = """
select member_id from member
 where program_id = $1::int and state = $2::text and state <> 'active' limit $3::int
"""
_ON_STEP: Final = """
select member_id from standing
 where program_id = $1::int and tier = $2::text limit $3::int
"""
_TAGGED: Final = """
select member_id from member_tag
 where program_id = $1::int and tag = $2::text limit $3::int
"""
_LAPSING: Final = """
select member_id from lot
 where program_id = $1::int and expires_at > $2::timestamptz and expires_at < $3::timestamptz
   and remaining > 0 limit $4::int
"""
# Ids grow with the time of recording, and nobody tells of a visit before it is made.
_VISITING: Final = """
select member_id from activity
 where program_id = $1::int and activity_id >= $2::uuid
   and member_id <> '00000000-0000-0000-0000-000000000000' limit $3::int
"""


async def few(tx: Tx, wanted: Wanted) -> list[UUID] | None:
    """Everybody who can match, where that is not many; nothing where it may be many.

    Keeps: whoever matches is among them.
    """
    for sql, told in _ways(tx, wanted):
        rows = await tx.fetch(sql, tx.program_id, *told, MOST + 1)
        if len(rows) <= MOST:
            return sorted({row["member_id"] for row in rows})
    return None


def _ways(tx: Tx, wanted: Wanted) -> Sequence[tuple[str, tuple[Any, ...]]]:
    """What an index tells of what is looked for, the rarest first."""
    ways: list[tuple[str, tuple[Any, ...]]] = []
    if wanted.name:
        ways += [(_NAMED, told) for told in _named(wanted.name)]
    if wanted.state not in ("", "active"):
        ways.append((_IN_STATE, (wanted.state,)))
    if wanted.tag:
        ways.append((_TAGGED, (wanted.tag,)))
    if wanted.lapses_before is not None:
        ways.append((_LAPSING, (tx.now, wanted.lapses_before)))
    if wanted.tier not in ("", NO_TIER):
        ways.append((_ON_STEP, (wanted.tier,)))
    since = wanted.visited[0]
    if since is not None:
        ways.append((_VISITING, (first_id(since - _APART - tx.ahead),)))
    return ways


def _named(name: str) -> list[tuple[list[str], list[str]]]:
    """How the given and the family name of whoever is meant can begin, the rarest first.

    Example: of `anna von sch` the family name begins with all of it, `von sch` or `sch`, or the
    given name does with all of it; else, the given name begins with `anna`, or the family name.
    """
    words = name.split(" ")
    first = ([words[0]], [words[0]])
    tails = [" ".join(words[place:]) for place in range(1, len(words))]
    return [([name], [name, *tails]), first] if 0 < len(tails) <= _MOST_TAILS else [first]

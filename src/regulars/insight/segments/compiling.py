"""A condition as one statement: each question a set of members, joined to all of them once.

A question becomes a set that has each member at most once, and "is in it" or "is not in it". Where
"has nothing" fits, the set is of those who do not fit. So no part is asked member by member, and
the planner may begin with the smallest set.
"""

# ruff: noqa: S608 - names are ours, and every value is a placeholder

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple
from uuid import UUID

from regulars.insight.segments.questions import WRITES
from regulars.insight.segments.sheet import NOBODY, Sheet
from regulars.records.program.changes.segments.conditions import (
    All,
    AnyOf,
    Not,
)
from regulars.records.program.changes.segments.ground import Ground, Plain


class Statement(NamedTuple):
    """From `from` on: all active members `m` who fit, and what the placeholders are.

    Shape: `$1` is the program, `$2` its zone; others follow.
    """

    sql: str
    args: tuple[Any, ...]
    grouped: bool = False
    """Whether days are gathered by member: several processes would each gather all of them."""


class Asked(NamedTuple):
    """A condition, what it stands on, and the zone of the program by name."""

    condition: Plain
    ground: Ground
    zone: str


def members_who(asked: Asked, program_id: int, among: Collection[UUID] | None = None) -> Statement:
    """All active members for whom a condition holds, as the rest of a statement; or of a few only.

    Example: `select count(*) ` before it counts them.
    """
    condition, ground, zone = asked
    sheet = Sheet(ground, zone, among)
    holds = _expression(condition, sheet)
    joins = "\n  ".join(sheet.joins)
    sql = (
        f"from member m\n  {joins}\n where m.program_id = $1::int and m.state = 'active' "
        f"and $2::text is not null{sheet.whose('m.member_id')}\n   and {holds}"
    )
    return Statement(sql, (program_id, *sheet.args), sheet.grouped)


def how_many(asked: Asked, program_id: int) -> Statement:
    """The statement that counts them.

    Where they are one set of members, that is counted, and of it only who is not active is looked
    up: those are few, and all members many.
    """
    condition, ground, zone = asked
    sheet = Sheet(ground, zone, None)
    members = sheet.alone(_expression(condition, sheet))
    if not members:
        told = members_who(asked, program_id)
        return told._replace(sql=f"select count(*) as many {told.sql}")
    sql = (
        f"select count(*) as many from ({members}) s where s.member_id <> '{NOBODY}' "
        "and $2::text is not null and not exists (select from member m "
        "where m.program_id = $1::int and m.state <> 'active' and m.member_id = s.member_id)"
    )
    return Statement(sql, (program_id, *sheet.args), sheet.grouped)


def _expression(condition: Plain, sheet: Sheet) -> str:
    if isinstance(condition, All | AnyOf):
        parts = [_expression(one, sheet) for one in condition.of]
        if not parts:
            return "true" if isinstance(condition, All) else "false"
        return f"({(' and ' if isinstance(condition, All) else ' or ').join(parts)})"
    if isinstance(condition, Not):
        return f"not {_expression(condition.that, sheet)}"
    write: Callable[[Any, Sheet], str] = WRITES[type(condition)]
    return write(condition, sheet)

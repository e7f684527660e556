"""The sheet on which a condition is written down as one statement."""

# ruff: noqa: S608 - names are ours, and every value is a placeholder

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from regulars.records.program.changes.segments.ground import Ground

NOBODY: Final = "00000000-0000-0000-0000-000000000000"


class Sheet:
    """What is written so far: sets that are joined, and values of placeholders."""

    def __init__(self, ground: Ground, zone: str, among: Collection[UUID] | None) -> None:
        self.ground = ground
        self.args: list[Any] = [zone]
        self.joins: list[str] = []
        self.sets: list[str] = []
        self.grouped = False
        self._among = "" if among is None else self.arg(list(among), "uuid[]")

    def arg(self, value: Any, kind: str) -> str:
        self.args.append(value)
        return f"${len(self.args) + 1}::{kind}"

    def rows(self, table: str, columns: str = "member_id") -> str:
        """Rows of a table, of the members it is about."""
        return f"select {columns} from {table} where program_id = $1::int{self.whose('member_id')}"

    def whose(self, column: str) -> str:
        """Only those it is about, where it is not about everybody."""
        return f" and {column} = any({self._among})" if self._among else ""

    def whosever(self, column: str) -> str:
        """The same of rows under an id of then: whoever stands as one of them now counts."""
        if not self._among:
            return ""
        before = (
            "select member_id from member_alias where program_id = $1::int "
            f"and into_id = any({self._among})"
        )
        return f" and ({column} = any({self._among}) or {column} in ({before}))"

    def inside(self, members: str, *, negated: bool = False) -> str:
        """Whether the member is in a set of ids in which each is there once."""
        name = f"s{len(self.joins)}"
        self.sets.append(members)
        self.joins.append(f"left join ({members}) {name} on {name}.member_id = m.member_id")
        return f"{name}.member_id is {'' if negated else 'not '}null"

    def alone(self, holds: str) -> str:
        """The one set that whoever fits is in, where the condition is no more than that."""
        one = len(self.sets) == 1 and holds == "s0.member_id is not null"
        return self.sets[0] if one else ""

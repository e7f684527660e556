"""What milestones with a budget gave, had again from the books (ADR 0357)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import Any, Final
from uuid import UUID

from regulars.insight.verify.connection import Connection
from regulars.insight.verify.facts import Facts

Cause = tuple[int, UUID]
_BOOKED: Final = """
select e.program_id, e.cause_id, -sum(p.amount)::bigint as units
  from entry e
  join posting p using (program_id, member_id, entry_id)
 where e.kind = 'milestone' and p.account = 11 and e.program_id = any($1::int[])
 group by 1, 2
"""
# What had lapsed when it was to go back was not taken, and is counted apart.
_LAPSED: Final = """
select program_id, member_id, counter, period, sum(value)::bigint as units
  from (select program_id, member_id, counter, period, value from counter
        union all
        select program_id, member_id, counter, period, -value from used_before) c
 where (program_id, counter) in (select * from unnest($1::int[], $2::smallint[]))
 group by 1, 2, 3, 4
"""


class Given:
    """What the books say that each milestone with a budget gave, member by member."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._booked: dict[Cause, int] = {}
        self._lapsed: dict[tuple[int, UUID, int, int], int] = {}

    @classmethod
    async def read(cls, connection: Connection, facts: Facts) -> Given:
        """Everything that was booked for milestones of programs in which one has a budget.

        Keeps: nothing is read where there is none.
        """
        given = cls(facts)
        of = sorted({program_id for program_id, _ in facts.with_budget})
        if not of:
            return given
        for row in await connection.fetch(_BOOKED, of):
            given._booked[row["program_id"], row["cause_id"]] = row["units"]
        lapsed = [key for key, name in facts.counters.items() if _is_lapsed(name)]
        columns = [key[0] for key in lapsed], [key[1] for key in lapsed]
        for row in await connection.fetch(_LAPSED, *columns):
            key = row["program_id"], row["member_id"], row["counter"], row["period"]
            given._lapsed[key] = row["units"]
        return given

    def should(self, row: Mapping[str, Any], came_back: bool) -> int | None:
        """What a counter of what a milestone gave should say; nothing where the books do not.

        Keeps: where members do not owe, a return may have taken less than it should have, so
        where something came back only a wallet with debts says it. Of members who were ever
        merged the entries stand under two causes.
        """
        name = self._facts.counters.get((row["program_id"], row["counter"]), "")
        if self._facts.given_to_two(row, name) or (came_back and not self._owes(row, name)):
            return None
        text = f"{row['member_id']}:{row['counter']}:{row['period']}"
        cause = UUID(bytes=md5(text.encode(), usedforsecurity=False).digest())
        code = self._code(row["program_id"], name.replace("-given:", "-lapsed:", 1))
        gone = self._lapsed.get((row["program_id"], row["member_id"], code, row["period"]), 0)
        booked = self._booked.get((row["program_id"], cause), 0)
        return booked - gone + int(row.get("before", 0))

    def _owes(self, row: Mapping[str, Any], name: str) -> bool:
        """Whether every version lets members owe in the wallet of this milestone."""
        wallet = name.split(":")[4]
        return all(
            terms.program.wallets[wallet].negative == "debt"
            for (program_id, _), terms in self._facts.terms.items()
            if program_id == row["program_id"] and wallet in terms.program.wallets
        )

    def _code(self, program_id: int, name: str) -> int:
        return next(
            (
                code
                for (of, code), each in self._facts.counters.items()
                if (of, each) == (program_id, name)
            ),
            0,
        )


def _is_lapsed(name: str) -> bool:
    return name.startswith("milestone-lapsed:")

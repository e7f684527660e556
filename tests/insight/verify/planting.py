"""Faults planted into right books, each with exactly the checks that must report it.

They are planted as superuser with triggers and foreign keys silenced, in a transaction that is
rolled back: what no constraint lets happen is what the checks are for.
"""

from typing import NamedTuple

NOBODY = "'00000000-0000-0000-0000-000000000000'"
ELSE = "'01900000-0000-7000-8000-000000000001'"


LAPSED_CARD = """entry_id in (select entry_id from entry join member using (member_id)
                               where kind = 'expire' and state = 'unregistered')"""


class Planted(NamedTuple):
    """One fault and who must notice it; everybody else must stay calm."""

    sql: str
    noticed_by: frozenset[str]


def planted(sql: str, *noticed_by: str) -> Planted:
    return Planted(sql, frozenset(noticed_by))


def at(statement: str, table: str, where: str = "true") -> str:
    """A statement about exactly one row."""
    return f"{statement} where {one(table, where)}"


def one(table: str, where: str = "true") -> str:
    """A condition that holds for exactly one row."""
    return f"ctid = (select ctid from {table} where {where} order by ctid limit 1)"

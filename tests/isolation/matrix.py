"""Which two of all that write can meet in the same rows, and which of these are played at once.

`python -m pytest tests/isolation/test_matrix.py -s` prints how many pairs there are of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.scenes import KIOSK
from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.engine.terms import Terms

ONLY_ADDED: Final = frozenset({
    "activity", "entry", "posting", "lot_move", "trail", "outbox", "deed", "tier_move",
    "restatement", "entry_place", "program_code", "program_version",
})  # fmt: skip
"""Tables to which rows are only ever added, each under an id of its own: in these two who write do
not meet; who reads them meets who writes them."""
_LOCKS: Final = """
select coalesce(pg_partition_root(l.relation), l.relation)::regclass::text as name,
       bool_or(l.mode <> 'AccessShareLock') as writes
  from pg_locks l join pg_class c on c.oid = l.relation
 where l.pid = pg_backend_pid() and l.locktype = 'relation' and c.relkind in ('r', 'p')
   and c.relnamespace <> 'pg_catalog'::regnamespace
 group by 1
union all
select 'an advisory lock', true
  from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' group by 1
"""
"""PostgreSQL keeps until the end of a transaction which tables it read, and in which it wrote or
held rows: also where a function or a trigger did it, which no statement of ours shows."""


class Touched(NamedTuple):
    """In which tables a transaction wrote or held rows, and which it only read."""

    written: frozenset[str]
    read: frozenset[str]

    def meets(self, other: Touched) -> set[str]:
        """Where the two can meet: both write there, or one reads what the other writes."""
        both = (self.written & other.written) - ONLY_ADDED
        return set(both | (self.written & other.read) | (self.read & other.written))


def footprint(shop: Shop, one: Operation, n: int) -> Touched:
    """What an operation touches, in the program that is open."""
    (given,) = one.before(shop, [n])
    flow, commands = one.ask(n, given)

    async def does(tx: Tx, terms: Terms) -> list[tuple[str, bool]]:
        await flow(tx, terms, commands)
        return [(name, writes) for name, writes in await tx.fetch(_LOCKS)]

    rows = shop.do(does)
    written = frozenset(name for name, writes in rows if writes)
    return Touched(written, frozenset(name for name, _ in rows) - written)


def footprints(shop: Shop) -> dict[str, Touched]:
    """Those of all operations, each in a program of its own."""
    found: dict[str, Touched] = {}
    for number, one in enumerate(OPERATIONS):
        shop.begin(one.source or KIOSK, slug=f"matrix{number}")
        found[one.name] = footprint(shop, one, 1)
    return found


def pairs(found: dict[str, Touched]) -> Iterator[tuple[str, str, set[str]]]:
    """Two different operations each, and the tables in which they can meet."""
    for one, other in combinations(sorted(found), 2):
        yield one, other, found[one].meets(found[other])


def drawable(one: Operation, other: Operation) -> bool:
    """Whether one program has what both of them need."""
    if "a program" in (one.publishes, other.publishes):
        return not one.source and not other.source
    return not one.source or not other.source or one.source == other.source

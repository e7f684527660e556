"""Which two of all that write can meet in the same rows, and which of these are played at once.

`python -m pytest tests/isolation/test_matrix.py -s` prints how many pairs there are of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.scenes import KIOSK
from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.engine.terms import Terms

_TOUCHED: Final = re.compile(r"\b(?:insert into|update|delete from) ([a-z_]+)")
_HELD: Final = re.compile(r"\bfrom ([a-z_]+)[^;]*?\bfor (?:no key )?update\b", re.DOTALL)
ONLY_ADDED: Final = frozenset({
    "activity", "entry", "posting", "lot_move", "trail", "outbox", "deed", "tier_move",
    "restatement", "entry_place", "program_code", "program_version",
})  # fmt: skip
"""Tables to which rows are only ever added, each under an id of its own: in these nobody meets."""


class Listens:
    """A transaction that remembers what was asked of it."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def fetch(self, sql: str, *args: Any) -> Any:
        self.asked.append(sql)
        return await self._tx.fetch(sql, *args)

    async def write(self, writes: Sequence[Any]) -> Any:
        self.asked += [one.sql for one in writes]
        return await self._tx.write(writes)


def touched(sql: str) -> set[str]:
    """The tables of which a statement writes or holds rows."""
    text = " ".join(sql.lower().split())
    found = set(_TOUCHED.findall(text)) | set(_HELD.findall(text))
    if "pg_advisory_xact_lock" in text:
        found.add("a lock of a whole program")
    return found - {"set", "skip", "of"} - ONLY_ADDED


def footprint(shop: Shop, one: Operation, n: int) -> set[str]:
    """In which tables an operation writes or holds rows that others may write or hold."""
    (given,) = one.before(shop, [n])
    flow, commands = one.ask(n, given)

    async def does(tx: Tx, terms: Terms) -> list[str]:
        heard = Listens(tx)
        await flow(heard, terms, commands)
        return heard.asked

    return set[str]().union(*map(touched, shop.do(does)))


def footprints(shop: Shop) -> dict[str, set[str]]:
    """Those of all operations, each in a program of its own."""
    found: dict[str, set[str]] = {}
    for number, one in enumerate(OPERATIONS):
        shop.begin(one.source or KIOSK, slug=f"matrix{number}")
        found[one.name] = footprint(shop, one, 1)
    return found


def pairs(found: dict[str, set[str]]) -> Iterator[tuple[str, str, set[str]]]:
    """Two different operations each, and the tables in which they can meet."""
    for one, other in combinations(sorted(found), 2):
        yield one, other, found[one] & found[other]

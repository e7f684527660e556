"""The budgets that a batch may draw on or give back to, held after its members."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.deciding.budgets import has_budgets, keys_on
from regulars.engine.terms import Terms
from regulars.flows.recording.decide_one import Item
from regulars.flows.recording.sales import Sales
from regulars.records.activity.types import NOBODY
from regulars.records.standing import read, write

Key = tuple[int, int]


async def load_budgets(
    tx: Tx, terms: Terms, batch: tuple[Sequence[Item], Sales], *, lock: bool = True
) -> dict[Key, int]:
    """What is used of every budget this batch can touch.

    Order: after the members are held and the sales of returns are read. A preview holds nothing.
    Programs without budgets ask nothing.
    """
    if not any(has_budgets(version) for version in terms.versions):
        return {}
    keys = sorted(set(_keys(tx, terms, batch)))
    return await (write.hold_budgets(tx, keys) if lock else read.budgets(tx, keys))


def _keys(tx: Tx, terms: Terms, batch: tuple[Sequence[Item], Sales]) -> Iterator[Key]:
    fresh, sales = batch
    for item in fresh:
        command = item.command
        yield from _on(terms, command.kind, command.occurred_at or tx.now)
    for sale in sales.sales.values():
        if sale.activity.member_id == NOBODY:
            continue  # no rule saw it
        version = terms.numbered(sale.steps.version)
        yield from keys_on(version, sale.activity.kind, sale.steps.day)


def _on(terms: Terms, kind: str, at: datetime) -> Iterator[Key]:
    version = terms.at(at)
    yield from keys_on(version, kind, local(version.zone, at).day)

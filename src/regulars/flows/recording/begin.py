"""What a batch draws on besides its members: the budgets, held after them, and the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.deciding.budgets import has_budgets, keys_on
from regulars.engine.rewarding import milestones
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.advocating import load_told
from regulars.flows.recording.decide_one import Item, awaited_by
from regulars.flows.recording.decided import Decided, known_kinds
from regulars.flows.recording.milestones import load_lapsed, load_lapsed_before
from regulars.flows.recording.newcomers import Newcomers
from regulars.flows.recording.sales import Sales
from regulars.records.activity.types import NOBODY
from regulars.records.standing import read, write

Key = tuple[int, int]


Loaded = tuple[Sequence[Item], Sales, Newcomers, dict[UUID, MemberState]]
"""What is to be decided, the sales it names, who is new, and everybody it is about."""


async def begin(
    tx: Tx, terms: Terms, loaded: Loaded, *, lock: bool = True, history: UUID | None = None
) -> Decided:
    """A batch ready to be decided, with what is used of every budget it can touch.

    Order: after the members are held and the sales of returns are read. A preview holds nothing.
    Programs without budgets ask nothing. `history` is the import it is brought over by.
    """
    fresh, sales, newcomers, states = loaded
    budgets: dict[Key, int] = {}
    if any(has_budgets(version) for version in terms.versions):
        keys = sorted(set(_keys(tx, terms, fresh, sales)))
        budgets = await (write.hold_budgets(tx, keys) if lock else read.budgets(tx, keys))
    await load_lapsed(tx, terms, sales)
    await load_lapsed_before(tx, terms, sales, _awaited(tx, fresh, sales, newcomers))
    changes = Changes(tx.new_id, now=tx.now, budgets=budgets, history=history)
    held = {state.member_id for state in states.values()}
    told = await load_told(tx, terms, {item.command.kind for item in fresh}, held)
    kinds = await known_kinds(tx, terms, _first(fresh, sales))
    return Decided(tx, terms, states, sales, newcomers, changes, told=told, kinds=kinds)


def _first(fresh: Sequence[Item], sales: Sales) -> Iterator[str]:
    """The kinds of what is taken back and not here yet."""
    for item in fresh:
        named = item.command.sale
        if named is not None and sales.find(item.command) is None:
            yield named.kind


def _awaited(
    tx: Tx, fresh: Sequence[Item], sales: Sales, newcomers: Newcomers
) -> list[tuple[UUID, str, datetime]]:
    """Who did what a return waits for, and when; nothing of them who are made now has lapsed."""
    return [
        (member_id, item.command.kind, item.command.occurred_at or tx.now)
        for item in fresh
        if sales.awaited and awaited_by(item) in sales.awaited
        and (member_id := newcomers.of(item.place)) != NOBODY and member_id not in newcomers.made
    ]  # fmt: skip


def _keys(tx: Tx, terms: Terms, fresh: Sequence[Item], sales: Sales) -> Iterator[Key]:
    for item in fresh:
        command = item.command
        yield from _on(terms, command.kind, command.occurred_at or tx.now)
    for sale in sales.sales.values():
        if sale.activity.member_id == NOBODY:
            continue  # no rule saw it
        version = terms.numbered(sale.steps.version)
        yield from keys_on(version, sale.activity.kind, sale.steps.day)
        yield from milestones.keys_on(terms, sale.activity.kind, sale.steps.day)


def _on(terms: Terms, kind: str, at: datetime) -> Iterator[Key]:
    version = terms.at(at)
    day = local(version.zone, at).day
    yield from keys_on(version, kind, day)
    yield from milestones.keys_on(terms, kind, day)

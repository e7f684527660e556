"""A store is opened, renamed, closed, or says what its tills may hand over when cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from zoneinfo import available_timezones

from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.tills.commands import KeepStore, StoreOutcome
from regulars.records.program.parts.rewards import Discount, Item
from regulars.records.program.types import Reward
from regulars.records.tills import read, write
from regulars.records.tills.types import Store

LONGEST: Final = 80
MOST_RESERVED: Final = 500
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LOCK: Final = waiting_for(Alone.TILLS)


async def keep_stores(tx: Tx, terms: Terms, batch: Sequence[KeepStore]) -> list[StoreOutcome]:
    """Each of these stores is as was said from now on; the same said again changes nothing.

    Faults, each for its own item: `invalid` at a field, `not_found` for a store that is changed
    before it was opened (its name is what opens it).
    """
    await tx.fetch(_LOCK, tx.program_id)
    kept = await read.stores(tx)
    changed: dict[str, Store] = {}
    outcomes: list[StoreOutcome] = []
    for command in batch:
        outcome = _kept(tx, terms, command, kept.get(command.code))
        if not isinstance(outcome, Fault):
            kept[outcome.code] = changed[outcome.code] = outcome
        outcomes.append(outcome)
    await tx.write(write.keep_stores(tx, list(changed.values())))
    return outcomes


def _kept(tx: Tx, terms: Terms, command: KeepStore, before: Store | None) -> StoreOutcome:
    if before is None and command.name is None:
        return NotFound("There is no store of this code; open it with a name", field="/code")
    fault = _ill(terms, tx, command)
    if fault is not None:
        return fault
    program = terms.versions[-1].program
    store = before or Store(command.code, "", program.zone, tx.now, command.actor)
    said = {
        name: value
        for name in ("name", "zone", "offline_rewards", "offline_most")
        if (value := getattr(command, name)) is not None
    }
    if "name" in said:
        said["name"] = said["name"].strip()
    if command.closed is not None:
        said["closed_at"] = (store.closed_at or tx.now) if command.closed else None
    return replace(store, **said, changed_by=command.actor)


def _ill(terms: Terms, tx: Tx, command: KeepStore) -> Fault | None:
    if _CODE.fullmatch(command.code) is None:
        mend = "Up to 40 letters, digits, dots, hyphens, as activities name it: main-street"
        return Invalid("This cannot be the code of a store", field="/code", mend=mend)
    name = command.name
    if name is not None and not (0 < len(name.strip()) <= LONGEST and name.isprintable()):
        return Invalid(f"A store has a name of 1 to {LONGEST} characters", field="/name")
    if command.zone is not None and command.zone not in available_timezones():
        return Invalid("There is no such time zone; one is Europe/Berlin", field="/zone")
    if command.offline_most is not None and not 0 <= command.offline_most <= MOST_RESERVED:
        return Invalid(f"From 0 to {MOST_RESERVED} rewards at once", field="/offline_most")
    rewards = terms.at(tx.now).rewards
    for place, id_ in enumerate(command.offline_rewards or ()):
        if id_ not in rewards or not can_be_reserved(rewards[id_]):
            says = "No reward that a till can hand over by itself: an article or a discount"
            return Invalid(says, field=f"/offline_rewards/{place}")
    return None


def can_be_reserved(reward: Reward) -> bool:
    """Whether a till that is cut off can hand it over: no code, seat or basket is needed for it."""
    return reward.by == "points" and isinstance(reward.gives, Item | Discount | None)

"""Whom the commands of a batch name, and who must say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.access.own import refuse_own
from regulars.flows.batch.askings import Asking
from regulars.records.members import read
from regulars.records.members.types import MemberRef


async def find_named(
    tx: Tx, terms: Terms, fresh: Sequence[Asking[Any]], of: Callable[[Any], MemberRef], field: str
) -> dict[int, UUID]:
    """The member each open command names, by its place; an unknown one becomes its fault.

    Refuses: somebody of the shop who acts for their own membership (`own_membership`).
    """
    todo = [item for item in fresh if item.open]
    country = terms.versions[-1].program.country
    whom = await read.whom(tx, country, [of(item.command) for item in todo], field=field)
    found: dict[int, UUID] = {}
    for item, member_id in zip(todo, whom, strict=True):
        if isinstance(member_id, Fault):
            item.outcome = member_id
        else:
            found[item.place] = member_id
    await refuse_own(tx, terms, todo, found)
    return {item.place: found[item.place] for item in todo if item.open}


def unsaid(command: Any) -> Fault | None:
    """A decision of the shop needs a reason and a name."""
    if not command.reason.strip():
        return Invalid("say why, so that it can be understood later", field="/reason")
    if not command.actor.strip():
        return Invalid("say who decides this", field="/actor")
    return None


def available(terms: Terms, state: MemberState) -> dict[str, int]:
    """What each wallet of a member holds now, by name."""
    return {terms.wallet_names[code]: b.available for code, b in state.balances.items()}

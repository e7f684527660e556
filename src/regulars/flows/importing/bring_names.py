"""Members get the further names they were found by before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.commands import BringName, Brought
from regulars.flows.importing.finding import find
from regulars.records.members import read, write
from regulars.records.members.erasure import read as erasures
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.joining import taken
from regulars.records.members.types import Identifier, erased_fault

NameOutcome = Brought | Fault


async def bring_names(
    tx: Tx, terms: Terms, batch: Sequence[BringName], history: History
) -> list[NameOutcome]:
    """These members are found by these names too; a name they have already changes nothing.

    Faults: a name somebody else has, or that is none, or that an erased member had, each for its
    own line.
    """
    country = terms.versions[-1].program.country
    await write.lock_identifiers(tx)
    whom = await find(tx, terms, batch)
    spelled = [normal_or_fault(one.kind, one.value, country, field="/value") for one in batch]
    holders = await read.resolve(tx, [name for name in spelled if isinstance(name, Identifier)])
    nobodys = [name for name in spelled if isinstance(name, Identifier) and name not in holders]
    listed = await erasures.listed(tx, sorted({(name.kind, name.value) for name in nobodys}))
    versions = await read.lock(tx, [one for one in whom if isinstance(one, UUID)])
    links: list[write.Link] = []
    outcomes: list[NameOutcome] = []
    for member_id, name in zip(whom, spelled, strict=True):
        outcome = _one(member_id, name, holders)
        if isinstance(name, Identifier) and (name.kind, name.value) in listed:
            outcome = erased_fault("/value")
        if isinstance(outcome, Brought) and not outcome.replayed:
            assert isinstance(name, Identifier), name
            holders[name] = outcome.member_id
            links.append(write.Link(name, outcome.member_id))
            versions[outcome.member_id] += 1
        outcomes.append(outcome)
    raised = [(id_, versions[id_]) for id_ in {link.member_id for link in links}]
    await tx.write([*write.link(tx, links), *write.raise_versions(tx, raised)])
    return outcomes


def _one(
    member_id: UUID | Fault, name: Identifier | Fault, holders: dict[Identifier, UUID]
) -> NameOutcome:
    if isinstance(member_id, Fault):
        return member_id
    if isinstance(name, Fault):
        return name
    holder = holders.get(name)
    if holder is not None and holder != member_id:
        return taken(name, "/value")
    return Brought(member_id, replayed=holder is not None)

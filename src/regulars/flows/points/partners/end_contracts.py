"""A contract with a partner ends before its time; what was agreed stays as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.flows.points.partners.accounts import unknown
from regulars.flows.points.partners.commands import ContractEnded, EndContract, PartnerOutcome
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep
from regulars.records.rewards.partners import read, write
from regulars.records.rewards.partners.types import Contract, ContractEnd, Partner


async def end_contracts(tx: Tx, terms: Terms, batch: Sequence[EndContract]) -> list[PartnerOutcome]:
    """From then on nothing is collected or spent by each of these.

    What was sold before is booked whenever it is told, may be claimed and disputed, and is settled
    as ever: an activity belongs to the contract that held on its day.
    Order: the partner’s name is held, so that of two ends at once the second finds the first.
    Faults, each for its own item: an unknown partner or contract, one that ended already, a moment
    that is over or behind its own end, nobody who says so.
    """
    asked = askings("end_contract", batch, lambda _: None)
    await sort_out(tx, asked, ContractEnded)
    fresh = [item for item in asked if item.open]
    slugs = [item.command.partner for item in fresh]
    await read.hold_names(tx, slugs)
    known = await read.partners(tx, slugs)
    for item in fresh:
        said, ends_at = item.command, item.command.ends_at or tx.now
        item.outcome = await _wrong(tx, known, said, ends_at)
        if item.open:
            id_, partner_id = said.contract_id, known[said.partner].partner_id
            end = ContractEnd(id_, partner_id, ends_at, tx.now, said.actor, said.reason.strip())
            item.outcome = ContractEnded(id_, partner_id, ends_at)
            await tx.write([*keep(tx, kept(item, NOBODY, id_)), write.end_contract(tx, end)])
    return settle_followers(asked)


async def _wrong(
    tx: Tx, known: Mapping[str, Partner], said: EndContract, ends_at: datetime
) -> Fault | None:
    fault = unknown(known, said.partner)
    if fault is not None:
        return fault
    all_of_them = await read.contracts(tx, [known[said.partner].partner_id])
    found = next((one for one in all_of_them if one.contract_id == said.contract_id), None)
    if found is None:
        return NotFound("there is no such contract with this partner", field="/contract_id")
    return _no_end(tx, found, said, ends_at)


def _no_end(tx: Tx, found: Contract, said: EndContract, ends_at: datetime) -> Fault | None:
    until = "" if found.until_at is None else f"{found.until_at:%Y-%m-%dT%H:%MZ}"
    wrong = (
        (found.ended, f"it was said before that it ends, at {until}",
         "Sign another one, if it goes on"),
        (ends_at < tx.now, "what was sold since then was booked by it",
         "Say a moment that is still to come, or leave it out"),
        (found.until_at is not None and ends_at >= found.until_at,
         f"it ends at {until} by itself", "Say an earlier moment, or leave it"),
    )  # fmt: skip
    for is_wrong, says, mend in wrong:
        if is_wrong:
            return Invalid(says, field="/ends_at", mend=mend)
    if not said.actor.strip():
        return Invalid("say who decides this", field="/actor")
    if len(said.reason) > 200:
        return Invalid("say why in at most 200 signs", field="/reason")
    return None

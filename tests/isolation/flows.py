"""Every flow in the form the gate runs: a list of commands in, a list of outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows import midnight
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.flows.publish_program import publish_program
from regulars.flows.recording.catch_up import catch_up_returns

AT_MOST = 100


async def join(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await join_members(tx, terms.versions[-1].program.country, batch, terms)


async def change(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await change_members(tx, terms.versions[-1].program.country, batch)


async def link(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await link_identifiers(tx, terms.versions[-1].program.country, batch)


async def publish(tx: Tx, terms: Terms, batch: Sequence[str]) -> Sequence[Any]:
    return [await publish_program(tx, source, by="owner") for source in batch]


def _nightly(step: midnight.Step) -> Callable[[Tx, Terms, Sequence[Any]], Any]:
    async def work(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
        try:
            return [await step(tx, terms, AT_MOST) for _ in batch]
        except midnight.Stuck as stuck:
            # What went wrong, as the gate of a till would see it.
            raise (stuck.__cause__ or stuck) from None

    return work


activate = _nightly(midnight.activate_pending)
expire = _nightly(midnight.expire_lots)
review = _nightly(midnight.review_tiers)
lapse = _nightly(midnight.lapse_holds)
forgive = _nightly(write_off_old_debts)
catch_up = _nightly(catch_up_returns)

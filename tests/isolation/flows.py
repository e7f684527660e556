"""Every flow in the form the gate runs: a list of commands in, a list of outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows import midnight
from regulars.flows.batch.stuck import Stuck
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.flows.membership.office.update_members import update_members
from regulars.flows.membership.plans.keep_memberships import renew_plans
from regulars.flows.points.choosing.take_automatic import take_automatic
from regulars.flows.points.gaming.settle_prizes import settle_prizes
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.flows.recording.catch_up import catch_up_returns
from regulars.flows.terms.publish_program import publish_program
from regulars.flows.terms.rates.rate_again import rate_again

AT_MOST = 100
EVERYBODY = 10_000
"""Of work that finds members of runs before again, in the order of their ids."""


async def join(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await join_members(tx, terms.versions[-1].program.country, batch, terms)


async def change(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await change_members(tx, terms.versions[-1].program.country, batch)


async def link(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await link_identifiers(tx, terms.versions[-1].program.country, batch)


async def update(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await update_members(tx, terms.versions[-1].program.country, batch, terms)


async def publish(tx: Tx, terms: Terms, batch: Sequence[str]) -> Sequence[Any]:
    (source,) = batch
    return [await publish_program(tx, source, by="owner")]


def _nightly(step: midnight.Step) -> Callable[[Tx, Terms, Sequence[Any]], Any]:
    async def work(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
        try:
            return [await step(tx, terms, AT_MOST) for _ in batch]
        except Stuck as stuck:
            # What went wrong, as the gate of a till would see it.
            raise (stuck.__cause__ or stuck) from None

    return work


activate = _nightly(midnight.activate_pending)
expire = _nightly(midnight.expire_lots)
settle_friends = _nightly(settle_referrals)
settle_games = _nightly(settle_prizes)
takes_automatic = _nightly(take_automatic)
renew = _nightly(renew_plans)
review = _nightly(midnight.review_tiers)
lapse = _nightly(midnight.lapse_holds)
post_notices = _nightly(midnight.post_notices)
list_idle = _nightly(midnight.list_idle)
look_at_idle = _nightly(midnight.look_at_idle)
forgive = _nightly(write_off_old_debts)
catch_up = _nightly(catch_up_returns)
rates = _nightly(lambda tx, terms, _: rate_again(tx, terms, EVERYBODY))
follows = _nightly(lambda tx, terms, _: follow_associates(tx, terms, EVERYBODY))

"""What offers a member has, and how far each of them goes; nothing is changed."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.compiling.counters import limit_names, reward_name
from regulars.engine.terms import Terms, Version
from regulars.flows.terms.promised.commands import Having
from regulars.records.benefits import read as benefits
from regulars.records.program.changes.offers import read
from regulars.records.program.changes.offers.types import Access, Held, Offer


async def show_offers(tx: Tx, terms: Terms, member_id: UUID) -> list[Having]:
    """What this member has and may still use, what ends soonest first.

    Keeps: never what chance holds them out of, nor what is over or used.
    """
    found = await read.of_member(tx, member_id)
    if not found:
        return []
    version = terms.at(tx.now)
    today = tx.now.astimezone(version.zone).date()
    offers = await read.some(tx, [one.offer_id for one in found])
    shown = [
        await having(tx, version, offers[one.offer_id], one, fresh=False)
        for one in found
        if one.until_on > today
    ]
    return [one for one in shown if one.left != 0]


async def having(tx: Tx, version: Version, one: Offer, held: Held, *, fresh: bool = True) -> Having:
    """An offer as this member has it: how often it still gives, and whether its points are gone."""
    mine, everybody = _limits(version, one)
    left, used_up = None, False
    if isinstance(one.gives, Access):
        left = await _granted(tx, one, held, one.gives)
    elif mine:
        name, full = mine
        left = max(full - (await read.used(tx, held.member_id, [name])).get(name, 0), 0)
    if everybody:
        name, full = everybody
        used_up = (await read.spent(tx, [name])).get(name, 0) >= full
    return Having(
        one, held.member_id, held.state, held.how, held.offered_at, held.until_on, held.held_at,
        left, used_up, fresh,
    )  # fmt: skip


async def _granted(tx: Tx, one: Offer, held: Held, gives: Access) -> int | None:
    """How often its benefit may still be used; nothing is said before it is granted."""
    mine = (await benefits.grants(tx, [held.member_id])).get(held.member_id, [])
    granted = [
        each for each in mine if (each.reason, each.benefit) == (one.known_as, gives.benefit)
    ]
    return sum(max(each.times - each.used, 0) for each in granted) if granted else None


Counted = tuple[str, int]
"""The name of a counter, and how far it goes."""


def _limits(version: Version, one: Offer) -> tuple[Counted | None, Counted | None]:
    """What counts how often it gave to a member, and what all of them had."""
    compiled, mine, everybody = version.compiled, None, None
    for name, limit in zip(limit_names(compiled), compiled.limits, strict=True):
        if compiled.rules[limit.rule] == one.known_as:
            if limit.shared:
                everybody = (name, limit.full)
            elif limit.counts == "times":
                mine = (name, limit.full)
    for reward in version.program.rewards:
        if reward.id == one.known_as and reward.limit is not None:
            mine = (reward_name(reward), reward.limit.times)
    return mine, everybody

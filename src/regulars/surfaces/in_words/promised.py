"""Which rules are promised to whom: what chance gives to one part of an experiment only is no
promise to the other part, nor is an offer to who has not got it, nor either to passers-by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import PREFIX
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.offers.types import PREFIX as OFFER
from regulars.records.program.types import (
    All,
    AnyOf,
    Condition,
    DaysSince,
    MemberIs,
    Not,
    Reward,
    Rule,
)

Arms = Mapping[str, str]
"""In which arm somebody is, and what they were offered, by the attribute rules ask for."""


def promised(rules: Sequence[Rule], arms: Arms | None = None) -> Iterator[Rule]:
    """The rules that hold for somebody in these arms as far as experiments go; in none, for all.

    Example: a rule that asks for `experiment-cake` in `twice` is told to who is in `twice`, and on
    no page that everybody reads.
    """
    return (rule for rule in rules if _may_hold(rule.when, arms or {}))


def for_everybody(rewards: Sequence[Reward]) -> Iterator[Reward]:
    """The rewards that passers-by are told of: none at the price of an offer, that only who was
    offered it may have, nor of an experiment."""
    return (
        one for one in rewards if not any(name.startswith((OFFER, PREFIX)) for name in one.for_)
    )


async def promised_to(tx: Tx, member_id: UUID, rules: Sequence[Rule]) -> list[Rule]:
    """The rules that are promised to this member; nobody's arms are looked up for nothing."""
    open_to_all = list(promised(rules))
    if len(open_to_all) == len(rules):
        return open_to_all
    mine = await read.arms_of(tx, member_id)
    arms = {PREFIX + one["code"]: one["arm"] for one in mine if one["ended_at"] is None}
    held = {one.offer_id for one in await offers.of_member(tx, member_id) if one.state == "held"}
    there = await offers.some(tx, sorted(held))
    return list(promised(rules, arms | {one.known_as: "held" for one in there.values()}))


def _may_hold(when: Condition | None, arms: Arms) -> bool:
    """Whether it can hold for these arms; what is no experiment may always."""
    if isinstance(when, MemberIs) and when.attribute.startswith(PREFIX):
        return arms.get(when.attribute) in when.in_
    if isinstance(when, DaysSince) and when.attribute.startswith(OFFER):
        return when.attribute in arms
    if isinstance(when, All):
        return all(_may_hold(one, arms) for one in when.of)
    if isinstance(when, AnyOf):
        return any(_may_hold(one, arms) for one in when.of)
    if isinstance(when, Not) and isinstance(when.that, MemberIs):
        return not (when.that.attribute.startswith(PREFIX) and _may_hold(when.that, arms))
    return True

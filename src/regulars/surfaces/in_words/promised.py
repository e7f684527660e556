"""Which rules are promised to whom: what chance gives to one part of an experiment only is no
promise to the other part, nor to passers-by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import PREFIX
from regulars.records.program.types import All, AnyOf, Condition, MemberIs, Not, Rule

Arms = Mapping[str, str]
"""In which arm somebody is, by the attribute rules ask for."""


def promised(rules: Sequence[Rule], arms: Arms | None = None) -> Iterator[Rule]:
    """The rules that hold for somebody in these arms as far as experiments go; in none, for all.

    Example: a rule that asks for `experiment-cake` in `twice` is told to who is in `twice`, and on
    no page that everybody reads.
    """
    return (rule for rule in rules if _may_hold(rule.when, arms or {}))


async def promised_to(tx: Tx, member_id: UUID, rules: Sequence[Rule]) -> list[Rule]:
    """The rules that are promised to this member; nobody's arms are looked up for nothing."""
    open_to_all = list(promised(rules))
    if len(open_to_all) == len(rules):
        return open_to_all
    mine = await read.arms_of(tx, member_id)
    arms = {PREFIX + one["code"]: one["arm"] for one in mine if one["ended_at"] is None}
    return list(promised(rules, arms))


def _may_hold(when: Condition | None, arms: Arms) -> bool:
    """Whether it can hold for these arms; what is no experiment may always."""
    if isinstance(when, MemberIs) and when.attribute.startswith(PREFIX):
        return arms.get(when.attribute) in when.in_
    if isinstance(when, All):
        return all(_may_hold(one, arms) for one in when.of)
    if isinstance(when, AnyOf):
        return any(_may_hold(one, arms) for one in when.of)
    if isinstance(when, Not) and isinstance(when.that, MemberIs):
        return not (when.that.attribute.startswith(PREFIX) and _may_hold(when.that, arms))
    return True

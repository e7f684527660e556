"""Groups of stores stand for their stores: after reading, nobody needs to know of groups."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from regulars.records.program.types import All, AnyOf, Condition, Not, Program, StoreIs

Groups = Mapping[str, tuple[str, ...]]


def with_stores(program: Program) -> Program:
    """The program with the stores of each group where the group is named.

    Order: as the file names them, each store once.
    """
    groups = program.store_groups
    if not groups:
        return program
    return replace(
        program,
        rules=tuple(
            rule if rule.when is None else replace(rule, when=_condition(rule.when, groups))
            for rule in program.rules
        ),
        rewards=tuple(replace(one, stores=_stores(one.stores, groups)) for one in program.rewards),
        benefits=tuple(
            replace(one, stores=_stores(one.stores, groups)) for one in program.benefits
        ),
    )


def _condition(condition: Condition, groups: Groups) -> Condition:
    if isinstance(condition, All | AnyOf):
        return replace(condition, of=tuple(_condition(part, groups) for part in condition.of))
    if isinstance(condition, Not):
        return replace(condition, that=_condition(condition.that, groups))
    if isinstance(condition, StoreIs):
        return replace(condition, in_=_stores(condition.in_, groups))
    return condition


def _stores(names: tuple[str, ...], groups: Groups) -> tuple[str, ...]:
    return tuple(dict.fromkeys(store for name in names for store in groups.get(name, (name,))))

"""What promotions gave: rules of the program whose names begin alike."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Version
from regulars.records.program.changes.promotions.types import PREFIX
from regulars.records.program.types import Rule
from regulars.records.trail import read as trails
from regulars.surfaces.connect.square.view import View


def is_promotion(rule: Rule) -> bool:
    """Whether a rule of the program was made as a promotion."""
    return rule.id.startswith(PREFIX)


def given(version: Version, rules: Mapping[str, int], wallet: str) -> tuple[str, int] | None:
    """The promotion that gave something into a wallet, and how much; at most one does."""
    for rule in version.program.rules:
        points = rules.get(rule.id, 0)
        if points and rule.wallet == wallet and is_promotion(rule):
            return rule.id, points
    return None


async def promoted(
    tx: Tx, seen: View, activities: Mapping[UUID, UUID]
) -> dict[str, tuple[str, int]]:
    """What a promotion gave for each of these activities (by member), by their ids in digits."""
    found: dict[str, tuple[str, int]] = {}
    if not any(is_promotion(rule) for one in seen.terms.versions for rule in one.program.rules):
        return found
    for member in sorted(set(activities.values())):
        own = [id_ for id_, whose in activities.items() if whose == member]
        for trail in await trails.some(tx, member, own):
            version = seen.terms.numbered(trail.steps.version)
            rules = dict(zip(version.compiled.rules, trail.steps.given, strict=True))
            more = given(version, rules, seen.wallet)
            if more is not None:
                found[trail.activity_id.hex] = more
    return found

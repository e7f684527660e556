"""The program: what there is to have for points, and what earns them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from regulars.base.decimals import NotExact, units
from regulars.records.access.types import Scope
from regulars.records.program.parts.awards import Fixed, PerAmount, PerItem
from regulars.records.program.parts.conditions import AmountIs
from regulars.records.program.parts.rewards import Discount, Item
from regulars.records.program.types import Rule
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.telling.promoted import is_promotion
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import Step, View, minor, program_meant, rule_of, view_of
from regulars.surfaces.connect.square.wire.shown import (
    ExpirationShown,
    ProgramAnswer,
    ProgramsAnswer,
    ProgramShown,
    ReferenceShown,
    StepShown,
    TermsOfPoints,
)

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_ISO = {"day": "D", "week": "W", "month": "M", "year": "Y"}


async def all_of_them(call: Call) -> Reply:
    """The program of whoever asks, as a list."""
    return Reply(ProgramsAnswer([await _program(call, await view_of(call))]))


async def one(call: Call) -> Reply:
    """The program of whoever asks, by its id or as `main`."""
    seen = await view_of(call)
    program_meant(seen, call.ids["program_id"])
    return Reply(ProgramAnswer(await _program(call, seen)))


async def _program(call: Call, seen: View) -> ProgramShown:
    async with call.transaction as tx:
        return program_shown(seen, await locations.ids(tx))


def program_shown(seen: View, location_ids: list[str]) -> ProgramShown:
    """The program as clients see it."""
    program, versions = seen.version.program, seen.terms.versions
    wallet = program.wallets[seen.wallet]
    expiry = wallet.expiry
    lives = _duration(expiry.after) if expiry is not None else ""
    return ProgramShown(
        id=seen.id,
        status="ACTIVE",
        reward_tiers=[step_shown(seen, step) for step in seen.steps()],
        terminology=TermsOfPoints(wallet.one or wallet.name or "Point", wallet.name or "Points"),
        location_ids=location_ids,
        created_at=instant(versions[0].effective_from),
        updated_at=instant(seen.version.effective_from),
        accrual_rules=_rules(seen),
        expiration_policy=ExpirationShown(lives) if lives else UNSET,
    )


def step_shown(seen: View, step: Step) -> StepShown:
    """A reward as a tier of the program."""
    return StepShown(
        id=step.id,
        points=step.points,
        name=step.reward.name,
        definition=definition_of(seen, step),
        created_at=instant(seen.terms.versions[0].effective_from),
        pricing_rule_reference=ReferenceShown(rule_of(step.id), catalog_version(seen)),
    )


def catalog_version(seen: View) -> int:
    """A number that grows with each version of the program."""
    return seen.version.number


def definition_of(seen: View, step: Step) -> dict[str, Any]:
    """What a reward takes off, in the older form that clients still read."""
    gives = step.reward.gives
    if isinstance(gives, Discount) and gives.percent is not None:
        off: dict[str, Any] = {
            "scope": "ORDER",
            "discount_type": "FIXED_PERCENTAGE",
            "percentage_discount": str(gives.percent),
        }
        if gives.at_most is not None:
            off["max_discount_money"] = money(seen, minor(seen, gives.at_most))
        return off
    worth = step.worth_minor
    if isinstance(gives, Discount) and gives.off is not None:
        worth = minor(seen, gives.off)
    fixed = {"discount_type": "FIXED_AMOUNT", "fixed_discount_money": money(seen, worth)}
    if isinstance(gives, Item) and gives.sku:
        return {"scope": "ITEM_VARIATION", **fixed, "catalog_object_ids": [gives.sku]}
    return {"scope": "ORDER", **fixed}


def money(seen: View, amount: int) -> dict[str, Any]:
    """So much of the program's money."""
    return {"amount": amount, "currency": seen.currency}


def _duration(span: str) -> str:
    """`12 months` as `P12M`; nothing for what is shorter than a day."""
    number, unit = span.split(" ")
    letter = _ISO.get(unit.rstrip("s"))
    return f"P{number}{letter}" if letter else ""


def _rules(seen: View) -> list[dict[str, Any]]:
    """What earns these points, as far as the interface has words for it; the engine decides."""
    found = [_rule(seen, rule) for rule in seen.version.program.rules if rule.wallet == seen.wallet]
    return [shown for shown in found if shown is not None]


def _rule(seen: View, rule: Rule) -> dict[str, Any] | None:
    award, taxed = rule.award, _tax(seen, rule)
    if is_promotion(rule):
        return None
    if isinstance(award, PerAmount):
        points = _whole(seen, award.points)
        spend: dict[str, Any] = {"amount_money": money(seen, minor(seen, award.per)), **taxed}
        counted = seen.version.program.qualifying.get(award.qualifying)
        if counted is not None and counted.except_categories:
            spend["excluded_category_ids"] = list(counted.except_categories)
        if counted is not None and counted.except_skus:
            spend["excluded_item_variation_ids"] = list(counted.except_skus)
        return {"accrual_type": "SPEND", **points, "spend_data": spend}
    if isinstance(award, Fixed) and rule.on in ("purchase", "visit"):
        visit: dict[str, Any] = dict(taxed)
        if isinstance(rule.when, AmountIs) and rule.when.at_least is not None:
            visit["minimum_amount_money"] = money(seen, minor(seen, rule.when.at_least))
        return {"accrual_type": "VISIT", **_whole(seen, award.points), "visit_data": visit}
    if isinstance(award, PerItem) and award.every == 1:
        return _item(seen, award)
    return None


def _item(seen: View, award: PerItem) -> dict[str, Any] | None:
    points = _whole(seen, award.points)
    if len(award.skus) == 1 and not award.categories:
        told = {"item_variation_id": award.skus[0]}
        return {"accrual_type": "ITEM_VARIATION", **points, "item_variation_data": told}
    if len(award.categories) == 1 and not award.skus:
        kind = {"category_id": award.categories[0]}
        return {"accrual_type": "CATEGORY", **points, "category_data": kind}
    return None


def _whole(seen: View, points: str | int) -> dict[str, int]:
    """Points of a rule, where they are whole ones; a fraction is not said."""
    scale = seen.version.program.wallets[seen.wallet].scale
    try:
        number = units(points, scale)
    except NotExact:
        return {}
    return {"points": number} if number >= 1 else {}


def _tax(seen: View, rule: Rule) -> dict[str, str]:
    named = getattr(rule.award, "qualifying", "standard")
    counted = seen.version.program.qualifying.get(named)
    out = counted is not None and counted.tax == "out"
    return {"tax_mode": "BEFORE_TAX" if out else "AFTER_TAX"}


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/loyalty/programs",
        name="square_list_programs",
        tag="Loyalty",
        says="All programs, which is one",
        scopes=READS,
        answers={200: ProgramsAnswer},
        do=all_of_them,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/loyalty/programs/{{program_id}}",
        name="square_get_program",
        tag="Loyalty",
        says="The program",
        scopes=READS,
        answers={200: ProgramAnswer},
        do=one,
    ),
)

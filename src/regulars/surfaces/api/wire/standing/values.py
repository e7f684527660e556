"""What members are worth, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from regulars.insight.values.why import Beside
from regulars.records.standing.categories.types import CategoryRun
from regulars.records.standing.values.types import Run, Value, worth_of
from regulars.surfaces.api.strict.ids import shown

Health = Literal["strong", "steady", "slipping", "lost"]
Part = Literal["top-tenth", "upper", "middle", "lower"]


class WhyShown(Struct, frozen=True):
    """One reason: what there is (`have`), beside what is usual for them.

    `days_away`: days since the last order, beside the mean of their gaps. `orders`, `spent`: of the
    last 90 days, beside the 90 before. `orders_ever`, `spent_each`: of whom nothing was seen in
    half a year, all orders so far and what one brought.
    """

    sort: Literal["days_away", "orders", "spent", "orders_ever", "spent_each"]
    have: int
    usual: int | None
    speaks: Literal["for", "against", ""]
    """Whether it speaks for a next order, or against one."""


class ValueShown(Struct, frozen=True):
    """What a member is worth from now on, as it was reckoned last."""

    member_id: str
    as_of: date
    """The last day that was looked at."""
    health: Health | None
    """By the chance of an order within 90 days: 75 % or more, 40 %, 10 %, less; nothing of who
    ordered once, as nothing tells it."""
    chance: Annotated[int, Meta(ge=0, le=1_000)] | None
    """Of an order within 90 days, in thousandths; nothing where chances were off by more than 0.03
    on the shop's own past: then `chance_from` and `chance_to` say between which it lies."""
    orders: int | None
    """Expected within 90 days, in hundredths; nothing where no model of buying holds in this
    shop."""
    worth_minor: int | None
    """Of all they buy in the next twelve months, in minor units of today's money: what of it
    stays as margin, where the shop said how much does. Nothing where nobody can say it of this
    shop; `unvalued` of `GET /v1/member-values` says why."""
    worth_is: Literal["revenue", "margin"]
    part: Part | None
    """In which part of all members they are by that."""
    days_since: int
    days_between: int | None
    """The mean of their own gaps; nothing after one order."""
    next_category: str | None = None
    """What they buy from next, as the attribute `value-category` says it; nothing where that
    would be a guess."""
    worth_90_minor: int | None = None
    """What of `worth_minor` is of the next 90 days: by the same model, the same interest and the
    same season, so never more than it."""
    reasons: list[WhyShown] = []
    """Why: how long ago, how often, for how much."""
    model: str = ""
    """By which model orders were foretold in the night of `as_of`."""
    chance_from: int | None = None
    chance_to: int | None = None


class ValuesShown(Struct, frozen=True):
    """Members, who is worth most first."""

    items: list[ValueShown]


class CategoryRunShown(Struct, frozen=True):
    """How it was reckoned last what members buy from next."""

    as_of: date
    at: datetime
    members: int
    """Of how many it is said."""
    version: str
    """The way it was reckoned; empty where nothing is said, as it is not surely better than the
    most popular category and than each member's own most frequent one."""
    found: dict[str, Any]
    """`tried`: of so many next orders of the past, in how many the category was bought that this
    (`right`), the member's most frequent (`own`) and the most popular one said; `missing`: what
    there is too little of."""


class ValueRunShown(Struct, frozen=True):
    """How values were reckoned last."""

    as_of: date
    at: datetime
    members: int
    model: str
    """Empty where nothing could be said."""
    found: dict[str, Any]
    """`off`: how far off orders were at days of the past, as a share; `money_off`: the same of the
    revenue of 90 days, of who was a member then and less what came back since, or
    `money_missing`: what there is too little of to say it; both at the days by which the model was
    chosen, so that they flatter it a little; `judged`: how the chances did
    on the last 90 days; `interest`: by how many percent a year what comes later counts less
    (setting `interest_percent`); `season`: whether orders go by it (`taken`, `tried`, `unseen`), by
    how much (`factor`), and how many times as many came at days of the past (`bounds`);
    `missing`: what there is too little of to tell chances; `unvalued`: what there is too little of
    to say what anybody is worth, or which condition does not hold."""
    categories: CategoryRunShown | None = None
    """How `value-category` was reckoned last; nothing where it was not yet."""


class SlippingAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of them."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50


def value_shown(one: Value, beside: Beside, next_category: str | None = None) -> ValueShown:
    """As it is shown, with a margin of so many of a hundred (0: none was said)."""
    margin, worth_90, chance = beside.margin, one.soon_minor, beside.chance(one)
    band = chance if isinstance(chance, tuple) else (None, None)
    return ValueShown(
        shown("mem", one.member_id), one.as_of, one.health,  # type: ignore[arg-type]
        None if isinstance(chance, tuple) else chance,
        one.orders, worth_of(one.worth_minor, margin), "margin" if margin else "revenue",
        one.worth, one.since, one.gap, next_category,  # type: ignore[arg-type]
        worth_of(worth_90, margin),
        [WhyShown(why.sort, why.have, why.usual, why.speaks) for why in beside.reasons],
        beside.model, *band,
    )  # fmt: skip


def run_shown(run: Run, categories: CategoryRun | None = None) -> ValueRunShown:
    """As it is shown."""
    if categories is None:
        return ValueRunShown(run.as_of, run.at, run.members, run.model, run.found)
    one = CategoryRunShown(
        categories.as_of, categories.at, categories.members, categories.version, categories.found
    )
    return ValueRunShown(run.as_of, run.at, run.members, run.model, run.found, one)

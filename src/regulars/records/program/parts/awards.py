"""Awards of rules, `give: <tag>`: so much per amount, per item, each time, by a table, or times."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.wallets import Day, Decimal, Slug

Stage = Literal["base", "bonus"]
"""`base` awards compete or add up and are multiplied; a `bonus` is added after multiplying."""


class PerAmount(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="per_amount"
):
    """So many points for each so much money of the qualifying amount; fractions count."""

    points: Decimal
    per: Decimal
    qualifying: str = "standard"
    only_categories: tuple[str, ...] = ()
    only_skus: tuple[str, ...] = ()
    stage: Stage = "base"


class PerItem(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="per_item"):
    """So many points for each `every` pieces of these articles; broken sets give nothing.

    A piece counts when its category or its sku is named; with neither named, each piece counts.
    """

    points: Decimal
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    every: Annotated[int, Meta(ge=1, le=10_000)] = 1
    stage: Stage = "base"


class Fixed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="fixed"):
    """The same points every time: per visit, per review, per sign-up."""

    points: Decimal
    stage: Stage = "base"


class Multiply(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="multiply"):
    """Base points times this much (`2` doubles, `1.5` adds a half); at least 1."""

    by: Decimal


class Cooldown(Struct, frozen=True, forbid_unknown_fields=True):
    """After a rule gave to a member it rests for them: so many hours, or so many days.

    Hours run from the minute it happened; days are those of the program's zone, the day itself is
    the first. Both go by when it happened, not by when it was told. What came back whole never
    began a rest.
    """

    hours: Annotated[int, Meta(ge=1, le=8760)] | None = None
    days: Annotated[int, Meta(ge=1, le=3660)] | None = None


class TableRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a table: these values give so many points, while it is in force."""

    is_: Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(min_length=1)] = field(
        name="is"
    )
    points: Decimal
    """With up to six decimals, whatever the wallet's scale: the one rounding comes later."""
    from_on: Day | None = None
    until_on: Day | None = None


class ByTable(Struct, frozen=True, forbid_unknown_fields=True, tag_field="give", tag="by_table"):
    """So many points as a table says for the details told, for each so much of a number told.

    The first row that fits gives; `*` fits anything; no row, no points. The number is a whole one
    from 0 to 1,000,000,000; without `of` the row's points are given once.
    """

    by: Annotated[tuple[Slug, ...], Meta(min_length=1, max_length=4)]
    rows: Annotated[tuple[TableRow, ...], Meta(min_length=1, max_length=2000)]
    of: Slug | None = None
    per: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    stage: Stage = "base"


Award = PerAmount | PerItem | Fixed | Multiply | ByTable

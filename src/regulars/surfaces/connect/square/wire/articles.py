"""What is for sale, as clients send it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from regulars.base.money import LARGEST
from regulars.surfaces.connect.square.times import MoneyTold
from regulars.surfaces.connect.square.wire.sent import Sent

Id = Annotated[str, Meta(min_length=1, max_length=36)]
Name = Annotated[str, Meta(min_length=1, max_length=255)]
Version = Annotated[int, Meta(ge=0, le=LARGEST)]


class CategoryNamed(Sent, frozen=True):
    """A category that something is in."""

    id: Id
    ordinal: int | None = None


class VariationSent(Sent, frozen=True):
    """What a piece of an item is and costs."""

    item_id: Id | None = None
    name: Name | None = None
    sku: Annotated[str, Meta(max_length=192)] | None = None
    pricing_type: Literal["FIXED_PRICING", "VARIABLE_PRICING"] | None = None
    price_money: MoneyTold | None = None
    ordinal: int | None = None


class VariationObject(Sent, frozen=True):
    """A variation within its item."""

    id: Id
    variation: VariationSent = field(name="item_variation_data")
    type: Literal["ITEM_VARIATION"] = "ITEM_VARIATION"
    version: Version | None = None
    present_at_all_locations: Literal[True] | None = None


class ItemSent(Sent, frozen=True):
    """An item with its variations, in one category at most."""

    name: Name
    category_id: Id | None = None
    categories: Annotated[tuple[CategoryNamed, ...], Meta(max_length=1)] | None = None
    product_type: Literal["REGULAR"] | None = None
    variations: Annotated[tuple[VariationObject, ...], Meta(max_length=100)] | None = None


class CategorySent(Sent, frozen=True):
    """A category."""

    name: Name


class ObjectSent(Sent, frozen=True):
    """An item, a variation of one, or a category."""

    type: Literal["ITEM", "ITEM_VARIATION", "CATEGORY"]
    id: Id
    version: Version | None = None
    present_at_all_locations: Literal[True] | None = None
    item: ItemSent | None = field(default=None, name="item_data")
    variation: VariationSent | None = field(default=None, name="item_variation_data")
    category: CategorySent | None = field(default=None, name="category_data")


class UpsertObject(Sent, frozen=True):
    """Something is for sale, or is another from now on."""

    idempotency_key: Annotated[str, Meta(min_length=1, max_length=128)]
    object: ObjectSent

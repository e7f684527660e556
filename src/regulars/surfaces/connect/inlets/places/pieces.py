"""What a mapping says of a value, of lines, of payments and of pieces that came back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.surfaces.connect.moving.mapping import Field, Skip


class From(Field, frozen=True, forbid_unknown_fields=True):
    """Where a value comes from, and how it is written there."""

    prefix: str = ""
    """Written before it, so that it is nobody else's: `shop-` makes `shop-4711` of 4711, and
    `{source}-` the same with the name of the source."""


Said = str | From


class LinesMap(Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of a sale: one for each entry of a list; places are within the entry."""

    each: str
    """The way to the list."""
    amount: Said | None = None
    """What all its pieces cost, before the discount."""
    amount_minor: Said | None = None
    price: Said | None = None
    """What one piece costs, in place of an amount."""
    price_minor: Said | None = None
    quantity: Said | None = None
    sku: Said | None = None
    category: Said | None = None
    name: Said | None = None
    discount: Said | None = None
    discount_minor: Said | None = None
    tax: Said | None = None
    """The tax contained in what remains after the discount."""
    tax_minor: Said | None = None
    skip: tuple[Skip, ...] = ()
    """Entries that are left aside on purpose."""


class PaymentsMap(Struct, frozen=True, forbid_unknown_fields=True):
    """How a sale was paid: one for each entry of a list; places are within the entry."""

    each: str
    kind: Said
    """`money`, `points` or `stored_value`; translate theirs with `values`."""
    amount: Said | None = None
    amount_minor: Said | None = None
    skip: tuple[Skip, ...] = ()


class ReturnedMap(Struct, frozen=True, forbid_unknown_fields=True):
    """Which pieces came back: one for each entry of a list; places are within the entry."""

    each: str
    line: Said
    """Which line of the sale: its place in the sale's own list."""
    quantity: Said | None = None
    """How many pieces; one where it is not said."""
    first: Literal[0, 1] = 0
    """Whether lines are counted from 0 or from 1."""
    skip: tuple[Skip, ...] = ()


class EarnsMap(Struct, frozen=True, forbid_unknown_fields=True):
    """How many units a sale in money is worth: so many for each so much, the rest is cut off."""

    units: Annotated[int, Meta(ge=1, le=1_000_000)]
    """Of the wallet's smallest unit."""
    per: str = "1.00"
    """For each so much money, in the program's currency."""


class PartnerMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a partner tells with its sale: a member collected or spent there, or it came back."""

    partner: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    """The partner by its short name; what it tells counts by its contract."""
    wallet: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    kind: Said | None = None
    """`accrual` (a member collected; where nothing is said), `redemption` (they spent there),
    `return` (what they collected came back) or `return_redemption`; translate theirs."""
    external_id: Said
    """The partner's own reference: it counts once for ever."""
    sale_id: Said | None = None
    """Of a return: the reference of what it takes back."""
    occurred_at: Said | None = None
    """When it happened; when the event came in where nothing is said."""
    units: Said | None = None
    """How many of the wallet's smallest unit. Of a return nothing: all that is left."""
    amount: Said | None = None
    """In place of units: what the sale came to, with `earns`."""
    amount_minor: Said | None = None
    earns: EarnsMap | None = None
    currency: Said | None = None
    """Of the sale; another one than the program's is no fit."""
    check: Literal["none", "luhn", "damm", "mod7", "mod97"] = "none"
    """By which rule the number of a member ends; one that was mistyped is no fit."""
    number: Said | None = None
    card: Said | None = None
    member_id: Said | None = None
    """A name of theirs that is ours alone, such as the number of the program before."""
    email: Said | None = None
    phone: Said | None = None
    name: Said | None = None
    """Who the partner says it was, compared where the contract asks for it, and not kept."""
    family_name: Said | None = None
    """Where it stands in a place of its own, beside the given name."""
    receipt: Said | None = None
    """The number under which our own till or web shop may tell the same sale."""
    told_by: tuple[str | From, ...] = ()
    """The sources of those, as the books name them, or `{column: …}` where the event says which:
    what they tell by this receipt counts once."""
    since: str | None = None
    """What happened before this day is left aside, as 2027-01-01."""


class AnswerMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a partner answers to a settlement, line by line."""

    partner: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
    line: Said
    """The line: `pen_…` as the settlement has it."""
    answer: Said
    """`accepted` or `disputed`; translate theirs with `values`."""
    amount: Said | None = None
    """What the partner has for it; another amount than the line's is refused, unless disputed."""
    amount_minor: Said | None = None
    reason: Said | None = None
    """Why it is disputed."""


class CartMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is off a cart while it is worked out in the shop, of a source of the kind magento."""

    rewards: tuple[
        Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)], ...
    ]
    """Rewards that are so much money off as they are worth, once a member reserved one on the pages
    of the shop."""


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """How the files of a source of files are written."""

    format: Literal["csv", "jsonl", "parquet"] | None = None
    """By the end of a file's name where nothing is said."""
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    encoding: Annotated[str, Meta(min_length=1, max_length=40)] = "utf-8"

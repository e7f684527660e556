"""What the script of a shop's page sends: shapes with bounds, amounts as people write them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from regulars.base.decimals import NotExact, units
from regulars.base.faults import Invalid
from regulars.base.money import LARGEST, decimals
from regulars.surfaces.api.wire.parts import Pieces, Slug, Text

Amount = Annotated[str, Meta(max_length=30)]
MOST_ITEMS = 200
MOST_BASKETS = 40


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent from a page; nothing where nothing needs to be said."""


class CodeSent(Sent, frozen=True):
    """Somebody wants to sign in by this address."""

    address: Text


class SignInSent(Sent, frozen=True):
    """The digits that came."""

    id: Text
    code: Text
    agrees: Annotated[str, Meta(max_length=5)] = ""


class JoinSent(Sent, frozen=True):
    """Somebody joins, as on the page to join by."""

    given_name: Text
    address: Text
    terms: bool = False
    agrees: bool = False
    birthday: Text = ""
    country: Text = ""


class LineSent(Sent, frozen=True):
    """One article of a basket: what all its pieces cost together."""

    amount: Amount
    sku: Text = ""
    category: Text = ""
    quantity: Pieces = 1


class BasketSent(Sent, frozen=True):
    """A basket, to see what it would earn."""

    lines: Annotated[tuple[LineSent, ...], Meta(max_length=MOST_ITEMS)] = ()
    total: Amount | None = None


class PreviewSent(Sent, frozen=True):
    """Baskets, each by itself: what a page shows beside each of its articles."""

    baskets: Annotated[tuple[BasketSent, ...], Meta(min_length=1, max_length=MOST_BASKETS)]


class ItemSent(Sent, frozen=True):
    """An article with its price for everybody and for members, and the benefit that opens that."""

    price: Amount
    member_price: Amount
    benefit: Slug
    sku: Text = ""
    category: Text = ""


class PricesSent(Sent, frozen=True):
    """Articles of which prices are shown."""

    items: Annotated[tuple[ItemSent, ...], Meta(min_length=1, max_length=MOST_ITEMS)]


class MaySent(Sent, frozen=True):
    """May this member use this benefit, for this article?"""

    benefit: Slug
    sku: Text = ""
    category: Text = ""


class RedeemSent(Sent, frozen=True):
    """A member wants a reward; under the same key once."""

    reward: Slug
    key: Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$(?!\n)")]


class GiveBackSent(Sent, frozen=True):
    """A member does not want what they reserved."""

    code: Text


def decoder(kind: Any) -> Any:
    """Reads bodies of this shape."""
    return msgspec.json.Decoder(kind)


def minor_of(said: str, currency: str, field: str) -> int:
    """An amount as somebody wrote it, in minor units. Faults: Invalid at the field.

    Example: `"9.50"` in EUR is 950.
    """
    try:
        found = units(said, decimals(currency))
    except NotExact as slip:
        raise Invalid(str(slip), field=field) from None
    if not 0 <= found <= LARGEST:
        raise Invalid(f"{said!r} is no amount of a basket", field=field)
    return found

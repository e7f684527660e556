"""The small shapes that occur in many requests: money, texts, members, sales."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.ids import required

Text = Annotated[str, Meta(max_length=200)]
Minor = Annotated[int, Meta(ge=0, le=LARGEST)]
Units = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
# Python's `$` also matches before a line's end at the end of the text; nothing may follow here.
Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)", max_length=40)]
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]


class Money(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of money in whole minor units: `{"minor": 999, "currency": "EUR"}` is 9.99 euro."""

    minor: Minor
    currency: Annotated[str, Meta(min_length=3, max_length=3, description="ISO 4217")]


class Whom(Struct, frozen=True, forbid_unknown_fields=True):
    """Which member is meant, said in exactly one way."""

    id: str | None = None
    phone: Text | None = None
    email: Text | None = None
    card: Text | None = None
    external: Text | None = None
    number: Text | None = None


class SaleName(Struct, frozen=True, forbid_unknown_fields=True):
    """The sale a return takes back: its id, or the source and external id it was sent with."""

    id: str | None = None
    source: Text = ""
    external_id: Text = ""


def member_of(whom: Whom, field: str = "/member") -> MemberRef:
    """The member that is meant. Faults: Invalid when it is said in no way or in several."""
    if whom.id is not None:
        id_ = required("mem", whom.id, f"{field}/id")
        rest = (whom.phone, whom.email, whom.card, whom.external, whom.number)
        if rest == (None, None, None, None, None):
            return MemberRef(id=id_)
    try:
        return MemberRef(
            phone=whom.phone,
            email=whom.email,
            card=whom.card,
            external=whom.external,
            number=whom.number,
            **({} if whom.id is None else {"id": id_}),
        )
    except ValueError as error:
        raise Invalid(str(error), field=field) from None


def sale_of(sale: SaleName) -> SaleRef:
    """The sale that is meant. Faults: Invalid unless it is said in exactly one way."""
    by_receipt = bool(sale.source or sale.external_id)
    if (sale.id is None) != by_receipt or (by_receipt and not sale.external_id):
        raise Invalid(
            "name the sale by its id, or by the source and external_id it was sent with",
            field="/sale",
        )
    if sale.id is not None:
        return SaleRef(id=required("act", sale.id, "/sale/id"))
    return SaleRef(source=sale.source, external_id=sale.external_id)


def minor_of(money: Money | None, currency: str, field: str) -> int:
    """Minor units of the program's currency; nothing said is nothing.

    Faults: Invalid for another currency: amounts are never converted behind anybody's back.
    """
    if money is None:
        return 0
    if money.currency != currency:
        raise Invalid(
            f"this program counts in {currency}, not {money.currency[:3]!r}; "
            f"send what was paid in {currency}",
            field=f"{field}/currency",
        )
    return money.minor


Limit = Annotated[int, Meta(ge=1, le=200, description="At most so many at once.")]


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a list, from where on."""

    limit: Limit = 50
    cursor: Text | None = None

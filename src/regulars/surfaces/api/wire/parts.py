"""The small shapes that occur in many requests: money, texts, members, sales."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.records.activity.checks import EARLIEST
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.strict.ids import required

Instant = Annotated[datetime, Meta(tz=True)]
CardCode = Annotated[str, Meta(max_length=100)]
CurrencyText = Annotated[str, Meta(min_length=3, max_length=3, description="ISO 4217")]
Text = Annotated[str, Meta(max_length=200)]
Id = Annotated[str, Meta(max_length=36)]
Minor = Annotated[int, Meta(ge=0, le=LARGEST)]
Units = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
# Python's `$` also matches before a line's end at the end of the text; nothing may follow here.
Slug = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)", max_length=40)]
WrittenIn = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
"""A language of texts by its code: one of ours, or the program's own."""
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]
_END: Final = datetime(3000, 1, 1, tzinfo=UTC)


class Money(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of money in whole minor units: `{"minor": 999, "currency": "EUR"}` is 9.99 euro."""

    minor: Minor
    currency: Annotated[str, Meta(min_length=3, max_length=3, description="ISO 4217")]


class Whom(Struct, frozen=True, forbid_unknown_fields=True):
    """Which member is meant, said in exactly one way."""

    id: Id | UnsetType = UNSET
    phone: Text | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    card: Text | UnsetType = UNSET
    external: Text | UnsetType = UNSET
    """The id another system has for them."""
    number: Text | UnsetType = UNSET
    """The loyalty number, with its check digit."""


class SaleName(Struct, frozen=True, forbid_unknown_fields=True):
    """What a return takes back: its id, or the source and external id it was sent with; of a
    flight, a visit or any other activity that is no purchase with its kind."""

    id: Id | UnsetType = UNSET
    source: Text = ""
    external_id: Text = ""
    kind: Slug = "purchase"


def member_of(whom: Whom, field: str = "/member") -> MemberRef:
    """The member that is meant. Faults: Invalid when it is said in no way or in several."""
    if not isinstance(whom.id, UnsetType) and not _said_otherwise(whom):
        return MemberRef(id=required("mem", whom.id, f"{field}/id"))
    said = {kind: value for kind in _WAYS if (value := getattr(whom, kind)) is not UNSET}
    if len(said) != 1:
        raise Invalid(
            "name the member by exactly one of id, phone, email, card, external or number",
            field=field,
        )
    return MemberRef(**said)


def _said_otherwise(whom: Whom) -> bool:
    return not (
        whom.phone is UNSET
        and whom.email is UNSET
        and whom.card is UNSET
        and whom.external is UNSET
        and whom.number is UNSET
    )


_WAYS = ("id", "phone", "email", "card", "external", "number")


def sale_of(sale: SaleName) -> SaleRef:
    """The sale that is meant. Faults: Invalid unless it is said in exactly one way."""
    by_receipt = bool(sale.source or sale.external_id)
    if (sale.id is UNSET) != by_receipt or (by_receipt and not sale.external_id):
        raise Invalid(
            "name the sale by its id, or by the source and external_id it was sent with",
            field="/sale",
        )
    if not isinstance(sale.id, UnsetType):
        if sale.kind != "purchase":
            raise Invalid("an id says of itself what it is; leave kind out", field="/sale/kind")
        return SaleRef(id=required("act", sale.id, "/sale/id"))
    return SaleRef(source=sale.source, external_id=sale.external_id, kind=sale.kind)


def instant_of(said: datetime | None, field: str) -> datetime | None:
    """An instant in UTC, within the years that clocks and books know.

    Faults: Invalid at the field; which instants make sense is for the flow to say.
    """
    if said is None:
        return None
    if not EARLIEST <= said < _END:
        raise Invalid("an instant lies in the years 1970 to 2999", field=field)
    return said.astimezone(UTC)


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


Language = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$(?!\n)",
        description="Such as en, de or pt-BR. Texts that are not translated stay as they "
        "are in the program file.",
    ),
]


class LanguageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """In which language texts are asked for."""

    language: Language | None = None


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a list, from where on."""

    limit: Limit = 50
    cursor: Text | None = None

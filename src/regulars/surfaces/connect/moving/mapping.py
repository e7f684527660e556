"""The mapping file: which column of a foreign file is which field of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import msgspec
from msgspec import Struct

from regulars.base.faults import Invalid

Decimal = Literal["plain", "point", "comma"]
"""1234.56, 1,234.56 or 1.234,56."""
Kind = Literal[
    "members", "identifiers", "consents", "tiers", "lots", "balances", "debts", "activities",
    "limits", "progress", "stock", "codes", "had",
]  # fmt: skip
REFS: Final = ("member_id", "email", "phone", "card")
"""What a line may name its member by."""
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "members": (
        "number", "state", "given_name", "family_name", "locale", "zone", "attributes", "joined_at",
    ),
    "identifiers": ("kind", "value"),
    "consents": ("channel", "state", "source", "changed_at"),
    "tiers": ("tier", "since", "until"),
    "lots": (
        "wallet", "lot_id", "amount", "remaining", "earned_at", "expires_at", "origin",
        "activates_at", "cancels_at", "activity_id",
    ),
    "balances": ("wallet", "balance", "earned_at", "expires_at", "origin"),
    "debts": ("wallet", "owed", "since"),
    "activities": (
        "activity_id", "kind", "source", "external_id", "sale_id", "sale_kind", "occurred_at",
        "store", "channel", "amount", "amount_minor", "currency", "order_discount_minor",
        "shipping_minor", "tips_minor", "lines", "payments", "details", "returned", "paid_in",
    ),
    "limits": ("counter", "period", "used"),
    "progress": ("counter", "period", "used"),
    "stock": ("reward", "remaining"),
    "codes": (
        "reward", "code", "printed", "state", "issued_at", "ends_at", "closed_at", "terms",
    ),
    "had": ("kind", "id", "row"),
}  # fmt: skip
NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "members": (REFS,),
    "identifiers": (REFS, ("kind",), ("value",)),
    "consents": (REFS, ("channel",), ("state",)),
    "tiers": (REFS, ("tier",)),
    "lots": (REFS, ("wallet",), ("remaining", "amount")),
    "balances": (REFS, ("wallet",), ("balance",)),
    "debts": (REFS, ("wallet",), ("owed",)),
    "activities": (("kind",), ("occurred_at",), ("external_id", "activity_id")),
    "limits": (("counter",), ("period",), ("used",)),
    "progress": (REFS, ("counter",), ("period",), ("used",)),
    "stock": (("reward",), ("remaining",)),
    "codes": (("reward",), ("code",), ("state",)),
    "had": (REFS, ("kind",), ("id",), ("row",)),
}
"""Of each group at least one field."""
_OPEN: Final = {"members": "attributes.", "activities": "details."}
"""Fields that begin so have a name of their own choice behind it."""


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a value comes from, and how it is written there."""

    column: str = ""
    constant: str | int | None = None
    """The same for every line, instead of a column."""
    values: dict[str, str] | None = None
    """What each value of the column means; others are wrong.

    `*` stands for all others, and for the value as it is.
    """
    default: str = ""
    """What an empty cell means."""
    dates: str | list[str] | None = None
    """`iso`, `epoch`, or formats such as `%d.%m.%Y %H:%M`, tried in this order."""
    zone: str | None = None
    decimal: Decimal | None = None
    last_day: bool = False
    """The day named is the last one that counts: the end is the midnight after it."""


class Skip(Struct, frozen=True, forbid_unknown_fields=True):
    """Lines that are left aside on purpose: those with one of these values in this column."""

    column: str
    values: list[str]
    optional: bool = False
    """A file without this column leaves nothing aside."""


FieldMap = dict[str, str | Field]


class FileMap(Struct, frozen=True, forbid_unknown_fields=True):
    """How one file of the other system is written, and what its lines tell."""

    gives: dict[Kind, FieldMap | list[FieldMap]]
    says: str = ""
    format: Literal["csv", "jsonl", "parquet"] | None = None
    """By the ending of the file's name when not said."""
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: Decimal = "plain"
    dates: str | list[str] = "iso"
    zone: str | None = None
    skip: list[Skip] = []
    points: Literal["decimal", "smallest"] = "decimal"
    """Points as people write them, or as whole units of the wallet's smallest."""
    no_expiry: Literal["never", "program"] = "never"
    """What points without an end mean: for ever, or as the wallet's own rule says."""
    no_until: Literal["for_ever", "program"] = "for_ever"

    def each(self) -> Iterator[tuple[Kind, FieldMap]]:
        """Every kind of thing a line of this file gives, several times where it is a list."""
        for kind, told in self.gives.items():
            for fields in told if isinstance(told, list) else [told]:
                yield kind, fields

    def columns(self) -> list[str]:
        """Every column a field takes its value from, each once."""
        named: dict[str, None] = {}
        for _, fields in self.each():
            for field in fields.values():
                column = field if isinstance(field, str) else field.column
                if column:
                    named[column] = None
        return list(named)


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything about the files of one system."""

    mapping: str
    title: str
    source: str
    """The name of that system in our books: `smile`, `old-till` …"""
    files: dict[str, FileMap]
    says: str = ""
    ids: Literal["theirs", "ours"] = "theirs"
    """`ours` when the ids in it were made by Regulars and are to be kept."""
    lenient: bool = False
    """Columns that a file does not have count as empty, unless they are needed."""


def read_mapping(text: str) -> Mapping:
    """A mapping from its words. Faults: Invalid that names the place in it and the mend."""
    try:
        mapping = msgspec.yaml.decode(text, type=Mapping)
    except msgspec.ValidationError as wrong:
        raise Invalid(f"the mapping is not right: {wrong}") from None
    except msgspec.DecodeError as wrong:
        raise Invalid(f"the mapping cannot be read as YAML: {wrong}") from None
    for name, file in mapping.files.items():
        for kind, fields in file.each():
            _check(f"files.{name}.gives.{kind}", kind, fields)
    return mapping


def _check(place: str, kind: Kind, fields: FieldMap) -> None:
    """What is wrong with the fields of one kind, whatever the file."""
    known = (*REFS, *FIELDS[kind])
    for name, field in fields.items():
        if name not in known and not name.startswith(_OPEN.get(kind, "\0")):
            raise Invalid(f"{place} has no field {name}; it has {', '.join(known)}")
        if isinstance(field, Field) and not field.column and field.constant is None:
            raise Invalid(f"{place}.{name} says neither a column nor a constant")
    check_needed(place, kind, fields)
    refs = [name for name in REFS if name in fields]
    if kind != "members" and len(refs) > 1:
        raise Invalid(f"{place} names the member in {len(refs)} ways ({', '.join(refs)}); keep one")


def check_needed(place: str, kind: Kind, fields: FieldMap) -> None:
    """Of each group that is needed, one field must be there. Faults: Invalid that names them."""
    for group in NEEDED[kind]:
        if not any(name in fields for name in group):
            raise Invalid(f"{place} misses {' or '.join(group)}: say which column it is")

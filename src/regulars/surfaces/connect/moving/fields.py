"""Fields of a mapping, made ready for the columns of one file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.base.faults import Fault, Invalid
from regulars.records.activity.checks import AHEAD, EARLIEST
from regulars.records.imports.types import LANES, StagedLine, StagedName
from regulars.records.members.identify import normal
from regulars.records.members.types import Kind as NameKind
from regulars.records.members.types import MemberRef
from regulars.records.once.types import digest
from regulars.surfaces.connect.moving.cells import (
    instant_reader,
    json_reader,
    number_reader,
    text_of,
)
from regulars.surfaces.connect.moving.mapping import REFS, Field, FieldMap, FileMap, Mapping
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.connect.moving.wrong import Wrong

Values = Sequence[Any]
Text = Callable[[Values], str]
Staged = StagedLine | StagedName
Teller = Callable[[int, Values], list[Staged]]
"""Tells what one line gives: its number and its values."""


class Ref(NamedTuple):
    """The member a line names, in its one spelling."""

    member: MemberRef | None
    kind: str
    value: str
    key: UUID


NOBODY_NAMED = Ref(None, "", "", UUID(int=0))


class Columns(Struct):
    """One kind of thing of one file: its fields, found in the columns of that file."""

    fields: FieldMap
    columns: dict[str, int]
    file: FileMap
    mapping: Mapping
    place: Place
    number: int
    """Which of the files it is."""

    @property
    def latest(self) -> datetime:
        return self.place.now + AHEAD

    @property
    def earliest(self) -> datetime:
        return EARLIEST

    def has(self, name: str) -> bool:
        return name in self.fields

    def column(self, name: str) -> str:
        """What the field's column is called, for whoever has to mend it."""
        field = self.fields.get(name, name)
        return field if isinstance(field, str) else field.column or name

    def text(self, name: str, default: str = "") -> Text:
        """Reads the field as text; of a field that is not mapped, the default."""
        return _text(self, name, default)

    def instant(self, name: str) -> Callable[[Values], datetime | None]:
        """Reads the field as an instant; nothing where the cell is empty."""
        return _instant(self, name)

    def units(self, name: str, scale: int) -> Callable[[Values], int | None]:
        """Reads the field as whole units at this scale; nothing where the cell is empty."""
        return _units(self, name, scale)

    def json(self, name: str, shape: Any, empty: Any) -> Callable[[Values], Any]:
        """Reads the field as JSON of this shape."""
        return _json(self, name, shape, empty)

    def ref(self) -> Callable[[Values], Ref]:
        """Reads whom the line names; nobody where the cell is empty or there is none."""
        return _ref(self)

    def name_reader(self, name: str, column: str) -> Callable[[str], Ref]:
        """Reads one of the ways to name a member, in its one spelling."""
        return _name_reader(self, name, column)


# Readers are made by functions and not by methods: what is compiled makes none within a method.


def _text(at: Columns, name: str, default: str) -> Text:
    told = at.fields.get(name)
    if told is None:
        return lambda values: default
    field = Field(column=told) if isinstance(told, str) else told
    if field.constant is not None:
        constant = str(field.constant)
        return lambda values: constant
    return _of_column(at, field, default)


def _of_column(at: Columns, field: Field, default: str) -> Text:
    place = at.columns[field.column]
    other = field.default or default
    meanings = field.values
    if meanings is None:
        return lambda values: text_of(values[place]) or other
    known = meanings

    def meant(values: Values) -> str:
        text = text_of(values[place])
        found = known.get(text, known.get("*"))
        if found is None and text:
            raise Wrong(
                field.column,
                f"the mapping does not say what {text!r} means",
                f"Add it under `values`, beside {', '.join(sorted(known))}",
            )
        if found == "*":
            return text or other
        return found if found is not None else other

    return meant


def _said(at: Columns, name: str) -> Field:
    told = at.fields.get(name, "")
    return Field(column=told) if isinstance(told, str) else told


def _instant(at: Columns, name: str) -> Callable[[Values], datetime | None]:
    field, text = _said(at, name), at.text(name)
    read = instant_reader(
        field.dates or at.file.dates,
        ZoneInfo(field.zone or at.file.zone or at.place.zone),
        at.column(name),
        last_day=field.last_day,
    )
    return lambda values: read(told) if (told := text(values)) else None


def _units(at: Columns, name: str, scale: int) -> Callable[[Values], int | None]:
    field, text = _said(at, name), at.text(name)
    read = number_reader(field.decimal or at.file.decimal, at.column(name), scale)
    return lambda values: read(told) if (told := text(values)) else None


def _json(at: Columns, name: str, shape: Any, empty: Any) -> Callable[[Values], Any]:
    field = _said(at, name)
    if not field.column:
        return lambda values: empty
    place, read = at.columns[field.column], json_reader(field.column, shape)
    return lambda values: read(raw) if (raw := values[place]) not in (None, "") else empty


def _ref(at: Columns) -> Callable[[Values], Ref]:
    named = [each for each in REFS if at.has(each)]
    if not named:
        return lambda values: NOBODY_NAMED
    (name,) = named
    text, column = at.text(name), at.column(name)
    read = at.name_reader(name, column)
    return lambda values: read(told) if (told := text(values)) else NOBODY_NAMED


def _name_reader(at: Columns, name: str, column: str) -> Callable[[str], Ref]:
    country, ours = at.place.country, at.mapping.ids == "ours"

    @lru_cache(maxsize=16_384)  # whoever comes often is named often
    def read(text: str) -> Ref:
        if name == "member_id" and ours:
            id_ = our_id("mem", text, column)
            return Ref(MemberRef(id=id_), "id", str(id_), member_key("id", str(id_)))
        kind = "external" if name == "member_id" else name
        value = spelled(kind, text, country, column)
        named: Any = {kind: value}
        return Ref(MemberRef(**named), kind, value, member_key(kind, value))

    return read


def spelled(kind: Any, text: str, country: str | None, column: str) -> str:
    """A name in its one spelling, or what is wrong with it."""
    checked: NameKind = kind
    try:
        return normal(checked, text, country)
    except Fault as fault:
        raise Wrong(column, f"{text[:60]!r}: {fault.says}", str(fault.facts["mend"])) from None


def our_id(prefix: str, text: str, column: str) -> UUID:
    """An id that Regulars made, with or without its prefix."""
    try:
        return UUID(text.removeprefix(f"{prefix}_"))
    except ValueError:
        raise Wrong(
            column,
            f"{text[:60]!r} is no id of Regulars",
            f"It is {prefix}_ and 32 hexadecimal digits; for ids of another system use a mapping",
        ) from None


def member_key(kind: str, value: str) -> UUID:
    """What a member is kept in order by, while their lines are on the way in."""
    return digest("member", kind, value)


def lane_of(key: UUID) -> int:
    """The lane of a member: always the same, and all lanes about as long."""
    return key.bytes[0] % LANES


def needed(value: Any, column: str) -> Any:
    """The value; a line that lacks it cannot be taken."""
    if value in (None, ""):
        raise Wrong(column, "this is empty", "Fill it in, or leave the line out")
    return value


def among(value: str, allowed: Sequence[str], column: str, what: str) -> str:
    """The value, when the program knows it."""
    if value not in allowed:
        raise Wrong(
            column,
            f"there is no {what} {value!r} in this program",
            f"It has {', '.join(allowed) or 'none'}; translate it under `values` in the mapping",
        )
    return value


def missing_columns(file: FileMap, columns: Sequence[str]) -> list[str]:
    """Columns the mapping names that the file does not have."""
    needed = [skip.column for skip in file.skip if not skip.optional]
    named = dict.fromkeys([*needed, *file.columns()])
    return [column for column in named if column not in columns]


def check_zone(name: str) -> None:
    """Refuse a zone nobody knows before any line is read."""
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise Invalid(f"there is no time zone {name!r}; write it as in Europe/Berlin") from None

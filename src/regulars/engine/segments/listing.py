"""A file that says who is on a list: each line names one member."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, convert

from regulars.base.sheets import told_cell
from regulars.records.members.types import MemberRef

COLUMNS: Final = ("member_id", "number", "external", "card", "email", "phone")
"""How a line may name a member; where several stand in it, the first of these counts."""
LONGEST: Final = 320
_SIGNS: Final = (",", ";", "\t")
_ID: Final = re.compile(r"mem_([0-9a-f]{32})")
_SAME: Final = {"id": "member_id", "e-mail": "email", "e_mail": "email", "mail": "email"}


class Line(Struct, frozen=True):
    """One line of the file: where it stands, what it says, and whom that means."""

    at: int
    said: str
    ref: MemberRef


class WrongLine(Struct, frozen=True):
    """A line that names nobody, and why: `empty`, `misspelt`, `unknown`."""

    at: int
    said: str
    why: str


class Named(Struct, frozen=True):
    """What a file says; `no` where it cannot be read at all: `text`, `columns`, `nothing`."""

    lines: Sequence[Line] = ()
    wrong: Sequence[WrongLine] = ()
    no: str = ""


def named_in(body: bytes) -> Named:
    """Whom a CSV file names, line by line; its first line says what its columns are.

    Shape: UTF-8, parted by commas, semicolons or tabs. `'+49…`, as spreadsheets are given texts
    that begin like a formula, is read as `+49…`. Lines count as an editor counts them.
    Example: `number;email` and then `123;` and `;ada@example.org` name two members.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Named(no="text")
    if "\0" in text:
        return Named(no="text")
    head = text.partition("\n")[0]
    sign = max(_SIGNS, key=head.count)
    rows = csv.reader([f"{line}\n" for line in text.split("\n")], delimiter=sign)
    try:
        return _read(rows)
    except csv.Error:
        return Named(no="text")


def _read(rows: Any) -> Named:
    heads = [_head(cell) for cell in next(rows, [])]
    places = [(name, heads.index(name)) for name in COLUMNS if name in heads]
    if not places:
        return Named(no="columns")
    lines, wrong = list[Line](), list[WrongLine]()
    begun = rows.line_num + 1
    for row in rows:
        at, begun = begun, rows.line_num + 1
        if not any(cell.strip() for cell in row):
            continue
        one = _line(row, at, places)
        if isinstance(one, Line):
            lines.append(one)
        else:
            wrong.append(one)
    return Named(lines, wrong, "" if lines or wrong else "nothing")


def _head(cell: str) -> str:
    name = cell.strip().lower()
    return _SAME.get(name, name)


def _line(row: Sequence[str], at: int, places: Sequence[tuple[str, int]]) -> Line | WrongLine:
    for name, place in places:
        said = told_cell(row[place].strip()) if place < len(row) else ""
        if not said:
            continue
        ref = _ref(name, said)
        return WrongLine(at, said[:LONGEST], "misspelt") if ref is None else Line(at, said, ref)
    return WrongLine(at, ",".join(row)[:LONGEST], "empty")


def _ref(name: str, said: str) -> MemberRef | None:
    if len(said) > LONGEST or not said.isprintable():
        return None
    if name == "member_id":
        found = _ID.fullmatch(said)
        return None if found is None else MemberRef(id=UUID(hex=found[1]))
    return convert({name: said}, MemberRef)

"""The page of tables, from the comments of the migrations that made them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import regulars
from regulars.runtime.reference.markdown import page, table

_TABLE = re.compile(r"((?:^--[^\n]*\n)*)^create table (\w+) \(\n(.*?)^\)[^;]*;", re.M | re.S)
_ADDED = re.compile(r"^alter table (\w+)\n(.*?);", re.M | re.S)
_CHAPTER = re.compile(r"^-- ── (.+?) ─+$", re.M)
_CONSTRAINT = ("primary key", "unique", "check", "foreign key", "constraint")
_ABOUT = """
Times are UTC instants, amounts whole numbers of the smallest unit. Every table that has
`program_id` is fenced: the application sees and writes only rows of the program of its
transaction.
"""


class Column(NamedTuple):
    """One column: its name, what it holds, and the comment beside it."""

    name: str
    holds: str
    note: str


class Table(NamedTuple):
    """One table as its migration describes it."""

    name: str
    note: str
    columns: list[Column]
    constraints: list[str]


def tables_page() -> str:
    """Every table with its columns and what the migrations say about them."""
    folder = Path(regulars.__file__).parent / "records" / "migrations"
    texts = [file.read_text("utf-8") for file in sorted(folder.glob("[0-9]*.sql"))]
    later = [one for text in texts for one in added_in(text)]
    keys = {name: key for text in texts for name, key in keyed_in(text)}
    parts = [part for text in texts for part in _chapters(text, later, keys)]
    return page("Tables", "src/regulars/records/migrations", [_ABOUT, *parts])


def tables_in(text: str) -> Iterator[Table]:
    """The tables that a migration makes."""
    for comment, name, body in _TABLE.findall(text):
        said = [line[2:].strip() for line in comment.splitlines() if not _CHAPTER.match(line)]
        parts = list(_definitions(body.splitlines()))
        columns = [
            Column(*definition.split(None, 1), note)  # type: ignore[call-arg]
            for definition, note in parts
            if not definition.startswith(_CONSTRAINT)
        ]
        rest = [definition for definition, _ in parts if definition.startswith(_CONSTRAINT)]
        yield Table(name, " ".join(said), columns, rest)


def added_in(text: str) -> Iterator[tuple[str, Column]]:
    """The columns that a migration adds to tables which were there, by table."""
    for name, body in _ADDED.findall(text):
        for definition, note in _definitions(body.splitlines()):
            if definition.startswith("add column "):
                column, holds = definition.removeprefix("add column ").split(None, 1)
                yield name, Column(column, holds, note)


def keyed_in(text: str) -> Iterator[tuple[str, str]]:
    """The tables to which a migration gives another primary key, with that key."""
    for name, body in _ADDED.findall(text):
        for definition, _ in _definitions(body.splitlines()):
            if definition.startswith("add primary key "):
                yield name, definition.removeprefix("add ")


def _definitions(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each column or constraint with its comment; one may go on over several lines."""
    definition, note, depth = "", "", 0
    for line in lines:
        code, _, comment = line.partition("--")
        definition = f"{definition} {code.strip()}".strip()
        note = f"{note} {comment.strip()}".strip()
        depth += code.count("(") - code.count(")")
        if depth == 0 and definition:
            yield " ".join(definition.removesuffix(",").split()), note
            definition, note = "", ""


def _chapters(
    text: str, later: Sequence[tuple[str, Column]], keys: Mapping[str, str]
) -> Iterator[str]:
    """A chapter for each heading in a migration, with its tables."""
    pieces = _CHAPTER.split(text)
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        tables = [
            _shown(each._replace(columns=[*each.columns, *_of(each.name, later)]), keys)
            for each in tables_in(body)
        ]
        if tables:
            yield f"## {title[0].upper()}{title[1:]}"
            yield from tables


def _of(name: str, later: Sequence[tuple[str, Column]]) -> list[Column]:
    return [column for table_name, column in later if table_name == name]


def _shown(made: Table, keys: Mapping[str, str]) -> str:
    key = keys.get(made.name)
    rows = [(f"`{c.name}`", f"`{c.holds}`", c.note) for c in made.columns]
    parts = [f"### `{made.name}`", made.note, table(("column", "holds", "meaning"), rows)]
    said = [key if key and c.startswith("primary key") else c for c in made.constraints]
    if said:
        parts.append("Keys and checks: " + ", ".join(f"`{c}`" for c in said) + ".")
    return "\n\n".join(part for part in parts if part)

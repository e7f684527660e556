"""What an export says of itself: what is in it, from which snapshot, and how to prove it whole."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from regulars.insight.export.catalogue import LAYERS, Column, File

MANIFEST: Final = "manifest.json"
README: Final = "README.md"
VERSION: Final = 1
"""Raised when a file or column changes its meaning; more of them do not raise it."""


class Written(Struct, frozen=True):
    """One file that was written, with what proves it whole."""

    name: str
    path: str
    layer: str
    says: str
    rows: int
    bytes: int
    sha256: str
    totals: dict[str, int]
    """Sums of columns, made by the database from the same snapshot."""
    columns: tuple[Column, ...]


class Manifest(Struct, frozen=True):
    """An export: its files, its snapshot, and the cursor from which the next extract goes on."""

    version: int
    program: str
    program_name: str
    currency: str
    regulars: str
    tables: int
    """The last migration of the database."""
    kind: str
    """`full`, or `fresh` for what came since a cursor."""
    format: str
    taken_at: datetime
    cursor: str
    files: tuple[Written, ...]

    def text(self) -> bytes:
        """As it lies in the folder."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def readme(manifest: Manifest) -> str:
    """The same for people."""
    whole = "Everything" if manifest.kind == "full" else "What is fresh since the extract before"
    parts = [
        f"# {manifest.program_name}",
        f"{whole} of the program `{manifest.program}`, as it was at "
        f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, in one snapshot. Made by Regulars "
        f"{manifest.regulars}; tables as of migration {manifest.tables}.",
        "Instants are ISO 8601 in UTC. Amounts of money are whole minor units of "
        f"{manifest.currency}, points whole numbers of a wallet's smallest unit. An empty field of "
        "a CSV file is no value. JSON lies as text in its column. `regulars export --check FOLDER` "
        "proves every file by its digest, rows and sums.",
    ]
    if manifest.format == "csv":
        parts.append(
            "Texts stand as people wrote them, also those that begin with `=`, `+`, `-` or `@`. A "
            "spreadsheet works these out: import the columns as text, or take the list from the "
            "console, where they are guarded."
        )
    if manifest.kind != "full":
        parts.append(
            "Put rows in by their key (insert or replace). Of files of members, first take out all "
            "rows of the members that occur in `members`: what they have now is here whole. Of "
            "members in `erasures`, take out everything personal you hold."
        )
    for layer, title in LAYERS.items():
        parts += [f"## {title}", *(_about(one) for one in manifest.files if one.layer == layer)]
    return "\n\n".join(parts) + "\n"


def described(file: File | Written) -> str:
    """A file's columns as a table of Markdown."""
    rows = [
        f"| `{one.name}` | {holds_in_words(one)} | {one.says.replace('|', '/')} |"
        for one in file.columns
    ]
    return "\n".join(["| column | holds | meaning |", "|---|---|---|", *rows])


def holds_in_words(column: Column) -> str:
    """What a column holds, with what stands in Parquet."""
    words = {"int": "whole number", "packed": "JSON", "json": "JSON", "instant": "instant (UTC)"}
    said = words.get(column.holds, column.holds)
    if said == column.holds and said not in ("text", "uuid"):
        said = f"id `{column.holds}_…`"
    return f"{said}, may be empty" if column.empty else said


def _about(one: Written) -> str:
    sums = "".join(f"; sum of `{name}`: {total:,}" for name, total in one.totals.items())
    return f"### {one.path}\n\n{one.says} {one.rows:,} rows{sums}.\n\n{described(one)}"

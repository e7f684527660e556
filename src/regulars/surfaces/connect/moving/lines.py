"""A file with its mapping becomes staged lines, some thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.records.imports.types import StagedLine, StagedName
from regulars.surfaces.connect.moving import counts, history, people, points
from regulars.surfaces.connect.moving.cells import text_of
from regulars.surfaces.connect.moving.fields import (
    Columns,
    Teller,
    Values,
    check_zone,
    missing_columns,
)
from regulars.surfaces.connect.moving.mapping import FieldMap, FileMap, Mapping, check_needed
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.connect.moving.tables import ALL, CHUNK, Row, Share, Table, open_table
from regulars.surfaces.connect.moving.wrong import Wrong

TELLERS: Final[dict[str, Callable[[Columns], Teller]]] = {
    "members": people.members,
    "identifiers": people.identifiers,
    "consents": people.consents,
    "tiers": people.tiers,
    "lots": points.lots,
    "balances": points.balances,
    "debts": points.debts,
    "activities": history.activities,
    "limits": counts.limits,
    "progress": counts.progress,
    "stock": counts.stock,
    "codes": counts.codes,
    "had": counts.had,
}
StagedSlip = tuple[int, int, str, str, str]


class Source(NamedTuple):
    """One file to read, which of the mapping's it is, and its number among all."""

    path: Path
    name: str
    number: int


class Chunk(Struct):
    """What some thousand lines gave, and what was wrong with others."""

    lines: list[StagedLine] = []
    names: list[StagedName] = []
    slips: list[StagedSlip] = []
    read: int = 0
    left_aside: int = 0

    @property
    def full(self) -> bool:
        return len(self.lines) + len(self.names) + len(self.slips) >= CHUNK


def read_file(
    source: Source, mapping: Mapping, place: Place, share: Share = ALL
) -> Iterator[Chunk]:
    """Everything a file tells, or a share of it, some thousand lines at a time.

    Faults: Invalid for a file that is not what its mapping says, as a whole.
    """
    table = open_table(source.path, mapping.files[source.name], share)
    file = _as_it_is(mapping, source, table)
    missing = missing_columns(file, table.columns)
    if missing:
        raise Invalid(
            f"{source.path.name} has no column {missing[0]!r}; it has {', '.join(table.columns)}. "
            "Correct the mapping, or export the file again with all its columns"
        )
    check_zone(file.zone or place.zone)
    tellers = _tellers((source, file), mapping, table, place)
    skips = [
        (table.columns.index(skip.column), set(skip.values))
        for skip in file.skip
        if skip.column in table.columns
    ]
    total = 0
    for chunk in _chunks(table.rows, tellers, skips, source.number):
        total += chunk.read
        yield chunk
    # Of ours, nobody may have had any; the first line of every file is in the first share.
    if total == 0 and share.number == 0 and not mapping.lenient:
        raise Invalid(f"{source.path.name} has no lines below its first; export it again")


def _as_it_is(mapping: Mapping, source: Source, table: Table) -> FileMap:
    """The file's mapping; a lenient one without the columns that are not there."""
    file = mapping.files[source.name]
    if not mapping.lenient:
        return file
    gives: Any = {}
    for kind, fields in file.each():
        there: FieldMap = {name: field for name, field in fields.items() if field in table.columns}
        check_needed(source.path.name, kind, there)
        gives[kind] = there
    return replace(file, gives=gives)


def _tellers(
    which: tuple[Source, FileMap], mapping: Mapping, table: Table, place: Place
) -> list[Teller]:
    source, file = which
    columns = {name: at for at, name in enumerate(table.columns)}
    return [
        TELLERS[kind](Columns(fields, columns, file, mapping, place, source.number))
        for kind, fields in file.each()
    ]


def _chunks(
    rows: Iterator[Row],
    tellers: Sequence[Teller],
    skips: Sequence[tuple[int, set[str]]],
    number: int,
) -> Iterator[Chunk]:
    chunk = Chunk()
    for row in rows:
        chunk.read += 1
        try:
            _read(chunk, row, tellers, skips)
        except Wrong as wrong:
            chunk.slips.append((number, row.line, wrong.column, wrong.says, wrong.mend))
        if chunk.full:
            yield chunk
            chunk = Chunk()
    yield chunk


def _read(
    chunk: Chunk, row: Row, tellers: Sequence[Teller], skips: Sequence[tuple[int, set[str]]]
) -> None:
    if isinstance(row.values, Wrong):
        raise row.values
    values: Values = row.values
    if any(text_of(values[at]) in told for at, told in skips):
        chunk.left_aside += 1
        return
    # All of a line or nothing of it, so that a member whose balance is wrong waits with it.
    told = [staged for tell in tellers for staged in tell(row.line, values)]
    for staged in told:
        if isinstance(staged, StagedLine):
            chunk.lines.append(staged)
        else:
            chunk.names.append(staged)

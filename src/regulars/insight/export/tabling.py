"""From what the database copies out to CSV and Parquet, and back to counts and sums to compare."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import polars as pl

from regulars.insight.export.catalogue import Column, File
from regulars.insight.export.manifest import Written
from regulars.records.trail.types import unpack

_LONGEST_FIELD: Final = 2**31 - 1


def _steps(packed: bytes) -> Any:
    steps = unpack(packed)
    return {name: getattr(steps, name) for name in steps.__struct_fields__}


_UNPACKED: Final[dict[str, Callable[[bytes], Any]]] = {
    "trails": _steps,
    "restatements": _steps,
    "waiting_returns": msgspec.msgpack.decode,
}


def unpack_column(file: File, raw: Path, to: Path) -> None:
    """Rewrite a copied file with its packed column as JSON, one row at a time."""
    place = next(i for i, one in enumerate(file.columns) if one.holds == "packed")
    read = _UNPACKED[file.name]
    csv.field_size_limit(_LONGEST_FIELD)
    with raw.open(newline="", encoding="utf-8") as rows, to.open("w", newline="") as out:
        lines, writer = csv.reader(rows), csv.writer(out, lineterminator="\n")
        writer.writerow(next(lines))
        for line in lines:
            line[place] = msgspec.json.encode(read(bytes.fromhex(line[place]))).decode()
            writer.writerow(line)


def to_parquet(columns: tuple[Column, ...], raw: Path, to: Path) -> None:
    """Write a copied file as Parquet, in bounded memory."""
    opened(columns, raw).sink_parquet(to, compression="zstd", row_group_size=100_000)


def opened(columns: tuple[Column, ...], path: Path) -> pl.LazyFrame:
    """A written file with its types: whole numbers, instants in UTC, everything else text."""
    if path.suffix == ".parquet":
        return pl.scan_parquet(path)
    schema = {one.name: pl.Int64 if one.holds == "int" else pl.String for one in columns}
    frame = pl.scan_csv(path, schema=schema)
    return frame.with_columns(*(_typed(one) for one in columns if one.holds != "int"))


def _typed(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    # The database writes no value as nothing and an empty text as two quotes; readers differ.
    text = pl.when(text == "").then(None).otherwise(text) if column.empty else text.fill_null("")
    if column.holds == "instant":
        text = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.6fZ", time_unit="us", time_zone="UTC")
    return text.alias(column.name)


def counted(columns: tuple[Column, ...], path: Path, totals: tuple[str, ...]) -> dict[str, int]:
    """Rows (under the empty name) and sums of a written file, read back from it."""
    sums = [pl.col(name).cast(pl.Int128).sum().alias(name) for name in totals]
    frame = opened(columns, path).select(pl.len().alias(""), *sums)
    (row,) = frame.collect(engine="streaming").to_dicts()
    return {name: int(value or 0) for name, value in row.items()}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


def wrong_with(folder: Path, one: Written) -> str:
    """What does not fit between a file and its manifest; nothing when it is whole."""
    path = folder / one.path
    if not path.is_file():
        return f"{one.path} is missing"
    if path.stat().st_size != one.bytes or digest_of(path) != one.sha256:
        return f"{one.path} is not the file that was written: its digest is another"
    found = counted(one.columns, path, tuple(one.totals))
    said = {"": one.rows, **one.totals}
    for name, value in said.items():
        if found[name] != value:
            what = f"sum of {name}" if name else "rows"
            return f"{one.path}: {what} is {found[name]:,}, the books say {value:,}"
    return ""

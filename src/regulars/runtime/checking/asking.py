"""Heavy questions, asked of an export's files on this machine or on many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from regulars import __version__
from regulars.base.faults import Invalid
from regulars.insight.export.folder import manifest_in
from regulars.insight.export.manifest import Manifest
from regulars.insight.extracts import together
from regulars.insight.extracts.asking import (
    EVERYBODY,
    Came,
    Cell,
    Connection,
    Ordered,
    Share,
    cohorts,
    open_extract,
    ordered,
    triangle,
)
from regulars.records.program.reading import read_program
from regulars.runtime.checking.cluster import done_by

Question = Literal["cohorts", "triangle", "rfm"]
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "cohorts": ("activities", "stores"),
    "triangle": ("entries", "lots_ever", "lot_moves"),
    "rfm": ("activities", "stores"),
}
"""Which files of an export an answer is made of."""


class Asked(msgspec.Struct, frozen=True):
    """A question about an export's members."""

    question: Question
    folder: str
    zone: str
    """The program's: days and months are cut by it, where a store has none of its own."""
    until: date
    """The last day that counts for scores."""
    wallet: str = ""


class Part(msgspec.Struct, frozen=True):
    """A question about a share of the members, for one worker."""

    version: str
    """Of Regulars: another one might count otherwise."""
    cursor: str
    """Of the export: another folder of that name has another."""
    asked: Asked
    share: Share


class Answer(NamedTuple):
    """A table, and how it was made."""

    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    how: str


_pack = msgspec.msgpack.Encoder().encode
_part = msgspec.msgpack.Decoder(Part).decode
_SHARES: Final[dict[str, Any]] = {
    "cohorts": msgspec.msgpack.Decoder(list[Came]),
    "triangle": msgspec.msgpack.Decoder(list[Cell]),
    "rfm": msgspec.msgpack.Decoder(list[Ordered]),
}


def asked_of(
    folder: Path, question: Question, until: date | None = None, wallet: str = ""
) -> Asked:
    """The question, with what the export itself knows where it was not said.

    Faults: Invalid for a folder that is no whole export in Parquet, and for a wallet it does not
    have.
    """
    manifest = _whole(folder, question)
    program = read_program(_newest(folder))
    wallets = list(program.wallets)
    if question == "triangle" and wallet not in wallets:
        if wallet or len(wallets) != 1:
            wrong = f"{wallet!r} is none" if wallet else "there are several"
            raise Invalid(f"{wrong}; say one of {', '.join(wallets)}", field="--wallet")
        wallet = wallets[0]
    last = until or manifest.taken_at.date()
    return Asked(question, str(folder.resolve()), program.zone, last, wallet)


def answer(asked: Asked, machines: str = "") -> Answer:
    """The answer: of this machine, or of the workers of a dask scheduler that see the same folder.

    Keeps: the same rows either way. Faults: Invalid, as `done_by` says, and without DuckDB.
    """
    if machines:
        cursor = manifest_in(Path(asked.folder)).cursor
        done = done_by(machines, answer_part, lambda at_once: _parts(asked, cursor, at_once))
        shares = [_SHARES[asked.question].decode(said) for said in done.said]
        return _together(asked, shares, f"on {done.workers} workers")
    return _together(asked, [_rows(asked, _connection(), EVERYBODY)], "on this machine")


def answer_part(told: bytes) -> bytes:
    """What a worker does with its share. Faults: AssertionError where it has another version;
    Invalid where that folder is not there, or another export is."""
    part = _part(told)
    assert part.version == __version__, (
        f"this worker has Regulars {__version__}, not {part.version}"
    )
    folder = Path(part.asked.folder)
    if _whole(folder, part.asked.question).cursor != part.cursor:
        raise Invalid(f"{folder} is another export on this worker", field="FOLDER")
    connection = _connection()
    # Each thread of the worker has a share of its own.
    connection.execute("set threads = 1")
    return _pack(_rows(part.asked, connection, part.share))


def _parts(asked: Asked, cursor: str, many: int) -> list[bytes]:
    return [_pack(Part(__version__, cursor, asked, Share(n, many))) for n in range(many)]


def _connection() -> Connection:
    try:
        import duckdb
    except ImportError:
        says = "DuckDB is not installed: pip install 'regulars[duckdb]'"
        raise Invalid(says, field="FOLDER") from None
    connection: Connection = duckdb.connect()
    return connection


def _rows(asked: Asked, connection: Connection, share: Share) -> Sequence[Any]:
    open_extract(connection, Path(asked.folder), share)
    if asked.question == "triangle":
        return triangle(connection, asked.wallet, asked.zone)
    if asked.question == "cohorts":
        return cohorts(connection, asked.zone)
    return ordered(connection, asked.zone, asked.until)


def _together(asked: Asked, shares: Sequence[Any], how: str) -> Answer:
    ways: dict[str, tuple[Any, Callable[[], list[Any]]]] = {
        "cohorts": (Came, lambda: together.came(shares)),
        "triangle": (Cell, lambda: together.cells(shares)),
        "rfm": (together.Scored, lambda: together.scored(shares, asked.until)),
    }
    kind, made = ways[asked.question]
    return Answer(kind._fields, made(), how)


def _whole(folder: Path, question: Question) -> Manifest:
    manifest = manifest_in(folder)
    if manifest.kind != "full" or manifest.format != "parquet":
        says = f"{folder} is no whole export in Parquet: make one by `regulars export`"
        raise Invalid(says, field="FOLDER")
    there = {one.name for one in manifest.files}
    if missing := [one for one in (*NEEDED[question], "versions") if one not in there]:
        says = f"{folder} lacks {', '.join(missing)}: export all layers"
        raise Invalid(says, field="FOLDER")
    return manifest


def _newest(folder: Path) -> bytes:
    import polars as pl

    versions = pl.read_parquet(folder / "canonical" / "versions.parquet")
    source: str = versions.sort("version")["source"][-1]
    return source.encode()

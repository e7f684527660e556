"""Export a program: every file from one snapshot, streamed, counted and proven."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from regulars import __version__
from regulars.base.faults import Invalid, NotFound
from regulars.insight.export.catalogue import File, files
from regulars.insight.export.connection import Connection
from regulars.insight.export.cursor import (
    Cursor,
    cursor_here,
    refuse_foreign,
    running,
)
from regulars.insight.export.folder import made_whole
from regulars.insight.export.manifest import MANIFEST, README, VERSION, Manifest, Written, readme
from regulars.insight.export.selecting import Asked, select
from regulars.insight.export.tabling import digest_of, to_parquet, unpack_column, wrong_with
from regulars.records.night.sandbox.types import meant
from regulars.records.program.reading import read_program

Format = Literal["parquet", "csv"]


class Watch(Protocol):
    """Somebody who watches."""

    def begins(self, file: File, place: int, of: int) -> None: ...


class Order(Struct, frozen=True):
    """What is to be exported, and how it is to be written."""

    program: str
    format: Format
    since: Cursor | None = None
    layers: frozenset[str] = frozenset({"canonical", "books"})


class Programme(Struct, frozen=True):
    """The program as an export names it."""

    program_id: int
    slug: str
    name: str
    currency: str
    tables: int


async def export(
    owner: Connection, app: Connection, target: Path, order: Order, watch: Watch | None = None
) -> Manifest:
    """Write everything a program has, or what is fresh, into a folder that is there whole or not.

    Keeps: one REPEATABLE READ snapshot for all files; every file is read back and its rows and
    sums compared with the database's own before the folder gets its name.
    Faults: Invalid (folder, cursor), NotFound (program).
    """
    bounds = await running([app, owner])
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        programme = await _programme(owner, order.program)
        here = await cursor_here(owner, programme.slug, bounds, order.since)
        if order.since is not None:
            refuse_foreign(order.since, here)
        with made_whole(target) as folder:
            written = await _files(owner, folder, (programme, order), watch)
            manifest = _manifest(programme, order, here, written)
            (folder / MANIFEST).write_bytes(manifest.text())
            (folder / README).write_text(readme(manifest), "utf-8")
            for name in (MANIFEST, README):
                (folder / name).chmod(0o600)
    return manifest


async def present(connection: Connection) -> list[File]:
    """The files whose tables this database has."""
    rows = await connection.fetch("select tablename::text as name from pg_tables")
    there = {row["name"] for row in rows}
    return [file for file in files() if file.table in there]


async def _files(
    owner: Connection, folder: Path, what: tuple[Programme, Order], watch: Watch | None
) -> tuple[Written, ...]:
    programme, order = what
    since = None if order.since is None else order.since.since()
    asked = Asked(programme.program_id, programme.currency, since)
    wanted = [file for file in await present(owner) if file.layer in order.layers]
    written = []
    for place, file in enumerate(wanted):
        if watch is not None:
            watch.begins(file, place, len(wanted))
        written.append(await _file(owner, folder, file, (asked, order.format)))
    return tuple(written)


async def _file(owner: Connection, folder: Path, file: File, how: tuple[Asked, Format]) -> Written:
    asked, format_ = how
    (folder / file.layer).mkdir(exist_ok=True, mode=0o700)
    path = folder / file.layer / f"{file.name}.{format_}"
    raw = path.with_suffix(".raw.csv")
    said = await owner.copy_from_query(
        select(file, asked), output=raw, format="csv", header=True, null=""
    )
    if any(one.holds == "packed" for one in file.columns):
        unpack_column(file, raw, unpacked := path.with_suffix(".plain.csv"))
        unpacked.replace(raw)
    if format_ == "parquet":
        to_parquet(file.columns, raw, path)
        raw.unlink()
    else:
        raw.replace(path)
    path.chmod(0o600)
    one = Written(
        name=file.name,
        path=f"{file.layer}/{path.name}",
        layer=file.layer,
        says=file.says,
        rows=int(said.split()[-1]),
        bytes=path.stat().st_size,
        sha256=digest_of(path),
        totals=await _totals(owner, file, asked),
        columns=file.columns,
    )
    wrong = wrong_with(folder, one)
    assert not wrong, wrong
    return one


async def _totals(owner: Connection, file: File, asked: Asked) -> dict[str, int]:
    if not file.totals:
        return {}
    sums = ", ".join(f'coalesce(sum("{name}"), 0)::text as "{name}"' for name in file.totals)
    rows = select(file, asked, plain=True)
    (row,) = await owner.fetch(f"select {sums} from ({rows}) f")  # noqa: S608
    return {name: int(row[name]) for name in file.totals}


async def _programme(owner: Connection, slug: str) -> Programme:
    """The program that is meant; without a name the only one there is."""
    rows = await owner.fetch("select program_id, slug from program order by slug")
    names = ", ".join(row["slug"] for row in rows)
    found = meant([dict(row) for row in rows], slug)
    if not found:
        raise NotFound(f"there is no program {slug} here; there are: {names or 'none'}")
    if len(found) > 1:
        raise Invalid(f"say which program with --program: {names}", field="--program")
    program_id = found[0]["program_id"]
    source = await owner.fetchval(
        "select source from program_version where program_id = $1 order by version desc limit 1",
        program_id,
    )
    if source is None:
        raise NotFound(f"the program {found[0]['slug']} has no published version yet")
    program = read_program(source)
    tables = await owner.fetchval("select max(number) from schema_migration")
    return Programme(program_id, found[0]["slug"], program.name, program.currency, tables)


def _manifest(
    programme: Programme, order: Order, here: Cursor, written: tuple[Written, ...]
) -> Manifest:
    return Manifest(
        version=VERSION,
        program=programme.slug,
        program_name=programme.name,
        currency=programme.currency,
        regulars=__version__,
        tables=programme.tables,
        kind="full" if order.since is None else "fresh",
        format=order.format,
        taken_at=here.taken_at,
        cursor=here.text(),
        files=written,
    )

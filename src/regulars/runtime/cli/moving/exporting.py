"""The verb that takes everything out, in open files."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.insight.export.catalogue import File
    from regulars.insight.export.manifest import Manifest

console = Console(highlight=False, soft_wrap=True)
aside = Console(stderr=True, highlight=False, soft_wrap=True)


class Kind(StrEnum):
    """How files are written."""

    PARQUET = "parquet"
    CSV = "csv"


class Layer(StrEnum):
    """Which files."""

    ALL = "all"
    CANONICAL = "canonical"
    BOOKS = "books"


def register(command: typer.Typer) -> None:
    """Add `export`."""
    command.command("export")(export)


def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    format_: Annotated[
        Kind, typer.Option("--format", help="How files are written.")
    ] = Kind.PARQUET,
    program: Annotated[str, typer.Option(help="Which program, where there are several.")] = "",
    since: Annotated[
        str,
        typer.Option(help="Only what is fresh: the folder of the extract before, or its cursor."),
    ] = "",
    layer: Annotated[Layer, typer.Option(help="Which files.")] = Layer.ALL,
    check: Annotated[
        bool, typer.Option("--check", help="Prove a folder that was written.")
    ] = False,
) -> None:
    """Write everything of a program into open files, from one snapshot, or what is fresh of it."""
    from regulars.base.faults import Fault

    try:
        if check:
            _check(folder)
            return
        manifest = _export(folder, (format_, layer), program, since)
    except Fault as fault:
        raise stop(fault) from None
    _show(folder, manifest)


def stop(fault: Any) -> typer.Exit:
    """Say what is wrong and end."""
    where = f"{fault.field}: " if fault.field and not fault.field.startswith("/") else ""
    aside.print(f"{where}{fault.says}", style="bold red", markup=False)
    return typer.Exit(1)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Do this against the database; a database that is away is told, not thrown."""
    import asyncpg

    try:
        return asyncio.run(work)
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError) as error:
        aside.print(f"The database did not answer: {error}. See `regulars doctor`.", markup=False)
        raise typer.Exit(2) from None
    except OSError as error:
        aside.print(f"{error.filename or 'A file'}: {error.strerror}.", markup=False)
        raise typer.Exit(2) from None


def _export(folder: Path, how: tuple[Kind, Layer], program: str, since: str) -> Manifest:
    from regulars.insight.export.cursor import cursor_of
    from regulars.insight.export.folder import manifest_in
    from regulars.insight.export.run import Order
    from regulars.runtime.installation.running import database_running

    format_, layer = how
    cursor = None
    if since:
        there = Path(since).exists()
        cursor = cursor_of(manifest_in(Path(since)).cursor if there else since)
    layers = {Layer.CANONICAL, Layer.BOOKS} if layer is Layer.ALL else {layer}
    order = Order(program, format_.value, cursor, frozenset(str(one) for one in layers))
    with database_running(read_settings()) as where:
        manifest: Manifest = run(_files(where, folder, order))
    return manifest


async def _files(where: Any, folder: Path, order: Any) -> Manifest:
    import asyncpg

    from regulars.insight.export.run import export as export_files

    owner = await asyncpg.connect(where.owner, server_settings={"jit": "off"})
    app = await asyncpg.connect(where.app)
    try:
        return await export_files(owner, app, folder, order, _Watching())
    finally:
        await app.close()
        await owner.close()


class _Watching:
    """Says which file is being written."""

    def begins(self, file: File, place: int, of: int) -> None:
        aside.print(f"  {place + 1:>2}/{of} {file.layer}/{file.name}", style="dim", markup=False)


def _check(folder: Path) -> None:
    from regulars.insight.export.folder import check_folder

    wrong = check_folder(folder)
    for line in wrong:
        console.print(line, style="red", markup=False)
    if wrong:
        raise typer.Exit(1)
    console.print(f"{folder} is whole: digests, rows and sums are as they were written.")


def _show(folder: Path, manifest: Manifest) -> None:
    rows = sum(one.rows for one in manifest.files)
    for one in manifest.files:
        sums = "".join(f", sum of {name} {total:,}" for name, total in one.totals.items())
        console.print(f"  {one.path}: {one.rows:,} rows{sums}", markup=False)
    console.print(f"{rows:,} rows in {len(manifest.files)} files: [bold]{folder}[/]")
    console.print(f"What is fresh later: regulars export --since {folder} OTHER_FOLDER")

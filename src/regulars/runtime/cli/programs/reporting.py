"""The verb that writes a month of the shop as one page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.runtime.installation.addresses import Addresses
    from regulars.surfaces.in_words.monthly.told import Told

console = Console(highlight=False, soft_wrap=True)

Program = Annotated[str, typer.Argument(help="The program's public name.")]
Month = Annotated[
    str, typer.Option("--month", help="Such as 2026-10; the month that ended last, unless said.")
]
Language = Annotated[str, typer.Option("--language", help="en, de, tr or ar; else the shop's own.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF into this file.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write it as a page into this file.")]


def register(command: typer.Typer) -> None:
    """Add `report`."""
    command.command("report")(report)


def report(
    program: Program, month: Month = "", language: Language = "", pdf: Pdf = None, html: Html = None
) -> None:
    """Say what a month was: what happened, what it means, three things to do next."""
    from regulars.runtime.installation.running import database_running
    from regulars.surfaces.ui.words import LANGUAGES

    if language and language not in LANGUAGES:
        stop(f"There is no language {language} here; choose from {', '.join(LANGUAGES)}.")
    for path in (pdf, html):
        if path is not None and not path.resolve().parent.is_dir():
            stop(f"There is no folder {path.parent}.")
    with database_running(read_settings()) as where:
        found, made = asyncio.run(_made(where, (program, month, language), pdf is not None))
    _write(pdf, made)
    _write(html, _page(found) if html is not None else b"")
    if pdf is None and html is None:
        _say(found)


def _page(found: Told) -> bytes:
    from regulars.surfaces.in_words.monthly.paper import html_of

    return html_of(found).encode()


def _write(path: Path | None, made: bytes) -> None:
    if path is None:
        return
    try:
        path.write_bytes(made)
    except OSError as wrong:
        stop(f"{path} cannot be written: {wrong.strerror}.")
    console.print(f"It is in {path}.", markup=False)


def _say(found: Told) -> None:
    parts = (
        (found.title, (found.warns,) if found.warns else ()),
        (found.happened_head, found.happened),
        (found.means_head, found.means),
        (found.next_head, tuple(f"{one.what}. {one.why}" for one in found.steps)),
    )
    for head, lines in parts:
        console.print(head, style="bold", markup=False)
        for line in lines:
            console.print(line, markup=False)
        console.print()


async def _made(where: Addresses, asked: tuple[str, str, str], as_pdf: bool) -> tuple[Told, bytes]:
    from regulars.base.faults import Fault
    from regulars.runtime.serving.programs import Programs, program_called
    from regulars.runtime.storage.database import Database
    from regulars.surfaces.in_words.monthly.asking import told
    from regulars.surfaces.in_words.monthly.operations import reader_of
    from regulars.surfaces.in_words.monthly.paper import pdf_of

    slug, month, language = asked
    program_id = await program_called(where.owner, slug)
    if program_id is None:
        stop(f"There is no program {slug} here.")
    database = await Database.connect(where.app, size=1)
    try:
        terms = await Programs(database).terms(program_id)
        async with database.transaction(program_id) as tx:
            now = tx.now
            found = await told(tx, terms, now, month, reader_of(terms, now, language))
        return found, await pdf_of(found, now) if as_pdf else b""
    except Fault as fault:
        stop(f"{fault.says[0].upper()}{fault.says[1:]}.")
    finally:
        await database.close()

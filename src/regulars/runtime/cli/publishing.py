"""The verb that puts a program file in force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem

if TYPE_CHECKING:
    from regulars.flows.publish_program import Publication
    from regulars.runtime.installation.addresses import Addresses

console = Console(highlight=False)

File = Annotated[Path, typer.Argument(help="The program file.")]
From = Annotated[
    str, typer.Option("--from", help="In force from this day on, as in 2026-01-31; else from now.")
]


def register(command: typer.Typer) -> None:
    """Add `publish`."""
    command.command("publish")(publish)


def publish(file: File, begins: From = "") -> None:
    """Publish a program file as its program's next version, and found the program if it is new."""
    import asyncio

    from regulars.runtime.cli.serving import prepare
    from regulars.runtime.installation.running import database_running

    if not file.is_file():
        raise SetupProblem(f"There is no file {file}.", "Check the path.")
    settings = read_settings()
    with database_running(settings) as addresses:
        prepare(settings)
        done = asyncio.run(_publish(addresses, file.read_text("utf-8"), begins))
    if done.fresh:
        console.print(
            f"Version {done.version} is in force from {done.effective_from:%Y-%m-%d %H:%M}Z."
        )
    else:
        console.print(f"Version {done.version} says the same already; nothing was done.")


async def _publish(addresses: Addresses, source: str, begins: str) -> Publication:
    from regulars.base.faults import Fault
    from regulars.engine.checking.admission import admit
    from regulars.flows.publish_program import publish_program
    from regulars.runtime.serving.programs import found_program
    from regulars.runtime.storage.database import Database

    try:
        program = admit(source).program
        start = _start(begins, program.zone) if begins else None
        program_id = await found_program(addresses.owner, program.program)
        database = await Database.connect(addresses.app, size=1)
        try:
            async with database.transaction(program_id) as tx:
                return await publish_program(tx, source, effective_from=start, by="owner")
        finally:
            await database.close()
    except Fault as fault:
        raise SetupProblem(fault.says, "Check it with `regulars program check`.") from None


def _start(text: str, zone: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise SetupProblem(f"{text} is no day.", "Write it as in 2026-01-31.") from None
    return (day if day.tzinfo else day.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

"""The verb that puts a program file in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from regulars.runtime.installation.settings import read_settings
from regulars.runtime.problems import SetupProblem

if TYPE_CHECKING:
    from regulars.flows.terms.publish_program import Publication
    from regulars.runtime.installation.addresses import Addresses

console = Console(highlight=False)

File = Annotated[Path, typer.Argument(help="The program file.")]
From = Annotated[
    str, typer.Option("--from", help="In force from this day on, as in 2026-01-31; else from now.")
]

Accept = Annotated[
    list[str] | None, typer.Option(help="A warning that is meant, by its name in brackets.")
]


def register(command: typer.Typer) -> None:
    """Add `publish`."""
    command.command("publish")(publish)


def publish(file: File, begins: From = "", accept: Accept = None) -> None:
    """Publish a program file as its program's next version, and found the program if it is new."""
    import asyncio

    from regulars.runtime.cli.serving import prepare
    from regulars.runtime.installation.running import database_running

    source = read_file(file)
    settings = read_settings()
    with database_running(settings) as addresses:
        prepare(settings)
        done = asyncio.run(_publish(addresses, source, begins, accept or ()))
    if done.fresh:
        console.print(
            f"Version {done.version} is in force from {done.effective_from:%Y-%m-%d %H:%M}Z."
        )
        if done.version == 1:
            console.print("Next, a key for your till or web shop: regulars key make 'till 1'")
    else:
        console.print(f"Version {done.version} says the same already; nothing was done.")


def read_file(file: Path) -> str:
    """The words of a program file."""
    try:
        return file.read_text("utf-8")
    except OSError as wrong:
        raise SetupProblem(f"{file} cannot be read: {wrong.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise SetupProblem(f"{file} is not text in UTF-8.", "Save it as UTF-8.") from None


async def _publish(
    addresses: Addresses, source: str, begins: str, accept: Sequence[str]
) -> Publication:
    from regulars.base.faults import Fault
    from regulars.engine.checking.admission import admit
    from regulars.flows.terms.publish_program import Said, publish_program
    from regulars.runtime.serving.programs import found_program
    from regulars.runtime.storage.database import Database

    try:
        program = admit(source).program
        start = start_of(begins, program.zone) if begins else None
        said = Said(accept=tuple(accept))
        program_id = await found_program(addresses.owner, program.program)
        database = await Database.connect(addresses.app, size=1)
        try:
            async with database.transaction(program_id) as tx:
                return await publish_program(
                    tx, source, effective_from=start, by="owner", said=said
                )
        finally:
            await database.close()
    except Fault as fault:
        raise SetupProblem(fault.says, "Check it with `regulars program check`.") from None


def start_of(text: str, zone: str) -> datetime:
    """The instant at which a day begins in this zone."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise SetupProblem(f"{text} is no day.", "Write it as in 2026-01-31.") from None
    return (day if day.tzinfo else day.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

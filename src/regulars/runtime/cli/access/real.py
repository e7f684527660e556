"""The verb that makes a shop out of a demo."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.cli.access.keys import Program
from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

console = Console(highlight=False, soft_wrap=True)

Name = Annotated[str, typer.Argument(help="The shop's name, as a word that you mean it.")]
Keep = Annotated[
    list[str], typer.Option("--keep", help="Who of the staff stays, by e-mail; an owner at least.")
]

Since = Annotated[
    int | None,
    typer.Option(help="How many joined since the demo was made, where you know that they go, too."),
]


def register(command: typer.Typer) -> None:
    """Add `start-for-real`."""
    command.command("start-for-real")(start)


def start(name: Name, keep: Keep, program: Program = "", since: Since = None) -> None:
    """Take the made-up people out of a demo for good; its program and stores stay.

    Make a backup first: regulars backup.
    """
    from regulars.base.faults import Fault
    from regulars.runtime.installation.running import database_running

    settings = read_settings()
    with database_running(settings) as where:
        try:
            done = asyncio.run(_start(where, program, name, keep, since))
        except Fault as fault:
            stop(f"{fault.code}: {fault.says}.")
    if not hasattr(done, "members"):
        if done.code == "perhaps_real":
            many = done.facts["members"]
            console.print(f"Since the demo was made, {many} joined; they may be real people.")
            console.print(f"Make a backup: `regulars backup`. Then say: --since {many}.")
        stop(f"{done.code}: {done.says}.")
    (settings.home / "demo.json").unlink(missing_ok=True)  # how to sign in to the demo
    console.print(f"{done.members} made-up members are gone. The shop is yours.")
    console.print("The demo's passwords open nothing any more. Whoever stays sets one by a link:")
    for one in keep:
        console.print(f"  regulars staff reset {one.strip()}", markup=False)
    console.print("Run it with `regulars serve`; check the books with `regulars verify`.")


async def _start(where: Any, slug: str, name: str, keep: list[str], since: int | None) -> Any:
    from regulars.base.faults import NotFound
    from regulars.flows.terms.start_for_real import StartForReal, start_for_real
    from regulars.records.access.staff.read import by_email
    from regulars.records.access.staff.types import By
    from regulars.runtime.serving.programs import program_meant
    from regulars.runtime.storage.database import Database

    program_id = await program_meant(where.owner, slug, or_only=not slug)
    database = await Database.connect(where.app, size=1)
    try:
        async with database.transaction(program_id) as tx:
            found = [await by_email(tx, one.strip().casefold()) for one in keep]
            if None in found:
                raise NotFound("nobody who works here has this address", field="--keep")
            stay = tuple(one.staff_id for one in found if one is not None)
            wish = StartForReal(name, stay, By(words="regulars start-for-real"), since)
            return await start_for_real(tx, wish)
    finally:
        await database.close()

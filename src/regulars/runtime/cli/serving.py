"""The verb that runs Regulars."""

import asyncio
import dataclasses
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings, read_settings

console = Console(highlight=False)

DUTIES = "regulars.runtime.working.night:duties"
"""What the worker does: the night of every program, holds that lapse, late sales."""


def register(command: typer.Typer) -> None:
    """Add `serve`."""
    command.command("serve")(serve_all)


def serve_all(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of PORT.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Web workers.")] = None,
) -> None:
    """Run the database, the web server and the worker until Ctrl-C or SIGTERM."""
    from regulars.runtime.logs import set_up_logs
    from regulars.runtime.supervising.supervisor import Serving, serve

    asked = read_settings()
    settings = dataclasses.replace(asked, port=port or asked.port, workers=workers or asked.workers)
    set_up_logs(settings, "supervisor")
    serve(
        settings,
        Serving(
            prepare=lambda: prepare(settings), announce=lambda: _announce(settings), duties=DUTIES
        ),
    )
    console.print("Stopped.")


async def _setting_up(settings: Settings) -> str:
    """The link that sets a shop up, as long as there is no program."""
    import asyncpg

    from regulars.runtime.installation.addresses import addresses
    from regulars.runtime.working.senders import keyed_of
    from regulars.surfaces.console.begin.link import begin_link

    connection = await asyncpg.connect(addresses(settings).owner)
    try:
        there = await connection.fetchval("select exists (select from program)")
    finally:
        await connection.close()
    return "" if there else begin_link(keyed_of(settings))


def prepare(settings: Settings) -> None:
    """Bring the embedded database up to date and refuse to serve where anything is unsafe."""
    from regulars.runtime.checking.doctor import examine, refuse_unsafe
    from regulars.runtime.installation.addresses import addresses
    from regulars.runtime.storage.migrator import migrate

    async def look() -> None:
        open_secrets(settings)  # also those that an earlier release did not know
        # A database of your own is migrated when you say so: `regulars migrate`.
        if settings.embedded:
            await migrate(addresses(settings).owner)
        refuse_unsafe(await examine(settings))

    asyncio.run(look())


def _announce(settings: Settings) -> None:
    console.print(f"Regulars answers on [bold]{settings.base_url}[/]")
    link = asyncio.run(_setting_up(settings))
    if link:
        # In one piece, so that it can be clicked and copied.
        console.print("Set up your shop here; the link is for you alone:")
        console.print(f"  {settings.base_url}{link}", soft_wrap=True, markup=False)
    console.print("Stop it with Ctrl-C.")

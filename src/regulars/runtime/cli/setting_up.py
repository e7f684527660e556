"""Verbs that make an installation and keep its tables up to date."""

import asyncio

import typer
from rich.console import Console

from regulars.runtime.installation.addresses import addresses
from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.storage.migrator import migrate

console = Console(highlight=False)


def register(command: typer.Typer) -> None:
    """Add `init` and `migrate`."""
    command.command("init")(init)
    command.command("migrate")(migrate_tables)


def init() -> None:
    """Make the secrets, the database and its tables; doing it again changes nothing."""
    settings = read_settings()
    open_secrets(settings)
    console.print(f"Secrets are in [bold]{settings.secrets_dir}[/] (back them up apart).")
    _migrate(settings)
    console.print("Ready. Start it with `regulars serve`, or look at it with `regulars demo`.")


def migrate_tables() -> None:
    """Bring the database's tables up to this release."""
    _migrate(read_settings())
    console.print("Check it with `regulars doctor`, start it with `regulars serve`.")


def _migrate(settings: Settings) -> None:
    from regulars.runtime.installation.running import database_running

    with database_running(settings):
        taken = asyncio.run(migrate(addresses(settings).owner))
    for step in taken:
        console.print(f"  applied [bold]{step}[/]")
    console.print("The tables are up to date." if taken else "The tables were up to date already.")

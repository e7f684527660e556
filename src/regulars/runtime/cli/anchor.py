"""The verb that prints where the chains end, to be kept elsewhere, and looks after their keys."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings, read_settings

aside = Console(stderr=True, highlight=False)


def register(command: typer.Typer) -> None:
    """Add `anchor`."""
    command.command("anchor")(anchor)


def anchor(
    keys: Annotated[
        bool, typer.Option("--keys", help="Print the public keys instead, one a line.")
    ] = False,
    change_key: Annotated[
        bool, typer.Option("--change-key", help="Sign with a fresh key from now on.")
    ] = False,
) -> None:
    """Print the newest signed checkpoint of each program, a line each; keep them elsewhere.

    Exit status 0: printed; 1: nothing is sealed yet.
    """
    settings = read_settings()
    if change_key:
        _change_key(settings)
    elif keys:
        _print_keys(settings)
    elif not _print_checkpoints(settings):
        aside.print("Nothing is sealed yet: `regulars serve` seals every few seconds.")
        raise typer.Exit(1)


def _print_checkpoints(settings: Settings) -> bool:
    from regulars.records.seal.lines import line_of
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.working.sealing.sealer import newest_checkpoints

    with database_running(settings) as where:
        checkpoints = asyncio.run(newest_checkpoints(where.owner))
    for each in checkpoints:
        sys.stdout.buffer.write(line_of(each) + b"\n")
    sys.stdout.flush()
    return bool(checkpoints)


def _print_keys(settings: Settings) -> None:
    from regulars.runtime.working.sealing.keys import open_keyring

    for name, public in open_keyring(settings).public.items():
        typer.echo(f"{name} {public}")


def _change_key(settings: Settings) -> None:
    from regulars.runtime.working.sealing.keys import change_key

    former, now = change_key(settings)
    typer.echo(f"Checkpoints are signed with {now} from now on. The key {former} is destroyed;")
    typer.echo(f"what it signed is still verified. Back up {settings.secrets_dir} anew.")

"""The verbs that keep the books apart and bring them back."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings, read_settings

console = Console(highlight=False, soft_wrap=True)
WRONG = 1


def register(command: typer.Typer) -> None:
    """Add `backup`, `restore` and `fence`."""
    command.command("backup")(backup)
    command.command("restore")(restore)
    command.command("fence")(fence)


def backup(
    dump: Annotated[
        bool, typer.Option("--dump", help="The tables alone, for another PostgreSQL.")
    ] = False,
    secrets: Annotated[
        Path | None, typer.Option(help="Copy the secrets into this folder, and do nothing else.")
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="Show what is there.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Afterwards remove all but so many of this kind.")
    ] = None,
) -> None:
    """Keep the books apart, while they are in use: a base backup, or a dump of the tables."""
    settings = read_settings()
    if secrets is not None:
        _keep_secrets(settings, secrets)
    elif listing:
        _show(settings)
    else:
        _make(settings, dump, keep)


def restore(
    origin: Annotated[
        Path | None,
        typer.Argument(metavar="BACKUP", help="The backup's folder; without, the right one."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(help="The instant to go back to, as 2026-11-25T10:00Z; without, the last."),
    ] = None,
    secrets: Annotated[
        Path | None, typer.Option(help="The folder with the secrets that were kept apart.")
    ] = None,
) -> None:
    """Put the books of a backup into an empty installation, verify them and raise the fence."""
    from regulars.runtime.backup.apart import bring_secrets
    from regulars.runtime.backup.ground import refuse_occupied
    from regulars.runtime.backup.label import read_label
    from regulars.runtime.backup.restoring import Wanted, instant
    from regulars.runtime.backup.restoring import restore as put_back
    from regulars.runtime.backup.shelf import Kept, newest_base, shelf_of
    from regulars.runtime.cli.verify import show
    from regulars.runtime.storage.database import utc_now

    settings, until = read_settings(), None if to is None else instant(to)
    kept = Kept(origin.absolute(), read_label(origin)) if origin else None
    wanted = Wanted(kept or newest_base(shelf_of(settings), until), until)
    if settings.embedded:
        refuse_occupied(settings)
    if secrets is not None:
        console.print(f"Secrets brought: {', '.join(bring_secrets(settings, secrets))}.")
    restored = put_back(settings, wanted, utc_now(), console.print)
    if not restored.report.right:
        show(restored.report)
        console.print("[bold red]Do not serve these books[/]; restore an earlier instant.")
        raise typer.Exit(WRONG)
    console.print(f"[green]The books are right[/]: {len(restored.report.findings)} checks.")
    console.print(f"Epoch {restored.epoch}: nothing recorded before now is sent by itself.")
    console.print("Start it with `regulars serve`, and make a new backup: `regulars backup`.")


def fence(
    reason: Annotated[str, typer.Argument(help="Why, for example: restored by our own tools.")],
) -> None:
    """Say that the database was restored by other means, so that nothing is sent twice."""
    from regulars.runtime.backup.fence import raise_fence
    from regulars.runtime.installation.running import database_running

    with database_running(read_settings()) as where:
        epoch = asyncio.run(raise_fence(where.owner, reason, None))
    console.print(f"Epoch {epoch}: nothing recorded before now is sent by itself.")


def _keep_secrets(settings: Settings, to: Path) -> None:
    from regulars.runtime.backup.apart import keep_secrets

    names = keep_secrets(settings, to.absolute())
    console.print(f"{', '.join(names)} → [bold]{to}[/]")
    console.print("Keep that folder apart from the backups of the books.")


def _make(settings: Settings, dump: bool, keep: int | None) -> None:
    from regulars.runtime.backup.making import make
    from regulars.runtime.backup.shelf import prune, shelf_of
    from regulars.runtime.storage.database import utc_now

    shelf = shelf_of(settings)
    kept = make(settings, shelf, "dump" if dump else "base", utc_now)
    size = sum(file.bytes for file in kept.label.files.values())
    seconds = (kept.label.ended_at - kept.label.begun_at).total_seconds()
    console.print(f"[bold]{kept.path}[/]  {size / 1e6:,.1f} MB in {seconds:.1f} s")
    for gone in prune(shelf, kept.label.kind, keep) if keep else ():
        console.print(f"  removed {gone}")
    console.print("The secrets are not in it: `regulars backup --secrets FOLDER` keeps them apart.")


def _show(settings: Settings) -> None:
    from regulars.runtime.backup.shelf import backups_on, shelf_of

    found = backups_on(shelf_of(settings))
    for kept in found:
        size = sum(file.bytes for file in kept.label.files.values()) / 1e6
        console.print(
            f"{kept.label.kind}  {kept.label.ended_at:%Y-%m-%d %H:%M:%SZ}  {size:>10,.1f} MB  "
            f"{kept.path}"
        )
    if not found:
        console.print(f"There is no backup in {settings.backups}. Make one: `regulars backup`.")

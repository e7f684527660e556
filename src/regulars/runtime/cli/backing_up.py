"""The verbs that keep the books apart and bring them back."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

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
    erasures: Annotated[
        list[Path] | None,
        typer.Option(help="An erasure list, or a folder of them, beside those that are found."),
    ] = None,
    no_erasures: Annotated[
        bool, typer.Option("--no-erasures", help="Leave in the books who was erased since.")
    ] = False,
) -> None:
    """Put the books of a backup into an empty installation, verify them and raise the fence.

    Whoever was erased since the backup was made is erased again, as far as an erasure list says
    so: of the folder the backup lies in, of the one for backups, of the one with the secrets, and
    of `--erasures`.
    """
    from regulars.runtime.backup.ground import refuse_occupied
    from regulars.runtime.backup.label import read_label
    from regulars.runtime.backup.restoring import Wanted, instant
    from regulars.runtime.backup.restoring import restore as put_back
    from regulars.runtime.backup.shelf import Kept, newest_base, shelf_of
    from regulars.runtime.cli.verify import show
    from regulars.runtime.storage.database import utc_now

    settings, until = read_settings(), None if to is None else instant(to)
    kept = Kept(origin.absolute(), read_label(origin)) if origin else None
    kept = kept or newest_base(shelf_of(settings), until)
    beside = dict.fromkeys(filter(None, [kept.path.parent, settings.backups, secrets]))
    lists = (
        ()
        if no_erasures
        else (*_named(erasures or []), *_lists([one for one in beside if one.is_dir()]))
    )
    wanted = Wanted(kept, until, lists)
    if settings.embedded:
        refuse_occupied(settings)
    if secrets is not None:
        _bring(settings, secrets)
    restored = put_back(settings, wanted, utc_now(), console.print)
    if not restored.report.right:
        show(restored.report)
        console.print("[bold red]Do not serve these books[/]; restore an earlier instant.")
        raise typer.Exit(WRONG)
    console.print(f"[green]The books are right[/]: {len(restored.report.findings)} checks.")
    console.print(f"Epoch {restored.epoch}: nothing recorded before now is sent by itself.")
    say_forgotten(restored, unwanted=no_erasures)
    if restored.failed:
        raise typer.Exit(WRONG)
    _say_anchor(settings.anchor_file)
    console.print("Start it with `regulars serve`, and make a new backup: `regulars backup`.")


def _bring(settings: Settings, secrets: Path) -> None:
    from regulars.runtime.backup.apart import bring_secrets
    from regulars.runtime.backup.own_database import marked
    from regulars.runtime.embedded.place import folder_of
    from regulars.runtime.embedded.unfinished import unfinished
    from regulars.runtime.installation.addresses import addresses

    again = (
        unfinished(folder_of(settings))
        if settings.embedded
        else asyncio.run(marked(addresses(settings).owner))
    )
    brought = bring_secrets(settings, secrets, again=again)
    console.print(f"Secrets brought: {', '.join(brought)}.")


def _say_anchor(anchor: Path | None) -> None:
    if anchor is not None and anchor.exists():
        console.print(
            f"If {anchor} was told more than was restored, put it aside first: these books would "
            "count as cut off, and nothing of them would be sealed."
        )


def _named(places: list[Path]) -> Any:
    """The lists that somebody asked for; a place without any is not what they meant."""
    from regulars.runtime.problems import SetupProblem

    for place in places:
        if place.is_dir() and not _lists([place]):
            raise SetupProblem(
                f"There is no erasure list in {place}.",
                "Name a file, or a folder of backups or secrets with erasures-PROGRAM.json in it.",
            )
    return _lists(places)


def _lists(places: list[Path]) -> Any:
    from regulars.base.faults import Invalid
    from regulars.runtime.backup.erasure_list import lists_at
    from regulars.runtime.problems import SetupProblem

    try:
        return tuple(found for place in places for found in lists_at(place))
    except Invalid as wrong:
        mend = (
            "Name the file that `regulars erase --write-list` wrote, or leave it out; one lying "
            "beside the backup is left out by another name."
        )
        raise SetupProblem(wrong.says, mend) from None


def say_forgotten(restored: Any, *, unwanted: bool) -> None:
    """What became of people who were erased since the backup; nothing else tells it."""
    found = restored.forgotten
    if restored.failed:
        console.print(
            "[bold red]Who was erased since this backup may be in these books again[/]: erasing "
            f"them again failed ({escape(restored.failed)})."
        )
    elif found is not None:
        console.print(
            f"{found.erased} people erased again, {found.erased_before} were erased already. "
            "Whoever was erased after the lists were written is not on them."
        )
    elif unwanted:
        console.print("Nobody was erased again, as you asked; they are in these books.")
        return
    for program in restored.unlisted:
        console.print(
            "[bold red]Whoever was erased since this backup is in these books again[/]: no erasure "
            f"list of the program {program} was found."
        )
    if restored.failed or restored.unlisted:
        console.print("Before anybody works with it: `regulars erase --reapply FILE`.")


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
    wrong = _lists_missed(settings, to.absolute())
    console.print("Keep that folder apart from the backups of the books.")
    if wrong:
        console.print(f"[bold red]The erasure lists could not be written there[/]: {escape(wrong)}")
        raise typer.Exit(WRONG)


def _lists_missed(settings: Settings, to: Path) -> str:
    """Write the erasure lists; why not, where the database cannot be asked."""
    import asyncpg

    from regulars.runtime.problems import SetupProblem

    try:
        _keep_lists(settings, to)
    except SetupProblem as problem:
        return problem.what
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        return " ".join(f"{type(wrong).__name__}: {wrong}".split())
    return ""


def _make(settings: Settings, dump: bool, keep: int | None) -> None:
    from regulars.runtime.backup.making import make
    from regulars.runtime.backup.shelf import prune, shelf_of
    from regulars.runtime.storage.database import utc_now

    shelf = shelf_of(settings)
    kept = make(settings, shelf, "dump" if dump else "base", utc_now)
    size = sum(file.bytes for file in kept.label.files.values())
    seconds = (kept.label.ended_at - kept.label.begun_at).total_seconds()
    console.print(f"[bold]{kept.path}[/]  {size / 1e6:,.1f} MB in {seconds:.1f} s")
    for gone in prune(shelf, kept.label, keep) if keep else ():
        console.print(f"  removed {gone}")
    _keep_lists(settings, shelf)
    console.print("The secrets are not in it: `regulars backup --secrets FOLDER` keeps them apart.")


def _keep_lists(settings: Settings, folder: Path) -> None:
    """Who was erased, so that restoring an older backup forgets them again."""
    from regulars.runtime.backup.erasure_list import keep_lists
    from regulars.runtime.backup.ground import has_books
    from regulars.runtime.installation.running import database_running

    if not has_books(settings):
        return
    with database_running(settings) as where:
        kept = asyncio.run(keep_lists(where, folder))
    if kept:
        console.print(f"{', '.join(path.name for path in kept)} → {folder} (the erasure lists)")


def _show(settings: Settings) -> None:
    from regulars.runtime.backup.shelf import backups_on, shelf_of

    found = backups_on(shelf_of(settings))
    for kept in found:
        size = sum(file.bytes for file in kept.label.files.values()) / 1e6
        console.print(
            f"{kept.label.kind}  {kept.label.ended_at:%Y-%m-%d %H:%M:%SZ}  {size:>10,.1f} MB  "
            f"{kept.path}  {kept.label.whose}"
        )
    if not found:
        console.print(f"There is no backup in {settings.backups}. Make one: `regulars backup`.")

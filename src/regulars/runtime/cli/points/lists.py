"""Verbs for segments: members put on a list, or taken off it, by a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one
from regulars.runtime.cli.screen import stop

console = Console(highlight=False, soft_wrap=True)
SHOWN: Final = 50
"""So many lines that name nobody are told; the others are counted."""
_NO: Final = {
    "text": "is no CSV file in UTF-8",
    "columns": "does not name its columns: its first line must have one of member_id, number, "
    "external, card, email, phone",
    "nothing": "has nothing below its first line",
}
_WHY: Final = {
    "empty": "names nobody",
    "misspelt": "is not how such a thing is written",
    "unknown": "is nobody here",
}
Code = Annotated[str, typer.Argument(help="The list, by its code.")]
Lines = Annotated[Path, typer.Argument(help="A CSV file with a column such as number or email.")]
Off = Annotated[bool, typer.Option("--off", help="They are taken off the list.")]
Partly = Annotated[bool, typer.Option("--partly", help="Leave out lines that name nobody.")]


def register(command: typer.Typer) -> None:
    """Add `segments …`."""
    segments = typer.Typer(help="Segments: lists of members.", no_args_is_help=True)
    segments.callback()(at_desk)
    segments.command("put")(put)
    command.add_typer(segments, name="segments")


def put(desk: Desk, code: Code, file: Lines, off: Off = False, partly: Partly = False) -> None:
    """Put whoever a file names on a list; with a line that names nobody nothing is changed."""
    from regulars.engine.segments.listing import named_in
    from regulars.flows.membership.office.segments.bring_lists import bring_lists
    from regulars.flows.membership.office.segments.commands import BringList
    from regulars.records.access.staff.types import By

    try:
        named = named_in(file.read_bytes())
    except OSError as wrong:
        stop(f"{file} cannot be read: {wrong.strerror}")
    if named.no:
        stop(f"{file} {_NO[named.no]}.")
    by = By(words=desk.obj[1])
    command = BringList(code, tuple(named.lines), by, tuple(named.wrong), not off, partly)
    done = do_one(desk.obj[0], bring_lists, command)
    for one in done.wrong[:SHOWN]:
        console.print(f"line {one.at}: {one.said!r} {_WHY[one.why]}", markup=False)
    if len(done.wrong) > SHOWN:
        console.print(f"… and {len(done.wrong) - SHOWN} more lines")
    if not done.done:
        stop("Nothing was changed. Mend these lines, or say --partly to leave them out.")
    way = "off" if off else "on"
    console.print(f"{done.changed} members were put {way} {code}; {done.listed} are on it now.")

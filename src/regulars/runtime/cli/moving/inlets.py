"""The verb that tries a mapping on payloads, before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

console = Console(highlight=False)

MappingFile = Annotated[Path, typer.Argument(help="The mapping, a YAML file.")]
Payloads = Annotated[list[Path], typer.Argument(help="What another system sends, as JSON files.")]
Currency = Annotated[str, typer.Option(help="The program's currency.")]
Others = Annotated[
    list[str] | None, typer.Option("--other", help="Another currency the program has a rate for.")
]
Zone = Annotated[str, typer.Option(help="The program's time zone.")]


def register(command: typer.Typer) -> None:
    """Add `inlet-check`."""
    command.command("inlet-check")(check)


def check(
    mapping: MappingFile,
    payloads: Payloads,
    currency: Currency = "EUR",
    zone: Zone = "UTC",
    other: Others = None,
) -> None:
    """Show which activities payloads become by a mapping; ends with 1 where one does not fit."""
    from regulars.base.faults import Fault
    from regulars.runtime.cli.programs.publishing import read_file
    from regulars.surfaces.connect.inlets.mapping import MappingFault
    from regulars.surfaces.connect.inlets.reading import Place

    fits = True
    try:
        text, place = read_file(mapping), Place(currency, zone, tuple(other or ()))
        for path in payloads:
            fits &= _one(text, path, place)
    except MappingFault as fault:
        for problem in fault.problems:
            console.print(f"{mapping}: {problem}", markup=False, style="red", soft_wrap=True)
        raise typer.Exit(1) from None
    except (Fault, OSError) as error:
        console.print(str(error), markup=False, style="red", soft_wrap=True)
        raise typer.Exit(1) from None
    if not fits:
        raise typer.Exit(1)


def _one(text: str, path: Path, place: Any) -> bool:
    from regulars.surfaces.connect.inlets.kinds import root_of_text
    from regulars.surfaces.connect.inlets.looking.trying import tried

    told = tried(root_of_text(path.read_bytes()), text, place, datetime.now(UTC))
    if not told.fits:
        mend = f" ({told.mend})" if told.mend else ""
        says = f"{path}: {told.field}: {told.reason}{mend}"
        console.print(says, markup=False, style="red", soft_wrap=True)
        return False
    console.print(f"{path}: {told.type}", markup=False, style="green", soft_wrap=True)
    tells = told.partner or told.letter or told.activities
    shown = msgspec.json.format(msgspec.json.encode(tells), indent=2).decode()
    console.print(shown, markup=False, soft_wrap=True)
    return True
